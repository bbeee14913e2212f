import { useMay } from "../../../shared/account/account-context";
import { useModels } from "../../../shared/api/list-models";
import type { Prediction } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { useLabels } from "../api/list-labels";
import { labelsFor } from "../lib/marks";
import { ColleagueLabels } from "./colleague-labels";
import { LabelForm } from "./label-form";
import classes from "./label-panel.module.css";
import { ReadOnlyLabel } from "./read-only-label";

/** "What you see": one's own label of the image, and those of colleagues where one may see them. */
export function LabelPanel({ prediction }: { prediction: Prediction }) {
  const labels = useLabels(prediction.case_id);
  const models = useModels();
  const mayLabel = useMay("labels:write");
  if (labels.isPending || models.isPending) {
    return <Busy>Loading the labels</Busy>;
  }
  if (labels.isLoadingError) {
    return (
      <div className={classes.notice}>
        <QueryError
          title="The labels could not be read"
          error={labels.error}
          onRetry={() => void labels.refetch()}
        />
      </div>
    );
  }
  const model = models.data?.find(({ id }) => id === prediction.model_version_id);
  const digest = model?.concept_set.digest ?? null;
  const fitting = labelsFor(prediction, labels.data, digest);
  const own = fitting.find(({ mine }) => mine) ?? null;
  const others = fitting.filter(({ mine }) => !mine);
  const place = `${prediction.case_id}.${digest ?? prediction.id}`;
  return (
    <section className={classes.panel} aria-label="What you see">
      {mayLabel ? (
        <LabelForm key={place} prediction={prediction} stored={own} place={place} />
      ) : (
        <ReadOnlyLabel prediction={prediction} label={own} />
      )}
      <ColleagueLabels prediction={prediction} labels={others} />
      {labels.data.length > fitting.length && (
        <p className={classes.hint}>
          Labels of this case that were made with another concept set are not shown here:{" "}
          {labels.data.length - fitting.length}.
        </p>
      )}
    </section>
  );
}
