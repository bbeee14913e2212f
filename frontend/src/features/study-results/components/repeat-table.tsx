import { formatCount } from "../../../shared/lib/format";
import { percent, twoDigits } from "../lib/estimates";
import type { RepeatRow } from "../lib/rows";
import { EstimateText } from "./estimate-text";
import { FigureTable } from "./figure-table";
import classes from "./figures.module.css";

interface RepeatTableProps {
  rows: readonly RepeatRow[];
  /** Choices, not ratings. */
  nominal: boolean;
}

/** How far readers agree with themselves on the items that were shown twice. */
export function RepeatTable({ rows, nominal }: RepeatTableProps) {
  if (rows.length === 0) {
    return null;
  }
  return (
    <FigureTable
      caption="Agreement of readers with themselves (hidden repeats)"
      estimates={rows.flatMap(({ same, kappa }) => [same, kappa])}
      columns={[
        { title: "Reader" },
        { title: "Equal answers" },
        { title: nominal ? "Cohen’s kappa" : "Cohen’s kappa, quadratic weights" },
        { title: "Pairs", number: true },
      ]}
    >
      {rows.map(({ reader, same, kappa, pairs }) => (
        <tr key={reader} data-strong={reader === ""}>
          <th scope="row">{reader || "All together"}</th>
          <td>
            <EstimateText estimate={same} write={percent} />
          </td>
          <td>
            <EstimateText estimate={kappa} write={twoDigits} />
          </td>
          <td className={classes.number}>{formatCount(pairs)}</td>
        </tr>
      ))}
    </FigureTable>
  );
}
