import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ReadingClock } from "./reading-clock";

const IDLE_AFTER = 30_000;

describe("the clock of an item", () => {
  let clock: ReadingClock;

  beforeEach(() => {
    vi.useFakeTimers();
    clock = new ReadingClock(IDLE_AFTER);
    clock.begin({ activeMs: 0, idleMs: 0 });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const pass = (seconds: number) => vi.advanceTimersByTime(1000 * seconds);

  it("counts time with input as active", () => {
    pass(20);
    clock.input();
    pass(25);
    clock.input();
    pass(5);
    expect(clock.read()).toEqual({ activeMs: 50_000, idleMs: 0 });
  });

  it("counts what is longer than allowed without input as idle, from the limit on", () => {
    pass(100);
    clock.input();
    pass(10);
    expect(clock.read()).toEqual({ activeMs: 40_000, idleMs: 70_000 });
  });

  it("gives the same however often it is read", () => {
    for (let second = 0; second < 100; second++) {
      pass(1);
      clock.read();
    }
    expect(clock.read()).toEqual({ activeMs: 30_000, idleMs: 70_000 });
  });

  it("counts another tab as idle from the first moment, and coming back as input", () => {
    pass(10);
    clock.attend(false);
    pass(5);
    clock.input();
    pass(5);
    clock.attend(true);
    pass(30);
    expect(clock.read()).toEqual({ activeMs: 40_000, idleMs: 10_000 });
  });

  it("counts nothing in a pause, whatever happens in it", () => {
    pass(10);
    clock.hold("pause");
    pass(300);
    clock.attend(false);
    clock.attend(true);
    clock.input();
    pass(300);
    clock.release("pause");
    pass(12);
    expect(clock.read()).toEqual({ activeMs: 22_000, idleMs: 0 });
  });

  it("waits until nothing holds it any more", () => {
    clock.hold("pause");
    clock.hold("image");
    clock.release("pause");
    pass(9);
    expect(clock.read()).toEqual({ activeMs: 0, idleMs: 0 });
    clock.release("image");
    pass(9);
    expect(clock.read()).toEqual({ activeMs: 9000, idleMs: 0 });
  });

  it("goes on with what an item had, and begins the next one at zero", () => {
    clock.begin({ activeMs: 4000, idleMs: 700 });
    pass(1);
    expect(clock.read()).toEqual({ activeMs: 5000, idleMs: 700 });
    clock.begin({ activeMs: 0, idleMs: 0 });
    pass(2);
    expect(clock.read()).toEqual({ activeMs: 2000, idleMs: 0 });
  });

  it("gives the next item its own full time before it is idle", () => {
    pass(29);
    clock.begin({ activeMs: 0, idleMs: 0 });
    pass(29);
    expect(clock.read()).toEqual({ activeMs: 29_000, idleMs: 0 });
  });
});
