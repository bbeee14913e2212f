import { useDocumentTitle } from "@mantine/hooks";
import { useParams } from "react-router";
import { ModelDetails } from "../../features/models/components/model-details";
import { ModelList } from "../../features/models/components/model-list";
import { useModels } from "../../shared/api/list-models";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import classes from "./models-page.module.css";

/** Model versions on the left, the chosen one (else the first, an active one) on the right. */
export function ModelsPage() {
  useDocumentTitle("Models · Vitrine");
  const { modelVersionId } = useParams();
  const models = useModels();
  if (models.isPending) {
    return <Busy>Loading the models</Busy>;
  }
  if (models.isError) {
    return (
      <div className={classes.notice}>
        <QueryError
          title="The models could not be read"
          error={models.error}
          onRetry={() => void models.refetch()}
        />
      </div>
    );
  }
  const current = modelVersionId ?? models.data[0]?.id;
  return (
    <div className={classes.page}>
      <section className={classes.side} aria-label="Model versions">
        <h1 className={classes.title}>Models</h1>
        {current ? (
          <ModelList models={models.data} current={current} />
        ) : (
          <p className={classes.empty}>
            No model is installed. Train one with `vitrine train`, or put a checkpoint folder into
            the folder models of the data folder; then start the server again.
          </p>
        )}
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={classes.main} aria-label="Chosen model" tabIndex={0}>
        {current && <ModelDetails key={current} modelVersionId={current} />}
      </section>
    </div>
  );
}
