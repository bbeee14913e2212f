import type { StudyResultArm } from "../../../shared/api/types";
import { formatCount, formatNumber } from "../../../shared/lib/format";
import { twoDigits } from "../lib/estimates";
import { type By, type LikertRow, levelTitle, rowsBy } from "../lib/rows";
import { ArmName } from "./arm-name";
import { EstimateText } from "./estimate-text";
import { FigureTable } from "./figure-table";
import classes from "./figures.module.css";
import { LikertBar, LikertLegend } from "./likert-bar";

interface LikertTableProps {
  rows: readonly LikertRow[];
  by: By;
  anchors: readonly string[];
  arms: readonly StudyResultArm[];
}

/** Ratings: drawn and counted, with their mean. */
export function LikertTable({ rows, by, anchors, arms }: LikertTableProps) {
  const level = levelTitle(by);
  const shown = rowsBy(rows, by);
  if (shown.length === 0) {
    return null;
  }
  return (
    <>
      <FigureTable
        caption="Ratings"
        estimates={shown.map(({ mean }) => mean)}
        columns={[
          { title: "Arm" },
          ...(level ? [{ title: level }] : []),
          { title: "Mean" },
          { title: "Median", number: true },
          { title: "Distribution" },
          ...[1, 2, 3, 4, 5].map((rating) => ({ title: rating, number: true })),
          { title: "Cannot judge", number: true },
          { title: "Ratings", number: true },
          { title: "Items", number: true },
          { title: "Readers", number: true },
        ]}
      >
        {shown.map((row) => (
          <Row key={`${row.arm_key} ${row.level}`} row={row} anchors={anchors} arms={arms} />
        ))}
      </FigureTable>
      <LikertLegend anchors={anchors} />
    </>
  );
}

function Row({ row, anchors, arms }: { row: LikertRow } & Omit<LikertTableProps, "rows" | "by">) {
  const { by, counts, median } = row;
  return (
    <tr>
      <th scope="row">
        <ArmName arms={arms} armKey={row.arm_key} />
      </th>
      {by !== "all" && <td className={classes.level}>{row.level}</td>}
      <td>
        <EstimateText estimate={row.mean} write={twoDigits} />
      </td>
      <td className={classes.number}>{median === null ? "—" : formatNumber(median, 1)}</td>
      <td>
        <LikertBar counts={counts} anchors={anchors} />
      </td>
      {counts.map((count, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its place is the rating
        <td key={at} className={`${classes.number} ${classes.counts}`}>
          {formatCount(count)}
        </td>
      ))}
      <td className={classes.number}>{formatCount(row.cannot_judge)}</td>
      <td className={classes.number}>{formatCount(row.answers)}</td>
      <td className={classes.number}>{formatCount(row.items)}</td>
      <td className={classes.number}>{formatCount(row.readers)}</td>
    </tr>
  );
}
