import type { useModelHead } from "../../features/interventions/api/get-model-head";
import { WhatIfPanel } from "../../features/interventions/components/what-if-panel";
import type { MapTarget, WorkbenchView } from "../../features/interventions/lib/view";
import type { Workbench } from "../../features/interventions/lib/workbench";
import type { Intervention, Prediction } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { QueryError } from "../../shared/components/query-error";
import classes from "./case-page.module.css";

interface WhatIfTabProps {
  prediction: Prediction;
  workbench: Workbench | null;
  head: ReturnType<typeof useModelHead>;
  /** What of a link could not be understood. */
  problem: string | null;
  part: WorkbenchView;
  onPart: (part: WorkbenchView) => void;
  /** Null: the predicted one. */
  classKey: string | null;
  onClass: (classKey: string) => void;
  onShow: (target: MapTarget) => void;
  onExplainAgain: () => void;
  onOpen: (intervention: Intervention) => void;
  linkOf: () => string;
}

/** The workbench; before it, the model's head has to be there. */
export function WhatIfTab(props: WhatIfTabProps) {
  const { prediction, workbench, head, problem, part, onPart } = props;
  if (head.isPending) {
    return <Busy>Loading the model's weights</Busy>;
  }
  if (head.isError) {
    return (
      <div className={classes.notice}>
        <QueryError
          title="The model's weights could not be read"
          error={head.error}
          onRetry={() => void head.refetch()}
        />
      </div>
    );
  }
  if (!workbench) {
    return (
      <div className={classes.notice}>
        <Notice tone="error" title="This prediction cannot be recomputed">
          The model's weights do not belong to it. Explain the image again.
        </Notice>
      </div>
    );
  }
  const chosen = workbench.bench.classes.findIndex(({ key }) => key === props.classKey);
  return (
    <WhatIfPanel
      key={prediction.id}
      caseId={prediction.case_id}
      workbench={workbench}
      view={part}
      onView={onPart}
      classIndex={chosen < 0 ? workbench.bench.predicted : chosen}
      onClass={(at) => props.onClass(workbench.bench.classes[at]?.key ?? "")}
      onShow={props.onShow}
      onExplainAgain={props.onExplainAgain}
      onOpen={props.onOpen}
      linkOf={props.linkOf}
      notice={
        problem && (
          <div className={classes.notice}>
            <Notice tone="warning" title="Not all of the link" live>
              {problem}
            </Notice>
          </div>
        )
      }
    />
  );
}
