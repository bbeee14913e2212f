/** Ratings from 1 to 5 as a diverging bar: what is above the middle to its right, what is below to its left. */

export interface Segment {
  /** 1 to 5. */
  rating: number;
  count: number;
  /** Of all ratings. */
  share: number;
  /** Places from −1 to 1; the middle of the middle rating is 0. */
  from: number;
  to: number;
}

/** In the order of the ratings; empty without any. */
export function segmentsOf(counts: readonly number[]): Segment[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total === 0) {
    return [];
  }
  const middle = (counts.length - 1) / 2;
  const below = counts.reduce(
    (sum, count, at) => sum + (at < middle ? count : at === middle ? count / 2 : 0),
    0,
  );
  let from = -below / total;
  return counts.map((count, at) => {
    const share = count / total;
    const segment = { rating: at + 1, count, share, from, to: from + share };
    from += share;
    return segment;
  });
}
