import { Button } from "@mantine/core";
import type { AutosaveState } from "../hooks/use-autosave";
import classes from "./save-state.module.css";

interface SaveStateProps {
  state: AutosaveState;
  onSave: () => void;
}

/** In words, whether what was entered has reached the server, and a button where it has not. */
export function SaveState({ state, onSave }: SaveStateProps) {
  return (
    <div className={classes.state} data-kind={state.kind}>
      <span role="status">{words(state)}</span>
      {state.kind === "unsaved" && (
        <Button variant="default" size="compact-xs" onClick={onSave}>
          Save now
        </Button>
      )}
    </div>
  );
}

function words(state: AutosaveState): string {
  switch (state.kind) {
    case "saved":
      return "Saved";
    case "changed":
      return "Not saved yet";
    case "saving":
      return "Saving …";
    case "unsaved": {
      const next = state.retrying
        ? "Kept on this computer and sent again."
        : "Kept on this computer.";
      return `Not saved. ${state.problem} ${next}`;
    }
  }
}
