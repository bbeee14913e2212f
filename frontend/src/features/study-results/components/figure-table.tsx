import { type ReactNode, useContext } from "react";
import type { StudyEstimate } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { lettersOf } from "../lib/footnotes";
import classes from "./figures.module.css";
import { FootnoteContext, Footnotes } from "./footnotes";
import { PlaceContext } from "./place-context";

export interface Column {
  title: ReactNode;
  /** Key, where the title is no text. */
  key?: string;
  number?: boolean;
}

interface FigureTableProps {
  caption: string;
  columns: readonly Column[];
  /** Of all rows: their notes stand once under the table. */
  estimates?: readonly (StudyEstimate | null)[];
  /** Rows. */
  children: ReactNode;
}

/** A table of figures with its name over it; wide ones scroll sideways, not the page. */
export function FigureTable({ caption, columns, estimates = [], children }: FigureTableProps) {
  const letters = lettersOf(estimates);
  const place = useContext(PlaceContext);
  const label = place ? `${place}: ${caption}` : `${caption}, table`;
  return (
    <div className={classes.block}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls sideways, and the keyboard must be able to */}
      <section className={table.scroll} aria-label={label} tabIndex={0}>
        <table className={`${table.table} ${classes.figures}`}>
          <caption>{caption}</caption>
          <thead>
            <tr>
              {columns.map(({ title, key, number = false }) => (
                <th
                  key={key ?? String(title)}
                  scope="col"
                  className={number ? classes.number : undefined}
                >
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <FootnoteContext value={letters}>
            <tbody>{children}</tbody>
          </FootnoteContext>
        </table>
      </section>
      <Footnotes letters={letters} />
    </div>
  );
}
