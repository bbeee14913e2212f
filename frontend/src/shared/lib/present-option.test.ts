import { describe, expect, it } from "vitest";
import { makePrediction } from "../testing/fixtures";
import { presentOption } from "./present-option";

const [group] = makePrediction().groups;
const [option] = group?.options ?? [];
if (!group || !option) {
  throw new Error("fixture without options");
}

describe("the option that a model takes to be present", () => {
  it("is the most probable one", () => {
    expect(presentOption(group)?.id).toBe("border.fading");
    expect(presentOption({ ...group, options: [] })).toBeNull();
  });

  it("is that of a group with a single option from one half on", () => {
    const binary = (probability: number) =>
      presentOption({ ...group, options: [{ ...option, probability }] });
    expect(binary(0.49)).toBeNull();
    expect(binary(0.5)?.id).toBe("border.fading");
  });
});
