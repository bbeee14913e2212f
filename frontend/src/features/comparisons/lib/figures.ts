/** Which figures of a comparison stand in which table, and what they say in words. */

import type { ComparedFigure, ModelComparisonResult } from "../../../shared/api/types";
import { formatNumber, formatSigned } from "../../../shared/lib/format";

export type Comparison = ModelComparisonResult["comparison"];
export type Verdict = ComparedFigure["verdict"];
type Interval = NonNullable<ComparedFigure["interval"]>;

/** Those of the decision and the mean of the concepts, in the order of the server: no class or group in the key. */
export function keyFigures({ figures }: Pick<Comparison, "figures">): ComparedFigure[] {
  return figures.filter(({ key }) => !key.includes("."));
}

export function figureOf(
  { figures }: Pick<Comparison, "figures">,
  key: string,
): ComparedFigure | undefined {
  return figures.find((figure) => figure.key === key);
}

/** "better" alone would leave open which of the two is. */
const VERDICTS: Record<Verdict, string> = {
  better: "B better",
  worse: "B worse",
  undecided: "undecided",
  same: "no difference",
  unknown: "not known",
};

export function verdictWords(verdict: Verdict): string {
  return VERDICTS[verdict];
}

export function countVerdicts(figures: readonly ComparedFigure[]): Record<Verdict, number> {
  const counts = { better: 0, worse: 0, undecided: 0, same: 0, unknown: 0 };
  for (const { verdict } of figures) {
    counts[verdict] += 1;
  }
  return counts;
}

/** "0.912"; a dash where it is undefined. */
export function number(value: number | null): string {
  return value === null ? "—" : formatNumber(value, 3);
}

export function signed(value: number | null): string {
  return value === null ? "—" : formatSigned(value, 3);
}

/** "−0.012 to +0.034", with signs where it is a difference. */
export function ends(interval: Interval | null, withSigns = false): string {
  if (interval === null) {
    return "—";
  }
  const write = withSigns ? signed : number;
  return `${write(interval.low)} to ${write(interval.high)}`;
}

/** "0.031", "<0.001". */
export function chance(p: number | null): string {
  if (p === null) {
    return "—";
  }
  return p < 0.001 ? "<0.001" : formatNumber(p, 3);
}

/** Largest distance from zero that any interval reaches, so that the bars of a table have one scale. */
export function reach(figures: readonly ComparedFigure[]): number {
  const distances = figures.flatMap(({ interval, difference }) => [
    Math.abs(difference ?? 0),
    Math.abs(interval?.low ?? 0),
    Math.abs(interval?.high ?? 0),
  ]);
  return Math.max(0.01, ...distances);
}

export interface Concern {
  title: string;
  text: string;
}

/** Why somebody should think twice before B is promoted; null: balanced accuracy speaks for it, or not against it. */
export function concernOf(comparison: Comparison): Concern | null {
  const bmac = figureOf(comparison, "bmac");
  switch (bmac?.verdict) {
    case "worse":
      return { title: "Its balanced accuracy is worse", text: bmac.sentence };
    case "undecided":
      return { title: "Its balanced accuracy is undecided", text: bmac.sentence };
    case "better":
    case "same":
      return null;
    default:
      return {
        title: "Its balanced accuracy is not known",
        text: "These images say nothing about it.",
      };
  }
}
