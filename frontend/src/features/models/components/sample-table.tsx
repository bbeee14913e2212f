import table from "../../../shared/components/data-table.module.css";
import { formatCount, formatNumber } from "../../../shared/lib/format";
import type { sampleOf } from "../lib/codes";
import classes from "./sample-table.module.css";

interface SampleTableProps {
  sample: ReturnType<typeof sampleOf>;
  axes: readonly [string, string, string];
  nameOf: (code: number) => string | null;
}

/** What the cloud shows, without looking: how many tokens a code has, where it lies, and which code is next to it. */
export function SampleTable({ sample, axes, nameOf }: SampleTableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to
    <section className={table.scroll} aria-label="Codes of the sample, table" tabIndex={0}>
      <table className={`${table.table} ${classes.sample}`}>
        <caption className="visually-hidden">Codes of the sample</caption>
        <thead>
          <tr>
            <th scope="col">Code</th>
            <th scope="col">Tokens</th>
            <th scope="col">Nearest code</th>
            {axes.map((axis) => (
              <th key={axis} scope="col">
                {axis.length > 1 ? axis : `Axis ${axis}`}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sample.map(({ code, tokens, place, nearest }) => (
            <tr key={code}>
              <th scope="row" title={nameOf(code) ?? "no measured association"}>
                {code}
              </th>
              <td>{formatCount(tokens)}</td>
              <td className={table.line}>
                {nearest ? `${nearest.code}, at ${formatNumber(nearest.distance)}` : "—"}
              </td>
              {place.map((value, axis) => (
                <td key={axes[axis]}>{formatNumber(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
