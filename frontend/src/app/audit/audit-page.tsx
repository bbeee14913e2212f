import { Button } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { useMemo } from "react";
import { useSearchParams } from "react-router";
import { useAuditEvents } from "../../features/audit/api/list-events";
import { EventTable } from "../../features/audit/components/event-table";
import { FilterBar } from "../../features/audit/components/filter-bar";
import { TrailCheck } from "../../features/audit/components/trail-check";
import { readFilters, writeFilters } from "../../features/audit/lib/filters";
import { useGroups } from "../../features/people/api/list-groups";
import { usePeople } from "../../features/people/api/list-people";
import { Busy } from "../../shared/components/busy";
import { QueryError } from "../../shared/components/query-error";
import { formatCount } from "../../shared/lib/format";
import { Needs } from "../shell/needs";
import page from "../shell/page.module.css";
import { PageBar } from "../shell/page-bar";

export function AuditPage() {
  return (
    <Needs permission="audit:read" what="Audit trail">
      <Trail />
    </Needs>
  );
}

/** Who did what, when and from where; the filters stand in the address, to be kept and sent. */
function Trail() {
  useDocumentTitle("Audit trail · Vitrine");
  const [address, setAddress] = useSearchParams();
  const filters = useMemo(() => readFilters(address), [address]);
  const events = useAuditEvents(filters);
  const people = usePeople();
  const groups = useGroups();
  const names = useMemo(
    () =>
      new Map([...(people.data ?? []), ...(groups.data ?? [])].map(({ id, name }) => [id, name])),
    [people.data, groups.data],
  );
  const first = events.data?.pages[0];
  return (
    <div className={page.page}>
      <PageBar title="Audit trail" count={first?.total} actions={<TrailCheck />} open />
      <FilterBar
        key={address.toString()}
        filters={filters}
        actions={first?.actions ?? []}
        actors={people.data?.map(({ email }) => email) ?? []}
        onChange={(next) => setAddress(writeFilters(next))}
      />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <section className={page.content} aria-label="Events" tabIndex={0}>
        <Events events={events} names={names} filtered={address.size > 0} />
      </section>
    </div>
  );
}

interface EventsProps {
  events: ReturnType<typeof useAuditEvents>;
  names: ReadonlyMap<string, string>;
  filtered: boolean;
}

function Events({ events, names, filtered }: EventsProps) {
  if (events.isPending) {
    return <Busy>Loading the audit trail</Busy>;
  }
  if (events.isError) {
    return (
      <div className={page.notice}>
        <QueryError
          title="The audit trail could not be read"
          error={events.error}
          onRetry={() => void events.refetch()}
        />
      </div>
    );
  }
  const shown = events.data.pages.flatMap(({ items }) => items);
  const total = events.data.pages[0]?.total ?? 0;
  if (shown.length === 0) {
    return (
      <p className={page.nothing}>
        {filtered ? "No event matches these filters." : "Nothing has happened yet."}
      </p>
    );
  }
  return (
    <>
      <EventTable events={shown} names={names} />
      <div className={page.paging}>
        <span>
          {formatCount(shown.length)} of {formatCount(total)}
        </span>
        {events.hasNextPage && (
          <Button
            variant="default"
            loading={events.isFetchingNextPage}
            onClick={() => void events.fetchNextPage()}
          >
            Show more
          </Button>
        )}
      </div>
    </>
  );
}
