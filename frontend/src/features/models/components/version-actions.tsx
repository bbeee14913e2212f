import { Button } from "@mantine/core";
import { Link } from "react-router";
import { useMay } from "../../../shared/account/account-context";
import type { ModelVersion } from "../../../shared/api/types";
import { compareAddress, heldTo } from "../lib/versions";
import classes from "./version-actions.module.css";

interface VersionActionsProps {
  model: ModelVersion;
  /** All that are known, to find one to compare with. */
  models: readonly ModelVersion[];
  onPromote: () => void;
}

/** What can be done with a version. What somebody may not do is not shown. */
export function VersionActions({ model, models, onPromote }: VersionActionsProps) {
  const mayPromote = useMay("models:activate");
  const seesDatasets = useMay("datasets:read");
  const mayTrain = useMay("training:write");
  const other = heldTo(model, models);
  return (
    <span className={classes.actions}>
      {mayPromote && !model.active && (
        <Button
          size="compact-xs"
          variant="light"
          onClick={onPromote}
          aria-label={`Promote ${model.name}`}
        >
          Promote…
        </Button>
      )}
      <Action to={`/models/${model.id}/card`} label={`Model card of ${model.name}`}>
        Model card
      </Action>
      {seesDatasets && other && (
        <Action
          to={compareAddress({
            // The active one is what others are held to.
            a: model.active ? model.id : other.id,
            b: model.active ? other.id : model.id,
            dataset: model.dataset,
          })}
          label={`Compare ${model.name} with ${other.name}`}
        >
          Compare…
        </Action>
      )}
      {seesDatasets && (
        <Action to={`/models/${model.id}/codebook`} label={`Codebook of ${model.name}`}>
          Codebook
        </Action>
      )}
      {mayTrain && (
        <Action to={`/training/new?parent=${model.id}`} label={`Retrain ${model.name}`}>
          Retrain…
        </Action>
      )}
    </span>
  );
}

function Action({ to, label, children }: { to: string; label: string; children: string }) {
  return (
    <Button component={Link} to={to} size="compact-xs" variant="default" aria-label={label}>
      {children}
    </Button>
  );
}
