import { ActionIcon, Button, Tooltip } from "@mantine/core";
import {
  IconArrowBackUp,
  IconArrowForwardUp,
  IconCheck,
  IconLink,
  IconRestore,
} from "@tabler/icons-react";
import { memo, type ReactNode } from "react";
import { Link } from "react-router";
import type { Intervention } from "../../../shared/api/types";
import { compareAddress } from "../lib/addresses";
import type { Workbench } from "../lib/workbench";
import classes from "./what-if-panel.module.css";

interface EditToolbarProps {
  workbench: Workbench;
  canUndo: boolean;
  canRedo: boolean;
  /** There is no edit. */
  empty: boolean;
  /** The stored intervention on screen; null if it has been changed, or none is. */
  shown: Intervention | null;
  copied: boolean;
  onCopy: () => void;
  onSave: () => void;
  /** Why nothing can be saved now. */
  notSaved: string | null;
  maySave: boolean;
}

/** Undo, redo, reset; the link, the comparison, and saving. Not drawn anew while a slider moves. */
export const EditToolbar = memo(function EditToolbar(props: EditToolbarProps) {
  const { workbench, canUndo, canRedo, empty, shown, copied, onCopy, onSave } = props;
  const { notSaved, maySave } = props;
  return (
    <div className={classes.toolbar} role="toolbar" aria-label="Edits">
      <Tool label="Undo" keys="Ctrl+Z" disabled={!canUndo} onClick={() => workbench.undo()}>
        <IconArrowBackUp size={16} aria-hidden />
      </Tool>
      <Tool label="Redo" keys="Ctrl+Y" disabled={!canRedo} onClick={() => workbench.redo()}>
        <IconArrowForwardUp size={16} aria-hidden />
      </Tool>
      <Tool label="Reset all edits" keys="0" disabled={empty} onClick={() => workbench.resetAll()}>
        <IconRestore size={16} aria-hidden />
      </Tool>
      <span className={classes.spacer} />
      <Button
        size="compact-xs"
        variant="subtle"
        color="gray"
        title="A link to exactly what is on screen (L)"
        leftSection={
          copied ? <IconCheck size={14} aria-hidden /> : <IconLink size={14} aria-hidden />
        }
        onClick={onCopy}
      >
        {copied ? "Copied" : "Copy link"}
      </Button>
      {shown && (
        <Button
          component={Link}
          to={compareAddress(shown)}
          size="compact-xs"
          variant="default"
          title="Prediction and intervention side by side (K)"
        >
          Compare
        </Button>
      )}
      {maySave && (
        <Button
          size="compact-xs"
          // Not `disabled`: it could not get the focus back when the dialog closes, nor say why.
          aria-disabled={notSaved !== null}
          data-disabled={notSaved !== null || undefined}
          title={notSaved ?? "Keep these edits with the case (Ctrl+S)"}
          onClick={notSaved === null ? onSave : undefined}
        >
          Save …
        </Button>
      )}
    </div>
  );
});

interface ToolProps {
  label: string;
  keys: string;
  disabled: boolean;
  onClick: () => void;
  children: ReactNode;
}

function Tool({ label, keys, disabled, onClick, children }: ToolProps) {
  return (
    <Tooltip label={`${label} (${keys})`}>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={24}
        aria-label={label}
        disabled={disabled}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}
