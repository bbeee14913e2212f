import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconPlus } from "@tabler/icons-react";
import { useMemo } from "react";
import { Link, useSearchParams } from "react-router";
import { useDatasets } from "../../features/datasets/api/list-datasets";
import { headings } from "../../features/datasets/lib/status";
import {
  RUNS_PER_PAGE,
  useTrainingRuns,
} from "../../features/training-runs/api/list-training-runs";
import { RunTable } from "../../features/training-runs/components/run-table";
import { useMay } from "../../shared/account/account-context";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";

export function TrainingRunsPage() {
  return (
    <Needs permission="datasets:read" what="Training runs">
      <AllRuns />
    </Needs>
  );
}

/** All training runs with status and figures, and the way to start one. */
function AllRuns() {
  useDocumentTitle("Training · Vitrine");
  const mayTrain = useMay("training:write");
  const [address, setAddress] = useSearchParams();
  const number = Math.max(1, Math.floor(Number(address.get("page") ?? 1)) || 1);
  const runs = useTrainingRuns((number - 1) * RUNS_PER_PAGE);
  return (
    <div className={page.page}>
      <PageBar
        title="Training"
        count={runs.data?.total}
        actions={
          mayTrain && (
            <Button component={Link} to="/training/new" leftSection={<IconPlus size={15} />}>
              New training run
            </Button>
          )
        }
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={page.content} aria-label="Training runs" tabIndex={0}>
        <Content runs={runs} mayTrain={mayTrain} />
        {runs.data && runs.data.total > RUNS_PER_PAGE && (
          <nav className={page.paging} aria-label="Pages of training runs">
            <Button
              variant="default"
              disabled={number <= 1}
              onClick={() => setAddress({ page: String(number - 1) })}
            >
              Newer
            </Button>
            <span>
              Page {number} of {Math.ceil(runs.data.total / RUNS_PER_PAGE)}
            </span>
            <Button
              variant="default"
              disabled={number * RUNS_PER_PAGE >= runs.data.total}
              onClick={() => setAddress({ page: String(number + 1) })}
            >
              Older
            </Button>
          </nav>
        )}
      </section>
    </div>
  );
}

interface ContentProps {
  runs: ReturnType<typeof useTrainingRuns>;
  mayTrain: boolean;
}

function Content({ runs, mayTrain }: ContentProps) {
  const datasets = useDatasets();
  const titles = useMemo(
    () => new Map(datasets.data?.map((dataset) => [dataset.id, headings(dataset).main])),
    [datasets.data],
  );
  if (runs.isPending) {
    return <Busy>Loading the training runs</Busy>;
  }
  if (runs.isError) {
    return (
      <div className={page.notice}>
        <QueryError
          title="The training runs could not be read"
          error={runs.error}
          onRetry={() => void runs.refetch()}
        />
      </div>
    );
  }
  if (runs.data.total === 0) {
    return <NoRuns mayTrain={mayTrain} />;
  }
  return <RunTable runs={runs.data.items} datasetTitle={(id) => titles.get(id) ?? id} />;
}

function NoRuns({ mayTrain }: { mayTrain: boolean }) {
  return (
    <div className={page.empty}>
      <h2>No training run yet</h2>
      <p>
        A training run makes a model version from a data set and a concept set. With a parent model
        it is a retraining: what an edit of the concepts left alone keeps the parent’s weights, and
        new options start from what their words mean. It runs in the background, one at a time on a
        device; you may close the page.
      </p>
      <p>
        The result is a new version beside the parent, with everything it was made of. Where a
        version is in use already, cases go on being explained with that one until somebody promotes
        the new one.
      </p>
      {mayTrain ? (
        <p>
          <Link to="/training/new">Start a training run</Link>, or edit a{" "}
          <Link to="/concept-sets">concept set</Link> first and retrain from there.
        </p>
      ) : (
        <p>Researchers and administrators can start training runs; they appear here.</p>
      )}
    </div>
  );
}
