import { Link } from "react-router";
import table from "../../../shared/components/data-table.module.css";
import { ShareBar } from "../../../shared/components/share-bar";
import { formatNumber } from "../../../shared/lib/format";
import type { Subject } from "../lib/subjects";
import { ShareOf } from "./share-of";
import classes from "./subject-table.module.css";

interface SubjectTableProps {
  subjects: readonly Subject[];
  /** Key of the one that is looked at; null: all. */
  chosen: string | null;
  addressOf: (key: string | null) => string;
}

/** How often people and the model say the same, in each group and in the class. */
export function SubjectTable({ subjects, chosen, addressOf }: SubjectTableProps) {
  return (
    <table className={`${table.table} ${classes.subjects}`}>
      <caption className="visually-hidden">Agreement by group and in the class</caption>
      <thead>
        <tr>
          <th scope="col">Group</th>
          <th scope="col">Same answer</th>
          <th scope="col" className={classes.bar}>
            <span className="visually-hidden">Bar</span>
          </th>
          <th scope="col" className={classes.number}>
            Kappa
          </th>
        </tr>
      </thead>
      <tbody>
        {subjects.map((subject) => {
          const { key, name, labelled, agreed, kappa } = subject;
          const isChosen = key === chosen;
          return (
            <tr key={key} data-chosen={isChosen} className={classes.row}>
              <th scope="row">
                <Link
                  className={classes.link}
                  to={addressOf(isChosen ? null : key)}
                  aria-current={isChosen || undefined}
                  preventScrollReset
                >
                  {name}
                </Link>
              </th>
              <td>
                <ShareOf count={agreed} of={labelled} />
              </td>
              <td className={classes.bar}>
                {labelled > 0 && <ShareBar share={agreed / labelled} strong />}
              </td>
              <td className={classes.number}>{kappa === null ? "—" : formatNumber(kappa)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
