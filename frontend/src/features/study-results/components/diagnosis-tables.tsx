import type { StudyResultArm } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import {
  chanceWords,
  percent,
  reachOf,
  signedPoints,
  signedThree,
  threeDigits,
  withNote,
} from "../lib/estimates";
import type { DiagnosisResults } from "../lib/rows";
import { ArmName } from "./arm-name";
import { EstimateText } from "./estimate-text";
import { FigureTable } from "./figure-table";
import classes from "./figures.module.css";
import { Whisker, WhiskerScale } from "./whisker";

interface DiagnosisTablesProps {
  diagnosis: DiagnosisResults;
  arms: readonly StudyResultArm[];
}

/** Readers as diagnosticians: each arm, and what an explanation changes. */
export function DiagnosisTables({ diagnosis, arms }: DiagnosisTablesProps) {
  return (
    <>
      {diagnosis.note && <p className={classes.hint}>{diagnosis.note}</p>}
      <DifferenceTable differences={diagnosis.differences} arms={arms} />
      <RocTable rows={diagnosis.rows} arms={arms} />
    </>
  );
}

interface DifferenceTableProps {
  differences: DiagnosisResults["differences"];
  arms: readonly StudyResultArm[];
}

function DifferenceTable({ differences, arms }: DifferenceTableProps) {
  if (differences.length === 0) {
    return null;
  }
  const reach = reachOf(differences.map(({ auc }) => auc));
  const scale = { from: -reach, to: reach, mark: 0 };
  return (
    <FigureTable
      caption="Diagnosis: arms compared"
      estimates={differences.flatMap(({ auc, accuracy, note }) => [withNote(auc, note), accuracy])}
      columns={[
        { title: "Arm" },
        { title: "Minus" },
        { title: "Difference of AUC" },
        { title: <WhiskerScale scale={scale} write={signedThree} />, key: "drawn" },
        { title: "p", number: true },
        { title: "Difference of accuracy" },
        { title: "Readers", number: true },
        { title: "Images", number: true },
      ]}
    >
      {differences.map((row) => (
        <tr key={`${row.arm_key} ${row.against}`}>
          <th scope="row">
            <ArmName arms={arms} armKey={row.arm_key} />
          </th>
          <td>
            <ArmName arms={arms} armKey={row.against} />
          </td>
          <td>
            <EstimateText estimate={withNote(row.auc, row.note)} write={signedThree} />
          </td>
          <td>
            <Whisker estimate={row.auc} scale={scale} />
          </td>
          <td className={classes.number}>{chanceWords(row.p_value) ?? "not tested"}</td>
          <td>
            <EstimateText estimate={row.accuracy} write={signedPoints} />
          </td>
          <td className={classes.number}>{formatCount(row.readers)}</td>
          <td className={classes.number}>{formatCount(row.cases)}</td>
        </tr>
      ))}
    </FigureTable>
  );
}

function RocTable({
  rows,
  arms,
}: { rows: DiagnosisResults["rows"] } & Pick<DiagnosisTablesProps, "arms">) {
  if (rows.length === 0) {
    return null;
  }
  return (
    <FigureTable
      caption="Diagnosis: each reader"
      estimates={rows.flatMap((row) => [row.auc, row.accuracy, row.sensitivity, row.specificity])}
      columns={[
        { title: "Arm" },
        { title: "Reader" },
        { title: "AUC" },
        { title: "Accuracy" },
        { title: "Sensitivity" },
        { title: "Specificity" },
        { title: "Positive", number: true },
        { title: "Negative", number: true },
      ]}
    >
      {rows.map((row) => (
        <tr key={`${row.arm_key} ${row.reader}`} data-strong={row.reader === ""}>
          <th scope="row">
            <ArmName arms={arms} armKey={row.arm_key} />
          </th>
          <td>{row.reader || "mean"}</td>
          <td>
            <EstimateText estimate={row.auc} write={threeDigits} />
          </td>
          {[row.accuracy, row.sensitivity, row.specificity].map((estimate, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: three fixed columns
            <td key={at}>
              <EstimateText estimate={estimate} write={percent} />
            </td>
          ))}
          <td className={classes.number}>{formatCount(row.positives)}</td>
          <td className={classes.number}>{formatCount(row.negatives)}</td>
        </tr>
      ))}
    </FigureTable>
  );
}
