import type { Label, Prediction } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatDateTime } from "../../../shared/lib/format";
import {
  type Choice,
  classChoices,
  classMark,
  groupChoices,
  type Mark,
  textOf,
} from "../lib/marks";
import classes from "./label-table.module.css";

interface LabelTableProps {
  caption: string;
  prediction: Prediction;
  labels: readonly Label[];
}

/** Labels side by side: a column per person. */
export function LabelTable({ caption, prediction, labels }: LabelTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <section className={table.scroll} aria-label={caption} tabIndex={0}>
      <table className={`${table.table} ${classes.labels}`}>
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            <td />
            {labels.map(({ id, author, updated_at }) => (
              <th key={id} scope="col">
                <span className={table.strong}>{author.name}</span>
                <br />
                {formatDateTime(updated_at)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {prediction.groups.map((group) => (
            <Row
              key={group.key}
              name={group.name}
              choices={groupChoices(group)}
              labels={labels}
              markOf={({ options }) => options[group.key]}
            />
          ))}
          <Row name="Class" choices={classChoices(prediction)} labels={labels} markOf={classMark} />
        </tbody>
      </table>
    </section>
  );
}

interface RowProps {
  name: string;
  choices: readonly Choice[];
  labels: readonly Label[];
  markOf: (label: Label) => Mark;
}

function Row({ name, choices, labels, markOf }: RowProps) {
  return (
    <tr>
      <th scope="row">{name}</th>
      {labels.map((label) => {
        const mark = markOf(label);
        return (
          <td key={label.id} className={mark === undefined ? table.dim : undefined}>
            {textOf(choices, mark)}
          </td>
        );
      })}
    </tr>
  );
}
