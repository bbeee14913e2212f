import { Button, NumberInput } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useCancelComparison } from "../../features/comparisons/api/cancel-comparison";
import { useCreateComparison } from "../../features/comparisons/api/create-comparison";
import type {
  ComparisonQuestion,
  useComparison,
} from "../../features/comparisons/api/get-comparison";
import { useMay } from "../../shared/account/account-context";
import { messageOf } from "../../shared/api/api-error";
import type { Dataset, ModelComparisonDetail, ModelVersion } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import { isUnended } from "../../shared/lib/job-status";
import page from "../shell/page.module.css";
import classes from "./comparison-content.module.css";
import { ComparisonReport } from "./comparison-report";
import { RunningJob } from "./running-job";

const DRAWN = 500;
const FEWEST_DRAWN = 64;
const MOST_DRAWN = 10_000;

interface ComparisonContentProps {
  comparison: ReturnType<typeof useComparison>;
  question: ComparisonQuestion & { dataset: string };
  a: ModelVersion;
  b: ModelVersion;
  /** Null: not among those that are listed. */
  dataset: Dataset | null;
}

/** The comparison in whatever state it is. */
export function ComparisonContent(props: ComparisonContentProps) {
  const { comparison, question, a, b } = props;
  if (comparison.isPending) {
    return <Busy>Looking for a comparison</Busy>;
  }
  if (comparison.isError) {
    return (
      <div className={page.notice}>
        <QueryError
          title="The comparison could not be read"
          error={comparison.error}
          onRetry={() => void comparison.refetch()}
        />
      </div>
    );
  }
  const found = comparison.data;
  if (found === null) {
    return (
      <Start {...props} title={`${a.name} and ${b.name} were not compared like this yet`}>
        <p>
          Both versions explain the same images of {question.dataset}. You then see accuracy and
          calibration with 95&#8239;% intervals of the difference, figures of each class and each
          concept group, tests, and every image whose prediction changed, with both explanations. It
          takes seconds to minutes; you may leave this page meanwhile.
        </p>
      </Start>
    );
  }
  if (isUnended(found)) {
    return <Running comparison={found} />;
  }
  if (found.result === null) {
    return (
      <Start
        {...props}
        title={found.status === "failed" ? "The comparison failed" : "The comparison was cancelled"}
        again
      >
        {found.error && (
          <Notice tone="error" title="Why it failed">
            {found.error}
          </Notice>
        )}
      </Start>
    );
  }
  return <ComparisonReport comparison={found} result={found.result} a={a} b={b} />;
}

interface StartProps extends ComparisonContentProps {
  title: string;
  again?: boolean;
  children: ReactNode;
}

function Start({ question, dataset, title, again = false, children }: StartProps) {
  const may = useMay("training:write");
  const create = useCreateComparison();
  const [drawn, setDrawn] = useState<number | string>(DRAWN);
  const procedural = dataset?.kind === "procedural";
  const outside = typeof drawn !== "number" || drawn < FEWEST_DRAWN || drawn > MOST_DRAWN;
  const start = () =>
    create.mutate({
      a: question.a,
      b: question.b,
      dataset_id: question.dataset,
      split: question.split,
      drawn: outside ? DRAWN : drawn,
      seed: 0,
    });
  return (
    <div className={page.empty}>
      <h2>{title}</h2>
      {children}
      {may ? (
        <div className={classes.start}>
          {procedural && (
            <NumberInput
              size="xs"
              className={classes.drawn}
              label="Images to draw"
              description="More images make the intervals narrower."
              min={FEWEST_DRAWN}
              max={MOST_DRAWN}
              step={100}
              allowDecimal={false}
              value={drawn}
              error={outside ? `Between ${FEWEST_DRAWN} and ${MOST_DRAWN}.` : null}
              onChange={setDrawn}
            />
          )}
          <Button loading={create.isPending} disabled={procedural && outside} onClick={start}>
            {again ? "Compare again" : "Compare"}
          </Button>
        </div>
      ) : (
        <p>Your role does not start comparisons; ask a researcher or an administrator for it.</p>
      )}
      {create.isError && (
        <Notice tone="error" title="The comparison was not started" live>
          {messageOf(create.error)}
        </Notice>
      )}
    </div>
  );
}

function Running({ comparison }: { comparison: ModelComparisonDetail }) {
  const may = useMay("training:write");
  const cancel = useCancelComparison(comparison.id);
  return (
    <div className={classes.running}>
      <RunningJob
        label={`Comparison of ${comparison.a.name} and ${comparison.b.name}`}
        job={comparison}
        cancelWords={may ? "Cancel the comparison" : null}
        cancel={cancel}
      />
    </div>
  );
}
