import { fireEvent, screen } from "@testing-library/react";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { makeEmbedding } from "../../../shared/testing/diagnosis-fixtures";
import { renderWithQueries } from "../../../shared/testing/render-with-queries";
import { EmbeddingCloud } from "./embedding-cloud";

const METHODS = [
  ...["clearRect", "beginPath", "arc", "fill", "stroke", "moveTo", "lineTo", "closePath"],
  ...["fillText", "setTransform"],
];

let context: Record<string, ReturnType<typeof vi.fn>>;

beforeEach(() => {
  context = Object.fromEntries(METHODS.map((name) => [name, vi.fn()]));
  vi.spyOn(HTMLCanvasElement.prototype, "getContext").mockImplementation((() => context) as never);
  vi.spyOn(HTMLElement.prototype, "clientWidth", "get").mockReturnValue(400);
  vi.spyOn(HTMLElement.prototype, "clientHeight", "get").mockReturnValue(300);
  vi.spyOn(window, "requestAnimationFrame").mockImplementation((draw) => {
    draw(0);
    return 1;
  });
});

/** Where the tokens were drawn the last time. */
function places(): [number, number][] {
  const calls = context.arc?.mock.calls ?? [];
  return calls.slice(-4).map(([x, y]) => [x, y]);
}

function open() {
  const view = renderWithQueries(
    <EmbeddingCloud
      embedding={makeEmbedding()}
      grid={[2, 2]}
      colorOf={() => "white"}
      nameOf={() => null}
    />,
  );
  return { ...view, cloud: screen.getByRole("application") };
}

describe("the cloud", () => {
  it("turns with the pointer, and only while it is held down", () => {
    const { cloud } = open();
    const before = places();
    fireEvent.pointerMove(cloud, { clientX: 390, clientY: 290 });
    expect(places()).toEqual(before);
    fireEvent.pointerDown(cloud, { clientX: 100, clientY: 100, pointerId: 1 });
    fireEvent.pointerMove(cloud, { clientX: 160, clientY: 120 });
    const turned = places();
    expect(turned).not.toEqual(before);
    fireEvent.pointerUp(cloud);
    fireEvent.pointerMove(cloud, { clientX: 390, clientY: 290 });
    expect(places()).toEqual(turned);
  });

  it("turns and resets by keyboard", async () => {
    const { cloud, user } = open();
    const before = places();
    cloud.focus();
    await user.keyboard("{ArrowLeft}");
    expect(places()).not.toEqual(before);
    await user.keyboard("0");
    expect(places()).toEqual(before);
  });

  it("leaves the wheel to the page until it has the focus", () => {
    const { cloud } = open();
    const before = places();
    expect(fireEvent.wheel(cloud, { deltaY: -200 })).toBe(true);
    expect(places()).toEqual(before);
    cloud.focus();
    expect(fireEvent.wheel(cloud, { deltaY: -200 })).toBe(false);
    expect(places()).not.toEqual(before);
  });

  it("says which token the pointer is at", () => {
    const { cloud } = open();
    const [x, y] = places()[0] as [number, number];
    fireEvent.pointerMove(cloud, { clientX: x, clientY: y });
    expect(screen.getByText(/^Image image-000\d, patch \d/)).toBeInTheDocument();
    fireEvent.pointerMove(cloud, { clientX: 399, clientY: 1 });
    expect(screen.queryByText(/^Image image-/)).toBeNull();
  });
});
