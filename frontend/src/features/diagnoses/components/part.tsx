import { type ReactNode, useId } from "react";
import classes from "./option-evidence.module.css";

/** A part of the evidence, under its heading. */
export function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={classes.part} aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {children}
    </section>
  );
}
