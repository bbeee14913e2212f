import { describe, expect, it } from "vitest";
import { freeKey, isSetName, keyOf, keyProblem } from "./keys";

describe("keys", () => {
  it.each([
    ["Ductal carcinoma (IDC)", "ductal_carcinoma_idc"],
    ["2", "option_2"],
    ["Café, rond", "cafe_rond"],
    ["мышь", "option"],
    ["a".repeat(80), "a".repeat(64)],
  ])("of “%s” is %s", (words, key) => {
    expect(keyOf(words, "option")).toBe(key);
  });

  it("are made different from those taken, within their length", () => {
    expect(freeKey("edge", ["edge", "edge_2"])).toBe("edge_3");
    const long = "a".repeat(64);
    expect(freeKey(long, [long])).toBe(`${"a".repeat(62)}_2`);
  });

  it("say why they cannot be taken", () => {
    expect(keyProblem("2nd", [])).toMatch(/Begin with a small letter/);
    expect(keyProblem("edge", ["edge"])).toBe("Another one has this key already.");
    expect(keyProblem("edge", ["border"])).toBeNull();
    expect(isSetName("my-set")).toBe(true);
    expect(isSetName("My set")).toBe(false);
  });
});
