import type { ReactNode } from "react";
import Markdown from "react-markdown";
import remarkGfm from "remark-gfm";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { Tag } from "../../../shared/components/tag";
import { formatDateTime } from "../../../shared/lib/format";
import { useModel } from "../api/get-model";
import classes from "./model-details.module.css";

/** One model version: what it is, how good it measured, and its card. */
export function ModelDetails({ modelVersionId }: { modelVersionId: string }) {
  const model = useModel(modelVersionId);
  if (model.isPending) {
    return <Busy>Loading the model card</Busy>;
  }
  if (model.isError) {
    return (
      <div className={classes.details}>
        <QueryError
          title="The model could not be read"
          error={model.error}
          onRetry={() => void model.refetch()}
        />
      </div>
    );
  }
  const { name, active, synthetic, dataset, concept_set, device, precision, card } = model.data;
  return (
    <article className={classes.details}>
      <header className={classes.header}>
        <h2>{name}</h2>
        {active && <Tag tone="accent">active: used for new predictions of {dataset}</Tag>}
        {synthetic && <Tag>trained on synthetic images only</Tag>}
      </header>
      <dl className={classes.facts}>
        <Fact term="Data set">{dataset}</Fact>
        <Fact term="Concept set">
          {concept_set.title} ({concept_set.name}, version {concept_set.version})
        </Fact>
        <Fact term="Classes">{model.data.classes.map((entry) => entry.name).join(", ")}</Fact>
        <Fact term="Runs on">
          {device ? `${device}, ${precision ?? "unknown precision"}` : "not loaded yet"}
        </Fact>
        <Fact term="Registered">{formatDateTime(model.data.created_at)}</Fact>
      </dl>
      <section className={classes.card} aria-label="Model card">
        {/* Text only: react-markdown renders no HTML of the card, and images would leave this server. */}
        <Markdown remarkPlugins={[remarkGfm]} disallowedElements={["img"]} components={HEADINGS}>
          {card}
        </Markdown>
      </section>
    </article>
  );
}

/** The page and the model have the first two levels. */
const HEADINGS = {
  h1: ({ children }: { children?: ReactNode }) => <h3>{children}</h3>,
  h2: ({ children }: { children?: ReactNode }) => <h4>{children}</h4>,
  h3: ({ children }: { children?: ReactNode }) => <h5>{children}</h5>,
};

function Fact({ term, children }: { term: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
