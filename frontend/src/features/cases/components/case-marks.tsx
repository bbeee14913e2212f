import { Tooltip } from "@mantine/core";
import type { Case } from "../../../shared/api/types";
import { visibilityWords } from "../lib/sharing";
import classes from "./case-table.module.css";
import { VISIBILITY_ICONS } from "./sharing";

interface CaseMarksProps {
  entry: Case;
  /** Who looks at the list. */
  accountId: string;
}

/** Whose a case is, when it is not one's own, and who sees it, when it is not private. */
export function CaseMarks({ entry, accountId }: CaseMarksProps) {
  const { owner, visibility } = entry;
  const foreign = owner !== null && owner.id !== accountId;
  if (!foreign && visibility === "private") {
    return null;
  }
  const Icon = VISIBILITY_ICONS[visibility];
  const words = visibilityWords(entry);
  const seenBy = visibility === "private" ? "Private" : `Seen by: ${words}`;
  return (
    <Tooltip label={foreign ? `Belongs to ${owner.name}. ${seenBy}` : seenBy}>
      <span className={classes.marks}>
        <Icon size={13} aria-hidden />
        <span className="visually-hidden">{seenBy}</span>
        {foreign ? (
          <span>
            <span className="visually-hidden">Belongs to </span>
            {owner.name}
          </span>
        ) : (
          <span aria-hidden>{words}</span>
        )}
      </span>
    </Tooltip>
  );
}
