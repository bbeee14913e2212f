import type { ReactNode } from "react";
import classes from "./page-message.module.css";

/** A whole page that only says something. */
export function PageMessage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={classes.message}>
      <h1>{title}</h1>
      {children}
    </div>
  );
}
