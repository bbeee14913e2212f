import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconArrowLeft } from "@tabler/icons-react";
import { Link, useParams } from "react-router";
import { CancelRunButton } from "../../features/training-runs/components/cancel-run-button";
import { ChangeList } from "../../features/training-runs/components/change-list";
import { ConnectionNote } from "../../features/training-runs/components/connection-note";
import { EpochTable } from "../../features/training-runs/components/epoch-table";
import { FiguresTable } from "../../features/training-runs/components/figures-table";
import { LineageList } from "../../features/training-runs/components/lineage-list";
import { RunCharts } from "../../features/training-runs/components/run-charts";
import { RunLog } from "../../features/training-runs/components/run-log";
import { RunState } from "../../features/training-runs/components/run-state";
import { RunStatus } from "../../features/training-runs/components/run-status";
import { useFollowedRun } from "../../features/training-runs/hooks/use-followed-run";
import { modeWords } from "../../features/training-runs/lib/status";
import { ApiError } from "../../shared/api/api-error";
import { useModels } from "../../shared/api/list-models";
import type { ModelVersion, TrainingRunDetail } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { Section } from "../../shared/components/section";
import { Tag } from "../../shared/components/tag";
import type { Connection } from "../../shared/hooks/use-event-source";
import { Needs } from "../shell/needs";
import { NotFoundPage } from "../shell/not-found-page";
import { comparisonAddress } from "./next-steps";
import classes from "./training-run-page.module.css";

export function TrainingRunPage() {
  return (
    <Needs permission="datasets:read" what="Training runs">
      <OneRun />
    </Needs>
  );
}

function OneRun() {
  const { runId = "" } = useParams();
  return <FollowedRun key={runId} runId={runId} />;
}

/** One training run, as it goes on. */
function FollowedRun({ runId }: { runId: string }) {
  const { read, run, connection } = useFollowedRun(runId);
  if (run) {
    return <LoadedRun run={run} connection={connection} />;
  }
  if (read.isError) {
    return read.error instanceof ApiError && [404, 422].includes(read.error.status) ? (
      <NotFoundPage />
    ) : (
      <div className={classes.notice}>
        <QueryError
          title="The training run could not be read"
          error={read.error}
          onRetry={() => void read.refetch()}
        />
      </div>
    );
  }
  return <Busy>Loading the training run</Busy>;
}

interface LoadedRunProps {
  run: TrainingRunDetail;
  connection: Connection;
}

function LoadedRun({ run, connection }: LoadedRunProps) {
  useDocumentTitle(`${run.name} · Training · Vitrine`);
  const models = useModels();
  return (
    <div className={classes.page}>
      <div className={classes.bar}>
        <Link to="/training" className={classes.back} aria-label="Back to the training runs">
          <IconArrowLeft size={16} aria-hidden />
        </Link>
        <h1 className={classes.title}>{run.name}</h1>
        <Tag>{modeWords(run.settings.mode)} training</Tag>
        <span className={classes.status} role="status">
          <RunStatus run={run} />
        </span>
        <ConnectionNote connection={connection} />
        <div className={classes.actions}>
          <CancelRunButton run={run} />
          {run.model && <NextSteps run={run} models={models.data ?? []} />}
        </div>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={classes.content} aria-label="The training run" tabIndex={0}>
        <div className={classes.top}>
          <RunState run={run} />
          <RunCharts run={run} />
        </div>
        <div className={classes.columns}>
          <Section title="Figures">
            <FiguresTable run={run} />
          </Section>
          <Section title="Epochs">
            <EpochTable epochs={run.epochs} />
          </Section>
          <div>
            <Section title="What the edit means for the parent’s weights">
              <ChangeList changes={run.changes} hasParent={run.parent !== null} />
            </Section>
            <Section title="Made of">
              <LineageList run={run} />
            </Section>
          </div>
          <RunLog lines={run.log} />
        </div>
      </section>
    </div>
  );
}

interface NextStepsProps {
  run: TrainingRunDetail;
  models: readonly ModelVersion[];
}

/** What one does with a model that was just made. */
function NextSteps({ run, models }: NextStepsProps) {
  const comparison = comparisonAddress(run, models);
  return (
    <>
      {comparison && (
        <Button component={Link} variant="default" to={comparison.to}>
          {comparison.words}
        </Button>
      )}
      <Button component={Link} variant="default" to={`/models/${run.model?.id}/codebook`}>
        Diagnose
      </Button>
      <Button component={Link} to={`/models/${run.model?.id}`}>
        Open model
      </Button>
    </>
  );
}
