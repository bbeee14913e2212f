import { Button } from "@mantine/core";
import { useMemo } from "react";
import { formatCount } from "../../../shared/lib/format";
import type { UploadQueue } from "../hooks/use-upload-queue";
import { shareDone } from "../lib/upload-report";
import { isUnfinished, type Upload } from "../lib/uploads";
import { UploadBatch } from "./upload-batch";
import { UploadRow } from "./upload-row";
import classes from "./upload-tray.module.css";

/** With more files the numbers change too often to be read out; every tenth is said instead. */
const READ_OUT_EACH = 10;

/** The uploads of this window: single files, and folders and zips as batches. */
export function UploadTray({ queue }: { queue: UploadQueue }) {
  const { uploads, batches, away, clearFinished } = queue;
  const byBatch = useMemo(() => groupByBatch(uploads), [uploads]);
  if (uploads.length + batches.length === 0) {
    return null;
  }
  const unfinished = uploads.filter(isUnfinished).length;
  const isFinished = unfinished === 0 && batches.every(({ reading }) => !reading);
  const words = summary(uploads, unfinished, isFinished);
  const isReadOut = isFinished || uploads.length <= READ_OUT_EACH;
  const single = byBatch.get(null) ?? [];
  return (
    <aside className={classes.tray} aria-label="Uploads">
      <div className={classes.header}>
        <span role={isReadOut ? "status" : undefined}>{words}</span>
        {!isReadOut && (
          <span className="visually-hidden" role="status">
            {`${Math.floor(10 * shareDone(uploads))}0 % of the files are through`}
          </span>
        )}
        <Button variant="subtle" color="gray" size="compact-xs" onClick={clearFinished}>
          {isFinished ? "Close" : "Hide finished"}
        </Button>
      </div>
      {away && <ServerAway onTryNow={queue.tryNow} />}
      <div className={classes.content}>
        {batches.map((batch) => (
          <UploadBatch
            key={batch.id}
            batch={batch}
            uploads={byBatch.get(batch.id) ?? []}
            queue={queue}
          />
        ))}
        {single.length > 0 && (
          <ul className={classes.list}>
            {single.map((upload) => (
              <UploadRow
                key={upload.id}
                upload={upload}
                onRetry={queue.retry}
                onRemove={queue.remove}
              />
            ))}
          </ul>
        )}
      </div>
    </aside>
  );
}

function ServerAway({ onTryNow }: { onTryNow: () => void }) {
  return (
    <div className={classes.away} role="alert">
      <span>
        Interrupted: the Vitrine server does not answer. Sending goes on by itself as soon as it
        does.
      </span>
      <Button variant="default" size="compact-xs" onClick={onTryNow}>
        Send again
      </Button>
    </div>
  );
}

function groupByBatch(uploads: readonly Upload[]): Map<number | null, Upload[]> {
  const groups = new Map<number | null, Upload[]>();
  for (const upload of uploads) {
    const group = groups.get(upload.batch);
    if (group) {
      group.push(upload);
    } else {
      groups.set(upload.batch, [upload]);
    }
  }
  return groups;
}

function summary(uploads: readonly Upload[], unfinished: number, isFinished: boolean): string {
  const failed = uploads.filter(({ status }) => status === "failed").length;
  const files = uploads.length === 1 ? "1 file" : `${formatCount(uploads.length)} files`;
  const rest = isFinished ? "finished" : `${formatCount(unfinished)} still going`;
  return `${files}, ${rest}${failed > 0 ? `, ${formatCount(failed)} failed` : ""}`;
}
