import { describe, expect, it } from "vitest";
import { makeContent } from "../../../shared/testing/concept-set-fixtures";
import {
  addOption,
  classesWith,
  countOptions,
  fillPrompt,
  moveGroup,
  moveOption,
  optionIds,
  removeClass,
  removeGroup,
  removeOption,
  renameClass,
  renameGroup,
  replaceOption,
  setTypical,
} from "./content";

const BASE = makeContent();
const OPTION = { key: "angular", text: "angular edge", synonyms: [], source: "Own words" };

describe("edits of a concept set", () => {
  it("leave what they were given as it was", () => {
    const before = JSON.stringify(BASE);
    removeOption(renameGroup(BASE, "border", "edge"), "edge", "sharp");
    setTypical(BASE, "nv", "pattern", "network");
    expect(JSON.stringify(BASE)).toBe(before);
  });

  it("add an option behind another one, or at the end", () => {
    expect(optionIds(addOption(BASE, "border", OPTION, "fading")).slice(0, 3)).toEqual([
      "border.fading",
      "border.angular",
      "border.sharp",
    ]);
    expect(optionIds(addOption(BASE, "pattern", OPTION)).at(-1)).toBe("pattern.angular");
    expect(countOptions(addOption(BASE, "border", OPTION))).toBe(5);
  });

  it("take the class table with them", () => {
    expect(renameGroup(BASE, "border", "edge").class_options).toEqual({
      mel: { edge: "sharp", pattern: "network" },
      nv: { edge: "fading" },
    });
    expect(renameClass(BASE, "mel", "melanoma").class_options).toHaveProperty("melanoma");
    expect(removeOption(BASE, "border", "sharp").class_options.mel).toEqual({ pattern: "network" });
    expect(removeGroup(BASE, "border").class_options.nv).toEqual({});
    expect(removeClass(BASE, "mel").class_options).toEqual({ nv: { border: "fading" } });
  });

  it("replace an option in its place, with or without its classes", () => {
    const without = replaceOption(BASE, "border", "sharp", OPTION, false);
    expect(optionIds(without)[1]).toBe("border.angular");
    expect(classesWith(without, "border", "angular")).toEqual([]);
    const kept = replaceOption(BASE, "border", "sharp", OPTION, true);
    expect(classesWith(kept, "border", "angular")).toEqual(["mel"]);
  });

  it("move within what there is, and change nothing at the end", () => {
    expect(moveOption(BASE, "border", "sharp", 0).groups[0]?.options[0]?.key).toBe("sharp");
    expect(moveGroup(BASE, "border", 9).groups.map(({ key }) => key)).toEqual([
      "pattern",
      "border",
    ]);
    expect(moveGroup(BASE, "pattern", 9)).toBe(BASE);
  });

  it("fill the prompt as the text encoder reads it, whatever the words hold", () => {
    expect(fillPrompt("an image, {group}: {option} {{x}}", "Border", "$& sharp")).toBe(
      "an image, Border: $& sharp {x}",
    );
  });
});
