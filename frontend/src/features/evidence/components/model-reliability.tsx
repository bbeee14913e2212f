import { Link } from "react-router";
import { isMissing, type useEvidence } from "../api/get-evidence";
import { testedWords } from "../lib/numbers";
import { cardPath, countSteps } from "../lib/reliability";
import { StepCount } from "./evidence-summary";
import classes from "./model-reliability.module.css";

interface ModelReliabilityProps {
  modelVersionId: string;
  evidence: ReturnType<typeof useEvidence>;
}

/** One line above the concepts: how far they can be trusted, what the marks mean, and the way to the card. */
export function ModelReliability({ modelVersionId, evidence }: ModelReliabilityProps) {
  return (
    <p className={classes.line}>
      <Link className={classes.link} to={cardPath(modelVersionId)}>
        How reliable is this model?
      </Link>{" "}
      <State evidence={evidence} />
    </p>
  );
}

function State({ evidence }: Pick<ModelReliabilityProps, "evidence">) {
  const { data, error } = evidence;
  if (data?.is_of_these_weights) {
    const { tested_on, concepts } = data;
    return (
      <>
        <span className={classes.steps}>
          {countSteps(concepts).map(({ step, count }) => (
            <StepCount key={step} step={step} count={count} />
          ))}
        </span>
        <span>on {testedWords(tested_on)}</span>
      </>
    );
  }
  if (data) {
    return <span>Not measured with these weights.</span>;
  }
  if (error) {
    return <span>{isMissing(error) ? "Not measured yet." : "This could not be read."}</span>;
  }
  return null;
}
