import { Select } from "@mantine/core";
import { Link } from "react-router";
import { capitalized, formatDateTime, formatPercent } from "../../shared/lib/format";
import classes from "./compare-page.module.css";
import type { Place, Side } from "./side";

interface SideHeadingProps {
  place: Place;
  side: Side;
  sides: readonly Side[];
  onChoose: (ref: string) => void;
}

/** What stands on a side, and the menu to put something else there. */
export function SideHeading({ place, side, sides, onChoose }: SideHeadingProps) {
  const { kind, model, prediction, createdAt, createdBy } = side;
  return (
    <section className={classes.heading} aria-label={`${capitalized(place)}: ${sideTitle(side)}`}>
      <Select
        aria-label={`On the ${place}`}
        data={menu(sides)}
        value={side.ref}
        allowDeselect={false}
        maxDropdownHeight={320}
        onChange={(ref) => ref && onChoose(ref)}
      />
      <h2 className={classes.kind}>{sideTitle(side)}</h2>
      <p className={classes.facts}>
        {kind === "intervention"
          ? `By ${createdBy ?? "somebody whose account is gone"}, ${formatDateTime(createdAt)}, on the ${
              prediction
                ? `prediction of ${formatDateTime(prediction.created_at)}`
                : "prediction that is no longer listed"
            }, model `
          : `${formatDateTime(createdAt)}, model `}
        <Link to={`/models/${model.id}`}>{model.name}</Link>
      </p>
      {side.edits.length > 0 && (
        <ol className={classes.edits} aria-label="Edits, in order">
          {side.edits.map((words, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same edit may come twice, and the list never changes
            <li key={at}>{words}</li>
          ))}
        </ol>
      )}
      {side.note && <p className={classes.note}>{side.note}</p>}
    </section>
  );
}

export function sideTitle({ kind }: Pick<Side, "kind">): string {
  return kind === "intervention" ? "Intervention" : "Prediction";
}

function menu(sides: readonly Side[]) {
  const items = (kind: Side["kind"]) =>
    sides
      .filter((side) => side.kind === kind)
      .map((side) => ({ value: side.ref, label: sideLabel(side) }));
  return [
    { group: "Predictions", items: items("prediction") },
    { group: "Interventions", items: items("intervention") },
  ].filter((group) => group.items.length > 0);
}

/** "2026-11-21 10:31 · Anna Weber · Margin: spiculated → Malignant 71.0 %". */
function sideLabel(side: Side): string {
  const top = side.classes.find(({ key }) => key === side.predictedClass);
  const outcome = top ? `${top.name} ${formatPercent(top.probability)}` : "";
  const [first, ...others] = side.edits;
  const more = others.length > 0 ? ` and ${others.length} more` : "";
  const middle =
    side.kind === "intervention"
      ? `${side.createdBy ?? "unknown"} · ${first ?? "no edits"}${more} →`
      : `${side.model.name} ·`;
  return `${formatDateTime(side.createdAt)} · ${middle} ${outcome}`;
}
