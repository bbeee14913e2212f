/** What came of a test of the explanations, in words. */

import type { TrustTest } from "../../../shared/api/types";

export type TrustVerdict = TrustTest["verdict"];

export const VERDICTS: readonly TrustVerdict[] = ["holds", "partly", "fails", "unmeasured"];

export const VERDICT_WORDS: Readonly<Record<TrustVerdict, string>> = {
  holds: "holds",
  partly: "holds in part",
  fails: "does not hold",
  unmeasured: "not measured",
};

/** "3 hold", "1 does not hold". */
export function countedWords(verdict: TrustVerdict, count: number): string {
  const several = { ...VERDICT_WORDS, holds: "hold", partly: "hold in part", fails: "do not hold" };
  return `${count} ${(count === 1 ? VERDICT_WORDS : several)[verdict]}`;
}

/** How many tests ended how, those verdicts that occur. */
export function countVerdicts(
  tests: readonly TrustTest[],
): { verdict: TrustVerdict; count: number }[] {
  return VERDICTS.map((verdict) => ({
    verdict,
    count: tests.filter((test) => test.verdict === verdict).length,
  })).filter(({ count }) => count > 0);
}
