import type { DatasetDetail } from "../../../shared/api/types";
import { formatCount, formatPercent } from "../../../shared/lib/format";
import { type CountTable, countTable, leftOut, SPLIT_NAMES, SPLITS, shareOf } from "../lib/counts";
import classes from "./counts-table.module.css";

/** Images of each class in each split, with each class's share of the split. */
export function CountsTable({ dataset }: { dataset: DatasetDetail }) {
  const { rows, sums, total } = countTable(dataset);
  const without = leftOut(dataset);
  return (
    <div>
      <Table rows={rows} sums={sums} total={total} />
      {without > 0 && (
        <p className={classes.note}>
          {formatCount(without)} more {without === 1 ? "image is" : "images are"} in no split: on
          the training side they would give away test images (see below).
        </p>
      )}
    </div>
  );
}

function Table({ rows, sums, total }: CountTable) {
  return (
    <table className={classes.table}>
      <caption className={classes.caption}>
        Images of each class, and its share of the split
      </caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          {SPLITS.map((split) => (
            <th key={split} scope="col" className={classes.number}>
              {SPLIT_NAMES[split]}
            </th>
          ))}
          <th scope="col" className={classes.number}>
            All
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">
              {row.name} {row.name !== row.key && <code className={classes.key}>{row.key}</code>}
            </th>
            {SPLITS.map((split) => (
              <Count key={split} count={row.counts[split]} whole={sums[split]} />
            ))}
            <Count count={row.total} whole={total} />
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th scope="row">All classes</th>
          {SPLITS.map((split) => (
            <Count key={split} count={sums[split]} whole={total} />
          ))}
          <td className={classes.number}>{formatCount(total)}</td>
        </tr>
      </tfoot>
    </table>
  );
}

function Count({ count, whole }: { count: number; whole: number }) {
  return (
    <td className={classes.number}>
      {formatCount(count)}{" "}
      <span className={classes.share}>{whole > 0 && formatPercent(shareOf(count, whole))}</span>
    </td>
  );
}
