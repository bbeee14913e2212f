import { IconLock, IconLockOpen, IconPencil, IconProgress } from "@tabler/icons-react";
import type { StudyStatus as Status } from "../../../shared/api/types";
import { STATUS_WORDS } from "../lib/words";
import classes from "./study-status.module.css";

const ICONS = {
  draft: IconPencil,
  publishing: IconProgress,
  open: IconLockOpen,
  closed: IconLock,
};

/** Where a study stands, by icon and words. */
export function StudyStatus({ status }: { status: Status }) {
  const Icon = ICONS[status];
  return (
    <span className={classes.status} data-status={status}>
      <Icon size={14} aria-hidden />
      {STATUS_WORDS[status]}
    </span>
  );
}
