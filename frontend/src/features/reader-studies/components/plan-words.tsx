import type { StudyPlan } from "../../../shared/api/types";
import { count, minutesWords } from "../lib/words";
import classes from "./plan-words.module.css";

/** What the design comes to, for one reader. */
export function PlanWords({ plan }: { plan: StudyPlan | null }) {
  if (!plan) {
    return (
      <p className={classes.none}>
        How many items that makes is said once images, arms and tasks are chosen.
      </p>
    );
  }
  const entries = [
    ["Items", count(plan.items, "item", "items")],
    ["Repeats", count(plan.repeats, "item again", "items again")],
    ["Practice", count(plan.practice, "item", "items")],
    ["Sessions", count(plan.sessions, "session", "sessions")],
    ["Time", `about ${minutesWords(plan.minutes)}`],
  ];
  return (
    <dl className={classes.plan} aria-label="For one reader">
      {entries.map(([term, words]) => (
        <div key={term}>
          <dt>{term}</dt>
          <dd>{words}</dd>
        </div>
      ))}
    </dl>
  );
}
