import { describe, expect, it } from "vitest";
import { makeMaps, makePrediction } from "../../shared/testing/fixtures";
import { buildLayer } from "./build-layer";

const prediction = makePrediction();
const maps = { gradcam: makeMaps("gradcam"), magnet: makeMaps("magnet") };
const nothing = { optionId: null, groupKey: null, code: null };

describe("layers", () => {
  it("are none for the original, and while values are missing", () => {
    expect(buildLayer(prediction, { ...nothing, layer: "none" }, maps)).toBeNull();
    const waiting = { gradcam: undefined, magnet: undefined };
    const shown = { ...nothing, layer: "gradcam", optionId: "border.sharp" } as const;
    expect(buildLayer(prediction, shown, waiting)).toBeNull();
    expect(buildLayer(prediction, { ...shown, optionId: "gone" }, maps)).toBeNull();
  });

  it("scale a Grad-CAM to its own maximum", () => {
    const shown = { ...nothing, layer: "gradcam", optionId: "pattern.network" } as const;
    const layer = buildLayer(prediction, shown, maps);
    expect(layer).toMatchObject({
      kind: "gradcam",
      onPath: true,
      title: "Dermoscopic pattern: regular network",
      maximum: 4,
      region: { y: -80 },
    });
    expect(layer?.formatValue(1).replace("\u202f", " ")).toBe("25 % of max");
  });

  it("give a Grad-CAM without a positive value no scale", () => {
    const shown = { ...nothing, layer: "gradcam", optionId: "border.fading" } as const;
    const layer = buildLayer(prediction, shown, maps);
    expect(layer?.maximum).toBe(0);
    expect(layer?.formatValue(0)).toBe("0");
  });

  it("put all Magnet maps on one scale", () => {
    const of = (groupKey: string) =>
      buildLayer(prediction, { ...nothing, layer: "magnet", groupKey }, maps);
    expect(of("border")?.maximum).toBeCloseTo(0.9);
    expect(of("pattern")?.maximum).toBeCloseTo(0.9);
    expect(of("pattern")?.onPath).toBe(true);
  });

  it("name the codes of the index map, which is auxiliary", () => {
    const layer = buildLayer(prediction, { ...nothing, layer: "index", code: 3 }, maps);
    expect(layer).toMatchObject({ kind: "index", onPath: false, highlight: 3 });
    expect(layer?.formatValue(0)).toBe("code 0 (Border · 0.62)");
    expect(layer?.title).toBe("Patches of code 3 (no measured association)");
    expect([...(layer?.grid.values ?? [])]).toEqual([0, 0, 0, 3]);
  });
});
