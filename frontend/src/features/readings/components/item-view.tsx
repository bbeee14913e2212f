import { Checkbox, Kbd } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import type { ItemContent } from "../../../shared/api/types";
import { focusQuestion, markQuestion, useAnswerKeys } from "../hooks/use-answer-keys";
import { useDisplayKeys, useItemDisplay } from "../hooks/use-item-display";
import type { Answer, Answers } from "../lib/given";
import { ItemCanvas } from "./item-canvas";
import classes from "./item-view.module.css";
import { ItemWords } from "./item-words";
import { MapBar } from "./map-bar";
import { QuestionField } from "./question-field";

export interface ItemViewProps {
  content: ItemContent;
  /** Address of the image. */
  image: string;
  width: number;
  height: number;
  answers: Answers;
  /** Null takes the answer back. */
  onAnswer: (key: string, answer: Answer | null) => void;
  cannotJudge: boolean;
  onCannotJudge: (cannot: boolean) => void;
  readOnly: boolean;
  /** Keys of questions that were left out when it was to be submitted. */
  lacking?: readonly string[];
  /** When the image and its map have been painted. */
  onShown?: () => void;
  /** By keys, everything that is needed has been answered. */
  onComplete?: () => void;
  /** Goes up to have the first question without an answer marked. */
  attention?: number;
  /** Below the questions. */
  children?: ReactNode;
}

/** One item as readers see it: the image large, the questions beside it. */
export function ItemView(props: ItemViewProps) {
  const { content, image, width, height, answers, onAnswer, onShown, children } = props;
  const { cannotJudge, onCannotJudge, readOnly, lacking = [], onComplete = nothing } = props;
  const display = useItemDisplay(image);
  useDisplayKeys(display, content.map !== null);
  const list = useRef<HTMLDivElement>(null);
  useAnswerKeys({
    ...{ list, content, answers, onAnswer, cannotJudge, onCannotJudge, onComplete },
    active: !readOnly,
  });
  useMarking(list, props);
  return (
    <div className={classes.view}>
      <section className={classes.picture} aria-label="Image">
        <ItemCanvas {...{ image, width, height, display, onShown }} map={content.map} />
        {content.map && <MapBar display={display} />}
      </section>
      <section className={classes.panel} aria-label="Task">
        <div className={classes.asked}>
          <ItemWords content={content} />
          <div
            ref={list}
            className={classes.questions}
            role="group"
            aria-label="Questions"
            onKeyDown={leaveField}
          >
            {content.questions.map((question) => (
              <QuestionField
                key={question.key}
                question={question}
                answer={answers[question.key]}
                onAnswer={(answer) => onAnswer(question.key, answer)}
                disabled={readOnly || cannotJudge}
                lacking={lacking.includes(question.key)}
              />
            ))}
          </div>
          {content.cannot_judge && (
            <Checkbox
              size="xs"
              className={classes.cannot}
              label={
                <>
                  I cannot judge this <Kbd size="xs">X</Kbd>
                </>
              }
              checked={cannotJudge}
              disabled={readOnly}
              onChange={(event) => onCannotJudge(event.currentTarget.checked)}
            />
          )}
        </div>
        {children}
      </section>
    </div>
  );
}

/** A new item begins at its first question; what was left out is marked when it was to be submitted. */
function useMarking(
  list: { readonly current: HTMLDivElement | null },
  { content, image, lacking, attention = 0, readOnly }: ItemViewProps,
): void {
  const latest = useRef({ content, lacking });
  useEffect(() => {
    latest.current = { content, lacking };
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: with every new item
  useEffect(() => {
    const [first] = latest.current.content.questions;
    list.current?.parentElement?.scrollTo?.(0, 0);
    if (!readOnly && first?.kind !== "text") {
      focusQuestion(list.current, first);
    }
  }, [list, image, readOnly]);
  useEffect(() => {
    const [key] = latest.current.lacking ?? [];
    if (attention > 0 && key !== undefined) {
      const question = latest.current.content.questions.find((each) => each.key === key);
      markQuestion(list.current, question);
    }
  }, [list, attention]);
}

/** Esc leaves a field for its question, where single keys work again. */
function leaveField(event: KeyboardEvent<HTMLElement>): void {
  const target = event.target as HTMLElement;
  if (event.key === "Escape" && target.matches("textarea,input[type=text]")) {
    target.closest<HTMLElement>("[data-question]")?.focus();
  }
}

function nothing(): void {}
