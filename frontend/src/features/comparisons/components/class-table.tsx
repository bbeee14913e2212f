import { Fragment } from "react";
import table from "../../../shared/components/data-table.module.css";
import { type Comparison, ends, figureOf, number } from "../lib/figures";
import classes from "./class-table.module.css";
import { VerdictMark } from "./verdict-mark";

type ClassShares = Comparison["a"]["classes"][number];
type Share = ClassShares["sensitivity"];

const SHARES = [
  { key: "sensitivity", name: "Sensitivity" },
  { key: "specificity", name: "Specificity" },
  { key: "ppv", name: "Positive predictive value" },
] as const;

/** Each class against the rest, of both models, with Wilson's intervals. */
export function ClassTable({ comparison }: { comparison: Comparison }) {
  const ofB = new Map(comparison.b.classes.map((entry) => [entry.key, entry]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to
    <section className={table.scroll} aria-label="Classes, table" tabIndex={0}>
      <table className={`${table.table} ${classes.classes}`}>
        <caption className="visually-hidden">Figures of each class</caption>
        <thead>
          <tr>
            <td />
            {SHARES.map(({ key, name }) => (
              <th key={key} scope="colgroup" colSpan={3} className={classes.span}>
                {name}
              </th>
            ))}
          </tr>
          <tr>
            <th scope="col">Class</th>
            {SHARES.map(({ key }) => (
              <Fragment key={key}>
                <th scope="col" className={classes.first}>
                  A
                </th>
                <th scope="col">B</th>
                <th scope="col">Verdict</th>
              </Fragment>
            ))}
          </tr>
        </thead>
        <tbody>
          {comparison.a.classes.map((a) => (
            <tr key={a.key}>
              <th scope="row" className={classes.name}>
                {a.name}
              </th>
              {SHARES.map(({ key }) => (
                <Fragment key={key}>
                  <td className={classes.first}>
                    <ShareText share={a[key]} />
                  </td>
                  <td>
                    <ShareText share={ofB.get(a.key)?.[key]} />
                  </td>
                  <td>
                    <ClassVerdict comparison={comparison} figure={`${key}.${a.key}`} />
                  </td>
                </Fragment>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function ShareText({ share }: { share: Share | undefined }) {
  if (!share || share.value === null) {
    return <span className={table.dim}>none</span>;
  }
  return (
    <span className={classes.share} title={`${share.count} of ${share.of} images`}>
      <span className={classes.value}>{number(share.value)}</span>
      <span className={classes.note}>{ends(share.interval)}</span>
      <span className={classes.note}>
        {share.count} of {share.of}
      </span>
    </span>
  );
}

function ClassVerdict({ comparison, figure }: { comparison: Comparison; figure: string }) {
  const found = figureOf(comparison, figure);
  return <VerdictMark verdict={found?.verdict ?? "unknown"} title={found?.sentence ?? ""} />;
}
