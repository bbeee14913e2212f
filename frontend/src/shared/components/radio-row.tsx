import type { ComponentProps, ReactNode } from "react";
import classes from "./radio-row.module.css";

interface RadioRowProps extends Omit<ComponentProps<"input">, "type" | "className" | "children"> {
  checked: boolean;
  /** Chosen, it looks no different from the others: for what says nothing. */
  quiet?: boolean;
  children: ReactNode;
}

/** One of several choices, in a line as low as a line of text. */
export function RadioRow({ checked, quiet = false, title, children, ...input }: RadioRowProps) {
  return (
    <label className={classes.row} data-chosen={checked && !quiet} title={title}>
      <input {...input} type="radio" className={classes.radio} checked={checked} />
      {children}
    </label>
  );
}
