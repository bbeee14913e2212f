import { IconArrowsExchange, IconEqual } from "@tabler/icons-react";
import { useEffect, useRef, useState } from "react";
import { formatPercent } from "../../../shared/lib/format";
import type { Bench } from "../lib/bench";
import type { Decision } from "../lib/decide";
import { flipWords } from "../lib/words";
import classes from "./decision-line.module.css";

interface AnnouncementProps {
  bench: Bench;
  decision: Decision;
}

interface DecisionLineProps extends AnnouncementProps {
  /** The scores of a painted region are on their way. */
  outdated: boolean;
}

/** What the model decides now. A change of it is said once, to screen readers too, and not with every move. */
export function DecisionLine({ bench, decision, outdated }: DecisionLineProps) {
  const { predicted } = decision;
  const probability = formatPercent(decision.probabilities[predicted] ?? 0);
  const name = bench.classes[predicted]?.name ?? "?";
  const changed = predicted !== bench.predicted;
  const Icon = changed ? IconArrowsExchange : IconEqual;
  return (
    <>
      <p className={classes.line} data-changed={changed}>
        <Icon size={15} aria-hidden />
        {changed
          ? `Decision changed: ${bench.classes[bench.predicted]?.name ?? "?"} → ${name}, ${probability}`
          : `Decision as predicted: ${name}, ${probability}`}
        {outdated && <span className={classes.dim}>(the region is being recomputed)</span>}
      </p>
      <FlipAnnouncement bench={bench} decision={decision} />
    </>
  );
}

function FlipAnnouncement({ bench, decision }: AnnouncementProps) {
  const before = useRef(decision.predicted);
  const [words, setWords] = useState("");
  useEffect(() => {
    const { predicted, probabilities } = decision;
    if (predicted !== before.current) {
      const share = probabilities[predicted] ?? 0;
      setWords(flipWords(bench.head, before.current, predicted, bench.predicted, share));
      before.current = predicted;
    }
  }, [bench, decision]);
  return (
    <p className="visually-hidden" role="status" data-announcement="decision">
      {words}
    </p>
  );
}
