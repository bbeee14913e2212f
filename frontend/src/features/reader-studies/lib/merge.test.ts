import { describe, expect, it } from "vitest";
import { makeArm, makeDesign } from "../../../shared/testing/study-fixtures";
import { merge, same } from "./merge";

describe("two changes to one draft", () => {
  const base = makeDesign();

  it("are both there when they are about different parts", () => {
    const merged = merge(base, { ...base, title: "Mine" }, { ...base, arms: [makeArm()] });
    expect(merged.design).toMatchObject({ title: "Mine", arms: [{ key: "real" }] });
    expect(merged).toMatchObject({ mine: ["title"], theirs: ["arms"], both: [] });
  });

  it("say where they clash, and keep mine there", () => {
    const merged = merge(base, { ...base, title: "Mine" }, { ...base, title: "Theirs" });
    expect(merged.design.title).toBe("Mine");
    expect(merged.both).toEqual(["title"]);
  });

  it("do not clash where both did the same", () => {
    const merged = merge(base, { ...base, title: "Same" }, { ...base, title: "Same" });
    expect(merged.both).toEqual([]);
  });
});

describe("sameness", () => {
  it("does not see the order of keys, nor what is null", () => {
    expect(same({ a: 1, b: null }, { a: 1 })).toBe(true);
    expect(same({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } })).toBe(true);
    expect(same([1, 2], [2, 1])).toBe(false);
    expect(same([null], [0])).toBe(false);
  });
});
