import classes from "./share-bar.module.css";

/** A share between 0 and 1 as a bar. The number always stands next to it, so the bar is silent. */
export function ShareBar({ share, strong = false }: { share: number; strong?: boolean }) {
  const width = `${100 * Math.min(1, Math.max(0, share))}%`;
  return (
    <span className={classes.track} aria-hidden>
      <span className={classes.fill} data-strong={strong} style={{ width }} />
    </span>
  );
}
