import { Button, Checkbox } from "@mantine/core";
import { useRef, useState } from "react";
import type { Cluster, DatasetDetail } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { formatCount } from "../../../shared/lib/format";
import { CLUSTERS_PER_PAGE, useClusters } from "../api/list-clusters";
import classes from "./cluster-list.module.css";
import { ClusterView } from "./cluster-view";
import { CompareDialog } from "./compare-dialog";

interface ClusterListProps {
  dataset: Pick<DatasetDetail, "id" | "classes">;
  disagreements: number;
}

/** Groups of near-identical images, a page at a time, each with its images side by side. */
export function ClusterList({ dataset, disagreements }: ClusterListProps) {
  const [disagreeing, setDisagreeing] = useState(false);
  const [page, setPage] = useState(0);
  const [enlarged, setEnlarged] = useState<Cluster | null>(null);
  const top = useRef<HTMLDivElement>(null);
  const clusters = useClusters({ datasetId: dataset.id, disagreeing, page });
  const nameOf = (label: string) => dataset.classes.find(({ key }) => key === label)?.name ?? label;

  const turnTo = (next: number) => {
    setPage(next);
    top.current?.scrollIntoView({ block: "start" });
  };
  return (
    <div ref={top} className={classes.list}>
      <div className={classes.bar}>
        <Checkbox
          size="xs"
          label="Only where labels disagree"
          checked={disagreeing}
          disabled={disagreements === 0}
          onChange={(event) => {
            setDisagreeing(event.currentTarget.checked);
            setPage(0);
          }}
        />
        {clusters.isSuccess && (
          <Paging page={page} total={clusters.data.total} onPage={turnTo} where="above" />
        )}
      </div>
      {clusters.isPending && <Busy>Loading the groups</Busy>}
      {clusters.isError && (
        <QueryError
          title="The groups could not be read"
          error={clusters.error}
          onRetry={() => void clusters.refetch()}
        />
      )}
      {clusters.isSuccess && clusters.data.total === 0 && (
        <p className={classes.empty}>No group of copies carries different labels.</p>
      )}
      {clusters.isSuccess && clusters.data.total > 0 && (
        <>
          <ul className={classes.clusters} aria-busy={clusters.isPlaceholderData}>
            {clusters.data.items.map((cluster) => (
              <li key={cluster.id}>
                <ClusterView
                  datasetId={dataset.id}
                  cluster={cluster}
                  nameOf={nameOf}
                  onEnlarge={() => setEnlarged(cluster)}
                />
              </li>
            ))}
          </ul>
          {clusters.data.total > CLUSTERS_PER_PAGE && (
            <Paging page={page} total={clusters.data.total} onPage={turnTo} where="below" />
          )}
        </>
      )}
      <CompareDialog
        datasetId={dataset.id}
        cluster={enlarged}
        nameOf={nameOf}
        onClose={() => setEnlarged(null)}
      />
    </div>
  );
}

interface PagingProps {
  /** From 0. */
  page: number;
  total: number;
  onPage: (page: number) => void;
  where: "above" | "below";
}

function Paging({ page, total, onPage, where }: PagingProps) {
  const first = page * CLUSTERS_PER_PAGE + 1;
  const last = Math.min(total, first + CLUSTERS_PER_PAGE - 1);
  if (total === 0) {
    return null;
  }
  return (
    <nav className={classes.paging} aria-label={`Pages of groups, ${where} the list`}>
      <span>
        Groups {formatCount(first)} to {formatCount(last)} of {formatCount(total)}
      </span>
      {total > CLUSTERS_PER_PAGE && (
        <>
          <Button
            variant="default"
            size="compact-xs"
            disabled={page === 0}
            onClick={() => onPage(page - 1)}
          >
            Previous
          </Button>
          <Button
            variant="default"
            size="compact-xs"
            disabled={last >= total}
            onClick={() => onPage(page + 1)}
          >
            Next
          </Button>
        </>
      )}
    </nav>
  );
}
