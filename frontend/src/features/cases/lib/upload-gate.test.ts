import { describe, expect, it } from "vitest";
import { BatchGate } from "./upload-gate";

/** Long enough for everything that is ready to go on. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe("the gate of a batch", () => {
  it("lets through unless it is paused, and whoever waits when it goes on", async () => {
    const gate = new BatchGate();
    await gate.passed();
    const { held } = gate;
    gate.pause();
    expect(held.aborted).toBe(true);
    const passed: number[] = [];
    for (const number of [1, 2]) {
      void gate.passed().then(() => passed.push(number));
    }
    await settled();
    expect(passed).toEqual([]);
    gate.goOn();
    await settled();
    expect(passed).toEqual([1, 2]);
    expect(gate.held.aborted).toBe(false);
    expect(held.aborted).toBe(true);
  });

  it("waits again where it was paused once more meanwhile", async () => {
    const gate = new BatchGate();
    gate.pause();
    let passed = false;
    void gate.passed().then(() => {
      passed = true;
    });
    gate.goOn();
    gate.pause();
    await settled();
    expect(passed).toBe(false);
  });

  it("ends for all when the batch is taken away, also while it is paused", async () => {
    const gate = new BatchGate();
    gate.pause();
    const waiting = gate.passed();
    gate.end();
    await expect(waiting).rejects.toThrow();
    await expect(gate.passed()).rejects.toThrow();
    expect(gate.ended.aborted).toBe(true);
  });
});
