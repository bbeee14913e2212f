import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useParams } from "react-router";
import { isMissing, useEvidence } from "../../features/evidence/api/get-evidence";
import { useMeasurements } from "../../features/evidence/api/list-measurements";
import { useModel } from "../../features/models/api/get-model";
import { ModelCard } from "../../features/models/components/model-card";
import { useMay } from "../../shared/account/account-context";
import type { ModelVersionDetail } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import { Section } from "../../shared/components/section";
import { Tag } from "../../shared/components/tag";
import { isUnended } from "../../shared/lib/job-status";
import { EvidenceReport } from "./evidence-report";
import { MeasurementProgress } from "./measurement-progress";
import { MeasurementStart } from "./measurement-start";
import card from "./model-card-page.module.css";
import classes from "./model-page.module.css";

/** How far a model and its explanations can be trusted, as far as it was measured. */
export function ModelCardPage() {
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
  return <LoadedCard key={modelVersionId} model={model.data} />;
}

function LoadedCard({ model }: { model: ModelVersionDetail }) {
  useDocumentTitle(`Model card of ${model.name} · Vitrine`);
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <Link to={`/models/${model.id}`} className={classes.back} aria-label="Back to the model">
          <IconArrowLeft size={16} aria-hidden />
        </Link>
        <h1 className={classes.title}>Model card of {model.name}</h1>
        {model.active && <Tag tone="accent">active</Tag>}
        {model.synthetic && <Tag>trained on synthetic images only</Tag>}
        <span className={classes.note}>{model.concept_set.title}</span>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={classes.content} aria-label="The model card" tabIndex={0}>
        <div className={card.report}>
          <Measured model={model} />
          <Section title="The card that came with the model">
            <div className={card.text}>
              <ModelCard card={model.card} />
            </div>
          </Section>
        </div>
      </section>
    </div>
  );
}

/** The evidence in whatever state it is, and the way to more of it. */
function Measured({ model }: { model: ModelVersionDetail }) {
  const seesDatasets = useMay("datasets:read");
  const evidence = useEvidence(model.id);
  const measurements = useMeasurements(model.id, seesDatasets);
  const running = measurements.data?.some(isUnended) ?? false;
  const shown = evidence.data?.is_of_these_weights ? evidence.data : null;
  const start = seesDatasets && !running && <MeasurementStart model={model} first={!shown} />;
  return (
    <>
      {seesDatasets && <MeasurementProgress measurements={measurements} />}
      {evidence.isPending && <Busy>Loading what was measured</Busy>}
      {isMissing(evidence.error) && (
        <div className={card.none}>
          <h2>Not measured yet</h2>
          <p>{evidence.error.message}</p>
          {start}
        </div>
      )}
      {evidence.isError && !isMissing(evidence.error) && (
        <QueryError
          title="What was measured could not be read"
          error={evidence.error}
          onRetry={() => void evidence.refetch()}
        />
      )}
      {evidence.data && !shown && (
        <div className={card.none}>
          <Notice tone="warning" title="Measured with other weights">
            The figures that are kept for this model were measured with other weights, on{" "}
            {evidence.data.made_on}. They say nothing about this version, so they are not shown.
          </Notice>
          {start}
        </div>
      )}
      {shown && <EvidenceReport evidence={shown} />}
      {shown && start && (
        <Section
          title="Measure again"
          hint="What is found takes the place of the figures above. It takes minutes, in the background."
        >
          {start}
        </Section>
      )}
    </>
  );
}
