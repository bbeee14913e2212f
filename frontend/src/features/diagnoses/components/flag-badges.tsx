import { IconCopy, IconMapPinOff, IconMoon } from "@tabler/icons-react";
import type { ConceptFlag } from "../../../shared/api/types";
import { FLAG_KINDS, type FlagKind } from "../lib/evidence";
import { FLAG_NAMES, flagNumber } from "../lib/words";
import classes from "./flag-badges.module.css";

const ICONS = { dormant: IconMoon, redundant: IconCopy, not_localized: IconMapPinOff };

/** Short marks beside an option; the icon and the words for assistive technology say which, the title says why. */
export function FlagBadges({ flags }: { flags: readonly ConceptFlag[] }) {
  if (flags.length === 0) {
    return null;
  }
  return (
    <span className={classes.badges}>
      {FLAG_KINDS.map((kind) => {
        const flag = flags.find((each) => each.kind === kind);
        return flag && <FlagBadge key={kind} flag={flag} />;
      })}
    </span>
  );
}

function FlagBadge({ flag }: { flag: ConceptFlag }) {
  return (
    <span className={classes.badge} title={flag.reason}>
      <FlagIcon kind={flag.kind} />
      <span className="visually-hidden">{FLAG_NAMES[flag.kind]} </span>
      {flagNumber(flag).value.replace(/^[a-zA-Z ]+(?=[\d+−<>])/, "")}
    </span>
  );
}

export function FlagIcon({ kind, size = 11 }: { kind: FlagKind; size?: number }) {
  const Icon = ICONS[kind];
  return <Icon size={size} aria-hidden />;
}

/** For an option of the draft that the model does not have. */
export function NewBadge() {
  return (
    <span className={`${classes.badge} ${classes.new}`} title="New: no evidence before a training">
      new<span className="visually-hidden">, no evidence before a training</span>
    </span>
  );
}
