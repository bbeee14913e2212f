import { Button } from "@mantine/core";
import { messageOf } from "../../../shared/api/api-error";
import type { Dataset } from "../../../shared/api/types";
import { useCancelDataset } from "../api/cancel-dataset";

/** Stops an import. Without a question: nothing is lost that trying again would not give back. */
export function CancelImportButton({ dataset }: { dataset: Pick<Dataset, "id" | "title"> }) {
  const cancel = useCancelDataset(dataset.id);
  return (
    <span>
      <Button
        variant="default"
        size="compact-xs"
        aria-label={`Cancel the import of ${dataset.title}`}
        loading={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        Cancel
      </Button>
      {cancel.isError && <span role="alert"> {messageOf(cancel.error)}</span>}
    </span>
  );
}
