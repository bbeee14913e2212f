import { Link } from "react-router";
import type { ReadingSummary } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { ShareBar } from "../../../shared/components/share-bar";
import { Tag } from "../../../shared/components/tag";
import { formatCount, formatDateTime } from "../../../shared/lib/format";
import { statusWords } from "../lib/words";
import classes from "./readings-table.module.css";

/** The studies that one reads in. The server has those with something to do first. */
export function ReadingsTable({ readings }: { readings: readonly ReadingSummary[] }) {
  return (
    <div className={table.scroll}>
      <table className={table.table}>
        <thead>
          <tr>
            <th scope="col">Study</th>
            <th scope="col">Status</th>
            <th scope="col">Read</th>
            <th scope="col">Last answer</th>
            <th scope="col">
              <span className="visually-hidden">What to do</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {readings.map((reading) => (
            <Row key={reading.study_id} reading={reading} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ reading }: { reading: ReadingSummary }) {
  const { study_id: id, title, status, done, total, last_answer_at: last } = reading;
  const reads = status === "reading" || status === "invited";
  return (
    <tr>
      <th scope="row" className={table.strong}>
        <Link className={table.link} to={`/readings/${id}`}>
          {title}
        </Link>
        {reading.new_replies > 0 && (
          <span className={classes.tag}>
            <Tag tone="accent">{repliesWords(reading.new_replies)}</Tag>
          </span>
        )}
      </th>
      <td className={table.line}>{statusWords(reading)}</td>
      <td>
        <span className={classes.progress}>
          <span className={classes.bar}>
            <ShareBar share={total === 0 ? 0 : done / total} />
          </span>
          {formatCount(done)} of {formatCount(total)}
        </span>
      </td>
      <td className={table.line}>{last ? formatDateTime(last) : "–"}</td>
      <td className={table.buttons}>
        {reads && (
          <Link
            className={table.link}
            to={status === "invited" ? `/readings/${id}` : `/readings/${id}/read`}
            aria-label={`${status === "invited" ? "Begin" : "Go on"}: ${title}`}
          >
            {status === "invited" ? "Begin" : "Go on"}
          </Link>
        )}
      </td>
    </tr>
  );
}

function repliesWords(count: number): string {
  return count === 1 ? "1 new reply" : `${formatCount(count)} new replies`;
}
