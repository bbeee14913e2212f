import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useParams } from "react-router";
import { useModel } from "../../features/models/api/get-model";
import { useActivations } from "../../features/models/api/list-activations";
import { ModelCard } from "../../features/models/components/model-card";
import { ModelFacts } from "../../features/models/components/model-facts";
import { RollBackButton } from "../../features/models/components/roll-back-button";
import { VersionActions } from "../../features/models/components/version-actions";
import { rollbackTarget } from "../../features/models/lib/versions";
import { useModels } from "../../shared/api/list-models";
import type { ModelVersionDetail } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Tag } from "../../shared/components/tag";
import classes from "./model-page.module.css";
import { usePromotion } from "./use-promotion";

/** One version: its figures, what it was made of, its card, and what can be done with it. */
export function ModelPage() {
  const { modelVersionId = "" } = useParams();
  const model = useModel(modelVersionId);
  if (model.isPending) {
    return <Busy>Loading the model card</Busy>;
  }
  if (model.isError) {
    return (
      <div className={classes.notice}>
        <QueryError
          title="The model could not be read"
          error={model.error}
          onRetry={() => void model.refetch()}
        />
        <p>
          <Link to="/models">All models</Link>
        </p>
      </div>
    );
  }
  return <LoadedModel key={modelVersionId} model={model.data} />;
}

function LoadedModel({ model }: { model: ModelVersionDetail }) {
  useDocumentTitle(`${model.name} · Vitrine`);
  const models = useModels();
  const activations = useActivations();
  const { promote, announce, parts } = usePromotion(models.data ?? []);
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <Link to="/models" className={classes.back} aria-label="Back to the models">
          <IconArrowLeft size={16} aria-hidden />
        </Link>
        <h1 className={classes.title}>{model.name}</h1>
        {model.active && (
          <Tag tone="accent">active: used for new predictions of {model.dataset}</Tag>
        )}
        {model.synthetic && <Tag>trained on synthetic images only</Tag>}
        <div className={classes.actions}>
          {model.can_roll_back && (
            <RollBackButton
              modelVersionId={model.id}
              target={rollbackTarget(model, activations.data ?? [])}
              onDone={announce}
            />
          )}
          <VersionActions
            model={model}
            models={models.data ?? []}
            onPromote={() => promote(model)}
          />
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={classes.content} aria-label="The model" tabIndex={0}>
        <div className={classes.columns}>
          <ModelFacts model={model} />
          <ModelCard card={model.card} />
        </div>
      </section>
      {parts}
    </div>
  );
}
