import { Button } from "@mantine/core";
import { useState } from "react";
import { Link } from "react-router";
import type { Activation } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatDateTime } from "../../../shared/lib/format";
import { kindWords } from "../lib/versions";
import classes from "./activation-history.module.css";

const SHOWN_AT_FIRST = 3;

interface ActivationHistoryProps {
  dataset: string;
  /** Of this data set, newest first. */
  activations: readonly Activation[];
}

/** Who put which version to use, when and why. */
export function ActivationHistory({ dataset, activations }: ActivationHistoryProps) {
  const [all, setAll] = useState(false);
  if (activations.length === 0) {
    return <p className={classes.none}>No activation is recorded for this data set yet.</p>;
  }
  const shown = all ? activations : activations.slice(0, SHOWN_AT_FIRST);
  const rest = activations.length - shown.length;
  return (
    <div className={classes.history}>
      <div className={table.scroll}>
        <table className={`${table.table} ${classes.table}`}>
          <caption className={classes.caption}>Activation history of {dataset}</caption>
          <thead>
            <tr>
              <th scope="col">When</th>
              <th scope="col">Version in use from then on</th>
              <th scope="col">How</th>
              <th scope="col">Instead of</th>
              <th scope="col">By</th>
              <th scope="col">Reason</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((entry) => (
              <tr key={entry.id}>
                <td className={`${table.dim} ${table.line}`}>{formatDateTime(entry.created_at)}</td>
                <td>
                  <Link className={table.link} to={`/models/${entry.model.id}`}>
                    {entry.model.name}
                  </Link>
                </td>
                <td className={table.line}>{kindWords(entry.kind)}</td>
                <td>{entry.previous?.name ?? "—"}</td>
                <td>{entry.author?.name ?? <span className={table.dim}>the server</span>}</td>
                <td className={classes.reason}>{entry.reason}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {rest > 0 && (
        <Button variant="subtle" size="compact-xs" onClick={() => setAll(true)}>
          Show {rest} earlier
        </Button>
      )}
    </div>
  );
}
