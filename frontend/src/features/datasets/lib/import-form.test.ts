import { describe, expect, it } from "vitest";
import type { DatasetAdapter } from "../../../shared/api/types";
import { makeAdapter, makeDataset } from "../../../shared/testing/dataset-fixtures";
import {
  EMPTY_FORM,
  findProblems,
  formOf,
  fractionsProblem,
  type ImportForm,
  nameFrom,
  nameProblem,
  requestOf,
  suggestedName,
} from "./import-form";

const BUSI = makeAdapter();
const CSV: DatasetAdapter = makeAdapter({ name: "csv", kind: "generic", concept_set: null });
const NONE = new Set<string>();

function filled(changes: Partial<ImportForm> = {}): ImportForm {
  return { ...EMPTY_FORM, adapter: "busi", path: "/data/BUSI (copy)", ...changes };
}

describe("names", () => {
  it.each([
    ["BUSI (Masked)", "busi-masked"],
    ["  Knötchen 2026 ", "kno-tchen-2026"],
    ["___", ""],
  ])("are made of %j", (text, expected) => {
    expect(nameFrom(text)).toBe(expected);
  });

  it("follow the published set, or the folder of one's own, and are numbered when taken", () => {
    expect(suggestedName(filled(), BUSI, NONE)).toBe("busi");
    expect(suggestedName(filled(), BUSI, new Set(["busi", "busi-2"]))).toBe("busi-3");
    expect(suggestedName(filled({ adapter: "csv" }), CSV, NONE)).toBe("busi-copy");
    expect(suggestedName(EMPTY_FORM, null, NONE)).toBe("");
  });

  it("are refused with what would be right", () => {
    expect(nameProblem("", NONE)).toContain("Give it a name");
    for (const wrong of ["Busi", "-busi", "bu si", "busi_2", "büsi"]) {
      expect(nameProblem(wrong, NONE)).toContain("Small letters, digits and hyphens");
    }
    expect(nameProblem("a".repeat(65), NONE)).toContain("At most 64");
    expect(nameProblem("busi", new Set(["busi"]))).toContain("already");
    expect(nameProblem("busi-2", NONE)).toBeNull();
  });
});

describe("shares", () => {
  it.each([
    [70, 15, 15, null],
    [100, 0, 0, null],
    [33.3, 33.3, 33.4, null],
    [70, 20, 20, "add up to 110 %"],
    [0, 50, 50, "left to train on"],
    [-10, 60, 50, "between 0 and 100"],
    [70, "", 30, "Give all three"],
  ] as const)("%s, %s and %s", (train, validation, test, problem) => {
    const said = fractionsProblem({ train, validation, test });
    problem === null ? expect(said).toBeNull() : expect(said).toContain(problem);
  });
});

describe("the form", () => {
  it("names everything that is missing", () => {
    const problems = findProblems(EMPTY_FORM, "", NONE);
    expect(Object.keys(problems).sort()).toEqual(["adapter", "name", "path"]);
    expect(findProblems(filled(), "busi", NONE)).toEqual({});
  });

  it("sends shares as fractions and nothing that the adapter does not know", () => {
    const form = filled({ imageColumn: "file", conceptSet: "busi" });
    expect(requestOf(form, BUSI, "busi")).toEqual({
      name: "busi",
      adapter: "busi",
      path: "/data/BUSI (copy)",
      settings: { fractions: [0.7, 0.15, 0.15], published_split: true },
    });
  });

  it("is the same again for another try", () => {
    const form = filled({
      name: "own",
      adapter: "csv",
      path: "/data/own",
      train: 33.3,
      validation: 33.3,
      test: 33.4,
      publishedSplit: false,
      conceptSet: "busi",
      labelColumn: "diagnosis",
      groupColumn: "patient",
    });
    const nothing = { concept_set: null, file: null, image_column: null, split_column: null };
    const { settings } = requestOf(form, CSV, "own");
    const failed = makeDataset({
      name: "own",
      adapter: "csv",
      source: "/data/own",
      settings: {
        ...nothing,
        fractions: settings?.fractions ?? [1, 0, 0],
        published_split: false,
        concept_set: "busi",
        label_column: "diagnosis",
        group_column: "patient",
      },
    });
    expect(formOf(failed)).toEqual(form);
    expect(formOf(makeDataset())).toEqual({
      ...EMPTY_FORM,
      name: "busi",
      adapter: "busi",
      path: "/data/import/busi",
    });
  });

  it("sends columns without blanks, and leaves out what is empty", () => {
    const form = filled({
      adapter: "csv",
      imageColumn: " file ",
      labelColumn: "class",
      groupColumn: " ",
      conceptSet: "busi",
      publishedSplit: false,
    });
    expect(requestOf(form, CSV, "own").settings).toEqual({
      fractions: [0.7, 0.15, 0.15],
      published_split: false,
      concept_set: "busi",
      image_column: "file",
      label_column: "class",
    });
  });
});
