import type { StudyResultArm } from "../../../shared/api/types";
import { formatCount, formatPercent } from "../../../shared/lib/format";
import { percent } from "../lib/estimates";
import { type By, type ChoiceRow, levelTitle, rowsBy } from "../lib/rows";
import { ArmName } from "./arm-name";
import { EstimateText } from "./estimate-text";
import { type Column, FigureTable } from "./figure-table";
import classes from "./figures.module.css";
import { type Scale, Whisker, WhiskerScale } from "./whisker";

const SHARE: Scale = { from: 0, to: 1, mark: 0.5 };

interface ChoiceTableProps {
  rows: readonly ChoiceRow[];
  by: By;
  arms: readonly StudyResultArm[];
}

/** Choices: how many were right where there is a right answer, else how often each was chosen. */
export function ChoiceTable({ rows, by, arms }: ChoiceTableProps) {
  const level = levelTitle(by);
  const shown = rowsBy(rows, by);
  if (shown.length === 0) {
    return null;
  }
  const rated = shown.some(({ accuracy }) => accuracy !== null);
  return (
    <FigureTable
      caption={rated ? "Right choices" : "Choices"}
      estimates={shown.map(({ accuracy }) => accuracy)}
      columns={[
        { title: "Arm" },
        ...(level ? [{ title: level }] : []),
        ...(rated ? ratedColumns() : [{ title: "Chosen" }]),
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
          {rated ? <RatedCells row={row} /> : <ChosenCell row={row} />}
          <td className={classes.number}>{formatCount(row.cannot_judge)}</td>
          <td className={classes.number}>{formatCount(row.answers)}</td>
          <td className={classes.number}>{formatCount(row.items)}</td>
          <td className={classes.number}>{formatCount(row.readers)}</td>
        </tr>
      ))}
    </FigureTable>
  );
}

function ratedColumns(): Column[] {
  const write = (share: number) => formatPercent(share).replace(".0", "");
  return [
    { title: "Accuracy, right of all" },
    { title: <WhiskerScale scale={SHARE} write={write} />, key: "drawn" },
  ];
}

function RatedCells({ row: { accuracy, correct, judged } }: { row: ChoiceRow }) {
  if (accuracy === null) {
    return (
      <td colSpan={2}>
        <span className={classes.missing}>no right answer is known</span>
      </td>
    );
  }
  return (
    <>
      <td>
        <EstimateText
          estimate={accuracy}
          write={percent}
          counts={`${formatCount(correct ?? 0)}/${formatCount(judged ?? 0)}`}
        />
      </td>
      <td>
        <Whisker estimate={accuracy} scale={SHARE} />
      </td>
    </>
  );
}

function ChosenCell({ row: { counts, answers } }: { row: ChoiceRow }) {
  const chosen = Object.entries(counts);
  return (
    <td>
      {chosen.length === 0 || answers === 0
        ? "nothing yet"
        : chosen
            .map(
              ([text, count]) =>
                `${text}: ${formatCount(count)} (${formatPercent(count / answers)})`,
            )
            .join(" · ")}
    </td>
  );
}
