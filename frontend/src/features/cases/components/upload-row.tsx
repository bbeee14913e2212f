import { ActionIcon, Button } from "@mantine/core";
import { IconX } from "@tabler/icons-react";
import { memo } from "react";
import { Link } from "react-router";
import { formatBytes } from "../../../shared/lib/format";
import { reasonOf } from "../lib/upload-report";
import { mayTryAgain, statusWords, type Upload } from "../lib/uploads";
import classes from "./upload-tray.module.css";

interface UploadRowProps {
  upload: Upload;
  onRetry: (id: number) => void;
  /** Name of the folder that its path begins with and that stands above it; none: the whole path is shown. */
  folder?: string;
  /** Left away in a batch, whose report names every file. */
  onRemove?: (id: number) => void;
}

/** A file with its progress, its case, and what is wrong with it. Only what changes is drawn again. */
export const UploadRow = memo(function UploadRow(props: UploadRowProps) {
  const { upload, onRetry, onRemove } = props;
  const { id, source, status, created } = upload;
  const place = <Place path={source.path} folder={props.folder} />;
  const reason = reasonOf(upload);
  return (
    <li className={classes.row} data-status={status}>
      <div className={classes.line}>
        <span className={classes.name} title={source.path}>
          {created ? <Link to={`/cases/${created.id}`}>{place}</Link> : place}
        </span>
        <span className={classes.size}>{formatBytes(source.size)}</span>
        <span className={classes.status}>{statusWords(upload)}</span>
        {onRemove && (
          <ActionIcon
            variant="subtle"
            color="gray"
            size={18}
            aria-label={`${status === "sending" ? "Cancel" : "Remove from this list:"} ${source.name}`}
            onClick={() => onRemove(id)}
          >
            <IconX size={13} />
          </ActionIcon>
        )}
      </div>
      <RowProgress upload={upload} />
      {reason && (
        <div className={classes.problem}>
          <span>{reason}</span>
          <WhatToDo upload={upload} onRetry={onRetry} />
        </div>
      )}
    </li>
  );
});

/** The folders before the name make room first where the line is too narrow. */
function Place({ path, folder }: { path: string; folder: string | undefined }) {
  const inside = folder !== undefined && path.startsWith(`${folder}/`);
  const shown = inside ? path.slice(folder.length + 1) : path;
  const end = shown.lastIndexOf("/") + 1;
  return (
    <span className={classes.place}>
      {end > 0 && <span className={classes.folders}>{shown.slice(0, end)}</span>}
      <span className={classes.file}>{shown.slice(end)}</span>
    </span>
  );
}

function WhatToDo({ upload, onRetry }: Pick<UploadRowProps, "upload" | "onRetry">) {
  const { id, created } = upload;
  if (created) {
    return <Link to={`/cases/${created.id}`}>Open the case</Link>;
  }
  return mayTryAgain(upload) ? (
    <Button variant="default" size="compact-xs" onClick={() => onRetry(id)}>
      Send again
    </Button>
  ) : null;
}

function RowProgress({ upload }: { upload: Upload }) {
  const { source, sent, status, isFinal } = upload;
  if (isFinal) {
    return null;
  }
  const busy = status === "explaining" || (status === "sending" && sent === 1);
  return <ProgressLine label={`Upload of ${source.path}`} share={sent} busy={busy} />;
}

interface ProgressLineProps {
  label: string;
  /** 0 to 1. */
  share: number;
  busy?: boolean;
}

export function ProgressLine({ label, share, busy = false }: ProgressLineProps) {
  return (
    <div
      className={classes.track}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.floor(100 * share)}
    >
      <div className={classes.fill} data-busy={busy} style={{ width: `${100 * share}%` }} />
    </div>
  );
}
