/** What the import dialog asks for, what is wrong with it, and what is sent. */

import type { Dataset, DatasetAdapter, DatasetCreate } from "../../../shared/api/types";

export interface ImportForm {
  adapter: string | null;
  path: string | null;
  /** Null: follows adapter and folder, until somebody types one. */
  name: string | null;
  /** Per cent; empty while somebody types. */
  train: number | "";
  validation: number | "";
  test: number | "";
  publishedSplit: boolean;
  /** Empty: none. */
  conceptSet: string;
  file: string;
  imageColumn: string;
  labelColumn: string;
  groupColumn: string;
  splitColumn: string;
}

export type ImportProblems = Partial<Record<keyof ImportForm | "fractions", string>>;

export const EMPTY_FORM: ImportForm = {
  adapter: null,
  path: null,
  name: null,
  train: 70,
  validation: 15,
  test: 15,
  publishedSplit: true,
  conceptSet: "",
  file: "",
  imageColumn: "",
  labelColumn: "",
  groupColumn: "",
  splitColumn: "",
};

const NAME = /^[a-z0-9][a-z0-9-]*$/;
const LONGEST_NAME = 64;

/** "BUSI (Masked)" → "busi-masked". */
export function nameFrom(text: string): string {
  return text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, LONGEST_NAME);
}

/** A published data set is called by its own name, one's own by its folder; numbered when that is taken. */
export function suggestedName(
  form: ImportForm,
  adapter: DatasetAdapter | null,
  taken: ReadonlySet<string>,
): string {
  const folder = form.path?.split("/").filter(Boolean).at(-1) ?? "";
  const base = nameFrom(adapter && adapter.kind !== "generic" ? adapter.name : folder);
  if (!base || !taken.has(base)) {
    return base;
  }
  let number = 2;
  while (taken.has(`${base}-${number}`)) {
    number += 1;
  }
  return `${base}-${number}`;
}

export function findProblems(
  form: ImportForm,
  name: string,
  taken: ReadonlySet<string>,
): ImportProblems {
  const problems: ImportProblems = {};
  if (!form.adapter) {
    problems.adapter = "Choose which data set it is, or one of the forms for your own.";
  }
  if (!form.path) {
    problems.path = "Open the folder that holds the files.";
  }
  const wrongName = nameProblem(name, taken);
  if (wrongName) {
    problems.name = wrongName;
  }
  const wrongFractions = fractionsProblem(form);
  if (wrongFractions) {
    problems.fractions = wrongFractions;
  }
  return problems;
}

export function nameProblem(name: string, taken: ReadonlySet<string>): string | null {
  if (!name) {
    return "Give it a name.";
  }
  if (!NAME.test(name)) {
    return "Small letters, digits and hyphens only, beginning with a letter or digit: my-clinic-2026.";
  }
  if (name.length > LONGEST_NAME) {
    return `At most ${LONGEST_NAME} letters.`;
  }
  return taken.has(name) ? "There is a data set of this name already. Choose another one." : null;
}

export function fractionsProblem(
  form: Pick<ImportForm, "train" | "validation" | "test">,
): string | null {
  const { train, validation, test } = form;
  if (train === "" || validation === "" || test === "") {
    return "Give all three shares; 0 is allowed for validation and test.";
  }
  if ([train, validation, test].some((share) => share < 0 || share > 100) || train === 0) {
    return "Shares lie between 0 and 100, and something has to be left to train on.";
  }
  const sum = train + validation + test;
  return Math.abs(sum - 100) < 1e-6 ? null : `The shares add up to ${sum} %, not to 100 %.`;
}

/** The request. Only what the adapter understands is sent. */
export function requestOf(form: ImportForm, adapter: DatasetAdapter, name: string): DatasetCreate {
  const share = (value: number | "") => Number(value) / 100;
  const settings: DatasetCreate["settings"] = {
    fractions: [share(form.train), share(form.validation), share(form.test)],
    published_split: form.publishedSplit,
  };
  if (adapter.kind === "generic") {
    Object.assign(settings, given({ concept_set: form.conceptSet }));
  }
  if (adapter.name === "csv" || adapter.name === "npz") {
    Object.assign(settings, given({ file: form.file }));
  }
  if (adapter.name === "csv") {
    Object.assign(
      settings,
      given({
        image_column: form.imageColumn,
        label_column: form.labelColumn,
        group_column: form.groupColumn,
        split_column: form.splitColumn,
      }),
    );
  }
  return { name, adapter: adapter.name, path: form.path ?? "", settings };
}

function given(values: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => (value.trim() ? [[key, value.trim()]] : [])),
  );
}

/** The form of an import that is to be tried again. */
export function formOf({ name, adapter, source, settings }: Dataset): ImportForm {
  const form = { ...EMPTY_FORM, name, adapter, path: source };
  if (settings === null) {
    return form;
  }
  const [train, validation, test] = settings.fractions.map(inPercent);
  return {
    ...form,
    train: train ?? "",
    validation: validation ?? "",
    test: test ?? "",
    publishedSplit: settings.published_split,
    conceptSet: settings.concept_set ?? "",
    file: settings.file ?? "",
    imageColumn: settings.image_column ?? "",
    labelColumn: settings.label_column ?? "",
    groupColumn: settings.group_column ?? "",
    splitColumn: settings.split_column ?? "",
  };
}

/** 0.333 is 33.3, not 33.300000000000004. */
function inPercent(fraction: number): number {
  return Number((100 * fraction).toFixed(6));
}
