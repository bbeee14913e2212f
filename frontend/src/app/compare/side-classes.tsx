import { ShareBar } from "../../shared/components/share-bar";
import { Tag } from "../../shared/components/tag";
import { formatPercent } from "../../shared/lib/format";
import classes from "./compare-page.module.css";
import type { Place, Side } from "./side";

/** The class probabilities of a side; of an intervention before and after its edits. */
export function SideClasses({ place, side }: { place: Place; side: Side }) {
  const edited = side.kind === "intervention";
  return (
    <table className={classes.classes}>
      <caption className="visually-hidden">Class probabilities on the {place}</caption>
      <thead>
        <tr>
          <th scope="col">Class</th>
          <td />
          {edited && <th scope="col">Before</th>}
          <th scope="col">{edited ? "After" : "Probability"}</th>
        </tr>
      </thead>
      <tbody>
        {side.classes.map(({ key, name, before, probability }) => {
          const predicted = key === side.predictedClass;
          return (
            <tr key={key} data-predicted={predicted}>
              <th scope="row">
                <span className={classes.className}>{name}</span>{" "}
                {predicted && <Tag>predicted</Tag>}
                {edited && key === side.baselineClass && !predicted && <Tag>predicted before</Tag>}
              </th>
              <td className={classes.share}>
                <ShareBar share={probability} strong={predicted} />
              </td>
              {edited && (
                <td className={classes.before}>
                  {before === null ? "" : `${formatPercent(before)} →`}
                </td>
              )}
              <td>{formatPercent(probability)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
