import type { ReactNode } from "react";
import type { StudyProblem } from "../../../shared/api/types";
import classes from "./steps.module.css";

interface SaidProps {
  path: string;
  problems: readonly StudyProblem[];
}

interface FieldProps extends SaidProps {
  children: ReactNode;
}

/** An input with its place in the design, and below it what might be better; what is wrong the input says itself. */
export function Field({ path, problems, children }: FieldProps) {
  return (
    <div data-field={path}>
      {children}
      <Said path={path} problems={problems.filter(({ severity }) => severity === "warning")} />
    </div>
  );
}

/** What is said of exactly this part of the design. */
export function Said({ path, problems }: SaidProps) {
  return problems
    .filter(({ field }) => field === path)
    .map(({ text, severity }) => (
      <p key={text} className={classes.problem} data-severity={severity}>
        {text}
      </p>
    ));
}
