import { describe, expect, it } from "vitest";
import { makeAgreement } from "../../../shared/testing/label-fixtures";
import { CLASS } from "./question";
import { columnSums, confusionRows, countOf, subjectOf, subjects } from "./subjects";

const agreement = makeAgreement();
const all = subjects(agreement);

describe("subjects", () => {
  it("are the groups and then the class", () => {
    expect(all.map(({ key }) => key)).toEqual(["border", "veil", CLASS]);
    expect(all.map(({ answers }) => answers)).toEqual([
      ["edge that fades gradually", "sharply cut edge"],
      // A group with one option.
      ["present", "absent"],
      ["Melanoma", "Melanocytic nevus"],
    ]);
  });

  it("are what disagreements are about", () => {
    expect(agreement.disagreements.map(subjectOf)).toEqual(["border", CLASS]);
  });
});

describe("the confusion of people and a model", () => {
  const border = all[0];
  if (!border) {
    throw new Error("fixture without groups");
  }

  it("adds up by row and by column to what was marked", () => {
    const rows = confusionRows(border);
    expect(rows).toEqual([
      { answer: "edge that fades gradually", cells: [1, 0], sum: 1 },
      { answer: "sharply cut edge", cells: [1, 0], sum: 1 },
    ]);
    expect(columnSums(rows)).toEqual([2, 0]);
  });

  it("has a row and a column for every answer, whatever the server sent", () => {
    const rows = confusionRows({ ...border, confusion: [] });
    expect(rows.map(({ cells }) => cells)).toEqual([
      [0, 0],
      [0, 0],
    ]);
  });
});

describe("shares", () => {
  it("become the counts they came from", () => {
    expect(countOf(2 / 3, 3)).toBe(2);
    expect(countOf(0.1, 30)).toBe(3);
    expect(countOf(0, 0)).toBe(0);
  });
});
