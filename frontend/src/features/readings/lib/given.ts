/** What a reader has given for an item so far, and what is missing. */

import type {
  ItemContent,
  ItemQuestion,
  ReadingDraft,
  ReadingDraftUpdate,
} from "../../../shared/api/types";

export type Answer = number | string;
export type Answers = Readonly<Record<string, Answer>>;

export interface Given {
  answers: Answers;
  comment: string;
  cannotJudge: boolean;
}

export const NOTHING: Given = { answers: {}, comment: "", cannotJudge: false };

export function isEmpty({ answers, comment, cannotJudge }: Given): boolean {
  return Object.keys(answers).length === 0 && comment === "" && !cannotJudge;
}

export const LIKERT_POINTS = 5;
export const SCALE_END = 100;

/** An empty text is no answer. */
export function withAnswer(given: Given, key: string, answer: Answer | null): Given {
  const { [key]: _, ...others } = given.answers;
  const empty = answer === null || (typeof answer === "string" && answer.trim() === "");
  return { ...given, answers: empty ? others : { ...others, [key]: answer } };
}

/** Whether an answer fits its question; a draft from elsewhere may hold anything. */
export function fits(question: ItemQuestion, answer: unknown): answer is Answer {
  switch (question.kind) {
    case "likert":
      return isWhole(answer, 1, LIKERT_POINTS);
    case "scale":
      return isWhole(answer, 0, SCALE_END);
    case "choice":
      return question.options.some(({ key }) => key === answer);
    case "text":
      return typeof answer === "string" && answer.trim() !== "";
  }
}

function isWhole(answer: unknown, first: number, last: number): boolean {
  return Number.isInteger(answer) && (answer as number) >= first && (answer as number) <= last;
}

/** The questions that still need an answer before the item can be submitted. */
export function missing(content: ItemContent, given: Given): ItemQuestion[] {
  if (given.cannotJudge) {
    return [];
  }
  return content.questions.filter(
    (question) => question.required && !fits(question, given.answers[question.key]),
  );
}

/** Only what fits the item's questions. */
export function restored(content: ItemContent, draft: ReadingDraft | ReadingDraftUpdate): Given {
  const answers: Record<string, Answer> = {};
  for (const question of content.questions) {
    const answer: unknown = draft.answers[question.key];
    if (fits(question, answer)) {
      answers[question.key] = answer;
    }
  }
  return {
    answers,
    comment: draft.comment ?? "",
    cannotJudge: content.cannot_judge && (draft.cannot_judge ?? false),
  };
}

/** What is sent: nothing that does not fit, and nothing at all where the item could not be judged. */
export function answersToSend(
  { questions }: ItemContent,
  { answers, cannotJudge }: Given,
): Record<string, Answer> {
  const sent: Record<string, Answer> = {};
  for (const question of cannotJudge ? [] : questions) {
    const answer = answers[question.key];
    if (fits(question, answer)) {
      sent[question.key] = answer;
    }
  }
  return sent;
}

/** What single digits answer, in the order of the screen; null: digits are typed into a field. */
export function answerOfDigit(question: ItemQuestion, digit: number): Answer | null {
  if (question.kind === "likert") {
    return digit >= 1 && digit <= LIKERT_POINTS ? digit : null;
  }
  return question.kind === "choice" ? (question.options[digit - 1]?.key ?? null) : null;
}
