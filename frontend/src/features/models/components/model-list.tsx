import { NavLink } from "react-router";
import type { ModelVersion } from "../../../shared/api/types";
import { Tag } from "../../../shared/components/tag";
import { figuresOf } from "../lib/figures";
import classes from "./model-list.module.css";

/** All model versions, active ones first. */
export function ModelList({
  models,
  current,
}: {
  models: readonly ModelVersion[];
  current: string;
}) {
  return (
    <ul className={classes.list}>
      {models.map((model) => (
        <li key={model.id}>
          <NavLink
            to={`/models/${model.id}`}
            className={classes.entry}
            aria-current={model.id === current ? "page" : undefined}
          >
            <span className={classes.name}>{model.name}</span>
            <span className={classes.tags}>
              {model.active && <Tag tone="accent">active</Tag>}
              {model.synthetic && <Tag>synthetic images only</Tag>}
            </span>
            <span className={classes.note}>{model.concept_set.title}</span>
            <Figures metrics={model.metrics} />
          </NavLink>
        </li>
      ))}
    </ul>
  );
}

function Figures({ metrics }: { metrics: ModelVersion["metrics"] }) {
  const { images, figures } = figuresOf(metrics);
  if (figures.length === 0) {
    return null;
  }
  return (
    <span className={classes.figures}>
      {figures.map(({ label, value }) => (
        <span key={label} className={classes.figure}>
          <span>{label}</span>
          <span className={classes.value}>{value}</span>
        </span>
      ))}
      {images !== null && <span className={classes.note}>on {images} test images</span>}
    </span>
  );
}
