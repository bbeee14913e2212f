import { Loader } from "@mantine/core";
import classes from "./busy.module.css";

/** A quiet "loading", in words. */
export function Busy({ children }: { children: string }) {
  return (
    <div className={classes.busy} role="status">
      <Loader size={14} color="var(--text-dim)" aria-hidden />
      <span>{children}</span>
    </div>
  );
}
