import { IconCheck, IconCircleHalf2, IconMinus, IconX } from "@tabler/icons-react";
import { countedWords, type TrustVerdict, VERDICT_WORDS } from "../lib/verdicts";
import classes from "./verdict-mark.module.css";

const ICONS: Record<TrustVerdict, typeof IconCheck> = {
  holds: IconCheck,
  partly: IconCircleHalf2,
  fails: IconX,
  unmeasured: IconMinus,
};

interface VerdictMarkProps {
  verdict: TrustVerdict;
  /** Of how many tests; left away for one of them. */
  count?: number;
}

/** How a test ended, by icon and words as well as by colour. */
export function VerdictMark({ verdict, count }: VerdictMarkProps) {
  const Icon = ICONS[verdict];
  return (
    <span className={classes.verdict} data-verdict={verdict}>
      <Icon size={14} aria-hidden />{" "}
      {count === undefined ? VERDICT_WORDS[verdict] : countedWords(verdict, count)}
    </span>
  );
}
