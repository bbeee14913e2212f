import { Link } from "react-router";
import { useAccount } from "../../../shared/account/account-context";
import type { Case } from "../../../shared/api/types";
import { ShareBar } from "../../../shared/components/share-bar";
import { Tag } from "../../../shared/components/tag";
import { formatDateTime, formatPercent } from "../../../shared/lib/format";
import { thumbnailUrl } from "../api/get-case-image";
import { CaseMarks } from "./case-marks";
import classes from "./case-table.module.css";

interface CaseTableProps {
  cases: readonly Case[];
  /** Name of a model version, or null where it is not known (any more). */
  modelName: (modelVersionId: string) => string | null;
}

const THUMBNAIL = 44;

export function CaseTable({ cases, modelName }: CaseTableProps) {
  return (
    <table className={classes.table}>
      <caption className="visually-hidden">Cases, newest first</caption>
      <thead>
        <tr>
          <th className={classes.image} scope="col">
            <span className="visually-hidden">Image</span>
          </th>
          <th scope="col">Case</th>
          <th scope="col">Prediction</th>
          <th scope="col" className={classes.probability}>
            Probability
          </th>
          <th scope="col">Model</th>
          <th scope="col" className={classes.pixels}>
            Pixels
          </th>
          <th scope="col">Added</th>
        </tr>
      </thead>
      <tbody>
        {cases.map((entry) => (
          <CaseRow key={entry.id} entry={entry} modelName={modelName} />
        ))}
      </tbody>
    </table>
  );
}

function CaseRow({ entry, modelName }: { entry: Case; modelName: CaseTableProps["modelName"] }) {
  const latest = entry.latest_prediction;
  const { id: accountId } = useAccount();
  return (
    <tr className={classes.row}>
      <td className={classes.image}>
        <img
          src={thumbnailUrl(entry, 2 * THUMBNAIL)}
          width={THUMBNAIL}
          height={THUMBNAIL}
          loading="lazy"
          alt=""
        />
      </td>
      <td>
        <Link className={classes.link} to={`/cases/${entry.id}`}>
          {entry.pseudonym}
        </Link>{" "}
        {entry.synthetic && <Tag>Synthetic image</Tag>}{" "}
        {entry.review === "waiting" && (
          <Tag tone="warning" title={entry.suspects.join(" ") || undefined}>
            Needs a look
          </Tag>
        )}{" "}
        <CaseMarks entry={entry} accountId={accountId} />
        <p className={classes.notes}>{entry.notes || entry.filename}</p>
      </td>
      {latest ? (
        <>
          <td className={classes.prediction}>{latest.predicted_class_name}</td>
          <td className={classes.probability}>
            <span className={classes.bar}>
              <ShareBar share={latest.probability} strong />
              <span>{formatPercent(latest.probability)}</span>
            </span>
          </td>
          <td className={classes.dim}>{modelName(latest.model_version_id) ?? "—"}</td>
        </>
      ) : (
        <td colSpan={3} className={classes.dim}>
          {entry.review === "waiting"
            ? "explained after a look at its pixels"
            : "no prediction yet"}
        </td>
      )}
      <td className={`${classes.dim} ${classes.pixels}`}>
        {entry.width} × {entry.height}
        {entry.frames > 1 && ` × ${entry.frames}`}
      </td>
      <td className={classes.dim}>{formatDateTime(entry.created_at)}</td>
    </tr>
  );
}
