import { describe, expect, it } from "vitest";
import { makePrediction } from "../../../shared/testing/fixtures";
import {
  balance,
  byContribution,
  contributionScale,
  optionRows,
  predictedClass,
  sumOf,
  tellingOption,
} from "./contributions";

const prediction = makePrediction();

describe("contributions", () => {
  it("add up to the logit of every class", () => {
    for (const entry of prediction.classes) {
      const rows = optionRows(prediction, entry.key);
      const { bias, supporting, opposing, logit } = balance(rows, entry);
      expect(bias + supporting + opposing).toBeCloseTo(logit, 10);
      expect(sumOf(rows)).toBeCloseTo(supporting + opposing, 10);
      expect(supporting).toBeGreaterThanOrEqual(0);
      expect(opposing).toBeLessThanOrEqual(0);
    }
  });

  it("come in the concept set's order, or by what they contribute", () => {
    const rows = optionRows(prediction, "nv");
    expect(rows.map(({ option }) => option.id)).toEqual([
      "border.fading",
      "border.sharp",
      "pattern.network",
      "pattern.lacunae",
    ]);
    const sorted = byContribution(rows).map(({ contribution }) => contribution);
    expect(sorted).toEqual([...sorted].sort((a, b) => b - a));
  });

  it("begin with what is seen, has a place and speaks for the class", () => {
    expect(tellingOption(prediction, "nv")?.option.id).toBe("pattern.network");
    // For melanoma the network speaks against; the border is seen and speaks for it, but has no place.
    expect(tellingOption(prediction, "mel")?.option.id).toBe("border.fading");
    expect(tellingOption({ ...prediction, groups: [] }, "mel")).toBeNull();
  });

  it("are scaled to the longest bar, and never by zero", () => {
    expect(contributionScale(optionRows(prediction, "nv"))).toBe(2);
    expect(contributionScale([])).toBeGreaterThan(0);
  });

  it("mark the most probable option of each group as present", () => {
    const present = optionRows(prediction, "nv").filter((row) => row.present);
    expect(present.map(({ option }) => option.id)).toEqual(["border.fading", "pattern.network"]);
  });

  it("find the predicted class", () => {
    expect(predictedClass(prediction)?.name).toBe("Melanocytic nevus");
    expect(predictedClass({ ...prediction, predicted_class: "gone" })).toBeNull();
  });
});
