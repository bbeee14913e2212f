import { describe, expect, it } from "vitest";
import { type Edits, NO_EDITS } from "./edits";
import { EMPTY_HISTORY, push, redo, undo } from "./history";

const value = (number: number): Edits => ({
  ...NO_EDITS,
  scores: [{ operation: "set", optionId: "a", value: number }],
});

describe("history", () => {
  it("goes back and forth", () => {
    const two = push(push(EMPTY_HISTORY, value(1)), value(2));
    expect(undo(two).present).toEqual(value(1));
    expect(undo(undo(two)).present).toBe(NO_EDITS);
    expect(undo(EMPTY_HISTORY)).toBe(EMPTY_HISTORY);
    expect(redo(undo(two)).present).toEqual(value(2));
    expect(redo(two)).toBe(two);
  });

  it("takes the drag of a slider as one step", () => {
    const dragged = [1, 1.5, 2].reduce((all, to) => push(all, value(to), "drag"), EMPTY_HISTORY);
    expect(dragged.past).toHaveLength(1);
    expect(undo(dragged).present).toBe(NO_EDITS);
    const again = push(dragged, value(3), "another");
    expect(undo(again).present).toEqual(value(2));
  });

  it("forgets a drag that ends where it began", () => {
    const begun = push(EMPTY_HISTORY, value(1));
    const back = push(push(begun, value(2), "drag"), value(1), "drag");
    expect(back.past).toHaveLength(1);
    expect(back.present).toEqual(value(1));
  });

  it("does not go on with a gesture that was undone", () => {
    const dragged = push(EMPTY_HISTORY, value(1), "drag");
    const after = push(redo(undo(dragged)), value(2), "drag");
    expect(after.past).toHaveLength(2);
  });

  it("ignores what changes nothing, and drops what was undone by a new step", () => {
    const one = push(EMPTY_HISTORY, value(1));
    expect(push(one, value(1))).toBe(one);
    expect(push(undo(one), value(5)).future).toEqual([]);
  });

  it("does not grow without end", () => {
    let history = EMPTY_HISTORY;
    for (let step = 1; step < 300; step++) {
      history = push(history, value(step));
    }
    expect(history.past).toHaveLength(200);
  });
});
