import { describe, expect, it } from "vitest";
import { makeStudyEstimate } from "../../../shared/testing/study-result-fixtures";
import { lettersOf } from "./footnotes";

describe("notes of a table", () => {
  it("stand once each, in the order of the rows", () => {
    const few = makeStudyEstimate({ note: "Few images." });
    const two = makeStudyEstimate({ note: "Two readers." });
    expect([...lettersOf([few, null, two, few])]).toEqual([
      ["Few images.", "a"],
      ["Two readers.", "b"],
    ]);
  });

  it("stand in the cell where there is no value", () => {
    expect(lettersOf([makeStudyEstimate({ value: null, note: "Nobody rated." })]).size).toBe(0);
  });

  it("go on after z", () => {
    const many = Array.from({ length: 28 }, (_, at) => makeStudyEstimate({ note: `Note ${at}` }));
    expect([...lettersOf(many).values()].slice(25)).toEqual(["z", "aa", "ab"]);
  });
});
