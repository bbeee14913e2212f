import type { TrainingRunDetail } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { Tag } from "../../../shared/components/tag";
import { formatNumber } from "../../../shared/lib/format";
import { formatDuration } from "../lib/duration";
import classes from "./epoch-table.module.css";

const number = (value: number | null | undefined, digits = 3) =>
  value === null || value === undefined ? "–" : formatNumber(value, digits);

/** 0.00075, or 1.2e-6 where decimals would not show it. */
function rate(value: number | null): string {
  if (value === null) {
    return "–";
  }
  return value !== 0 && value < 1e-5
    ? value.toExponential(1)
    : String(Number(value.toPrecision(3)));
}

/** What every epoch came to, the latest first. */
export function EpochTable({ epochs }: { epochs: TrainingRunDetail["epochs"] }) {
  if (epochs.length === 0) {
    return <p className={table.empty}>No epoch has ended.</p>;
  }
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <section className={classes.scroll} aria-label="Table of epochs" tabIndex={0}>
      <table className={`${table.table} ${classes.epochs}`}>
        <caption className="visually-hidden">Epochs, the latest first</caption>
        <thead>
          <tr>
            <th scope="col">Epoch</th>
            <th scope="col">Training loss</th>
            <th scope="col" title="Balanced accuracy, validation">
              Class BMAC
            </th>
            <th scope="col" title="Balanced accuracy, validation">
              Concept BMAC
            </th>
            <th scope="col" title="Effective rank of the tokens, validation">
              Rank
            </th>
            <th scope="col">Learning rate</th>
            <th scope="col">Time</th>
            <th scope="col">Images/s</th>
          </tr>
        </thead>
        <tbody>
          {epochs.toReversed().map((epoch) => (
            <tr key={epoch.epoch} className={epoch.best ? classes.best : undefined}>
              <th scope="row">
                {epoch.epoch} {epoch.best && <Tag tone="accent">kept</Tag>}
              </th>
              <td>{number(epoch.losses.total)}</td>
              <td>{number(epoch.validation.class_bmac)}</td>
              <td>{number(epoch.validation.concept_bmac)}</td>
              <td>{number(epoch.rank_validation, 1)}</td>
              <td>{rate(epoch.learning_rate)}</td>
              <td>{epoch.seconds === null ? "–" : formatDuration(epoch.seconds)}</td>
              <td>{number(epoch.images_per_second, 0)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
