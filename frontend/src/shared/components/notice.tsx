import { IconAlertTriangle, IconCircleX, IconInfoCircle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./notice.module.css";

interface NoticeProps {
  tone: "info" | "warning" | "error";
  title: string;
  children?: ReactNode;
  /** Buttons. */
  actions?: ReactNode;
  /** Announce it to screen readers when it appears. */
  live?: boolean;
}

const ICONS = { info: IconInfoCircle, warning: IconAlertTriangle, error: IconCircleX };

/** A message with a tone, said by icon and words as well as by colour. */
export function Notice({ tone, title, children, actions, live = false }: NoticeProps) {
  const Icon = ICONS[tone];
  const role = live ? (tone === "error" ? "alert" : "status") : undefined;
  return (
    <div className={classes.notice} data-tone={tone} role={role}>
      <Icon size={16} className={classes.icon} aria-hidden />
      <div className={classes.body}>
        <p className={classes.title}>{title}</p>
        {children && <div className={classes.text}>{children}</div>}
        {actions && <div className={classes.actions}>{actions}</div>}
      </div>
    </div>
  );
}
