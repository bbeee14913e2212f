import type { StudyResultArm } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatCount } from "../../../shared/lib/format";
import { chanceWords, inPoints, reachOf, signed, signedPoints, withNote } from "../lib/estimates";
import type { PairedRow } from "../lib/rows";
import { ArmName } from "./arm-name";
import { EstimateText } from "./estimate-text";
import { FigureTable } from "./figure-table";
import classes from "./figures.module.css";
import { type Scale, Whisker, WhiskerScale } from "./whisker";

interface PairedTableProps {
  rows: readonly PairedRow[];
  /** Whether it is shares that are compared, not means. */
  shares: boolean;
  arms: readonly StudyResultArm[];
}

/** One arm against another on the same images and concepts; above all the real maps against the sham. */
export function PairedTable({ rows, shares, arms }: PairedTableProps) {
  if (rows.length === 0) {
    return null;
  }
  const write = shares ? signedPoints : signed;
  const reach = reachOf(rows.map(({ difference }) => difference));
  const scale = { from: -reach, to: reach, mark: 0 };
  return (
    <FigureTable
      caption={rows.some(({ sham }) => sham) ? "Real against sham" : "Arms compared"}
      estimates={rows.map(({ difference, note }) => withNote(difference, note))}
      columns={[
        { title: "Arm" },
        { title: "Minus" },
        { title: shares ? "Difference of shares" : "Difference of means" },
        { title: <WhiskerScale scale={scale} write={shares ? inPoints : signed} />, key: "drawn" },
        { title: "p", number: true },
        { title: "Test" },
        { title: "Wilcoxon p", number: true },
        { title: "Pairs", number: true },
      ]}
    >
      {rows.map((row) => (
        <Row
          key={`${row.arm_key} ${row.against}`}
          row={row}
          write={write}
          scale={scale}
          arms={arms}
        />
      ))}
    </FigureTable>
  );
}

interface RowProps {
  row: PairedRow;
  write: (value: number) => string;
  scale: Scale;
  arms: readonly StudyResultArm[];
}

function Row({ row, write, scale, arms }: RowProps) {
  const { difference, note } = row;
  return (
    <tr>
      <th scope="row">
        <ArmName arms={arms} armKey={row.arm_key} />
      </th>
      <td>
        <ArmName arms={arms} armKey={row.against} />
      </td>
      <td>
        <EstimateText estimate={withNote(difference, note)} write={write} />
      </td>
      <td>
        <Whisker estimate={difference} scale={scale} />
      </td>
      <td className={classes.number}>{chanceWords(row.p_value) ?? "not tested"}</td>
      <td className={table.dim}>{row.test || "—"}</td>
      <td className={classes.number}>{chanceWords(row.wilcoxon_p) ?? "not tested"}</td>
      <td className={classes.number}>{formatCount(row.pairs)}</td>
    </tr>
  );
}
