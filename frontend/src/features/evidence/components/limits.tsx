import { Notice } from "../../../shared/components/notice";
import classes from "./limits.module.css";

/** What the figures do not say, before any of them. */
export function Limits({ limits }: { limits: readonly string[] }) {
  return (
    limits.length > 0 && (
      <Notice tone="warning" title="What these figures do not say">
        <ul className={classes.limits}>
          {limits.map((limit) => (
            <li key={limit}>{limit}</li>
          ))}
        </ul>
      </Notice>
    )
  );
}
