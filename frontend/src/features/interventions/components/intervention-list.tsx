import { Button } from "@mantine/core";
import { Link } from "react-router";
import type { Intervention } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { Tag } from "../../../shared/components/tag";
import { formatDateTime } from "../../../shared/lib/format";
import { useInterventions } from "../api/list-interventions";
import { compareAddress } from "../lib/addresses";
import { changeWords, editWords, namesOf } from "../lib/words";
import { ExportLinks } from "./export-links";
import classes from "./intervention-list.module.css";

interface InterventionListProps {
  caseId: string;
  /** The prediction on screen. */
  predictionId: string;
  /** The one that is exactly what is on screen. */
  shownId: string | null;
  onOpen: (intervention: Intervention) => void;
}

/** Everything that was stored for the case, newest first. */
export function InterventionList(props: InterventionListProps) {
  const { caseId, predictionId, shownId, onOpen } = props;
  const stored = useInterventions(caseId);
  if (stored.isPending) {
    return <Busy>Loading the interventions</Busy>;
  }
  if (stored.isLoadingError) {
    return (
      <div className={classes.state}>
        <QueryError
          title="The interventions could not be read"
          error={stored.error}
          onRetry={() => void stored.refetch()}
        />
      </div>
    );
  }
  if (stored.data.length === 0) {
    return (
      <p className={classes.state}>
        No intervention is stored for this case. Edit concepts and save what you have tried, to keep
        it, compare it and show it to a colleague.
      </p>
    );
  }
  return (
    <ul className={classes.list} aria-label="Interventions of this case">
      {stored.data.map((entry) => (
        <Entry
          key={entry.id}
          entry={entry}
          shown={entry.id === shownId}
          other={entry.prediction_id !== predictionId}
          onOpen={onOpen}
        />
      ))}
    </ul>
  );
}

interface EntryProps {
  entry: Intervention;
  shown: boolean;
  /** Belongs to another prediction than the one on screen. */
  other: boolean;
  onOpen: (intervention: Intervention) => void;
}

function Entry({ entry, shown, other, onOpen }: EntryProps) {
  const names = namesOf(entry);
  const when = formatDateTime(entry.created_at);
  return (
    <li className={classes.entry} data-shown={shown}>
      <p className={classes.meta}>
        <span>{when}</span>
        <span>{entry.created_by?.name ?? "Somebody who is no longer here"}</span>
        <span>{entry.model.name}</span>
        {other && <Tag title="Opening it shows that prediction">another prediction</Tag>}
        {shown && <Tag tone="accent">on screen</Tag>}
      </p>
      <p className={classes.change} data-changed={entry.changed}>
        {changeWords(entry)}
      </p>
      <ul className={classes.edits}>
        {entry.edits.map((edit, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a stored list of edits never changes
          <li key={at}>{editWords(edit, names)}</li>
        ))}
      </ul>
      {entry.note && <p className={classes.note}>{entry.note}</p>}
      <div className={classes.actions}>
        <Button
          size="compact-xs"
          variant="default"
          disabled={shown}
          aria-label={`Open the intervention of ${when}`}
          onClick={() => onOpen(entry)}
        >
          Open
        </Button>
        <Link className={classes.link} to={compareAddress(entry)}>
          Compare
        </Link>
        <ExportLinks interventionId={entry.id} />
      </div>
    </li>
  );
}
