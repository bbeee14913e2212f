import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { PERMISSION_WORDS } from "../../../shared/account/words";
import type { ApiToken } from "../../../shared/api/types";
import { Busy } from "../../../shared/components/busy";
import { Confirm } from "../../../shared/components/confirm";
import table from "../../../shared/components/data-table.module.css";
import { QueryError } from "../../../shared/components/query-error";
import { Tag } from "../../../shared/components/tag";
import { formatDateTime } from "../../../shared/lib/format";
import { useTokens } from "../api/list-tokens";
import { useRevokeToken } from "../api/revoke-token";
import classes from "./fields.module.css";

/** What programs may sign in with in one's name. */
export function TokenTable() {
  const tokens = useTokens();
  if (tokens.isPending) {
    return <Busy>Loading the tokens</Busy>;
  }
  if (tokens.isError) {
    return (
      <QueryError
        title="The tokens could not be read"
        error={tokens.error}
        onRetry={() => void tokens.refetch()}
      />
    );
  }
  if (tokens.data.length === 0) {
    return <p className={table.empty}>No tokens. Create one for a script or another program.</p>;
  }
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <caption className="visually-hidden">API tokens</caption>
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">May</th>
            <th scope="col">Ends</th>
            <th scope="col">Last used</th>
            <th scope="col">
              <span className="visually-hidden">Actions</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.data.map((token) => (
            <TokenRow key={token.id} token={token} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function TokenRow({ token }: { token: ApiToken }) {
  return (
    <tr>
      <th scope="row" className={table.strong}>
        {token.name}
      </th>
      <td>
        <ul className={classes.list}>
          {token.scopes.map((scope) => (
            <li key={scope}>{PERMISSION_WORDS[scope]}</li>
          ))}
        </ul>
      </td>
      <td className={`${table.dim} ${table.line}`}>
        {formatDateTime(token.expires_at)} {token.expired && <Tag tone="warning">expired</Tag>}
      </td>
      <td className={`${table.dim} ${table.line}`}>
        {token.last_used_at ? formatDateTime(token.last_used_at) : "never"}
      </td>
      <td className={table.buttons}>
        <RevokeButton token={token} />
      </td>
    </tr>
  );
}

function RevokeButton({ token }: { token: ApiToken }) {
  const [opened, dialog] = useDisclosure(false);
  const revoke = useRevokeToken(token.id);
  return (
    <>
      <Button
        variant="default"
        size="compact-xs"
        aria-label={`Revoke ${token.name}`}
        onClick={dialog.open}
      >
        Revoke …
      </Button>
      <Confirm
        opened={opened}
        onClose={dialog.close}
        title={`Revoke “${token.name}”?`}
        confirm="Revoke"
        failed="Not revoked"
        pending={revoke.isPending}
        error={revoke.error}
        onConfirm={() => revoke.mutate(undefined, { onSuccess: dialog.close })}
      >
        Whatever uses it is refused from then on. It cannot be brought back, only replaced by
        another one.
      </Confirm>
    </>
  );
}
