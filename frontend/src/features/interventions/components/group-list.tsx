import { type KeyboardEvent, useCallback, useEffect, useRef } from "react";
import { useRovingFocus } from "../../../shared/hooks/use-roving-focus";
import { formatCount } from "../../../shared/lib/format";
import type { RegionScores } from "../hooks/use-outcome";
import { groupOfOption, scoreAt } from "../lib/bench";
import { type Edits, regionOf } from "../lib/edits";
import { scoreScale, stepped } from "../lib/score-scale";
import type { MapTarget } from "../lib/view";
import type { Painting, Workbench } from "../lib/workbench";
import { GroupEditor } from "./group-editor";
import classes from "./group-editor.module.css";
import { newGesture, stepsOf } from "./score-slider";

interface GroupListProps {
  workbench: Workbench;
  edits: Edits;
  regions: RegionScores;
  scores: readonly number[];
  painting: Painting | null;
  onShow: (target: MapTarget) => void;
  onExplainAgain: () => void;
}

let heldKey = "";

/** All groups and options as one list for the arrow keys. */
export function GroupList(props: GroupListProps) {
  const { workbench, edits, regions, scores, painting, onShow, onExplainAgain } = props;
  const { bench } = workbench;
  const roving = useRovingFocus();
  const { setCurrent, isTabbable } = roving;
  const first = bench.options[0]?.id;

  const present = useCallback(
    (optionId: string) => {
      workbench.add({ operation: "option", optionId });
      onShow({ kind: "option", id: optionId });
    },
    [workbench, onShow],
  );
  // Always the same function, whatever the page gives: groups are only drawn anew when they change.
  const latest = useRef(onExplainAgain);
  useEffect(() => {
    latest.current = onExplainAgain;
  });
  const explainAgain = useCallback(() => latest.current(), []);
  const showGroup = useCallback((key: string) => onShow({ kind: "group", key }), [onShow]);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const button = event.target as HTMLElement;
    const optionId = button.dataset.option;
    const option = bench.options[bench.columnOf.get(optionId ?? "") ?? -1];
    if (!optionId || !option || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    }
    const group = groupOfOption(bench, optionId);
    const sideways = event.key === "ArrowLeft" || event.key === "ArrowRight";
    const steps = sideways ? stepsOf(event) : null;
    if (steps !== null) {
      heldKey = event.repeat ? heldKey : newGesture();
      const value = scoreAt(scores, option.index);
      const scale = scoreScale(option, [scoreAt(bench.scores, option.index), value]);
      const next = stepped(value, steps, scale);
      workbench.add({ operation: "set", optionId, value: next }, heldKey);
    } else if (event.key === "Delete" || event.key === "Backspace") {
      if (event.shiftKey) {
        workbench.resetGroupOf(optionId);
      } else {
        workbench.resetOption(optionId);
      }
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      const step = event.key === "PageDown" ? 1 : -1;
      const next = bench.groups[option.group + step]?.options[0]?.id;
      const buttons = event.currentTarget.querySelectorAll<HTMLElement>("[data-option]");
      [...buttons].find(({ dataset }) => dataset.option === next)?.focus();
    } else if (event.key === "p" && group && bench.head.supports_regions) {
      workbench.paint(painting?.groupKey === group.key ? null : group.key, true);
    } else {
      roving.onKeyDown(event);
      return;
    }
    event.preventDefault();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside
    <div className={classes.list} onKeyDown={onKeyDown}>
      <p className={classes.intro}>
        Click an option to make it the present one, or move its score. The band of a slider is where
        98 % of the scores over {formatCount(bench.head.validation_images)} validation images lie,
        the line what was predicted.
      </p>
      {bench.groups.map((group) => (
        <GroupEditor
          key={group.key}
          workbench={workbench}
          group={group}
          own={edits.scores.filter(({ optionId }) => groupOfOption(bench, optionId) === group)}
          region={regionOf(edits, group.key)}
          regions={regions}
          scores={scores}
          painting={painting?.groupKey === group.key ? painting : null}
          first={first}
          isTabbable={isTabbable}
          onPresent={present}
          onFocus={setCurrent}
          onShow={showGroup}
          onExplainAgain={explainAgain}
        />
      ))}
    </div>
  );
}
