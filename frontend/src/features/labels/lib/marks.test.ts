import { describe, expect, it } from "vitest";
import { makePrediction } from "../../../shared/testing/fixtures";
import { makeLabel } from "../../../shared/testing/label-fixtures";
import {
  classChoices,
  groupChoices,
  labelsFor,
  modelMark,
  NOTHING_MARKED,
  parseMarks,
  tally,
  textOf,
  verdictOn,
  withClass,
  withOption,
} from "./marks";

const prediction = makePrediction();
const [border] = prediction.groups;
if (!border) {
  throw new Error("fixture without groups");
}
const single = { ...border, options: border.options.slice(1) };

describe("marks", () => {
  it("are chosen from the options of a group, or from present and absent", () => {
    expect(groupChoices(border).map(({ mark }) => mark)).toEqual([
      "border.fading",
      "border.sharp",
      undefined,
    ]);
    expect(groupChoices(single)).toEqual([
      { mark: "border.sharp", text: "present: sharply cut edge" },
      { mark: null, text: "absent" },
      { mark: undefined, text: "not marked" },
    ]);
    expect(classChoices(prediction).map(({ text }) => text)).toEqual([
      "Melanoma",
      "Melanocytic nevus",
      "not marked",
    ]);
  });

  it("are compared with the option that the model takes to be present", () => {
    expect(modelMark(border)).toBe("border.fading");
    // Its one option has the probability 0.3.
    expect(modelMark(single)).toBeNull();
    expect(verdictOn(null, null)).toBe("agrees");
    expect(verdictOn("border.sharp", null)).toBe("differs");
    expect(verdictOn(undefined, null)).toBe("unmarked");
    expect(textOf(groupChoices(single), null)).toBe("absent");
  });

  it("come and go without a trace", () => {
    const one = withOption(NOTHING_MARKED, "border", "border.sharp");
    expect(one).toEqual({ class_key: null, options: { border: "border.sharp" } });
    expect(withOption(one, "border", undefined)).toEqual(NOTHING_MARKED);
    expect(withClass(withClass(one, "mel"), undefined)).toEqual(one);
    // Absent is a mark, too.
    expect(withOption(one, "veil", null).options).toEqual({ border: "border.sharp", veil: null });
  });

  it("are counted", () => {
    expect(tally(prediction, NOTHING_MARKED)).toEqual({ groups: 2, marked: 0, agreed: 0 });
    const marks = {
      class_key: null,
      options: { border: "border.sharp", pattern: "pattern.network" },
    };
    expect(tally(prediction, marks)).toEqual({ groups: 2, marked: 2, agreed: 1 });
  });

  it("survive this computer's storage, and nonsense in it is no mark", () => {
    const marks = { class_key: "mel", options: { border: null } };
    expect(parseMarks(JSON.stringify(marks))).toEqual(marks);
    expect(parseMarks('{"class_key": 3, "options": {}}')).toEqual(NOTHING_MARKED);
    for (const nonsense of ["", "null", "3", "{}", '{"options": null}']) {
      expect(parseMarks(nonsense)).toBeNull();
    }
  });
});

describe("labels", () => {
  const same = makeLabel({ prediction_id: "another" });
  const other = makeLabel({ concept_set: { ...same.concept_set, digest: "other" } });

  it("belong to a prediction by its concept set", () => {
    expect(labelsFor(prediction, [same, other], same.concept_set.digest)).toEqual([same]);
  });

  it("belong to the prediction they were made on where the model is not known", () => {
    expect(labelsFor(prediction, [same, other], null)).toEqual([other]);
  });
});
