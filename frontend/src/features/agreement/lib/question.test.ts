import { describe, expect, it } from "vitest";
import { makeAgreement } from "../../../shared/testing/label-fixtures";
import { asQuery, CLASS, exportAddress, groupIn, readQuestion, writeQuestion } from "./question";

describe("the question that stands in the address", () => {
  it("is read as it was written", () => {
    for (const question of [
      { model: null, mine: false, group: null },
      { model: "m1", mine: true, group: "border" },
      { model: null, mine: false, group: CLASS },
    ]) {
      expect(readQuestion(writeQuestion(question))).toEqual(question);
    }
    expect(writeQuestion({ model: null, mine: false, group: null }).toString()).toBe("");
  });

  it("is asked of the server without the group, which is chosen from the answer", () => {
    expect(asQuery({ model: "m1", mine: true, group: "border" })).toEqual({
      model_version_id: "m1",
      mine: true,
    });
    expect(asQuery({ model: null, mine: false, group: null })).toEqual({});
  });

  it("looks at all groups where the model lacks the one in the address", () => {
    const agreement = makeAgreement();
    expect(groupIn(agreement, "border")).toBe("border");
    expect(groupIn(agreement, CLASS)).toBe(CLASS);
    expect(groupIn(agreement, "gone")).toBeNull();
    expect(groupIn(agreement, null)).toBeNull();
  });

  it("leads to the labels as files", () => {
    expect(exportAddress("m1", "csv")).toBe(
      "/api/v1/agreement/labels?model_version_id=m1&format=csv",
    );
  });
});
