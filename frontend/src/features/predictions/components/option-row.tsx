import { ShareBar } from "../../../shared/components/share-bar";
import { formatNumber, formatPercent, formatSigned } from "../../../shared/lib/format";
import type { OptionRow as Row } from "../lib/contributions";
import type { GroupMarks } from "../lib/group-marks";
import classes from "./concept-rows.module.css";
import { Contribution } from "./contribution";

interface OptionRowProps {
  row: Row;
  className: string;
  scale: number;
  /** Whether its Grad-CAM is what stays in the viewer. */
  pinned: boolean;
  /** Written before the text where rows are not under their group. */
  showGroup: boolean;
  marks: GroupMarks | null;
  tabbable: boolean;
  onPin: () => void;
  onPreview: (on: boolean) => void;
}

/** One option: what the model makes of it, and what that does to the chosen class. */
export function OptionRow(props: OptionRowProps) {
  const { row, className, scale, pinned, showGroup, marks, tabbable, onPin, onPreview } = props;
  const { group, option, contribution, present } = row;
  return (
    <button
      type="button"
      className={classes.option}
      data-roving
      data-option={option.id}
      data-present={present}
      aria-pressed={pinned}
      aria-label={describe(row, className, showGroup ? marks : null)}
      tabIndex={tabbable ? 0 : -1}
      onClick={onPin}
      onMouseEnter={() => onPreview(true)}
      onMouseLeave={() => onPreview(false)}
      onFocus={() => onPreview(true)}
      onBlur={() => onPreview(false)}
    >
      <span className={classes.mark} title={present ? "The option the model sees" : undefined}>
        {present ? "●" : ""}
      </span>
      <span className={classes.text}>
        {showGroup && (
          <span className={classes.groupTag}>
            {marks && <span className={classes.tagMark}>{marks.within(group.key)}</span>}
            {group.name}:{" "}
          </span>
        )}
        {option.text}
      </span>
      <span className={classes.probability}>
        <ShareBar share={option.probability} strong={present} />
        <span className={classes.number}>{formatPercent(option.probability)}</span>
      </span>
      <span className={classes.score}>{formatNumber(option.score)}</span>
      <Contribution value={contribution} scale={scale} />
    </button>
  );
}

function describe(
  { group, option, contribution, present }: Row,
  className: string,
  marks: GroupMarks | null,
): string {
  const direction = contribution < 0 ? "against" : "for";
  const parts = [
    `${group.name}: ${option.text}`,
    present ? "seen by the model" : "",
    `probability ${formatPercent(option.probability)}`,
    `score ${formatNumber(option.score)}`,
    `${formatSigned(contribution)} ${direction} ${className}`,
    marks?.words(group.key),
  ];
  return parts.filter(Boolean).join(", ");
}
