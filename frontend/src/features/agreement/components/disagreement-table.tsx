import { Link } from "react-router";
import type { Disagreement } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { subjectOf } from "../lib/subjects";

interface DisagreementTableProps {
  disagreements: readonly Disagreement[];
  /** Of groups and the class, by their keys. */
  names: ReadonlyMap<string, string>;
  /** Whether to say who marked it: not where everything is one's own. */
  withAuthor: boolean;
}

/** Each answer of a person that is not the model's, with the way to the case. */
export function DisagreementTable({ disagreements, names, withAuthor }: DisagreementTableProps) {
  return (
    <table className={table.table}>
      <caption className="visually-hidden">Disagreements</caption>
      <thead>
        <tr>
          <th scope="col">Case</th>
          <th scope="col">Group</th>
          <th scope="col">Person</th>
          <th scope="col">Model</th>
          {withAuthor && <th scope="col">Marked by</th>}
        </tr>
      </thead>
      <tbody>
        {disagreements.map((entry) => (
          <tr key={`${entry.prediction_id} ${entry.author.id} ${subjectOf(entry)}`}>
            <th scope="row">
              <Link
                className={table.link}
                to={`/cases/${entry.case_id}?prediction=${entry.prediction_id}`}
              >
                {entry.pseudonym}
              </Link>
            </th>
            <td className={table.dim}>{names.get(subjectOf(entry)) ?? subjectOf(entry)}</td>
            <td>{entry.person}</td>
            <td>{entry.model}</td>
            {withAuthor && <td className={table.dim}>{entry.author.name}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
