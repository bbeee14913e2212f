import type { StudyResults } from "../../../shared/api/types";
import { formatCount } from "../../../shared/lib/format";
import { percent, twoDigits } from "../lib/estimates";
import { ArmName } from "./arm-name";
import { EstimateText } from "./estimate-text";
import { FigureTable } from "./figure-table";
import classes from "./figures.module.css";

/** Mean rating and choice accuracy of each data set under each arm, in the form in which papers print them. */
export function FormTable({ results }: { results: StudyResults }) {
  const { table, arms } = results;
  if (table.length === 0) {
    return null;
  }
  const localization = table.some((row) => row.localization !== null);
  const alignment = table.some((row) => row.alignment !== null);
  // An average of several data sets is not the share of all their answers.
  const isShare = ({ arm_key, dataset }: (typeof table)[number]) =>
    dataset !== "" || table.filter((row) => row.arm_key === arm_key).length <= 2;
  return (
    <FigureTable
      caption="Localization and semantic alignment by data set"
      estimates={table.flatMap((row) => [row.localization, row.alignment])}
      columns={[
        { title: "Arm" },
        { title: "Data set" },
        ...(localization
          ? [{ title: "Localization, mean rating 1–5" }, { title: "Ratings", number: true }]
          : []),
        ...(alignment ? [{ title: "Semantic alignment, right of all" }] : []),
      ]}
    >
      {table.map((row) => (
        <tr key={`${row.arm_key} ${row.dataset}`} data-strong={row.dataset === ""}>
          <th scope="row">
            <ArmName arms={arms} armKey={row.arm_key} />
          </th>
          <td>{row.dataset || "Average"}</td>
          {localization && (
            <>
              <td>
                {row.localization ? (
                  <EstimateText estimate={row.localization} write={twoDigits} />
                ) : (
                  <span className={classes.missing}>not asked</span>
                )}
              </td>
              <td className={classes.number}>{formatCount(row.localization_answers)}</td>
            </>
          )}
          {alignment && (
            <td>
              {row.alignment ? (
                <EstimateText
                  estimate={row.alignment}
                  write={percent}
                  counts={
                    isShare(row)
                      ? `${formatCount(row.alignment_correct)}/${formatCount(row.alignment_answers)}`
                      : undefined
                  }
                />
              ) : (
                <span className={classes.missing}>not asked</span>
              )}
            </td>
          )}
        </tr>
      ))}
    </FigureTable>
  );
}
