import { describe, expect, it, vi } from "vitest";
import { FrameCache } from "./frame-cache";

interface Wait {
  frame: number;
  signal: AbortSignal;
  answer: (text: string) => void;
  fail: (error: Error) => void;
}

function makeCache(frames: number, room: number) {
  const waits: Wait[] = [];
  const load = vi.fn(
    (frame: number, signal: AbortSignal) =>
      new Promise<string>((answer, fail) => waits.push({ frame, signal, answer, fail })),
  );
  return { cache: new FrameCache(load, frames, room), load, waits };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** Answers all that is asked for, until nothing more is. */
async function answerAll(waits: Wait[]) {
  while (waits.length > 0) {
    for (const { frame, answer } of waits.splice(0)) {
      answer(`frame ${frame}`);
    }
    await settled();
  }
}

describe("frames at hand", () => {
  it("are the one that is shown, then its neighbours, inside the film", async () => {
    const { cache, load, waits } = makeCache(4, 10);
    cache.show(0);
    expect(waits.map(({ frame }) => frame)).toEqual([0, 1, 2]);
    await answerAll(waits);
    expect(load.mock.calls.map(([frame]) => frame)).toEqual([0, 1, 2, 3]);
    expect(cache.get(0)).toBe("frame 0");
    cache.show(1);
    expect(load).toHaveBeenCalledTimes(4);
  });

  it("are never more than there is room for, and the shown one is among them", async () => {
    const { cache, waits } = makeCache(100, 3);
    for (const frame of [0, 10, 50, 99, 98]) {
      cache.show(frame);
      await answerAll(waits);
      expect(cache.size).toBeLessThanOrEqual(3);
      expect(cache.get(frame)).toBe(`frame ${frame}`);
    }
    expect(cache.get(0)).toBeNull();
  });

  it("are no longer loaded when nobody waits for them", async () => {
    const { cache, waits } = makeCache(100, 10);
    cache.show(0);
    const [first] = waits;
    cache.show(60);
    expect(first?.signal.aborted).toBe(true);
    first?.answer("late");
    await settled();
    expect(cache.get(0)).toBeNull();
  });

  it("tell when they come, and why they do not, and are asked for again", async () => {
    const { cache, waits } = makeCache(1, 10);
    const listener = vi.fn();
    cache.subscribe(listener);
    cache.show(0);
    const lost = new Error("gone");
    waits.splice(0)[0]?.fail(lost);
    await settled();
    expect(cache.error(0)).toBe(lost);
    expect(listener).toHaveBeenCalledTimes(1);
    cache.show(0);
    expect(waits).toHaveLength(0);
    cache.retry(0);
    await answerAll(waits);
    expect(cache.error(0)).toBeNull();
    expect(cache.get(0)).toBe("frame 0");
  });
});
