import type { ReactNode } from "react";
import type { Prediction } from "../../../shared/api/types";
import { formatDateTime, formatPercent } from "../../../shared/lib/format";
import { predictedClass } from "../lib/contributions";
import classes from "./prediction-history.module.css";

interface PredictionHistoryProps {
  /** Newest first. */
  predictions: readonly Prediction[];
  shown: string;
  onChoose: (predictionId: string) => void;
  /** Beside the title. */
  actions?: ReactNode;
}

/** All predictions of a case. They are never overwritten, so that an earlier one can be looked at again. */
export function PredictionHistory(props: PredictionHistoryProps) {
  const { predictions, shown, onChoose, actions } = props;
  return (
    <section className={classes.history} aria-label="Predictions of this case">
      <div className={classes.head}>
        <h2 className={classes.title}>Predictions</h2>
        {actions}
      </div>
      <ul className={classes.list}>
        {predictions.map((prediction) => {
          const top = predictedClass(prediction);
          return (
            <li key={prediction.id}>
              <button
                type="button"
                className={classes.entry}
                aria-pressed={prediction.id === shown}
                onClick={() => onChoose(prediction.id)}
              >
                <span>{formatDateTime(prediction.created_at)}</span>
                <span className={classes.class}>
                  {top?.name} {top && formatPercent(top.probability)}
                </span>
                <span className={classes.model}>{prediction.model.name}</span>
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
