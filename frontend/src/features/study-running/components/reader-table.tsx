import { useAccount } from "../../../shared/account/account-context";
import type { StudyRead, StudyReader, StudyReaderSession } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { ShareBar } from "../../../shared/components/share-bar";
import { Tag } from "../../../shared/components/tag";
import { formatCount, formatDateTime } from "../../../shared/lib/format";
import { endWords, formatDay, paceWords, secondsWords, waitWords } from "../lib/readers";
import { ReaderActions } from "./reader-actions";
import classes from "./running.module.css";

interface ReaderTableProps {
  study: StudyRead;
  readers: readonly StudyReader[];
  mayRun: boolean;
}

/** Who reads, how far they are, how fast, and when they will be done. Of answers only how many. */
export function ReaderTable({ study, readers, mayRun }: ReaderTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to
    <section className={table.scroll} aria-label="Readers, table" tabIndex={0}>
      <table className={table.table}>
        <caption className="visually-hidden">Readers</caption>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Reader</th>
            <th scope="col">Status</th>
            <th scope="col">Answered</th>
            <th scope="col">Pace</th>
            <th scope="col">Last answer</th>
            <th scope="col">Expected end</th>
            <th scope="col">Reminded</th>
            {mayRun && (
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {readers.map((reader) => (
            <ReaderRow key={reader.id} study={study} reader={reader} mayRun={mayRun} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

interface ReaderRowProps {
  study: StudyRead;
  reader: StudyReader;
  mayRun: boolean;
}

function ReaderRow({ study, reader, mayRun }: ReaderRowProps) {
  const { code, status, last_answer_at, reminded_at } = reader;
  return (
    <tr>
      <td className={table.strong}>{code}</td>
      <th scope="row">
        <ReaderName reader={reader} />
      </th>
      <td>
        <span className={classes.status} data-status={status}>
          {status}
        </span>
      </td>
      <td>
        <Sessions reader={reader} />
      </td>
      <td className={`${table.dim} ${table.line}`}>
        {paceWords(reader)}
        <br />
        {reader.median_seconds !== null && secondsWords(reader.median_seconds)}
      </td>
      <td className={`${table.dim} ${table.line}`}>
        {last_answer_at ? formatDateTime(last_answer_at) : "none yet"}
      </td>
      <td className={table.line}>{endWords(reader)}</td>
      <td className={`${table.dim} ${table.line}`}>{reminded_at ? formatDay(reminded_at) : "—"}</td>
      {mayRun && (
        <td className={table.buttons}>
          <ReaderActions study={study} reader={reader} />
        </td>
      )}
    </tr>
  );
}

function ReaderName({ reader }: { reader: StudyReader }) {
  const account = useAccount();
  const { name, email, simulated, pending_account } = reader;
  return (
    <>
      <span className={table.strong}>{name}</span>{" "}
      {email !== null && email === account.email && <Tag tone="accent">you</Tag>}{" "}
      {simulated && <Tag tone="warning">simulated</Tag>}{" "}
      {pending_account && <Tag title="The link was not used yet">no password yet</Tag>}
      {email && (
        <>
          <br />
          <span className={table.dim}>{email}</span>
        </>
      )}
    </>
  );
}

function Sessions({ reader }: { reader: StudyReader }) {
  const { sessions } = reader;
  if (sessions.length === 0) {
    return <span className={table.dim}>order not drawn yet</span>;
  }
  return (
    <ul className={classes.sessions}>
      {sessions.map((session) => (
        <SessionLine key={session.number} session={session} alone={sessions.length === 1} />
      ))}
    </ul>
  );
}

function SessionLine({ session, alone }: { session: StudyReaderSession; alone: boolean }) {
  const { number, done, total } = session;
  const wait = waitWords(session);
  return (
    <li className={classes.session}>
      <span className={classes.name}>{alone ? "Items" : `Session ${number}`}</span>
      <ShareBar share={total === 0 ? 0 : done / total} strong={done === total} />
      <span>
        {formatCount(done)} of {formatCount(total)}
      </span>
      {wait && <span className={classes.wait}>{wait}</span>}
    </li>
  );
}
