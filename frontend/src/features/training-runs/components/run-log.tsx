import { Button, Checkbox } from "@mantine/core";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useCallback, useEffect, useRef, useState } from "react";
import type { LogLine } from "../../../shared/api/types";
import { Section } from "../../../shared/components/section";
import { COPIED_MILLISECONDS, useCopy } from "../../../shared/hooks/use-copy";
import { formatDateTime } from "../../../shared/lib/format";
import classes from "./run-log.module.css";

/** 14:05:33 in local time. */
function timeOfDay(iso: string): string {
  const date = new Date(iso);
  const pad = (value: number) => String(value).padStart(2, "0");
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(":");
}

/** What a run has written, following the end until somebody scrolls up. */
export function RunLog({ lines }: { lines: readonly LogLine[] }) {
  const [follows, setFollows] = useState(true);
  const box = useRef<HTMLDivElement>(null);
  const text = useCallback(
    () => lines.map(({ at, text: said }) => `${formatDateTime(at)} ${said}`).join("\n"),
    [lines],
  );
  const { state, copy } = useCopy(text, COPIED_MILLISECONDS);
  const last = lines.at(-1)?.sequence;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new line scrolls
  useEffect(() => {
    if (follows && box.current) {
      box.current.scrollTop = box.current.scrollHeight;
    }
  }, [follows, last]);

  function onScroll() {
    const { scrollTop = 0, scrollHeight = 0, clientHeight = 0 } = box.current ?? {};
    setFollows(scrollHeight - scrollTop - clientHeight < 24);
  }

  return (
    <Section
      title="Log"
      actions={
        <div className={classes.bar}>
          <Checkbox
            size="xs"
            label="Follow"
            checked={follows}
            onChange={(event) => setFollows(event.currentTarget.checked)}
          />
          <Button
            variant="default"
            size="compact-xs"
            disabled={lines.length === 0}
            leftSection={
              state === "copied" ? (
                <IconCheck size={13} aria-hidden />
              ) : (
                <IconCopy size={13} aria-hidden />
              )
            }
            onClick={() => void copy()}
          >
            {state === "copied" ? "Copied" : "Copy"}
          </Button>
        </div>
      }
    >
      {/* Not announced line by line: that would never be silent. The status above the page's figures is. */}
      {/* biome-ignore-start lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to */}
      <div
        ref={box}
        className={classes.log}
        role="log"
        aria-live="off"
        aria-label="Log of the run"
        tabIndex={0}
        onScroll={onScroll}
      >
        {lines.length === 0 && <span className={classes.empty}>Nothing has been written yet.</span>}
        {lines.map(({ sequence, at, text: said }) => (
          <div key={sequence} className={classes.line}>
            <time className={classes.time} dateTime={at}>
              {timeOfDay(at)}
            </time>
            <span>{said}</span>
          </div>
        ))}
      </div>
      {/* biome-ignore-end lint/a11y/noNoninteractiveTabindex: see above */}
      {state === "failed" && (
        <p className={classes.problem} role="alert">
          The browser does not allow copying here. Select the lines and press Ctrl+C.
        </p>
      )}
    </Section>
  );
}
