import { describe, expect, it } from "vitest";
import { makeContent } from "../../../shared/testing/concept-set-fixtures";
import {
  addOption,
  editOption,
  moveOption,
  removeOption,
  renameOption,
  setTypical,
} from "./content";
import { merge } from "./merge";

const BASE = makeContent();
const OPTION = { key: "angular", text: "angular edge", synonyms: [], source: "Own words" };

const keysOf = (content: typeof BASE, group = "border") =>
  content.groups.find(({ key }) => key === group)?.options.map(({ key }) => key);

describe("taking a draft onto a newer revision", () => {
  it("keeps what each side changed", () => {
    const mine = editOption(BASE, "border", "fading", { text: "soft edge" });
    const theirs = setTypical(addOption(BASE, "border", OPTION), "mel", "border", "angular");
    const { content, conflicts } = merge(BASE, mine, theirs);
    expect(conflicts).toEqual([]);
    expect(keysOf(content)).toEqual(["fading", "sharp", "angular"]);
    expect(content.groups[0]?.options[0]?.text).toBe("soft edge");
    expect(content.class_options.mel?.border).toBe("angular");
  });

  it("is the newer revision when nothing was changed here, and the draft when nothing was there", () => {
    const other = removeOption(BASE, "pattern", "lacunae");
    expect(merge(BASE, BASE, other)).toEqual({ content: other, conflicts: [] });
    expect(merge(BASE, other, BASE)).toEqual({ content: other, conflicts: [] });
  });

  it("keeps mine where both changed the same, and can take theirs", () => {
    const mine = editOption(BASE, "border", "fading", { text: "soft edge" });
    const theirs = editOption(BASE, "border", "fading", { text: "blurred edge" });
    const { content, conflicts } = merge(BASE, mine, theirs);
    expect(content.groups[0]?.options[0]?.text).toBe("soft edge");
    expect(conflicts).toMatchObject([
      { what: "Words of border.fading", mine: "soft edge", theirs: "blurred edge" },
    ]);
    expect(conflicts[0]?.takeTheirs(content).groups[0]?.options[0]?.text).toBe("blurred edge");
  });

  it("does not lose what one side changed and the other one removed", () => {
    const changed = editOption(BASE, "pattern", "lacunae", { text: "red lakes" });
    const without = removeOption(BASE, "pattern", "lacunae");
    const mineChanged = merge(BASE, changed, without);
    expect(keysOf(mineChanged.content, "pattern")).toContain("lacunae");
    expect(mineChanged.conflicts).toMatchObject([
      { what: "Option pattern.lacunae", theirs: "removed" },
    ]);
    const taken = mineChanged.conflicts[0]?.takeTheirs(mineChanged.content) ?? BASE;
    expect(keysOf(taken, "pattern")).not.toContain("lacunae");
    const mineRemoved = merge(BASE, without, changed);
    expect(mineRemoved.content.groups[1]?.options.at(-1)?.text).toBe("red lakes");
  });

  it("leaves no cell of the table that names what is gone", () => {
    const mine = renameOption(BASE, "border", "sharp", "cut");
    const theirs = setTypical(BASE, "nv", "border", "sharp");
    const { content } = merge(BASE, mine, theirs);
    expect(keysOf(content)).toEqual(["fading", "cut"]);
    expect(Object.values(content.class_options).map((row) => row.border)).not.toContain("sharp");
  });

  it("keeps an order that was changed here, with what was added there in its place", () => {
    const mine = moveOption(BASE, "border", "sharp", 0);
    const theirs = addOption(BASE, "border", OPTION, "fading");
    expect(keysOf(merge(BASE, mine, theirs).content)).toEqual(["sharp", "fading", "angular"]);
    expect(keysOf(merge(BASE, theirs, mine).content)).toEqual(["sharp", "fading", "angular"]);
  });
});
