import { ActionIcon, Button, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconArrowForwardUp } from "@tabler/icons-react";
import { Link } from "react-router";
import type { Draft } from "../../features/concept-sets/hooks/use-draft";
import { useMay } from "../../shared/account/account-context";
import { Confirm } from "../../shared/components/confirm";

interface DraftActionsProps {
  draft: Draft;
  /** Address of the form that retrains with the newest revision. */
  retrain: string;
  onSave: () => void;
}

export function DraftActions({ draft, retrain, onSave }: DraftActionsProps) {
  const mayEdit = useMay("concepts:write");
  const mayTrain = useMay("training:write");
  return (
    <>
      {mayEdit && <EditButtons draft={draft} onSave={onSave} />}
      {mayTrain &&
        (draft.changed ? (
          <Tooltip label="Save the draft first: a model is trained with a revision.">
            <Button variant="default" data-disabled aria-disabled onClick={() => undefined}>
              Retrain with this revision
            </Button>
          </Tooltip>
        ) : (
          <Button component={Link} to={retrain} variant="default">
            Retrain with this revision
          </Button>
        ))}
    </>
  );
}

function EditButtons({ draft, onSave }: Omit<DraftActionsProps, "retrain">) {
  const [opened, discarding] = useDisclosure(false);
  return (
    <>
      <Tooltip label="Undo (Ctrl+Z)">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Undo"
          disabled={!draft.canUndo}
          onClick={draft.undo}
        >
          <IconArrowBackUp size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <Tooltip label="Redo (Ctrl+Shift+Z)">
        <ActionIcon
          variant="default"
          size={30}
          aria-label="Redo"
          disabled={!draft.canRedo}
          onClick={draft.redo}
        >
          <IconArrowForwardUp size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      {draft.changed && (
        <Button variant="default" onClick={discarding.open}>
          Discard the draft …
        </Button>
      )}
      <Button disabled={!draft.changed} onClick={onSave}>
        Save …
      </Button>
      <Confirm
        opened={opened}
        onClose={discarding.close}
        title="Discard the draft?"
        confirm="Discard"
        failed="It was not discarded"
        pending={false}
        error={null}
        onConfirm={() => {
          draft.discard();
          discarding.close();
        }}
      >
        The newest revision stands here again.{" "}
        {draft.outdated
          ? "This cannot be undone."
          : "As long as you stay on this page, undo brings the draft back."}
      </Confirm>
    </>
  );
}
