/** Spans of time, from seconds to days. */

const SPACE = "\u202f";

/** "42 s", "3 min 5 s", "2 h 10 min", "1 d 4 h": two units at most. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) {
    return `${whole}${SPACE}s`;
  }
  const units: [name: string, of: number][] = [
    ["d", 86_400],
    ["h", 3_600],
    ["min", 60],
    ["s", 1],
  ];
  const first = units.findIndex(([, of]) => whole >= of);
  const parts = units.slice(first, first + 2).map(([name, of], at) => {
    const rest = at === 0 ? whole : whole % (units[first]?.[1] ?? 1);
    return { name, count: Math.floor(rest / of) };
  });
  return parts
    .filter(({ count }) => count > 0)
    .map(({ name, count }) => `${count}${SPACE}${name}`)
    .join(" ");
}

/** For what is only an estimate: seconds are rounded so that they do not pretend to be exact. */
export function formatRoughly(seconds: number): string {
  if (seconds < 10) {
    return `${Math.max(1, Math.round(seconds))}${SPACE}s`;
  }
  if (seconds < 90) {
    return `${5 * Math.round(seconds / 5)}${SPACE}s`;
  }
  if (seconds < 3_600) {
    return `${Math.round(seconds / 60)}${SPACE}min`;
  }
  return formatDuration(600 * Math.round(seconds / 600));
}
