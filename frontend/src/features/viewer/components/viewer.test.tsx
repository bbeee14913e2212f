import { fireEvent, screen } from "@testing-library/react";
import { useState } from "react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { renderWithQueries } from "../../../shared/testing/render-with-queries";
import { useViewerSettings } from "../hooks/use-viewer-settings";
import type { PaintTarget, PatchSet } from "../lib/paint";
import { Stage } from "../lib/stage";
import { Viewer } from "./viewer";

const IMAGE = { width: 640, height: 480, close: () => undefined } as ImageBitmap;
const SQUARE = { grid: [4, 4], region: { x: 0, y: -80, width: 640, height: 640 } } as const;

const onStroke = vi.fn<(patches: PatchSet) => void>();
const onLeave = vi.fn();

/** Keeps the set, as the What-if panel does. */
function Painting({
  painted = [],
  target,
}: {
  painted?: number[];
  target?: Partial<PaintTarget> | null;
}) {
  const settings = useViewerSettings();
  const [patches, setPatches] = useState<PatchSet>(new Set(painted));
  const paint: PaintTarget = {
    ...SQUARE,
    ...{ patches, keep: "inside", tool: "brush", radius: 0, label: "Margin", onLeave },
    onStroke: (next) => {
      onStroke(next);
      setPatches(next);
    },
    ...target,
  };
  return (
    <Viewer
      image={IMAGE}
      imageName="Case 1"
      layer={null}
      choice="none"
      hasMaps
      settings={settings}
      paint={target === null ? null : paint}
      region={{ ...SQUARE, patches, keep: "outside" }}
      onLayer={() => undefined}
      onToggleOriginal={() => undefined}
    />
  );
}

const canvas = () => screen.getByLabelText(/^Image of Case 1/);
const pointer = { pointerId: 1, pointerType: "mouse", clientX: 0, clientY: 0 };
const handed = () => [...(onStroke.mock.lastCall?.[0] ?? [])];

/** The canvas of a test is one pixel large and shows the whole image in it: the pointer is at its upper left. */
const UPPER_LEFT = 0;

beforeEach(() => {
  onStroke.mockClear();
  onLeave.mockClear();
  HTMLCanvasElement.prototype.setPointerCapture = () => undefined;
});

describe("painting", () => {
  it("says what is painted, and how much", () => {
    renderWithQueries(<Painting painted={[4, 5]} />);
    expect(canvas()).toHaveAccessibleName(
      /Painting the region for Margin: 2 of 16 patches painted/,
    );
    expect(canvas()).toHaveAttribute("role", "application");
  });

  it("says what is marked while nobody paints", () => {
    renderWithQueries(<Painting painted={[4]} target={null} />);
    expect(canvas()).toHaveAccessibleName(/A region is marked: 1 of 16.*; all but these count/);
    expect(canvas()).toHaveAttribute("role", "img");
  });

  it("works with the main button, and with Shift takes away", () => {
    renderWithQueries(<Painting />);
    fireEvent.pointerDown(canvas(), { ...pointer, button: 0 });
    fireEvent.pointerUp(canvas(), { ...pointer, button: 0 });
    expect(handed()).toEqual([UPPER_LEFT]);
    expect(canvas()).toHaveAccessibleName(/1 of 16 patches/);
    fireEvent.pointerDown(canvas(), { ...pointer, button: 0, shiftKey: true });
    fireEvent.pointerUp(canvas(), { ...pointer, button: 0 });
    expect(handed()).toEqual([]);
  });

  it("leaves the other buttons, and Space and dragging, to moving and windowing", () => {
    renderWithQueries(<Painting />);
    for (const button of [1, 2]) {
      fireEvent.pointerDown(canvas(), { ...pointer, button });
      fireEvent.pointerUp(canvas(), { ...pointer, button });
    }
    canvas().focus();
    fireEvent.keyDown(canvas(), { key: " " });
    fireEvent.pointerDown(canvas(), { ...pointer, button: 0 });
    expect(canvas()).toHaveAttribute("data-dragging", "pan");
    fireEvent.pointerUp(canvas(), { ...pointer, button: 0 });
    fireEvent.keyUp(canvas(), { key: " " });
    expect(onStroke).not.toHaveBeenCalled();
  });

  it("is given up by Escape, by a second finger, and by the system", () => {
    renderWithQueries(<Painting />);
    fireEvent.pointerDown(canvas(), { ...pointer, button: 0 });
    fireEvent.keyDown(canvas(), { key: "Escape" });
    fireEvent.pointerUp(canvas(), { ...pointer, button: 0 });
    expect(onLeave).not.toHaveBeenCalled();
    const finger = { ...pointer, pointerType: "touch", button: 0 };
    fireEvent.pointerDown(canvas(), finger);
    fireEvent.pointerDown(canvas(), { ...finger, pointerId: 2 });
    fireEvent.pointerUp(canvas(), { ...finger, pointerId: 2 });
    fireEvent.pointerUp(canvas(), finger);
    fireEvent.pointerDown(canvas(), { ...pointer, button: 0 });
    fireEvent.pointerCancel(canvas(), pointer);
    expect(onStroke).not.toHaveBeenCalled();
    fireEvent.keyDown(canvas(), { key: "Escape" });
    expect(onLeave).toHaveBeenCalledTimes(1);
  });

  it("does not mind a hand that rests beside the pen", () => {
    renderWithQueries(<Painting />);
    const pen = { ...pointer, pointerType: "pen", button: 0 };
    const hand = { ...pointer, pointerType: "touch", pointerId: 7, button: 0 };
    fireEvent.pointerDown(canvas(), pen);
    fireEvent.pointerDown(canvas(), hand);
    fireEvent.pointerUp(canvas(), hand);
    expect(onStroke).not.toHaveBeenCalled();
    fireEvent.pointerUp(canvas(), pen);
    expect(handed()).toEqual([UPPER_LEFT]);
  });

  it("works with the keyboard alone, and says where it is", async () => {
    const { user } = renderWithQueries(<Painting target={{ radius: 0 }} />);
    canvas().focus();
    await user.keyboard("{ArrowLeft}");
    expect(await screen.findByText("Row 3, column 3: not painted")).toBeInTheDocument();
    await user.keyboard("{ArrowUp} ");
    expect(handed()).toEqual([6]);
    expect(await screen.findByText("Row 2, column 3: painted")).toBeInTheDocument();
    await user.keyboard("{ArrowLeft}{Enter}");
    expect(handed()).toEqual([6, 5]);
    await user.keyboard("{Enter}");
    expect(handed()).toEqual([6]);
  });
});

describe("dragging window and level", () => {
  it.each([
    ["the button is let go", (last: object) => fireEvent.pointerUp(canvas(), last)],
    ["the system takes the pointer", (last: object) => fireEvent.pointerCancel(canvas(), last)],
  ] as const)("is in a hurry from the first move until %s", (_, end) => {
    const hurried = vi.spyOn(Stage.prototype, "setHurried");
    renderWithQueries(<Painting target={null} />);
    fireEvent.pointerDown(canvas(), { ...pointer, button: 2 });
    expect(hurried).not.toHaveBeenCalledWith(true);
    fireEvent.pointerMove(canvas(), { ...pointer, clientX: 9 });
    expect(hurried).toHaveBeenLastCalledWith(true);
    end({ ...pointer, button: 2 });
    expect(hurried).toHaveBeenLastCalledWith(false);
  });

  it("is in no hurry while the image is only moved", () => {
    const hurried = vi.spyOn(Stage.prototype, "setHurried");
    renderWithQueries(<Painting target={null} />);
    fireEvent.pointerDown(canvas(), { ...pointer, button: 0 });
    fireEvent.pointerMove(canvas(), { ...pointer, clientX: 9 });
    expect(hurried).not.toHaveBeenCalledWith(true);
  });
});
