import { describe, expect, it } from "vitest";
import { makeDesign, makeStudyItem, makeTruth } from "../../../shared/testing/study-fixtures";
import { changesOf, formOf } from "./amendment";
import { matching, shownWords, truthWords } from "./items";
import { fieldWords, valueWords } from "./protocol-words";

describe("an amendment", () => {
  const before = formOf(makeDesign());

  it("is nothing where nothing was changed", () => {
    expect(changesOf(before, { ...before })).toBeNull();
  });

  it("sends only what is different", () => {
    expect(
      changesOf(before, {
        ...before,
        tasks: { localization: "Rate the map only." },
        grras: { ...before.grras, blinding: "Arms." },
        liveResults: "members",
      }),
    ).toEqual({
      task_instructions: { localization: "Rate the map only." },
      grras: { blinding: "Arms." },
      live_results: "members",
    });
    expect(changesOf(before, { ...before, amendAnswers: true, washoutDays: 14 })).toEqual({
      task_instructions: {},
      grras: {},
      amend_answers: true,
      washout_days: 14,
    });
  });
});

describe("a protocol in words", () => {
  const design = makeDesign();

  it("names its fields, however they are written", () => {
    expect(fieldWords("grras.blinding", design)).toBe("GRRAS: Who does not know what");
    expect(fieldWords("tasks.0.instructions", design)).toBe("Instructions of “Localization”");
    expect(fieldWords("tasks.localization.instructions", design)).toBe(
      "Instructions of “Localization”",
    );
    expect(fieldWords("order.washout_days", design)).toBe("Washout, days");
    expect(fieldWords("something.new", design)).toBe("something.new");
  });

  it("says values as people do", () => {
    expect(valueWords("")).toBe("(empty)");
    expect(valueWords(false)).toBe("no");
    expect(valueWords(28)).toBe("28");
    expect(valueWords("coordinators")).toBe("Owner and coordinators, at any time");
  });
});

describe("items", () => {
  it("are found by task and arm", () => {
    const items = [makeStudyItem(), makeStudyItem({ number: 2, arm_key: "sham" })];
    expect(matching(items, { task: null, arm: null })).toHaveLength(2);
    expect(matching(items, { task: "localization", arm: "sham" })).toEqual([items[1]]);
    expect(matching(items, { task: "alignment", arm: null })).toEqual([]);
  });

  it("say what is really shown", () => {
    const shown = (truth: Partial<ReturnType<typeof makeTruth>>) =>
      shownWords({ option_id: "pattern.network", truth: makeTruth(truth) });
    expect(shown({})).toBe("Grad-CAM");
    expect(shown({ map_kind: null, map_option_id: null })).toBe("image alone");
    expect(shown({ sham: "shuffled" })).toBe("shuffled map");
    expect(shown({ sham: "other_concept", map_option_id: "veil.present" })).toBe(
      "another concept’s map, veil.present",
    );
    expect(shown({ sham: "other_image", map_case_number: 7 })).toBe("map of image 7");
  });

  it("say what is right, as far as it is known", () => {
    expect(truthWords(makeTruth({ answer: "b", positive: true }))).toBe("b, class mel, positive");
    expect(truthWords(makeTruth({ class_key: null }))).toBe("none known");
  });
});
