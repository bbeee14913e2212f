import { useDisclosure, useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useNavigate, useParams } from "react-router";
import { useDataset } from "../../features/datasets/api/get-dataset";
import { CancelImportButton } from "../../features/datasets/components/cancel-import-button";
import { ContactSheet } from "../../features/datasets/components/contact-sheet";
import { CountsTable } from "../../features/datasets/components/counts-table";
import { DatasetFacts } from "../../features/datasets/components/dataset-facts";
import { DeleteDatasetButton } from "../../features/datasets/components/delete-dataset-button";
import { ImageSizes } from "../../features/datasets/components/image-sizes";
import { ImportDialog } from "../../features/datasets/components/import-dialog";
import { ImportFailure } from "../../features/datasets/components/import-failure";
import { ImportProgressBar } from "../../features/datasets/components/import-progress";
import { LeakageReport } from "../../features/datasets/components/leakage-report";
import { UnreadableFiles } from "../../features/datasets/components/unreadable-files";
import { formOf } from "../../features/datasets/lib/import-form";
import { headings } from "../../features/datasets/lib/status";
import { ApiError } from "../../shared/api/api-error";
import type { DatasetDetail } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Tag } from "../../shared/components/tag";
import { Needs } from "../shell/needs";
import { NotFoundPage } from "../shell/not-found-page";
import classes from "./dataset-page.module.css";

export function DatasetPage() {
  return (
    <Needs permission="datasets:read" what="Data sets">
      <OneDataset />
    </Needs>
  );
}

/** One data set: what is in it, how it is divided, and what the import noticed. */
function OneDataset() {
  const { datasetId = "" } = useParams();
  const dataset = useDataset(datasetId);
  if (dataset.isPending) {
    return <Busy>Loading the data set</Busy>;
  }
  if (dataset.isError) {
    return dataset.error instanceof ApiError && [404, 422].includes(dataset.error.status) ? (
      <NotFoundPage />
    ) : (
      <div className={classes.notice}>
        <QueryError
          title="The data set could not be read"
          error={dataset.error}
          onRetry={() => void dataset.refetch()}
        />
      </div>
    );
  }
  return <LoadedDataset key={datasetId} dataset={dataset.data} />;
}

function LoadedDataset({ dataset }: { dataset: DatasetDetail }) {
  const { main, other } = headings(dataset);
  useDocumentTitle(`${main} · Vitrine`);
  const navigate = useNavigate();
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <Link to="/datasets" className={classes.back} aria-label="Back to the data sets">
          <IconArrowLeft size={16} aria-hidden />
        </Link>
        <h1 className={classes.title}>{main}</h1>
        <span className={classes.name}>{other}</span>
        <Tag>{dataset.modality}</Tag>
        {dataset.synthetic && <Tag>Synthetic images</Tag>}
        {dataset.kind === "imported" && dataset.status === "ready" && (
          <div className={classes.actions}>
            <DeleteDatasetButton dataset={dataset} onDeleted={() => void navigate("/datasets")} />
          </div>
        )}
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={classes.content} aria-label="The data set" tabIndex={0}>
        {dataset.status === "ready" ? (
          <Report dataset={dataset} />
        ) : (
          <Unfinished dataset={dataset} />
        )}
      </section>
    </div>
  );
}

function Report({ dataset }: { dataset: DatasetDetail }) {
  return (
    <div className={classes.report}>
      <div className={classes.overview}>
        <div className={classes.figures}>
          {dataset.counts && <CountsTable dataset={dataset} />}
          {dataset.sizes && <ImageSizes sizes={dataset.sizes} />}
          <DatasetFacts dataset={dataset} />
        </div>
        <ContactSheet dataset={dataset} />
      </div>
      <LeakageReport dataset={dataset} />
      {dataset.kind === "imported" && <UnreadableFiles files={dataset.unreadable} />}
    </div>
  );
}

/** While it is imported, and after that went wrong. */
function Unfinished({ dataset }: { dataset: DatasetDetail }) {
  const navigate = useNavigate();
  const [opened, dialog] = useDisclosure(false);
  return (
    <div className={classes.unfinished}>
      {dataset.status === "importing" ? (
        <>
          <p className={classes.hint}>
            Being imported{dataset.source && ` from ${dataset.source}`}. You may leave this page:
            the import goes on.
          </p>
          <ImportProgressBar dataset={dataset} />
          <div className={classes.cancel}>
            <CancelImportButton dataset={dataset} />
          </div>
        </>
      ) : (
        <ImportFailure
          dataset={dataset}
          onRetry={dialog.open}
          actions={
            <DeleteDatasetButton dataset={dataset} onDeleted={() => void navigate("/datasets")} />
          }
        />
      )}
      <ImportDialog
        opened={opened}
        onClose={dialog.close}
        initial={formOf(dataset)}
        taken={NO_NAMES}
        onStarted={(started) => {
          dialog.close();
          void navigate(`/datasets/${started.id}`);
        }}
      />
    </div>
  );
}

/** The server has the last word about a name; here only the one that is tried again is known. */
const NO_NAMES: ReadonlySet<string> = new Set();
