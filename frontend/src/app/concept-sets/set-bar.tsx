import { IconArrowLeft } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Tag } from "../../shared/components/tag";
import classes from "./workspace.module.css";

interface SetBarProps {
  title: string;
  name: string;
  modality: string;
  /** Which revision, and what is not saved. */
  state: string;
  unsaved?: boolean;
  /** Buttons at the end of the line. */
  actions?: ReactNode;
}

export function SetBar({ title, name, modality, state, unsaved = false, actions }: SetBarProps) {
  return (
    <div className={classes.bar}>
      <Link to="/concept-sets" className={classes.back} aria-label="Back to the concept sets">
        <IconArrowLeft size={16} aria-hidden />
      </Link>
      <h1 className={classes.title}>{title}</h1>
      <span className={classes.name}>{name}</span>
      <Tag>{modality}</Tag>
      <span className={classes.state} data-unsaved={unsaved} role="status">
        {state}
      </span>
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}
