import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { Case } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Dialog } from "../../../shared/components/dialog";
import { QueryError } from "../../../shared/components/query-error";
import { useDeidentification } from "../api/get-deidentification";
import { RemovedReport } from "./removed-report";

/** Opens what was taken out of a case's file before anything of it was kept. */
export function RemovedButton({ entry }: { entry: Case }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="subtle" size="compact-xs" px={0} onClick={open}>
        What was removed …
      </Button>
      <Dialog opened={opened} onClose={close} title="What was removed" width={760}>
        <Removed entry={entry} />
      </Dialog>
    </>
  );
}

function Removed({ entry }: { entry: Case }) {
  const removed = useDeidentification(entry.id);
  if (removed.isPending) {
    return <Busy>Loading what was removed</Busy>;
  }
  if (removed.isError) {
    return (
      <QueryError
        title="It could not be read"
        error={removed.error}
        onRetry={() => void removed.refetch()}
      />
    );
  }
  return <RemovedReport entry={entry} removed={removed.data} />;
}
