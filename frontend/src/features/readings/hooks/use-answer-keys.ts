import { type RefObject, useRef } from "react";
import type { ItemContent, ItemQuestion } from "../../../shared/api/types";
import { type Shortcuts, useShortcuts } from "../../../shared/hooks/use-shortcuts";
import { bothCases } from "../lib/both-cases";
import { type Answer, type Answers, answerOfDigit, fits } from "../lib/given";

interface AnswerKeys {
  /** Holds the questions, each in an element marked `data-question`. */
  list: RefObject<HTMLElement | null>;
  content: ItemContent;
  answers: Answers;
  onAnswer: (key: string, answer: Answer) => void;
  cannotJudge: boolean;
  onCannotJudge: (cannot: boolean) => void;
  /** Nothing more has to be answered. */
  onComplete: () => void;
  active: boolean;
}

/** Digits answer the question that is marked, and mark the next one; X: cannot judge. */
export function useAnswerKeys(keys: AnswerKeys): void {
  const { content, answers, cannotJudge, active } = keys;
  /** The one that was answered last, to be corrected by another digit. */
  const touched = useRef<string | null>(null);

  const current = (): ItemQuestion | undefined => {
    const marked = document.activeElement?.closest<HTMLElement>("[data-question]");
    const at = (key: string | null | undefined) =>
      content.questions.find((each) => each.key === key);
    return (
      (keys.list.current?.contains(marked ?? null) && at(marked?.dataset.question)) ||
      content.questions.find((each) => isOpen(each, answers) && each.kind !== "text") ||
      at(touched.current) ||
      content.questions[0]
    );
  };

  const press = (digit: number) => {
    const question = current();
    const answer = question && answerOfDigit(question, digit);
    if (!question || answer === null || answer === undefined || cannotJudge) {
      return;
    }
    touched.current = question.key;
    keys.onAnswer(question.key, answer);
    const after = content.questions.slice(content.questions.indexOf(question) + 1);
    const next = after.find((each) => isOpen(each, answers));
    if (next) {
      markQuestion(keys.list.current, next);
    } else {
      keys.onComplete();
    }
  };

  const digits = Array.from({ length: 9 }, (_, place) => place + 1);
  const shortcuts: Shortcuts = Object.fromEntries(
    digits.map((digit) => [String(digit), () => press(digit)]),
  );
  useShortcuts(
    bothCases({
      ...shortcuts,
      x: () => content.cannot_judge && keys.onCannotJudge(!cannotJudge),
    }),
    active,
  );
}

function isOpen(question: ItemQuestion, answers: Answers): boolean {
  return question.required && !fits(question, answers[question.key]);
}

/** Marks the whole question; where something has to be typed, the place where it is typed. */
export function markQuestion(list: HTMLElement | null, question: ItemQuestion | undefined): void {
  const field = focusQuestion(list, question);
  field?.scrollIntoView({ block: "nearest" });
}

/** The same without scrolling: what stands above the first question is to be read first. */
export function focusQuestion(
  list: HTMLElement | null,
  question: ItemQuestion | undefined,
): HTMLElement | undefined {
  const field = [...(list?.querySelectorAll<HTMLElement>("[data-question]") ?? [])].find(
    (element) => element.dataset.question === question?.key,
  );
  const typed = question?.kind === "scale" ? "input[type=text]" : "textarea";
  (field?.querySelector<HTMLElement>(typed) ?? field)?.focus({ preventScroll: true });
  return field;
}
