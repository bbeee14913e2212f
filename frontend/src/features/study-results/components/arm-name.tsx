import type { StudyResultArm } from "../../../shared/api/types";
import { Tag } from "../../../shared/components/tag";
import { armOf } from "../lib/rows";
import classes from "./figures.module.css";

interface ArmNameProps {
  arms: readonly StudyResultArm[];
  armKey: string;
}

export function ArmName({ arms, armKey }: ArmNameProps) {
  const arm = armOf(arms, armKey);
  return (
    <span className={classes.arm}>
      {arm?.name ?? armKey} {arm?.sham && <Tag tone="warning">sham</Tag>}
    </span>
  );
}
