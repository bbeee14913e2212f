import type { ReactNode } from "react";
import { formatCount } from "../../shared/lib/format";
import page from "./page.module.css";

interface PageBarProps {
  title: string;
  /** How many the page lists, once that is known; in words where it needs some. */
  count?: number | string | undefined;
  /** Beside the title. */
  children?: ReactNode;
  /** At the end of the line. */
  actions?: ReactNode;
  /** Nothing closes it off where filters or tabs follow. */
  open?: boolean;
}

/** The line at the top of a page that lists something. */
export function PageBar({ title, count, children, actions, open = false }: PageBarProps) {
  return (
    <div className={page.bar} data-open={open}>
      <h1 className={page.title}>{title}</h1>
      {count !== undefined && (
        <span className={page.count}>{typeof count === "number" ? formatCount(count) : count}</span>
      )}
      {children}
      {actions && <div className={page.actions}>{actions}</div>}
    </div>
  );
}
