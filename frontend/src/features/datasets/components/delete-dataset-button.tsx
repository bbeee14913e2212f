import { Button, Group } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useMay } from "../../../shared/account/account-context";
import { messageOf } from "../../../shared/api/api-error";
import type { Dataset } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { useDeleteDataset } from "../api/delete-dataset";
import { headings } from "../lib/status";

interface DeleteDatasetButtonProps {
  dataset: Dataset;
  onDeleted: () => void;
}

/** Asks once, in words that say what goes and what stays. */
export function DeleteDatasetButton({ dataset, onDeleted }: DeleteDatasetButtonProps) {
  const [opened, { open, close }] = useDisclosure(false);
  const deletion = useDeleteDataset(dataset.id);
  const may = useMay("datasets:write");
  if (!may) {
    return null;
  }
  return (
    <>
      <Button variant="default" onClick={open}>
        {dataset.status === "ready" ? "Delete …" : "Remove from the list …"}
      </Button>
      <Dialog
        opened={opened}
        onClose={close}
        title={`Delete “${headings(dataset).main}”?`}
        width={440}
      >
        <p style={{ marginTop: 0 }}>
          {dataset.status === "ready"
            ? "The imported copy goes for good: splits, reports, thumbnails and decoded images."
            : "The entry goes, and with it the reason why the import ended."}{" "}
          The files it was imported from stay where they are.
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
