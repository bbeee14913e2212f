import type { Dataset } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Dialog } from "../../../shared/components/dialog";
import { QueryError } from "../../../shared/components/query-error";
import { useAdapters } from "../api/list-adapters";
import type { ImportForm } from "../lib/import-form";
import { ImportFields } from "./import-fields";

interface ImportDialogProps {
  opened: boolean;
  onClose: () => void;
  /** What the fields begin with. */
  initial: ImportForm;
  /** Names that are in use. */
  taken: ReadonlySet<string>;
  onStarted: (dataset: Dataset) => void;
}

/** Everything an import needs, on one sheet. */
export function ImportDialog({ opened, onClose, initial, taken, onStarted }: ImportDialogProps) {
  return (
    <Dialog opened={opened} onClose={onClose} title="Import a data set" width={1120}>
      {opened && (
        <Content initial={initial} taken={taken} onClose={onClose} onStarted={onStarted} />
      )}
    </Dialog>
  );
}

function Content(props: Omit<ImportDialogProps, "opened">) {
  const adapters = useAdapters();
  if (adapters.isPending) {
    return <Busy>Loading what can be imported</Busy>;
  }
  if (adapters.isError) {
    return (
      <QueryError
        title="What can be imported could not be read"
        error={adapters.error}
        onRetry={() => void adapters.refetch()}
      />
    );
  }
  return <ImportFields {...props} adapters={adapters.data} />;
}
