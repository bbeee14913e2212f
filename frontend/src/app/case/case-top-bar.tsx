import { Tooltip } from "@mantine/core";
import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { PseudonymField } from "../../features/cases/components/pseudonym-field";
import { readOnlyReason } from "../../features/cases/lib/sharing";
import { FamiliarityLine } from "../../features/predictions/components/familiarity-note";
import { predictedClass } from "../../features/predictions/lib/contributions";
import type { Case, Prediction } from "../../shared/api/types";
import { Tag } from "../../shared/components/tag";
import { formatMilliseconds, formatPercent } from "../../shared/lib/format";
import classes from "./case-top-bar.module.css";

interface CaseTopBarProps {
  entry: Case;
  prediction: Prediction | null;
  /** Beside the name of the model: the way to choose another one. */
  modelChoice: ReactNode;
  /** Where to go from here. */
  children?: ReactNode;
}

/** Which case, what came out, by which model, and what it is not for. */
export function CaseTopBar({ entry, prediction, modelChoice, children }: CaseTopBarProps) {
  return (
    <div className={classes.bar}>
      <Link to="/" className={classes.back} aria-label="Back to the cases">
        <IconArrowLeft size={16} aria-hidden />
      </Link>
      <h1 className="visually-hidden">Case {entry.pseudonym}</h1>
      <PseudonymField entry={entry} />
      {entry.synthetic && (
        <Tag title="Drawn by a program, with no patient behind it">Synthetic image</Tag>
      )}
      {!entry.may_change && <Tag title={readOnlyReason(entry) ?? undefined}>Read only</Tag>}
      {children}
      <div aria-live="polite" className={classes.result}>
        {prediction && <Result prediction={prediction} />}
      </div>
      {prediction && <FamiliarityLine familiarity={prediction.familiarity} />}
      {prediction && <ModelFacts prediction={prediction} modelChoice={modelChoice} />}
      <Tag tone="warning">Not for diagnosis</Tag>
    </div>
  );
}

function Result({ prediction }: { prediction: Prediction }) {
  const top = predictedClass(prediction);
  if (!top) {
    return null;
  }
  return (
    <>
      <span className={classes.label}>Prediction</span>
      <span className={classes.class}>{top.name}</span>
      <span className={classes.probability}>{formatPercent(top.probability)}</span>
    </>
  );
}

function ModelFacts({
  prediction,
  modelChoice,
}: Pick<CaseTopBarProps, "modelChoice"> & { prediction: Prediction }) {
  const { model, timings_ms: timings } = prediction;
  const total = Object.values(timings).reduce((sum, time) => sum + time, 0);
  const parts = Object.entries(timings).map(
    ([name, time]) => `${name} ${formatMilliseconds(time)}`,
  );
  return (
    <div className={classes.facts}>
      <span className={classes.label}>Model</span>
      <Link to={`/models/${model.id}`} className={classes.model}>
        {model.name}
      </Link>
      {modelChoice}
      <Tooltip label={parts.join(", ")}>
        <span className={classes.time}>{formatMilliseconds(total)}</span>
      </Tooltip>
    </div>
  );
}
