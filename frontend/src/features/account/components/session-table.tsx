import { Button } from "@mantine/core";
import { messageOf } from "../../../shared/api/api-error";
import type { OwnSession } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import table from "../../../shared/components/data-table.module.css";
import { Notice } from "../../../shared/components/notice";
import { QueryError } from "../../../shared/components/query-error";
import { Tag } from "../../../shared/components/tag";
import { formatDateTime } from "../../../shared/lib/format";
import { useEndSessions } from "../api/end-sessions";
import { useOwnSessions } from "../api/list-own-sessions";
import { browserWords } from "../lib/browser-words";
import classes from "./fields.module.css";

const METHODS: Readonly<Record<OwnSession["method"], string>> = {
  password: "password",
  link: "invitation or reset link",
  oidc: "single sign-on",
  token: "API token",
};

/** Where one is signed in, and how to end that from here. */
export function SessionTable() {
  const sessions = useOwnSessions();
  const end = useEndSessions();
  if (sessions.isPending) {
    return <Busy>Loading where you are signed in</Busy>;
  }
  if (sessions.isError) {
    return (
      <QueryError
        title="Where you are signed in could not be read"
        error={sessions.error}
        onRetry={() => void sessions.refetch()}
      />
    );
  }
  const others = sessions.data.filter(({ current }) => !current).length;
  return (
    <>
      <div className={table.scroll}>
        <table className={table.table}>
          <caption className="visually-hidden">Where you are signed in</caption>
          <thead>
            <tr>
              <th scope="col">Browser</th>
              <th scope="col">From</th>
              <th scope="col">Signed in by</th>
              <th scope="col">Since</th>
              <th scope="col">Last used</th>
              <th scope="col">
                <span className="visually-hidden">Actions</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {sessions.data.map((session) => (
              <SessionRow key={session.id} session={session} end={end} />
            ))}
          </tbody>
        </table>
      </div>
      {end.isError && (
        <Notice tone="error" title="Not ended" live>
          {messageOf(end.error)}
        </Notice>
      )}
      {others > 0 && (
        <div className={classes.tableHead}>
          <Button variant="default" loading={end.isPending} onClick={() => end.mutate(null)}>
            Sign out everywhere else
          </Button>
        </div>
      )}
    </>
  );
}

interface SessionRowProps {
  session: OwnSession;
  end: ReturnType<typeof useEndSessions>;
}

function SessionRow({ session, end }: SessionRowProps) {
  const browser = browserWords(session.browser);
  return (
    <tr>
      <th scope="row" title={session.browser}>
        {browser} {session.current && <Tag tone="accent">this one</Tag>}
      </th>
      <td className={table.dim}>{session.address}</td>
      <td className={table.dim}>{METHODS[session.method]}</td>
      <td className={`${table.dim} ${table.line}`}>{formatDateTime(session.created_at)}</td>
      <td className={`${table.dim} ${table.line}`}>{formatDateTime(session.last_seen_at)}</td>
      <td className={table.buttons}>
        {!session.current && (
          <Button
            variant="default"
            size="compact-xs"
            aria-label={`Sign out ${browser}, ${session.address}`}
            loading={end.isPending && end.variables === session.id}
            onClick={() => end.mutate(session.id)}
          >
            Sign out there
          </Button>
        )}
      </td>
    </tr>
  );
}
