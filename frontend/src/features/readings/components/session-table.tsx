import type { ReadingSession } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatCount, formatDateTime } from "../../../shared/lib/format";

/** How far one is, session by session. */
export function SessionTable({ sessions }: { sessions: readonly ReadingSession[] }) {
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Session</th>
            <th scope="col">Items read</th>
            <th scope="col">Opens</th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.number}>
              <th scope="row">{session.number}</th>
              <td>
                {formatCount(session.done)} of {formatCount(session.total)}
              </td>
              <td>{opening(session, sessions)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function opening(session: ReadingSession, all: readonly ReadingSession[]): string {
  if (session.total > 0 && session.done >= session.total) {
    return "Done";
  }
  if (session.opens_at) {
    return `On ${formatDateTime(session.opens_at)}`;
  }
  const before = all.filter(({ number }) => number < session.number);
  return before.every(({ done, total }) => done >= total)
    ? "Open"
    : "Some time after the session before";
}
