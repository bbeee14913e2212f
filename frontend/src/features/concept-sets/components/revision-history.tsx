import { Button, NativeSelect } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import type { RevisionList } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { QueryError } from "../../../shared/components/query-error";
import { Tag } from "../../../shared/components/tag";
import { formatDateTime } from "../../../shared/lib/format";
import { useDiff } from "../api/diff-revisions";
import { useRevisions } from "../api/list-revisions";
import { ChangeList } from "./change-list";
import classes from "./revision-history.module.css";

type Listed = RevisionList["items"][number];

interface RevisionHistoryProps {
  setId: string;
  newestId: string;
  /** Address of a revision, to look at it. */
  addressOf: (revisionId: string) => string;
}

/** Who saved what, when and why, and what differs between any two. */
export function RevisionHistory({ setId, newestId, addressOf }: RevisionHistoryProps) {
  const revisions = useRevisions(setId);
  if (revisions.isPending) {
    return <Busy>Loading the history</Busy>;
  }
  if (revisions.isError) {
    return (
      <QueryError
        title="The history could not be read"
        error={revisions.error}
        onRetry={() => void revisions.refetch()}
      />
    );
  }
  const items = revisions.data.pages.flatMap((page) => page.items);
  return (
    <div className={classes.page}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={classes.revisions} aria-label="Revisions" tabIndex={0}>
        <ul className={classes.list}>
          {items.map((item) => (
            <RevisionItem
              key={item.id}
              item={item}
              newest={item.id === newestId}
              address={addressOf(item.id)}
            />
          ))}
        </ul>
        {revisions.hasNextPage && (
          <Button
            variant="default"
            mt={10}
            loading={revisions.isFetchingNextPage}
            onClick={() => void revisions.fetchNextPage()}
          >
            Earlier revisions
          </Button>
        )}
      </section>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={classes.diff} aria-label="Difference of two revisions" tabIndex={0}>
        <Difference items={items} />
      </section>
    </div>
  );
}

interface RevisionItemProps {
  item: Listed;
  newest: boolean;
  address: string;
}

function RevisionItem({ item, newest, address }: RevisionItemProps) {
  return (
    <li className={classes.revision}>
      <div className={classes.line}>
        <strong>Revision {item.number}</strong>
        {newest && <Tag tone="accent">newest</Tag>}
        {item.parent_revision_id === null && item.number > 1 && (
          <Tag title="It came with a model or a release, beside what people edit">beside</Tag>
        )}
        <span className={classes.dim}>
          {item.author?.name ?? "came with Vitrine or a model"} · {formatDateTime(item.created_at)}
        </span>
        <Link className={classes.link} to={address}>
          Look at revision {item.number}
        </Link>
      </div>
      <p className={classes.reason}>{item.reason || "No reason given."}</p>
      {item.changes.length > 0 && (
        <ul className={classes.changes} aria-label={`Changes of revision ${item.number}`}>
          {item.changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Difference({ items }: { items: readonly Listed[] }) {
  const [from, setFrom] = useState(items[1]?.id ?? items[0]?.id ?? "");
  const [to, setTo] = useState(items[0]?.id ?? "");
  const choices = items.map(({ id, number }) => ({ value: id, label: `Revision ${number}` }));
  return (
    <>
      <h2>What differs</h2>
      <div className={classes.choice}>
        <NativeSelect
          size="xs"
          label="From"
          data={choices}
          value={from}
          onChange={(event) => setFrom(event.currentTarget.value)}
        />
        <NativeSelect
          size="xs"
          label="To"
          data={choices}
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </div>
      {from === to ? (
        <p className={classes.dim}>Choose two revisions.</p>
      ) : (
        <RevisionDifference from={from} to={to} />
      )}
    </>
  );
}

/** What changed from one revision to another one. */
export function RevisionDifference({ from, to }: { from: string; to: string }) {
  const diff = useDiff(from, to);
  if (diff.isPending) {
    return <Busy>Comparing</Busy>;
  }
  if (diff.isError) {
    return (
      <QueryError
        title="The revisions could not be compared"
        error={diff.error}
        onRetry={() => void diff.refetch()}
      />
    );
  }
  const { before, after, changes } = diff.data;
  return (
    <ChangeList
      changes={changes}
      label={`Changes from revision ${before.number} to revision ${after.number}`}
    />
  );
}
