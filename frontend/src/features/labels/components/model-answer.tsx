import { IconCheck, IconEqualNot } from "@tabler/icons-react";
import type { Verdict } from "../lib/marks";
import classes from "./model-answer.module.css";

interface ModelAnswerProps {
  verdict: Verdict;
  /** What the model sees. */
  text: string;
  /** Whether to say it before the person has marked anything. */
  revealed: boolean;
}

/** Whether the model agrees, in words and with an icon; announced when a mark has brought it up. */
export function ModelAnswer({ verdict, text, revealed }: ModelAnswerProps) {
  return (
    <p className={classes.answer}>
      <span role="status" className={classes.verdict} data-verdict={verdict}>
        {verdict === "agrees" && (
          <>
            <IconCheck size={13} aria-hidden /> The model agrees
          </>
        )}
        {verdict === "differs" && (
          <>
            <IconEqualNot size={13} aria-hidden /> The model says: {text}
          </>
        )}
      </span>
      {verdict === "unmarked" && revealed && <span>The model says: {text}</span>}
    </p>
  );
}
