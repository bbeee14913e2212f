import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { Link } from "react-router";
import { formatBytes } from "../../../shared/lib/format";
import type { UploadQueue } from "../hooks/use-upload-queue";
import { isUnfinished, statusWords, type Upload } from "../lib/uploads";
import classes from "./upload-tray.module.css";

/** Every file of the uploads of this window with its progress, and what is wrong with those that failed. */
export function UploadTray({ queue }: { queue: UploadQueue }) {
  const { uploads, clearFinished } = queue;
  if (uploads.length === 0) {
    return null;
  }
  const unfinished = uploads.filter(isUnfinished).length;
  const failed = uploads.filter(({ status }) => status === "failed").length;
  return (
    <aside className={classes.tray} aria-label="Uploads">
      <div className={classes.header}>
        <span role="status">{summary(uploads.length, unfinished, failed)}</span>
        <Button variant="subtle" color="gray" size="compact-xs" onClick={clearFinished}>
          {unfinished === 0 ? "Close" : "Hide finished"}
        </Button>
      </div>
      <ul className={classes.list}>
        {uploads.map((upload) => (
          <UploadRow key={upload.id} upload={upload} queue={queue} />
        ))}
      </ul>
    </aside>
  );
}

function UploadRow({ upload, queue }: { upload: Upload; queue: UploadQueue }) {
  const { file, status, created, problem } = upload;
  return (
    <li className={classes.row} data-status={status}>
      <div className={classes.line}>
        <span className={classes.name} title={file.name}>
          {created ? <Link to={`/cases/${created.id}`}>{file.name}</Link> : file.name}
        </span>
        <span className={classes.size}>{formatBytes(file.size)}</span>
        <span className={classes.status}>{statusWords(upload)}</span>
        <ActionIcon
          variant="subtle"
          color="gray"
          size={18}
          aria-label={`${status === "sending" ? "Cancel" : "Remove from this list:"} ${file.name}`}
          onClick={() => queue.remove(upload.id)}
        >
          <IconX size={13} />
        </ActionIcon>
      </div>
      <Progress upload={upload} />
      {problem && (
        <div className={classes.problem}>
          <span>{problem}</span>
          {created ? (
            <Link to={`/cases/${created.id}`}>Open the case</Link>
          ) : (
            <Button variant="default" size="compact-xs" onClick={() => queue.retry(upload.id)}>
              Send again
            </Button>
          )}
        </div>
      )}
    </li>
  );
}

function Progress({ upload }: { upload: Upload }) {
  const { file, sent, status } = upload;
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-label={`Upload of ${file.name}`}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(100 * sent)}
    >
      <div
        className={classes.fill}
        data-busy={status === "explaining" || (status === "sending" && sent === 1)}
        style={{ width: `${100 * sent}%` }}
      />
    </div>
  );
}

function summary(all: number, unfinished: number, failed: number): string {
  const files = all === 1 ? "1 file" : `${all} files`;
  const rest = unfinished > 0 ? `${unfinished} still going` : "finished";
  return `${files}, ${rest}${failed > 0 ? `, ${failed} failed` : ""}`;
}
