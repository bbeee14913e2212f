import type { StudyResultArm } from "../../../shared/api/types";
import { formatCount, formatPercent } from "../../../shared/lib/format";
import { secondsOf } from "../lib/estimates";
import type { TimeRow } from "../lib/rows";
import { ArmName } from "./arm-name";
import { FigureTable } from "./figure-table";
import classes from "./figures.module.css";

interface TimeTableProps {
  rows: readonly TimeRow[];
  arms: readonly StudyResultArm[];
}

/** How long answers took, without idle time. */
export function TimeTable({ rows, arms }: TimeTableProps) {
  if (rows.length === 0) {
    return null;
  }
  return (
    <FigureTable
      caption="Active time for an answer, second showings included"
      columns={[
        { title: "Arm" },
        { title: "Reader" },
        { title: "Median", number: true },
        { title: "Quartiles" },
        { title: "Idle", number: true },
        { title: "Answers", number: true },
      ]}
    >
      {rows.map((row) => (
        <tr key={`${row.arm_key} ${row.reader}`} data-strong={row.reader === ""}>
          <th scope="row">
            <ArmName arms={arms} armKey={row.arm_key} />
          </th>
          <td>{row.reader || "all"}</td>
          <td className={classes.number}>{secondsOf(row.median)}</td>
          <td className={classes.interval}>
            {row.lower_quartile === null
              ? "no answers yet"
              : `${secondsOf(row.lower_quartile)} to ${secondsOf(row.upper_quartile)}`}
          </td>
          <td className={classes.number}>
            {row.idle_share === null ? "—" : formatPercent(row.idle_share)}
          </td>
          <td className={classes.number}>{formatCount(row.answers)}</td>
        </tr>
      ))}
    </FigureTable>
  );
}
