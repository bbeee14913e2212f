import table from "../../../shared/components/data-table.module.css";
import { type Comparison, number } from "../lib/figures";
import classes from "./concept-comparison.module.css";
import { FigureTable } from "./figure-table";

/** Groups that both have, held against each other; below, what only one of them has. */
export function ConceptComparison({ comparison }: { comparison: Comparison }) {
  const { concepts, figures } = comparison;
  const names = new Map(concepts.groups.map(({ key, name }) => [`concept_bmac.${key}`, name]));
  const shared = figures.filter(({ key }) => names.has(key));
  const options = concepts.groups.filter(
    ({ only_a, only_b }) => only_a.length > 0 || only_b.length > 0,
  );
  return (
    <>
      {shared.length > 0 ? (
        <FigureTable caption="Concept groups of both" figures={shared} names={names} />
      ) : (
        <p className={table.empty}>The two concept sets have no group in common.</p>
      )}
      <OnlyOne letter="A" keys={concepts.only_a} model={comparison.a} />
      <OnlyOne letter="B" keys={concepts.only_b} model={comparison.b} />
      {options.length > 0 && (
        <ul className={classes.notes}>
          {options.map(({ key, name, only_a, only_b }) => (
            <li key={key}>
              {name}: {differences(only_a, only_b)}. Images with such an option count for neither
              unless both sets know it.
            </li>
          ))}
        </ul>
      )}
      {concepts.same && (
        <p className={classes.same}>Both have the same concept groups and options.</p>
      )}
    </>
  );
}

function differences(onlyA: readonly string[], onlyB: readonly string[]): string {
  return [
    onlyA.length > 0 ? `only A has ${onlyA.join(", ")}` : "",
    onlyB.length > 0 ? `only B has ${onlyB.join(", ")}` : "",
  ]
    .filter(Boolean)
    .join("; ");
}

interface OnlyOneProps {
  letter: "A" | "B";
  keys: readonly string[];
  model: Comparison["a"];
}

/** Groups without a counterpart, each with the figure that its own model has. */
function OnlyOne({ letter, keys, model }: OnlyOneProps) {
  if (keys.length === 0) {
    return null;
  }
  return (
    <p className={classes.only}>
      Only {letter} has{" "}
      {keys
        .map((key) => `${key} (concept BMAC ${number(model.concept_bmac[key] ?? null)})`)
        .join(", ")}
      .
    </p>
  );
}
