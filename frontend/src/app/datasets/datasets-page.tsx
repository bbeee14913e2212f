import { Button } from "@mantine/core";
import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconDatabaseImport } from "@tabler/icons-react";
import { useMemo, useState } from "react";
import { useDatasets } from "../../features/datasets/api/list-datasets";
import { DatasetTable } from "../../features/datasets/components/dataset-table";
import { ImportDialog } from "../../features/datasets/components/import-dialog";
import { EMPTY_FORM, formOf, type ImportForm } from "../../features/datasets/lib/import-form";
import { useMay } from "../../shared/account/account-context";
import type { Dataset } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";

export function DatasetsPage() {
  return (
    <Needs permission="datasets:read" what="Data sets">
      <AllDatasets />
    </Needs>
  );
}

/** All data sets, those being imported with their progress, and the way to get more. */
function AllDatasets() {
  useDocumentTitle("Data sets · Vitrine");
  const mayImport = useMay("datasets:write");
  const datasets = useDatasets();
  const [opened, dialog] = useDisclosure(false);
  const [initial, setInitial] = useState<ImportForm>(EMPTY_FORM);
  const taken = useMemo(() => namesInUse(datasets.data ?? []), [datasets.data]);
  const openWith = (form: ImportForm) => {
    setInitial(form);
    dialog.open();
  };
  return (
    <div className={page.page}>
      <PageBar
        title="Data sets"
        count={datasets.data?.length}
        actions={
          mayImport && (
            <Button
              leftSection={<IconDatabaseImport size={15} />}
              onClick={() => openWith(EMPTY_FORM)}
            >
              Import a data set
            </Button>
          )
        }
      />
      <div className={page.content}>
        <DatasetsContent
          datasets={datasets}
          onRetry={(dataset) => openWith(formOf(dataset))}
          onImport={() => openWith(EMPTY_FORM)}
        />
      </div>
      <ImportDialog
        opened={opened}
        onClose={dialog.close}
        initial={initial}
        taken={taken}
        onStarted={dialog.close}
      />
    </div>
  );
}

interface DatasetsContentProps {
  datasets: ReturnType<typeof useDatasets>;
  onRetry: (dataset: Dataset) => void;
  onImport: () => void;
}

function DatasetsContent({ datasets, onRetry, onImport }: DatasetsContentProps) {
  const mayImport = useMay("datasets:write");
  if (datasets.isPending) {
    return <Busy>Loading the data sets</Busy>;
  }
  if (datasets.isError) {
    return (
      <div className={page.notice}>
        <QueryError
          title="The data sets could not be read"
          error={datasets.error}
          onRetry={() => void datasets.refetch()}
        />
      </div>
    );
  }
  const imported = datasets.data.some(({ kind }) => kind === "imported");
  return (
    <>
      {datasets.data.length > 0 && <DatasetTable datasets={datasets.data} onRetry={onRetry} />}
      {!imported && (
        <div className={page.empty}>
          <h2>Nothing imported yet</h2>
          <p>
            {mayImport
              ? "Import a published data set exactly as downloaded, or images of your own in a folder per class or with a table."
              : "Researchers and administrators can import data sets; they appear here."}{" "}
            Vitrine divides the images into training, validation and test so that no patient and no
            copy of an image stands on two sides, and reports what it found.
          </p>
          {mayImport && (
            <Button variant="default" onClick={onImport}>
              Choose what to import
            </Button>
          )}
        </div>
      )}
    </>
  );
}

/** An import that ended badly holds its name no longer. */
function namesInUse(datasets: readonly Dataset[]): ReadonlySet<string> {
  return new Set(
    datasets
      .filter(({ status }) => status === "ready" || status === "importing")
      .map(({ name }) => name),
  );
}
