/** What people and models are compared in: each group of concepts, and the class. */

import type { Agreement, Disagreement, GroupAgreement } from "../../../shared/api/types";
import { CLASS } from "./question";

type Comparison = Omit<GroupAgreement, "options">;

export interface Subject extends Comparison {
  /** Key of the group, or CLASS. */
  key: string;
  name: string;
  /** What can be said, in the order of the table's rows and columns. */
  answers: string[];
}

export function subjects(agreement: Agreement): Subject[] {
  const groups = agreement.groups.map(({ options, ...group }) => ({
    ...group,
    // About a group with one option people say whether it is there.
    answers: options.length === 1 ? ["present", "absent"] : options.map(({ text }) => text),
  }));
  const { names, keys: _, ...figures } = agreement.class;
  return [...groups, { ...figures, key: CLASS, name: "Class", answers: names }];
}

export function subjectOf({ group_key }: Disagreement): string {
  return group_key ?? CLASS;
}

export interface ConfusionRow {
  answer: string;
  cells: number[];
  sum: number;
}

/** Rows are what people said, columns what the model says. */
export function confusionRows({ answers, confusion }: Subject): ConfusionRow[] {
  return answers.map((answer, row) => {
    const cells = answers.map((_, column) => confusion[row]?.[column] ?? 0);
    return { answer, cells, sum: cells.reduce((sum, cell) => sum + cell, 0) };
  });
}

export function columnSums(rows: readonly ConfusionRow[]): number[] {
  return rows.map((_, column) => rows.reduce((sum, { cells }) => sum + (cells[column] ?? 0), 0));
}

/** The server sends shares of `labelled`; people read counts first. */
export function countOf(share: number, labelled: number): number {
  return Math.round(share * labelled);
}
