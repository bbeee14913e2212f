import { describe, expect, it } from "vitest";
import { lengthBetween, lengthWords, pixelShape, scaleBar } from "./measure";
import { SQUARE } from "./transform";

const SPACING = { row_mm: 0.5, column_mm: 1, source: "PixelSpacing", calibrated: true };
const ORIGIN = { x: 10, y: 10 };

describe("ruler", () => {
  it("counts rows and columns in their own millimetres", () => {
    const across = lengthBetween(ORIGIN, { x: 40, y: 10 }, SPACING);
    const down = lengthBetween(ORIGIN, { x: 10, y: 90 }, SPACING);
    expect([across.millimetres, down.millimetres]).toEqual([30, 40]);
    const slanted = lengthBetween(ORIGIN, { x: 40, y: 90 }, SPACING);
    expect(slanted.millimetres).toBeCloseTo(50);
    expect(slanted.pixels).toBeCloseTo(Math.hypot(30, 80));
    expect(lengthWords(slanted)).toBe("50.0 mm");
  });

  it("says where millimetres are those at the detector, and where there are none", () => {
    const uncalibrated = { ...SPACING, calibrated: false };
    expect(lengthWords(lengthBetween(ORIGIN, { x: 15, y: 10 }, uncalibrated))).toBe(
      "5.00 mm at the detector, not calibrated",
    );
    expect(lengthWords(lengthBetween(ORIGIN, { x: 13, y: 14 }, null))).toBe(
      "5.0 pixels (no spacing in the file)",
    );
  });
});

describe("scale bar", () => {
  it("is as long as it says, and a round number", () => {
    // Two screen pixels a millimetre: 100 mm would take 200.
    expect(scaleBar(SPACING, 2, 240)).toEqual({ length: 200, label: "10 cm" });
    expect(scaleBar(SPACING, 2, 199)).toMatchObject({ length: 100 });
    const square = { ...SPACING, row_mm: 0.1, column_mm: 0.1 };
    expect(scaleBar(square, 40, 240)).toEqual({ length: 200, label: "0.5 mm" });
  });

  it("says when it is not calibrated", () => {
    const detector = { ...SPACING, row_mm: 1, calibrated: false };
    expect(scaleBar(detector, 1, 60)?.label).toBe("5 cm at the detector");
  });
});

describe("shape of a pixel", () => {
  it("is as its sides are, the shorter one 1", () => {
    expect(pixelShape(SPACING)).toEqual({ across: 2, down: 1 });
    expect(pixelShape({ ...SPACING, row_mm: 3 })).toEqual({ across: 1, down: 3 });
    expect(pixelShape(null)).toEqual(SQUARE);
  });

  it("is square where a header only rounds", () => {
    expect(pixelShape({ ...SPACING, row_mm: 0.00545, column_mm: 0.00546 })).toEqual(SQUARE);
  });

  it("is not believed where the image would be a line; then the scale bar holds across only", () => {
    const spacing = { ...SPACING, row_mm: 1000 };
    expect(pixelShape(spacing)).toEqual(SQUARE);
    expect(scaleBar(spacing, 2, 240)?.label).toBe("10 cm across");
  });
});
