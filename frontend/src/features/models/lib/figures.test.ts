import { describe, expect, it } from "vitest";
import { figuresOf } from "./figures";

describe("figures of a model", () => {
  it("are those of the test split, with where Grad-CAM points", () => {
    const test = {
      images: 59,
      class_bmac: 0.8315,
      concept_bmac: 0.789,
      lesion: { gradcam_mean: 0.892 },
      unheard_of: 3,
    };
    expect(figuresOf({ test, validation: { class_bmac: 1 } })).toEqual({
      images: 59,
      figures: [
        { label: "Class balanced accuracy", value: "0.832" },
        { label: "Mean concept balanced accuracy", value: "0.789" },
        { label: "Grad-CAM maximum on the lesion", value: "0.892" },
      ],
    });
  });

  it("tell findings from whole lesions", () => {
    const labels = figuresOf({
      test: { pointing: { gradcam_mean: 0.94 }, lesion: { gradcam_mean: 0.9 } },
    }).figures.map((figure) => figure.label);
    expect(labels).toEqual(["Grad-CAM maximum on the finding", "Grad-CAM maximum on the lesion"]);
  });

  it("leave out what is no number", () => {
    expect(figuresOf({ test: { class_bmac: null, pointing: "none" } })).toEqual({
      images: null,
      figures: [],
    });
  });
});
