import type { DiagnosisResult, OptionAgreement, OptionDiagnosis } from "../../../shared/api/types";
import { formatCount, formatNumber, formatPercent } from "../../../shared/lib/format";
import classes from "./option-evidence.module.css";

interface LabelFiguresProps {
  option: OptionDiagnosis;
  settings: DiagnosisResult["settings"];
}

const SOURCES = { image: "Labels of single images", class: "Class table" };

/** How well the score tells images with the option from those without, by where the labels come from. */
export function LabelFigures({ option, settings }: LabelFiguresProps) {
  if (option.readability.length === 0) {
    return (
      <p className={classes.dim}>
        No labels tell images with this option from images without, so nothing can be said.
      </p>
    );
  }
  return (
    <>
      <table className={classes.figures}>
        <caption className="visually-hidden">AUROC by source of labels</caption>
        <thead>
          <tr>
            <th scope="col">Source</th>
            <th scope="col">AUROC (95 % interval)</th>
            <th scope="col">With / without</th>
          </tr>
        </thead>
        <tbody>
          {option.readability.map((found) => (
            <tr key={found.source}>
              <th scope="row">{SOURCES[found.source]}</th>
              <td className={classes.number} style={{ textAlign: "left" }}>
                {formatNumber(found.auroc, 3)}{" "}
                <span className={classes.interval}>
                  ({formatNumber(found.low, 3)} to {formatNumber(found.high, 3)})
                </span>
              </td>
              <td>
                {formatCount(found.present)} / {formatCount(found.absent)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={classes.dim}>
        0.5 is chance. A rule speaks from {settings.least_labels} images on each side; below{" "}
        {formatNumber(settings.readable)} it calls the option not readable.
      </p>
    </>
  );
}

/** People and model on the option, over the cases that people labelled. */
export function PeopleFigures({ people }: { people: OptionAgreement | undefined }) {
  if (!people || people.labelled === 0) {
    return <p className={classes.dim}>No labels yet.</p>;
  }
  const { labelled, present, agreed, sensitivity, specificity } = people;
  const rows = [
    {
      name: "Same answer",
      figure: `${formatCount(agreed)} of ${formatCount(labelled)} (${formatPercent(agreed / labelled)})`,
    },
    {
      name: "Called present by people",
      figure: `${formatCount(present)} of ${formatCount(labelled)}`,
    },
    { name: "Sensitivity", figure: shareOf(sensitivity) },
    { name: "Specificity", figure: shareOf(specificity) },
  ];
  return <FigureTable caption="People's labels and the model" rows={rows} />;
}

function shareOf(share: number | null): string {
  return share === null ? "not defined" : formatPercent(share);
}

interface FigureTableProps {
  caption: string;
  rows: readonly { name: string; figure: string }[];
}

export function FigureTable({ caption, rows }: FigureTableProps) {
  return (
    <table className={classes.figures}>
      <caption className="visually-hidden">{caption}</caption>
      <tbody>
        {rows.map(({ name, figure }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td className={classes.number}>{figure}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
