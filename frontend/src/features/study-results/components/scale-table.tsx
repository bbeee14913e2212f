import type { StudyResultArm } from "../../../shared/api/types";
import { formatCount, formatNumber } from "../../../shared/lib/format";
import { type By, levelTitle, rowsBy, type ScaleRow } from "../lib/rows";
import { ArmName } from "./arm-name";
import { EstimateText } from "./estimate-text";
import { FigureTable } from "./figure-table";
import classes from "./figures.module.css";

interface ScaleTableProps {
  rows: readonly ScaleRow[];
  by: By;
  arms: readonly StudyResultArm[];
}

const oneDigit = (value: number) => formatNumber(value, 1);

/** Numbers from 0 to 100. */
export function ScaleTable({ rows, by, arms }: ScaleTableProps) {
  const level = levelTitle(by);
  const shown = rowsBy(rows, by);
  if (shown.length === 0) {
    return null;
  }
  return (
    <FigureTable
      caption="Values from 0 to 100"
      estimates={shown.map(({ mean }) => mean)}
      columns={[
        { title: "Arm" },
        ...(level ? [{ title: level }] : []),
        { title: "Mean" },
        { title: "Median (quartiles)" },
        { title: "Cannot judge", number: true },
        { title: "Answers", number: true },
        { title: "Items", number: true },
        { title: "Readers", number: true },
      ]}
    >
      {shown.map((row) => (
        <tr key={`${row.arm_key} ${row.level}`}>
          <th scope="row">
            <ArmName arms={arms} armKey={row.arm_key} />
          </th>
          {by !== "all" && <td className={classes.level}>{row.level}</td>}
          <td>
            <EstimateText estimate={row.mean} write={oneDigit} />
          </td>
          <td>{quartileWords(row.quartiles)}</td>
          <td className={classes.number}>{formatCount(row.cannot_judge)}</td>
          <td className={classes.number}>{formatCount(row.answers)}</td>
          <td className={classes.number}>{formatCount(row.items)}</td>
          <td className={classes.number}>{formatCount(row.readers)}</td>
        </tr>
      ))}
    </FigureTable>
  );
}

function quartileWords([lower, median, upper]: readonly number[]): string {
  if (lower === undefined || median === undefined || upper === undefined) {
    return "no answers yet";
  }
  return `${oneDigit(median)} (${oneDigit(lower)} to ${oneDigit(upper)})`;
}
