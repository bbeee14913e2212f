import { Button } from "@mantine/core";
import type { Intervention } from "../../../shared/api/types";
import { Notice } from "../../../shared/components/notice";
import { formatDateTime } from "../../../shared/lib/format";
import { ExportLinks } from "./export-links";
import classes from "./what-if-panel.module.css";

/** As far as page and server may lie apart: both compute in float64. */
const TOLERANCE = 1e-5;

interface ServerDifferenceProps {
  /** The largest one between probabilities. */
  difference: number;
  onDismiss: () => void;
}

/** Says so if what the page showed is not what the server computed; nothing if they agree. */
export function ServerDifference({ difference, onDismiss }: ServerDifferenceProps) {
  if (difference <= TOLERANCE) {
    return null;
  }
  return (
    <div className={classes.notice}>
      <Notice
        tone="error"
        title="The server computed other probabilities than this page"
        live
        actions={
          <Button size="compact-xs" variant="default" onClick={onDismiss}>
            Dismiss
          </Button>
        }
      >
        They differ by up to {difference.toExponential(1)}. The server's are stored. Reload the
        page; if it stays, tell whoever runs this server.
      </Notice>
    </div>
  );
}

/** Beside the groups their region says so itself, with the reason. */
export function RegionLeftOut({ onRetry }: { onRetry: () => void }) {
  return (
    <div className={classes.notice}>
      <Notice
        tone="warning"
        title="What is shown leaves the painted region out"
        live
        actions={
          <Button size="compact-xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        Its scores could not be recomputed.
      </Notice>
    </div>
  );
}

/** That what is on screen is stored, by whom, and how to take it away. */
export function ShownIntervention({ intervention }: { intervention: Intervention }) {
  const { id, created_at: createdAt, created_by: author, note } = intervention;
  return (
    <div className={classes.shown}>
      <p className={classes.shownText}>
        Saved {formatDateTime(createdAt)}
        {author && ` by ${author.name}`}. It stays as it is; whatever you change begins a new one.
      </p>
      {note && <p className={classes.note}>{note}</p>}
      <p className={classes.links}>
        <ExportLinks interventionId={id} />
      </p>
    </div>
  );
}
