import type { ReactNode } from "react";
import classes from "./tag.module.css";

interface TagProps {
  tone?: "neutral" | "accent" | "warning";
  title?: string;
  children: ReactNode;
}

/** A short word beside something: "Synthetic image", "predicted", "on the path". */
export function Tag({ tone = "neutral", title, children }: TagProps) {
  return (
    <span className={classes.tag} data-tone={tone} title={title}>
      {children}
    </span>
  );
}
