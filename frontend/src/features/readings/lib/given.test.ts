import { describe, expect, it } from "vitest";
import type { ItemQuestion } from "../../../shared/api/types";
import { makeAlignmentContent, makeItemContent } from "../../../shared/testing/study-fixtures";
import {
  answerOfDigit,
  answersToSend,
  fits,
  missing,
  NOTHING,
  restored,
  withAnswer,
} from "./given";

const question = (kind: ItemQuestion["kind"], overrides: Partial<ItemQuestion> = {}) => ({
  ...{ key: kind, kind, text: "?", anchors: [], options: [], required: true },
  ...overrides,
});
const CHOICE = question("choice", {
  options: [
    { key: "a", text: "A" },
    { key: "b", text: "B" },
  ],
});

describe("answers", () => {
  it.each([
    [question("likert"), [1, 5], [0, 6, 2.5, "3", null, undefined]],
    [question("scale"), [0, 100], [-1, 101, 0.5, "50"]],
    [CHOICE, ["a", "b"], ["c", 1, ""]],
    [question("text"), ["seen"], ["", "  ", 1]],
  ])("fit a question or do not", (asked, good, bad) => {
    for (const answer of good) {
      expect(fits(asked, answer)).toBe(true);
    }
    for (const answer of bad) {
      expect(fits(asked, answer)).toBe(false);
    }
  });

  it("can be taken back; an empty text is none", () => {
    const given = withAnswer(NOTHING, "rating", 3);
    expect(withAnswer(given, "rating", null).answers).toEqual({});
    expect(withAnswer(given, "remark", " \n").answers).toEqual({ rating: 3 });
  });

  it("come from digits where the screen has digits", () => {
    expect(answerOfDigit(question("likert"), 5)).toBe(5);
    expect(answerOfDigit(question("likert"), 6)).toBeNull();
    expect(answerOfDigit(CHOICE, 2)).toBe("b");
    expect(answerOfDigit(CHOICE, 3)).toBeNull();
    expect(answerOfDigit(question("scale"), 3)).toBeNull();
  });
});

describe("an item", () => {
  const content = makeItemContent({
    questions: [question("likert"), CHOICE, question("text", { required: false })],
  });

  it("misses what is required and has no answer that fits", () => {
    expect(missing(content, NOTHING).map(({ key }) => key)).toEqual(["likert", "choice"]);
    const half = { ...NOTHING, answers: { likert: 9, choice: "a" } };
    expect(missing(content, half).map(({ key }) => key)).toEqual(["likert"]);
  });

  it("misses nothing once it cannot be judged, and then sends no answers", () => {
    const given = { ...NOTHING, answers: { likert: 2 }, cannotJudge: true };
    expect(missing(content, given)).toEqual([]);
    expect(answersToSend(content, given)).toEqual({});
  });

  it("sends what fits, and nothing else", () => {
    const given = { ...NOTHING, answers: { likert: 2, choice: "zzz", foreign: 1, text: "seen" } };
    expect(answersToSend(content, given)).toEqual({ likert: 2, text: "seen" });
  });

  it("takes from a draft what belongs to it", () => {
    const draft = {
      answers: { concept: "b", rating: 3 },
      comment: "dark",
      cannot_judge: true,
      active_ms: 1,
      idle_ms: 2,
    };
    const alignment = makeAlignmentContent({ cannot_judge: false });
    expect(restored(alignment, draft)).toEqual({
      answers: { concept: "b" },
      comment: "dark",
      cannotJudge: false,
    });
    expect(restored(makeAlignmentContent(), draft).cannotJudge).toBe(true);
  });
});
