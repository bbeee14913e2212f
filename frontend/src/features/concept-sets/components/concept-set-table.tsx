import { Link } from "react-router";
import type { ConceptSet, ConceptSetUser } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { Tag } from "../../../shared/components/tag";
import { formatDateTime } from "../../../shared/lib/format";
import classes from "./concept-set-table.module.css";

export function ConceptSetTable({ sets }: { sets: readonly ConceptSet[] }) {
  return (
    <table className={`${table.table} ${classes.sets}`}>
      <caption className="visually-hidden">Concept sets</caption>
      <thead>
        <tr>
          <th scope="col">Concept set</th>
          <th scope="col">Modality</th>
          <th scope="col" className={classes.number}>
            Classes
          </th>
          <th scope="col" className={classes.number}>
            Groups
          </th>
          <th scope="col" className={classes.number}>
            Options
          </th>
          <th scope="col" className={classes.number}>
            Revisions
          </th>
          <th scope="col">Saved last</th>
          <th scope="col">Used by</th>
        </tr>
      </thead>
      <tbody>
        {sets.map((set) => (
          <SetRow key={set.id} set={set} />
        ))}
      </tbody>
    </table>
  );
}

function SetRow({ set }: { set: ConceptSet }) {
  const { latest } = set;
  return (
    <tr>
      <th scope="row" className={classes.name}>
        <Link className={classes.link} to={`/concept-sets/${set.id}`}>
          {set.title}
        </Link>
        <p className={classes.note}>
          {set.name} {set.shipped && <Tag>comes with Vitrine</Tag>}
        </p>
      </th>
      <td>{set.modality}</td>
      <td className={classes.number}>{set.classes}</td>
      <td className={classes.number}>{set.groups}</td>
      <td className={classes.number}>{set.options}</td>
      <td className={classes.number}>{set.revisions}</td>
      <td>
        {latest.author?.name ?? <span className={table.dim}>nobody yet</span>}
        <p className={`${classes.note} ${table.line}`}>{formatDateTime(latest.created_at)}</p>
      </td>
      <td className={classes.models}>
        <UsedBy models={set.models} newest={latest.digest} />
      </td>
    </tr>
  );
}

interface UsedByProps {
  models: readonly ConceptSetUser[];
  /** Digest of the newest revision. */
  newest: string;
}

function UsedBy({ models, newest }: UsedByProps) {
  if (models.length === 0) {
    return <span className={table.dim}>no model</span>;
  }
  return (
    <ul>
      {models.map(({ id, name, active, digest }) => (
        <li key={id}>
          <Link to={`/models/${id}`}>{name}</Link>
          {active && <Tag tone="accent">active</Tag>}
          {digest !== newest && (
            <Tag title="It reasons with an earlier revision">earlier revision</Tag>
          )}
        </li>
      ))}
    </ul>
  );
}
