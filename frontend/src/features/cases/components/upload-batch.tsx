import { Button } from "@mantine/core";
import { type RefObject, useRef, useState } from "react";
import { formatCount } from "../../../shared/lib/format";
import type { UploadQueue } from "../hooks/use-upload-queue";
import {
  countUploads,
  needsAttention,
  reportCsv,
  reportWords,
  shareDone,
  type UploadCounts,
} from "../lib/upload-report";
import { type UploadBatch as Batch, mayTryAgain, type Upload } from "../lib/uploads";
import { ProgressLine, UploadRow } from "./upload-row";
import classes from "./upload-tray.module.css";

/** Lines that are drawn at a time: thousands would make the page slow, and nobody reads them. */
const ROWS_AT_A_TIME = 100;

const KIND_WORDS = { folder: "Folder", zip: "Zip", files: "Choice of" } as const;

interface UploadBatchProps {
  batch: Batch;
  uploads: readonly Upload[];
  queue: UploadQueue;
}

/** A folder, a zip or many files at once: how far it is, and at the end a report. */
export function UploadBatch({ batch, uploads, queue }: UploadBatchProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  const kind = KIND_WORDS[batch.kind];
  const counts = countUploads(uploads);
  return (
    <section className={classes.batch} aria-label={`${kind} ${batch.name}`}>
      <h2 className={classes.batchName} ref={heading} tabIndex={-1}>
        <span className={classes.kind}>{kind}</span> {batch.name}
      </h2>
      <BatchState batch={batch} counts={counts} />
      {uploads.length > 0 && (
        <ProgressLine label={`Upload of ${batch.name}`} share={shareDone(uploads)} />
      )}
      <BatchActions {...{ batch, uploads, counts, queue, heading }} />
      {uploads.length > 0 && <BatchRows batch={batch} uploads={uploads} onRetry={queue.retry} />}
    </section>
  );
}

function BatchState({ batch, counts }: { batch: Batch; counts: UploadCounts }) {
  if (batch.reading) {
    return (
      <p className={classes.batchState}>
        {batch.paused ? "Paused: not all of it has been read yet" : "Looking at what is in it"}
      </p>
    );
  }
  const files = `${formatCount(counts.all)} ${counts.all === 1 ? "file" : "files"}`;
  const through = formatCount(counts.all - counts.unfinished);
  const isFinished = counts.unfinished === 0;
  return (
    <>
      {counts.all > 0 && (
        <p className={classes.batchState}>
          {isFinished ? files : `${through} of ${files} through`}: {reportWords(counts)}
          {batch.paused && !isFinished && batch.pauseReason === null && (
            <strong> Paused: what is on its way still arrives.</strong>
          )}
        </p>
      )}
      {batch.pauseReason !== null && !isFinished && (
        <p className={classes.batchProblem} role="alert">
          Paused. {batch.pauseReason} Nothing more of it is sent until you press “Go on”.
        </p>
      )}
      {batch.problem && <p className={classes.batchProblem}>{batch.problem}</p>}
      {batch.leftOut > 0 && (
        <p className={classes.batchState}>
          {formatCount(batch.leftOut)} {batch.leftOut === 1 ? "file" : "files"} of the operating
          system or hidden, left out
        </p>
      )}
    </>
  );
}

interface BatchActionsProps extends UploadBatchProps {
  counts: UploadCounts;
  heading: RefObject<HTMLHeadingElement | null>;
}

function BatchActions({ batch, uploads, counts, queue, heading }: BatchActionsProps) {
  const { id, name, paused, reading } = batch;
  const unsent = uploads.some(({ status }) => status === "waiting" || status === "sending");
  const isFinished = !reading && counts.unfinished === 0;
  const cancel = () => {
    if (reading) {
      queue.removeBatch(id);
    } else {
      queue.cancelBatch(id);
      // The button goes; whoever pressed it with a key stays here.
      heading.current?.focus({ preventScroll: true });
    }
  };
  return (
    <div className={classes.actions}>
      {(reading || unsent) && (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`${paused ? "Go on with" : "Pause"} ${name}`}
          onClick={() => queue.pauseBatch(id, !paused)}
        >
          {paused ? "Go on" : "Pause"}
        </Button>
      )}
      {(reading || unsent) && (
        <Button variant="default" size="compact-xs" aria-label={`Cancel ${name}`} onClick={cancel}>
          Cancel
        </Button>
      )}
      {!unsent && uploads.some(mayTryAgain) && (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`Send failed ones of ${name} again`}
          onClick={() => queue.retryBatch(id)}
        >
          Send failed ones again
        </Button>
      )}
      {isFinished && counts.all > 0 && (
        <Button
          variant="default"
          size="compact-xs"
          aria-label={`Report of ${name}, CSV`}
          onClick={() => download(reportCsv(uploads, window.location.origin), "uploads.csv")}
        >
          Report, CSV
        </Button>
      )}
      {isFinished && (
        <Button
          variant="subtle"
          color="gray"
          size="compact-xs"
          aria-label={`Remove ${name} from this list`}
          onClick={() => queue.removeBatch(id)}
        >
          Remove
        </Button>
      )}
    </div>
  );
}

type Shown = "none" | "attention" | "all";

interface BatchRowsProps {
  batch: Batch;
  uploads: readonly Upload[];
  onRetry: (id: number) => void;
}

/** What needs somebody is open by itself; everything else on demand. */
function BatchRows({ batch, uploads, onRetry }: BatchRowsProps) {
  const [chosen, setChosen] = useState<Shown | null>(null);
  const [most, setMost] = useState(ROWS_AT_A_TIME);
  const attention = uploads.filter(needsAttention);
  const shown: Shown = chosen ?? (attention.length > 0 ? "attention" : "none");
  const listed = shown === "all" ? uploads : shown === "attention" ? attention : [];
  const toggle = (what: Shown) => {
    setChosen(shown === what ? "none" : what);
    setMost(ROWS_AT_A_TIME);
  };
  return (
    <>
      <div className={classes.actions}>
        {attention.length > 0 && (
          <Toggle opened={shown === "attention"} onClick={() => toggle("attention")}>
            {`To look at (${formatCount(attention.length)})`}
          </Toggle>
        )}
        <Toggle opened={shown === "all"} onClick={() => toggle("all")}>
          {`All files (${formatCount(uploads.length)})`}
        </Toggle>
      </div>
      {listed.length > 0 && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
        <ul className={classes.rows} aria-label="Files" tabIndex={0}>
          {listed.slice(0, most).map((upload) => (
            <UploadRow key={upload.id} upload={upload} onRetry={onRetry} folder={batch.name} />
          ))}
          {listed.length > most && (
            <li className={classes.row}>
              <Button
                variant="default"
                size="compact-xs"
                onClick={() => setMost(most + ROWS_AT_A_TIME)}
              >
                {`Show more (${formatCount(listed.length - most)} left)`}
              </Button>
            </li>
          )}
        </ul>
      )}
    </>
  );
}

interface ToggleProps {
  opened: boolean;
  onClick: () => void;
  children: string;
}

function Toggle({ opened, onClick, children }: ToggleProps) {
  return (
    <Button
      variant={opened ? "light" : "subtle"}
      color="gray"
      size="compact-xs"
      aria-expanded={opened}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}

function download(text: string, name: string): void {
  // With a byte order mark, without which spreadsheets take UTF-8 for something else.
  const address = URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
