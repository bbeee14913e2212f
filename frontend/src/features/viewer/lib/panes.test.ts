import { describe, expect, it } from "vitest";
import { DIVIDER, locate, panesOf } from "./panes";

const canvas = { width: 802, height: 500 };

describe("panes", () => {
  it("are the whole canvas when stacked", () => {
    expect(panesOf(canvas, "stacked")).toEqual([{ x: 0, y: 0, ...canvas, overlay: true }]);
  });

  it("are two equal halves side by side, the map on the right", () => {
    const [left, right] = panesOf(canvas, "side-by-side");
    expect(left).toMatchObject({ x: 0, width: 400, overlay: false });
    expect(right).toMatchObject({ x: 400 + DIVIDER, width: 400, overlay: true });
  });

  it("give the same inner point for the same place in both halves", () => {
    const panes = panesOf(canvas, "side-by-side");
    expect(locate(panes, { x: 10, y: 20 })?.point).toEqual({ x: 10, y: 20 });
    expect(locate(panes, { x: 412, y: 20 })?.point).toEqual({ x: 10, y: 20 });
    expect(locate(panes, { x: 401, y: 20 })).toBeNull();
    expect(locate(panes, { x: 10, y: 500 })).toBeNull();
  });
});
