import { IconAlertTriangle, IconCircleX } from "@tabler/icons-react";
import type { StudyProblem } from "../../../shared/api/types";
import classes from "./problem-list.module.css";

interface ProblemListProps {
  label: string;
  problems: readonly StudyProblem[];
  /** Leads to the field. */
  onGo: (problem: StudyProblem) => void;
}

/** What keeps a draft from being published, and what readers might stumble over; each leads to its field. */
export function ProblemList({ label, problems, onGo }: ProblemListProps) {
  return (
    <ul className={classes.problems} aria-label={label}>
      {problems.map((problem) => {
        const error = problem.severity === "error";
        const Icon = error ? IconCircleX : IconAlertTriangle;
        return (
          <li key={`${problem.field} ${problem.text}`} data-severity={problem.severity}>
            <Icon size={14} aria-label={error ? "Problem" : "Hint"} role="img" />
            <button type="button" className={classes.go} onClick={() => onGo(problem)}>
              {problem.text}
            </button>
          </li>
        );
      })}
    </ul>
  );
}
