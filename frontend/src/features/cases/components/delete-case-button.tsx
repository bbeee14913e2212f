import { Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { messageOf } from "../../../shared/api/api-error";
import type { Case } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useDeleteCase } from "../api/delete-case";

interface DeleteCaseButtonProps {
  entry: Case;
  onDeleted: () => void;
}

/** Asks once, in words that say what goes. */
export function DeleteCaseButton({ entry, onDeleted }: DeleteCaseButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const deletion = useDeleteCase(entry.id);
  return (
    <>
      <Button variant="subtle" color="gray" size="compact-xs" onClick={open}>
        Delete this case …
      </Button>
      <Dialog opened={opened} onClose={close} title={`Delete “${entry.pseudonym}”?`} width={420}>
        <p style={{ marginTop: 0 }}>
          The image, its predictions, their maps and the notes are removed from the server, for
          good.
        </p>
        {deletion.isError && (
          <Notice tone="error" title="Not deleted" live>
            {messageOf(deletion.error)}
          </Notice>
        )}
        <Group justify="flex-end" gap="xs" mt="sm">
          <Button variant="default" onClick={close} data-autofocus>
            Keep it
          </Button>
          <Button
            color="red"
            loading={deletion.isPending}
            onClick={() => deletion.mutate(undefined, { onSuccess: onDeleted })}
          >
            Delete
          </Button>
        </Group>
      </Dialog>
    </>
  );
}
