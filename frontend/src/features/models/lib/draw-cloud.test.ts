import { beforeEach, describe, expect, it, vi } from "vitest";
import { makeEmbedding } from "../../../shared/testing/diagnosis-fixtures";
import { cloudOf, drawCloud, projectTokens, type Scene } from "./draw-cloud";

const METHODS = [
  ...["clearRect", "beginPath", "arc", "fill", "stroke", "moveTo", "lineTo", "closePath"],
  "fillText",
] as const;

const recorded = () => ({
  fillStyle: "",
  ...(Object.fromEntries(METHODS.map((name) => [name, vi.fn()])) as Record<
    (typeof METHODS)[number],
    ReturnType<typeof vi.fn>
  >),
});

let context = recorded();

beforeEach(() => {
  context = recorded();
});

function makeScene(overrides: Partial<Scene> = {}): Scene {
  return {
    cloud: cloudOf(makeEmbedding()),
    view: { yaw: 0, pitch: 0, zoom: 1 },
    hidden: new Set(),
    chosen: null,
    colorOf: (code) => `color-${code}`,
    axes: ["1", "2", "3"],
    width: 300,
    height: 200,
    ...overrides,
  };
}

const draw = (scene: Scene) => drawCloud(context as unknown as CanvasRenderingContext2D, scene);

describe("drawing of the cloud", () => {
  it("draws each token once, and the codes with their numbers", () => {
    draw(makeScene());
    expect(context.arc).toHaveBeenCalledTimes(4);
    // The farthest code first.
    expect(context.fillText.mock.calls.map(([text]) => text)).toEqual([
      ...["2", "0", "1"],
      ...["1", "2", "3"],
    ]);
  });

  it("draws the farthest first", () => {
    draw(makeScene());
    const points = projectTokens(makeScene());
    const far = points.map((point) => point?.depth ?? 0);
    const last = context.arc.mock.calls.at(-1)?.[0];
    expect(last).toBe(points[far.indexOf(Math.max(...far))]?.x);
  });

  it("leaves out tokens and the mark of a code that is switched off", () => {
    draw(makeScene({ hidden: new Set([0]) }));
    expect(context.arc).toHaveBeenCalledTimes(1);
    expect(context.fillText.mock.calls.map(([text]) => text)).toEqual([
      ...["2", "1"],
      ...["1", "2", "3"],
    ]);
  });

  it("rings the token that is pointed at", () => {
    draw(makeScene({ chosen: 2 }));
    expect(context.arc).toHaveBeenCalledTimes(5);
    expect(context.arc.mock.calls.at(-1)?.[2]).toBe(7);
  });
});
