import { Button } from "@mantine/core";
import { useState } from "react";
import type { ReadingQuery, ReadingRead } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { Section } from "../../../shared/components/section";
import { formatDateTime } from "../../../shared/lib/format";
import { useOwnQueries } from "../api/list-queries";
import { AskDialog } from "./ask-dialog";
import classes from "./reading.module.css";

/** One's own questions to the coordinator, with replies, and the way to ask another one. */
export function OwnQueries({ reading }: { reading: ReadingRead }) {
  const [asking, setAsking] = useState(false);
  const queries = useOwnQueries(reading.study_id);
  return (
    <Section
      title="Questions to the coordinator"
      hint={
        reading.coordinator
          ? `${reading.coordinator} coordinates this study. Other readers see neither questions nor replies.`
          : "Other readers see neither questions nor replies."
      }
      actions={
        <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
          Ask …
        </Button>
      }
    >
      {queries.isPending && <Busy>Loading your questions</Busy>}
      {queries.isError && (
        <QueryError
          title="Your questions could not be loaded"
          error={queries.error}
          onRetry={() => void queries.refetch()}
        />
      )}
      {queries.data?.length === 0 && <p className={classes.dim}>You have asked nothing yet.</p>}
      {queries.data?.map((query) => (
        <Query key={query.id} query={query} />
      ))}
      {asking && (
        <AskDialog
          studyId={reading.study_id}
          coordinator={reading.coordinator}
          item={null}
          onClose={() => setAsking(false)}
        />
      )}
    </Section>
  );
}

function Query({ query }: { query: ReadingQuery }) {
  const place =
    query.number === null ? "The study" : `Session ${query.session}, item ${query.number}`;
  return (
    <article className={classes.query}>
      <p className={classes.meta}>
        {place}, asked {formatDateTime(query.created_at)}
      </p>
      <p>{query.text}</p>
      <div className={classes.reply}>
        {query.reply === null ? (
          <p className={classes.meta}>No reply yet.</p>
        ) : (
          <>
            <p className={classes.meta}>
              Reply{query.replied_at && `, ${formatDateTime(query.replied_at)}`}
            </p>
            <p>{query.reply}</p>
          </>
        )}
      </div>
    </article>
  );
}
