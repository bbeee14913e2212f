import { ActionIcon } from "@mantine/core";
import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useState } from "react";
import { Link } from "react-router";
import type { AuditEvent } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatDateTime } from "../../../shared/lib/format";
import { actionWords, type Difference, differences, subjectWords } from "../lib/words";
import classes from "./event-table.module.css";

interface EventTableProps {
  events: readonly AuditEvent[];
  /** Of people and groups, by their ids. */
  names: ReadonlyMap<string, string>;
}

export function EventTable({ events, names }: EventTableProps) {
  return (
    <table className={table.table}>
      <caption className="visually-hidden">Events, newest first</caption>
      <thead>
        <tr>
          <th scope="col" className={classes.toggle}>
            <span className="visually-hidden">Details</span>
          </th>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">What</th>
          <th scope="col">Subject</th>
          <th scope="col">Before → after</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {events.map((event) => (
          <EventRows key={event.sequence} event={event} names={names} />
        ))}
      </tbody>
    </table>
  );
}

/** What fits into a line; the rest is in the details. */
const IN_LINE = 2;

interface EventRowsProps extends Pick<EventTableProps, "names"> {
  event: AuditEvent;
}

function EventRows({ event, names }: EventRowsProps) {
  const [opened, setOpened] = useState(false);
  const subject = subjectWords(event, names);
  const changes = differences(event);
  const Chevron = opened ? IconChevronDown : IconChevronRight;
  return (
    <>
      <tr>
        <td className={classes.toggle}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size={20}
            aria-expanded={opened}
            aria-label={`Details of event ${event.sequence}`}
            onClick={() => setOpened(!opened)}
          >
            <Chevron size={14} />
          </ActionIcon>
        </td>
        <td className={`${table.dim} ${table.line}`}>{formatDateTime(event.at)}</td>
        <td className={classes.who}>{event.actor}</td>
        <td className={table.strong}>{actionWords(event.action)}</td>
        <td className={table.line}>
          {subject.to ? (
            <Link className={table.link} to={subject.to}>
              {subject.text}
            </Link>
          ) : (
            subject.text
          )}
        </td>
        <td className={classes.changes}>
          {changes.slice(0, IN_LINE).map((change) => (
            <Change key={change.field} change={change} />
          ))}
          {changes.length > IN_LINE && (
            <span className={table.dim}>and {changes.length - IN_LINE} more</span>
          )}
        </td>
        <td className={`${table.dim} ${table.line}`}>{event.address}</td>
      </tr>
      {opened && (
        <tr>
          <td />
          <td colSpan={6}>
            <Details event={event} changes={changes} />
          </td>
        </tr>
      )}
    </>
  );
}

function Change({ change }: { change: Difference }) {
  return (
    <div className={classes.change}>
      <span className={table.dim}>{change.field.replaceAll("_", " ")}:</span>{" "}
      {change.before !== null && <del>{change.before}</del>}
      {change.before !== null && " → "}
      {change.after === null ? <span className={table.dim}>nothing</span> : change.after}
    </div>
  );
}

function Details({ event, changes }: { event: AuditEvent; changes: readonly Difference[] }) {
  const facts = {
    Event: String(event.sequence),
    Action: event.action,
    Subject: event.subject,
    Request: event.request_id,
    Fingerprint: event.hash,
  };
  return (
    <div className={classes.details}>
      <dl>
        {Object.entries(facts).map(([term, value]) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {changes.length > 0 && (
        <div className={classes.all}>
          {changes.map((change) => (
            <Change key={change.field} change={change} />
          ))}
        </div>
      )}
    </div>
  );
}
