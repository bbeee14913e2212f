import type { Agreement } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { formatCount } from "../../../shared/lib/format";
import { countOf } from "../lib/subjects";
import classes from "./intervention-table.module.css";
import { ShareOf } from "./share-of";

type Kind = keyof Agreement["interventions"];

const KINDS: readonly { kind: Kind; name: string; meaning: string }[] = [
  {
    kind: "stored",
    name: "As people intervened",
    meaning:
      "Their latest stored intervention on the prediction. Who edits may do so until the answer suits them, so this tells how the workbench is used, not how good the model is.",
  },
  {
    kind: "marked",
    name: "With what people marked",
    meaning:
      "Recomputed with every marked option made present that the model did not see. It tells what the model would say if it saw what the person sees; all else stays as the model has it.",
  },
];

/** How often the model's class is the person's, before and after interventions. */
export function InterventionTable({ interventions }: Pick<Agreement, "interventions">) {
  return (
    <table className={table.table}>
      <caption className="visually-hidden">
        How often the model says the person's class, before and after interventions
      </caption>
      <thead>
        <tr>
          <th scope="col">Intervention</th>
          <th scope="col">Before</th>
          <th scope="col">After</th>
        </tr>
      </thead>
      <tbody>
        {KINDS.map(({ kind, name, meaning }) => {
          const { labelled, before, after } = interventions[kind];
          return (
            <tr key={kind}>
              <th scope="row">
                <span className={table.strong}>{name}</span>
                <p className={classes.meaning}>{meaning}</p>
              </th>
              {labelled === 0 || before === null || after === null ? (
                <td colSpan={2} className={table.dim}>
                  none yet
                </td>
              ) : (
                <>
                  <td>
                    <ShareOf count={countOf(before, labelled)} of={labelled} />
                  </td>
                  <td>
                    <ShareOf count={countOf(after, labelled)} of={labelled} />
                    <p className={classes.meaning}>
                      {changeWords(countOf(after, labelled) - countOf(before, labelled))}
                    </p>
                  </td>
                </>
              )}
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

function changeWords(change: number): string {
  if (change === 0) {
    return "as many as before";
  }
  return `${formatCount(Math.abs(change))} ${change > 0 ? "more" : "fewer"}`;
}
