import { Fragment } from "react";
import { Link } from "react-router";
import type { TrainingRunDetail } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { lineageFacts } from "../lib/lineage";
import classes from "./lineage-list.module.css";

/** What the run was made of. */
export function LineageList({ run }: { run: TrainingRunDetail }) {
  return (
    <dl className={classes.facts}>
      {lineageFacts(run).map(({ term, value, to }) => (
        <Fragment key={term}>
          <dt>{term}</dt>
          <dd>
            {to ? (
              <Link className={table.link} to={to}>
                {value}
              </Link>
            ) : (
              value
            )}
          </dd>
        </Fragment>
      ))}
    </dl>
  );
}
