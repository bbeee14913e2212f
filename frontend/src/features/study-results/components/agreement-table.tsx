import { Button } from "@mantine/core";
import { useState } from "react";
import type { StudyResultArm } from "../../../shared/api/types";
import { Tag } from "../../../shared/components/tag";
import { formatCount } from "../../../shared/lib/format";
import { twoDigits, wholeNumber } from "../lib/estimates";
import { type AgreementRow, inOrder, measureName, readersWords } from "../lib/rows";
import { ArmName } from "./arm-name";
import { EstimateText } from "./estimate-text";
import { FigureTable } from "./figure-table";
import classes from "./figures.module.css";
import { type Scale, Whisker, WhiskerScale } from "./whisker";

/** Pairs of many readers are hundreds; the rest comes on demand. */
const PAIRS_AT_FIRST = 15;
const SCALE: Scale = { from: -1, to: 1, mark: 0 };

interface AgreementTableProps {
  rows: readonly AgreementRow[];
  /** Choices, not ratings. */
  nominal: boolean;
  arms: readonly StudyResultArm[];
}

/** How far readers agree: alpha, which is the primary measure, then the others. */
export function AgreementTable({ rows, nominal, arms }: AgreementTableProps) {
  const [all, setAll] = useState(false);
  if (rows.length === 0) {
    return null;
  }
  const ordered = inOrder(rows);
  const pairs = ordered.filter(isPairwise);
  const left = new Set(all ? [] : pairs.slice(PAIRS_AT_FIRST));
  const shown = ordered.filter((row) => !left.has(row));
  return (
    <>
      <FigureTable
        caption="Agreement between readers"
        estimates={shown.map(({ estimate }) => estimate)}
        columns={[
          { title: "Measure" },
          { title: "Arm" },
          { title: "Readers" },
          { title: "Estimate" },
          {
            title: <WhiskerScale scale={SCALE} write={wholeNumber} />,
            key: "drawn",
          },
          { title: "Items", number: true },
        ]}
      >
        {shown.map((row) => (
          <tr key={`${row.measure} ${row.arm_key} ${row.readers.join(" ")}`}>
            <th scope="row">
              {measureName(row.measure, nominal)}{" "}
              {row.measure === "krippendorff_alpha" && <Tag tone="accent">primary</Tag>}
            </th>
            <td>
              <ArmName arms={arms} armKey={row.arm_key} />
            </td>
            <td>{readersWords(row.readers)}</td>
            <td>
              <EstimateText estimate={row.estimate} write={twoDigits} />
            </td>
            <td>
              <Whisker estimate={row.estimate} scale={SCALE} />
            </td>
            <td className={classes.number}>{formatCount(row.items)}</td>
          </tr>
        ))}
      </FigureTable>
      {left.size > 0 && (
        <Button variant="default" size="compact-xs" onClick={() => setAll(true)}>
          Show all {formatCount(pairs.length)} pairs of readers
        </Button>
      )}
    </>
  );
}

const isPairwise = ({ measure }: AgreementRow) =>
  measure === "weighted_kappa" || measure === "kappa";
