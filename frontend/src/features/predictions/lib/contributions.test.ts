import { describe, expect, it } from "vitest";
import { makePrediction } from "../../../shared/testing/fixtures";
import {
  balance,
  byContribution,
  contributionScale,
  optionRows,
  predictedClass,
  presentOption,
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

  it("take a group with a single option as present from one half on", () => {
    const [group] = prediction.groups;
    const [option] = group?.options ?? [];
    if (!group || !option) {
      throw new Error("fixture without options");
    }
    const binary = (probability: number) =>
      presentOption({ ...group, options: [{ ...option, probability }] });
    expect(binary(0.49)).toBeNull();
    expect(binary(0.5)?.id).toBe("border.fading");
    expect(presentOption({ ...group, options: [] })).toBeNull();
  });

  it("find the predicted class", () => {
    expect(predictedClass(prediction)?.name).toBe("Melanocytic nevus");
    expect(predictedClass({ ...prediction, predicted_class: "gone" })).toBeNull();
  });
});
