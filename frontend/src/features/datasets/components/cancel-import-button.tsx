import { Button } from "@mantine/core";
import { useMay } from "../../../shared/account/account-context";
import { messageOf } from "../../../shared/api/api-error";
import type { Dataset } from "../../../shared/api/types";
import { useCancelDataset } from "../api/cancel-dataset";
import { headings } from "../lib/status";

/** Stops an import. Without a question: nothing is lost that trying again would not give back. */
export function CancelImportButton({ dataset }: { dataset: Dataset }) {
  const cancel = useCancelDataset(dataset.id);
  const may = useMay("datasets:write");
  if (!may) {
    return null;
  }
  return (
    <span>
      <Button
        variant="default"
        size="compact-xs"
        aria-label={`Cancel the import of ${headings(dataset).main}`}
        loading={cancel.isPending}
        onClick={() => cancel.mutate()}
      >
        Cancel
      </Button>
      {cancel.isError && <span role="alert"> {messageOf(cancel.error)}</span>}
    </span>
  );
}
