import {
  IconArrowDownRight,
  IconArrowUpRight,
  IconEqual,
  IconMinus,
  IconQuestionMark,
} from "@tabler/icons-react";
import { type Verdict, verdictWords } from "../lib/figures";
import classes from "./verdict-mark.module.css";

const ICONS: Record<Verdict, typeof IconEqual> = {
  better: IconArrowUpRight,
  worse: IconArrowDownRight,
  undecided: IconQuestionMark,
  same: IconEqual,
  unknown: IconMinus,
};

/** What the data say of B, by icon and word as well as by colour. */
export function VerdictMark({ verdict, title }: { verdict: Verdict; title?: string }) {
  const Icon = ICONS[verdict];
  return (
    <span className={classes.verdict} data-verdict={verdict} title={title}>
      <Icon size={13} aria-hidden /> {verdictWords(verdict)}
    </span>
  );
}
