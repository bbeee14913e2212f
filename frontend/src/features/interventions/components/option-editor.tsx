import { IconAlertTriangle, IconRestore } from "@tabler/icons-react";
import { memo } from "react";
import { formatNumber } from "../../../shared/lib/format";
import { type BenchOption, isSeen } from "../lib/bench";
import { scoreScale } from "../lib/score-scale";
import type { Workbench } from "../lib/workbench";
import classes from "./group-editor.module.css";
import { ScoreField } from "./score-field";
import { ScoreSlider } from "./score-slider";

export interface OptionEditorProps {
  workbench: Workbench;
  option: BenchOption;
  /** Score as predicted, after the region edits, and now. */
  predicted: number;
  afterRegion: number;
  value: number;
  present: boolean;
  /** The only option of its group: a switch. */
  single: boolean;
  /** A value was set for this very option. */
  isSet: boolean;
  tabbable: boolean;
  onPresent: (optionId: string) => void;
  onFocus: (optionId: string) => void;
}

const CHOICE = {
  on: { role: "radio", "aria-checked": true },
  off: { role: "radio", "aria-checked": false },
} as const;
const SWITCH = {
  on: { role: "checkbox", "aria-checked": true },
  off: { role: "checkbox", "aria-checked": false },
} as const;

/** One option: whether it is the present one, its score, and what changed it. Memoised by plain values. */
export const OptionEditor = memo(function OptionEditor(props: OptionEditorProps) {
  const { workbench, option, predicted, afterRegion, value, present, single, isSet } = props;
  const { tabbable, onPresent, onFocus } = props;
  const edited = value !== afterRegion;
  const set = (next: number, gesture: string | null = null) =>
    workbench.add({ operation: "set", optionId: option.id, value: next }, gesture);
  const label = edited || afterRegion !== predicted ? `predicted ${formatNumber(predicted)}, ` : "";
  return (
    <div className={classes.option} data-present={present} data-edited={edited}>
      <button
        type="button"
        {...(single ? SWITCH : CHOICE)[present ? "on" : "off"]}
        aria-label={`${option.text}, ${label}score ${formatNumber(value)}`}
        className={classes.choose}
        data-roving
        data-option={option.id}
        tabIndex={tabbable ? 0 : -1}
        onClick={() => onPresent(option.id)}
        onFocus={() => onFocus(option.id)}
      >
        <span className={classes.mark} data-single={single} aria-hidden />
        <span className={classes.text}>{option.text}</span>
      </button>
      <ScoreSlider
        option={option}
        value={value}
        predicted={predicted}
        scale={scoreScale(option, [predicted, afterRegion, value])}
        tabbable={tabbable}
        onChange={set}
      />
      <ScoreField
        label={`Score of ${option.text} as a number`}
        value={value}
        edited={edited}
        tabbable={tabbable}
        onChange={set}
      />
      {isSet ? (
        <button
          type="button"
          className={classes.reset}
          aria-label={`Reset the score of ${option.text}`}
          title="Reset this score (Delete)"
          tabIndex={tabbable ? 0 : -1}
          onClick={() => workbench.resetOption(option.id)}
        >
          <IconRestore size={13} aria-hidden />
        </button>
      ) : (
        <span />
      )}
      <ScoreNote option={option} predicted={predicted} afterRegion={afterRegion} value={value} />
    </div>
  );
});

type ScoreNoteProps = Pick<OptionEditorProps, "option" | "predicted" | "afterRegion" | "value">;

/** Old and new score and where the change comes from; a warning where validation never was. */
function ScoreNote({ option, predicted, afterRegion, value }: ScoreNoteProps) {
  const byRegion = afterRegion !== predicted;
  const byPerson = value !== afterRegion;
  const unseen = (byRegion || byPerson) && !isSeen(option, value);
  if (!byRegion && !byPerson) {
    return null;
  }
  return (
    <p className={classes.note}>
      <span>{formatNumber(predicted)} predicted</span>
      {byRegion && (
        <span className={classes.byRegion}>→ {formatNumber(afterRegion)} from the region</span>
      )}
      {byPerson && <span className={classes.byPerson}>→ {formatNumber(value)} set by hand</span>}
      {unseen && (
        <span className={classes.unseen}>
          <IconAlertTriangle size={12} aria-hidden /> validation saw {formatNumber(option.low)} to{" "}
          {formatNumber(option.high)}
        </span>
      )}
    </p>
  );
}
