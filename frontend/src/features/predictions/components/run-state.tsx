import { Button, Loader } from "@mantine/core";
import { messageOf } from "../../../shared/api/api-error";
import { Notice } from "../../../shared/components/notice";
import { type PredictionRun, waitSeconds } from "../api/create-prediction";
import { useElapsed } from "../hooks/use-elapsed";
import classes from "./run-state.module.css";

interface RunStateProps {
  run: PredictionRun | null;
  onRequest: () => void;
}

/** What stands where the explanation will be: nothing asked yet, running, waiting for a model, failed. */
export function RunState({ run, onRequest }: RunStateProps) {
  if (run?.status === "pending") {
    return <Running run={run} />;
  }
  if (run?.status === "error") {
    return (
      <div className={classes.state}>
        <Notice
          tone="error"
          title="The prediction failed"
          live
          actions={
            <Button variant="default" onClick={onRequest}>
              Try again
            </Button>
          }
        >
          {messageOf(run.error)}
        </Notice>
      </div>
    );
  }
  return (
    <div className={classes.state}>
      <p className={classes.title}>No prediction yet</p>
      <p className={classes.text}>
        Ask the active model for a diagnosis with the concepts behind it and where in the image it
        saw them.
      </p>
      <Button onClick={onRequest}>Explain this image</Button>
    </div>
  );
}

function Running({ run }: { run: PredictionRun }) {
  const elapsed = useElapsed(run.startedAt);
  const waiting = run.waitingFor;
  return (
    <div className={classes.state}>
      <div className={classes.running}>
        <Loader size={16} color="var(--accent)" aria-hidden />
        <div>
          <p className={classes.title} role="status">
            {waiting ? messageOf(waiting) : "The model is looking at the image"}
          </p>
          <p className={classes.text}>
            {elapsed.toFixed(1)} s
            {waiting && ` · asked again every ${waitSeconds(waiting)} s, nothing for you to do`}
          </p>
        </div>
      </div>
    </div>
  );
}
