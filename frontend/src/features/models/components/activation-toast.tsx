import { CloseButton } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { Activation } from "../../../shared/api/types";
import classes from "./activation-toast.module.css";
import { RollBackButton } from "./roll-back-button";

interface ActivationToastProps {
  /** What has just happened; null: nothing. */
  activation: Activation | null;
  /** With what came of a rollback, or null when it is closed. */
  onChange: (activation: Activation | null) => void;
}

/** Says what has just come into use, and takes it back. It stays until it is closed: there is no hurry. */
export function ActivationToast({ activation, onChange }: ActivationToastProps) {
  return (
    <div className={classes.place} role="status">
      {activation && (
        <div className={classes.toast}>
          <IconCheck size={16} className={classes.icon} aria-hidden />
          <p className={classes.words}>{wordsOf(activation)}</p>
          {activation.kind !== "rollback" && activation.previous && (
            <RollBackButton
              key={activation.id}
              modelVersionId={activation.model.id}
              target={activation.previous.name}
              onDone={onChange}
            />
          )}
          <CloseButton size="sm" aria-label="Close this message" onClick={() => onChange(null)} />
        </div>
      )}
    </div>
  );
}

function wordsOf({ kind, model, dataset }: Activation): string {
  return kind === "rollback"
    ? `Rolled back: new predictions of ${dataset} use ${model.name} again.`
    : `Promoted: new predictions of ${dataset} use ${model.name}.`;
}
