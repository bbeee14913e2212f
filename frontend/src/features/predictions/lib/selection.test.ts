import { describe, expect, it } from "vitest";
import { makePrediction } from "../../../shared/testing/fixtures";
import { initialSelection, reduceSelection, type SelectionAction, shown } from "./selection";

const prediction = makePrediction();
const begin = initialSelection(prediction);

function following(...actions: SelectionAction[]) {
  return actions.reduce((state, action) => reduceSelection(prediction, state, action), begin);
}

const option = (id: string) => ({ kind: "option", id }) as const;
const group = (key: string) => ({ kind: "group", key }) as const;
const code = (index: number) => ({ kind: "code", index }) as const;

describe("selection", () => {
  it("begins with what speaks most for the predicted class", () => {
    expect(begin).toMatchObject({
      layer: "gradcam",
      optionId: "pattern.network",
      groupKey: "pattern",
    });
  });

  it("shows an option while it is pointed at, and then what was chosen again", () => {
    const pointing = following({ type: "preview", target: option("border.sharp") });
    expect(shown(prediction, pointing)).toMatchObject({
      layer: "gradcam",
      optionId: "border.sharp",
    });
    const left = reduceSelection(prediction, pointing, { type: "preview", target: null });
    expect(shown(prediction, left)).toMatchObject({ optionId: "pattern.network" });
  });

  it("keeps what is pinned", () => {
    const pinned = following({ type: "pin", target: option("border.sharp") });
    expect(shown(prediction, pinned)).toMatchObject({
      optionId: "border.sharp",
      groupKey: "border",
    });
  });

  it("shows a group's Magnet map, and its present option when going on to Grad-CAM", () => {
    const pinned = following({ type: "pin", target: group("border") });
    expect(pinned).toMatchObject({ layer: "magnet", groupKey: "border" });
    const gradcam = reduceSelection(prediction, pinned, { type: "layer", layer: "gradcam" });
    expect(gradcam).toMatchObject({ layer: "gradcam", optionId: "border.fading" });
  });

  it("keeps a chosen option of the group when its Magnet map is pinned", () => {
    const pinned = following(
      { type: "pin", target: option("border.sharp") },
      { type: "pin", target: group("border") },
    );
    expect(pinned.optionId).toBe("border.sharp");
  });

  it("goes to the original and back to the same layer", () => {
    const original = following({ type: "layer", layer: "index" }, { type: "toggle-original" });
    expect(original.layer).toBe("none");
    expect(reduceSelection(prediction, original, { type: "toggle-original" }).layer).toBe("index");
  });

  it("highlights a code, and lets go of it at a second click", () => {
    const pinned = following({ type: "pin", target: code(3) });
    expect(pinned).toMatchObject({ layer: "index", code: 3 });
    expect(reduceSelection(prediction, pinned, { type: "pin", target: code(3) }).code).toBeNull();
  });

  it("never drops a highlight by pointing at it", () => {
    const pointing = following(
      { type: "pin", target: code(3) },
      { type: "preview", target: code(3) },
    );
    expect(shown(prediction, pointing).code).toBe(3);
  });
});
