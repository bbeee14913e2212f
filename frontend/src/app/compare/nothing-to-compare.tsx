import { Button } from "@mantine/core";
import { Link } from "react-router";
import { ExplainWith } from "../../features/models/components/explain-with";
import { usePredictionRun } from "../../features/predictions/api/create-prediction";
import type { Case } from "../../shared/api/types";
import { Busy } from "../../shared/components/busy";
import { Notice } from "../../shared/components/notice";
import { useExplainWith } from "../case/use-explain-with";
import { PageMessage } from "../shell/page-message";
import classes from "./compare-page.module.css";
import type { Side } from "./side";

interface NothingToCompareProps {
  entry: Case;
  /** The only prediction, if there is one. */
  only: Side | null;
}

/** How to get a second thing to compare with. */
export function NothingToCompare({ entry, only }: NothingToCompareProps) {
  const run = usePredictionRun(entry.id);
  const explain = useExplainWith(entry);
  return (
    <PageMessage title={`Nothing to compare in ${entry.pseudonym} yet`}>
      <p>
        {only
          ? `There is one prediction, by ${only.model.name}, and no intervention. Two are needed.`
          : "The image has not been explained. Two predictions, or a prediction and an intervention, are needed."}
      </p>
      <p>
        Have the image explained by another model, or open the case, change concepts under “What if”
        and save the changes as an intervention.
      </p>
      <div className={classes.actions}>
        <Button component={Link} to={`/cases/${entry.id}`}>
          Open the case
        </Button>
        <ExplainWith
          current={only?.model.id ?? null}
          disabled={run?.status === "pending"}
          onChoose={explain}
        />
      </div>
      {run?.status === "pending" && <Busy>Explaining the image</Busy>}
      {run?.status === "error" && (
        <Notice tone="error" title="The image could not be explained" live>
          {run.error instanceof Error ? run.error.message : null}
        </Notice>
      )}
    </PageMessage>
  );
}
