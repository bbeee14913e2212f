import { describe, expect, it } from "vitest";
import { makeContent } from "../../../shared/testing/concept-set-fixtures";
import { editHead } from "./content";
import { begin, push, redo, same, undo } from "./history";

const BASE = makeContent();
const titled = (title: string) => editHead(BASE, { title });

describe("a draft's history", () => {
  it("goes back and forth, and forgets what was undone once something else is done", () => {
    const two = push(push(begin(BASE), titled("A")), titled("B"));
    expect(undo(two).present.title).toBe("A");
    expect(redo(undo(two)).present.title).toBe("B");
    const other = push(undo(two), titled("C"));
    expect(other.future).toEqual([]);
    expect(undo(undo(other)).present).toBe(BASE);
    expect(undo(begin(BASE)).present).toBe(BASE);
  });

  it("takes one gesture as one step, and another one as the next", () => {
    const typed = push(push(begin(BASE), titled("A"), "title"), titled("AB"), "title");
    expect(typed.past).toEqual([BASE]);
    expect(push(typed, titled("X"), "modality").past).toHaveLength(2);
  });

  it("ignores what changes nothing, also in another order of keys", () => {
    const table = { nv: { border: "fading" }, mel: { pattern: "network", border: "sharp" } };
    expect(same(BASE, makeContent({ class_options: table }))).toBe(true);
    expect(push(begin(BASE), makeContent({ class_options: table })).past).toEqual([]);
    expect(same(BASE, makeContent({ classes: BASE.classes.toReversed() }))).toBe(false);
  });
});
