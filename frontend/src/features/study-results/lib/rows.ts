/** Rows of the tables of results: which there are, and what they are called. */

import type {
  StudyQuestionResults,
  StudyResultArm,
  StudyTaskResults,
} from "../../../shared/api/types";

export type LikertRow = StudyQuestionResults["likert"][number];
export type ChoiceRow = StudyQuestionResults["choice"][number];
export type ScaleRow = StudyQuestionResults["scale"][number];
export type Confusion = StudyQuestionResults["confusion"][number];
export type AgreementRow = StudyQuestionResults["agreement"][number];
export type RepeatRow = StudyQuestionResults["repeats"][number];
export type PairedRow = StudyQuestionResults["paired"][number];
export type DiagnosisResults = NonNullable<StudyTaskResults["diagnosis"]>;
export type TimeRow = StudyTaskResults["times"][number];
export type By = LikertRow["by"];

const BY: readonly { by: By; label: string }[] = [
  { by: "all", label: "All" },
  { by: "dataset", label: "By data set" },
  { by: "concept", label: "By concept" },
  { by: "reader", label: "By reader" },
];

/** Ways to look at a task that have rows. */
export function waysOf({ questions }: Pick<StudyTaskResults, "questions">) {
  const rows = questions.flatMap(({ likert, choice, scale }) => [...likert, ...choice, ...scale]);
  return BY.filter(({ by }) => rows.some((row) => row.by === by));
}

/** What the column of the levels is called; null where every arm has one row. */
export function levelTitle(by: By): string | null {
  switch (by) {
    case "all":
      return null;
    case "dataset":
      return "Data set";
    case "concept":
      return "Concept";
    case "reader":
      return "Reader";
  }
}

export function rowsBy<Row extends { by: By }>(rows: readonly Row[], by: By): Row[] {
  return rows.filter((row) => row.by === by);
}

export function armOf(arms: readonly StudyResultArm[], key: string): StudyResultArm | undefined {
  return arms.find((arm) => arm.key === key);
}

const MEASURES: Readonly<Record<AgreementRow["measure"], string>> = {
  krippendorff_alpha: "Krippendorff’s alpha, ordinal",
  weighted_kappa: "Cohen’s kappa, quadratic weights",
  kappa: "Cohen’s kappa",
  ac2: "Gwet’s AC2, quadratic weights",
  icc_a1: "ICC(A,1)",
};

export function measureName(measure: AgreementRow["measure"], nominal: boolean): string {
  if (nominal && measure === "krippendorff_alpha") {
    return "Krippendorff’s alpha, nominal";
  }
  return MEASURES[measure];
}

const ORDER: readonly AgreementRow["measure"][] = [
  "krippendorff_alpha",
  "weighted_kappa",
  "kappa",
  "ac2",
  "icc_a1",
];

/** The primary measure first; within a measure as the server has them. */
export function inOrder(rows: readonly AgreementRow[]): AgreementRow[] {
  return rows.toSorted((a, b) => ORDER.indexOf(a.measure) - ORDER.indexOf(b.measure));
}

/** Pairs of many readers are many: "R1, R2" stays, all readers together are counted. */
export function readersWords(readers: readonly string[]): string {
  return readers.length <= 4 ? readers.join(", ") : `all ${readers.length}`;
}

export function columnSums(rows: readonly (readonly number[])[]): number[] {
  const width = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: width }, (_, column) =>
    rows.reduce((sum, row) => sum + (row[column] ?? 0), 0),
  );
}
