import { describe, expect, it } from "vitest";
import { makeChild } from "../../../shared/testing/comparison-fixtures";
import { lineageOf } from "./lineage";

describe("lineage", () => {
  it("is read from the record that retraining leaves", () => {
    expect(lineageOf(makeChild().metrics)).toMatchObject({
      mode: "quick",
      changes: ["border.blurred: new, from its text embedding", "33 options: from the parent"],
      dataset: "synthetic-dermoscopy",
      labels: "none",
      seed: "7",
      code: "vitrine 0.5.0, commit 0123456789ab",
    });
  });

  it("leaves out what is no text or number", () => {
    const settings = { epochs: null, learning_rate: 0.001, data: { name: "x" }, quick: true };
    expect(lineageOf({ lineage: { settings, labels: { digest: "ab".repeat(32) } } })).toMatchObject(
      {
        settings: [
          ["learning rate", "0.001"],
          ["quick", "yes"],
        ],
        labels: "export abababababab",
        code: null,
      },
    );
  });

  it("is not there for a model that was not retrained", () => {
    expect(lineageOf({ test: {} })).toBeNull();
    expect(lineageOf({ lineage: "odd" })).toBeNull();
  });
});
