import type { ReactNode } from "react";
import { Link } from "react-router";
import type { ModelVersionDetail } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatCount, formatDateTime } from "../../../shared/lib/format";
import { figuresOf } from "../lib/figures";
import { type Lineage, lineageOf } from "../lib/lineage";
import classes from "./model-facts.module.css";
import { MadeBy } from "./version-table";

/** What a version is, how good it measured, and what it was made of. */
export function ModelFacts({ model }: { model: ModelVersionDetail }) {
  const { images, figures } = figuresOf(model.metrics);
  const { concept_set, parent, device, precision } = model;
  const lineage = lineageOf(model.metrics);
  return (
    <div className={classes.facts}>
      <Part title="Figures">
        {figures.map(({ label, value }) => (
          <Fact key={label} term={label} numeric>
            {value}
          </Fact>
        ))}
        {images !== null && <Fact term="Measured on">{formatCount(images)} test images</Fact>}
        {figures.length === 0 && <Fact term="Figures">none recorded</Fact>}
      </Part>
      <Part title="Lineage">
        <Fact term="Data set">{model.dataset}</Fact>
        <Fact term="Concept set">
          {concept_set.title} ({concept_set.name}, version {concept_set.version})
        </Fact>
        <Fact term="Digest, concepts">
          <code title={concept_set.digest}>{concept_set.digest.slice(0, 12)}</code>
        </Fact>
        <Fact term="Parent">
          {parent ? (
            <Link className={table.link} to={`/models/${parent.id}`}>
              {parent.name}
            </Link>
          ) : (
            "none that is registered here"
          )}
        </Fact>
        <Fact term="Made by">
          <MadeBy model={model} />
        </Fact>
        {lineage && <Retrained lineage={lineage} />}
      </Part>
      <Part title="Version">
        <Fact term="Classes">{model.classes.map(({ name }) => name).join(", ")}</Fact>
        <Fact term="Runs on">
          {device ? `${device}, ${precision ?? "unknown precision"}` : "not loaded yet"}
        </Fact>
        <Fact term="Registered">{formatDateTime(model.created_at)}</Fact>
        <Fact term="Id">
          <code>{model.id}</code>
        </Fact>
      </Part>
    </div>
  );
}

function Retrained({ lineage }: { lineage: Lineage }) {
  return (
    <>
      {lineage.mode && <Fact term="Mode">{lineage.mode} retraining</Fact>}
      {lineage.changes.length > 0 && (
        <Fact term="Edit">
          <ul className={classes.list}>
            {lineage.changes.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
        </Fact>
      )}
      {lineage.datasetDigest && (
        <Fact term="Digest, data set">
          <code title={lineage.datasetDigest}>{lineage.datasetDigest.slice(0, 12)}</code>
        </Fact>
      )}
      {lineage.splits.map(([split, digest]) => (
        <Fact key={split} term={`Digest, ${split}`}>
          <code title={digest}>{digest.slice(0, 12)}</code>
        </Fact>
      ))}
      {lineage.labels && <Fact term="Corrected labels">{lineage.labels}</Fact>}
      {lineage.settings
        .filter(([name]) => name !== "seed" && name !== "mode")
        .map(([name, value]) => (
          <Fact key={name} term={name}>
            {value}
          </Fact>
        ))}
      {lineage.seed && <Fact term="Seed">{lineage.seed}</Fact>}
      {lineage.code && <Fact term="Code version">{lineage.code}</Fact>}
    </>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className={classes.part} aria-label={title}>
      <h2>{title}</h2>
      <dl>{children}</dl>
    </section>
  );
}

interface FactProps {
  term: string;
  numeric?: boolean;
  children: ReactNode;
}

function Fact({ term, numeric = false, children }: FactProps) {
  return (
    <div className={classes.fact} data-numeric={numeric}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}
