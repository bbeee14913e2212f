import { Button } from "@mantine/core";
import { IconBrush } from "@tabler/icons-react";
import { memo } from "react";
import type { RegionScores } from "../hooks/use-outcome";
import { type Bench, type BenchGroup, presentColumn, scoreAt } from "../lib/bench";
import { type RegionEdit, type ScoreEdit, scoreToWire } from "../lib/edits";
import { actionWords } from "../lib/words";
import type { Painting, Workbench } from "../lib/workbench";
import classes from "./group-editor.module.css";
import { GroupMenu } from "./group-menu";
import { OptionEditor } from "./option-editor";
import { RegionTools } from "./region-tools";

interface GroupEditorProps {
  workbench: Workbench;
  group: BenchGroup;
  /** Score edits of this group. */
  own: readonly ScoreEdit[];
  region: RegionEdit | null;
  regions: RegionScores;
  /** Of all groups. */
  scores: readonly number[];
  /** While this group's region is painted. */
  painting: Painting | null;
  /** The very first option: where the Tab key goes at first. */
  first: string | undefined;
  isTabbable: (optionId: string, isFirst: boolean) => boolean;
  onPresent: (optionId: string) => void;
  onFocus: (optionId: string) => void;
  onShow: (groupKey: string) => void;
  onExplainAgain: () => void;
}

/** Whether an edit sets a whole group's scores without looking at what they were. */
function replacesGroup(bench: Bench, edit: ScoreEdit | undefined): boolean {
  return (
    edit?.operation === "mean" ||
    edit?.operation === "class_mean" ||
    (edit?.operation === "option" && Boolean(bench.head.option_means[edit.optionId]))
  );
}

/** A concept group: its options with their scores, edits of the whole group, and its region. */
export const GroupEditor = memo(function GroupEditor(props: GroupEditorProps) {
  const { workbench, group, own, region, regions, scores, painting, first, isTabbable } = props;
  const { bench } = workbench;
  const whole = own.findLast(({ operation }) => operation !== "set");
  const present = presentColumn(group, scores);
  const single = group.options.length === 1;
  const paints = painting !== null;
  return (
    <section className={classes.group} aria-label={group.name} data-group={group.key}>
      <div className={classes.head}>
        <button
          type="button"
          className={classes.name}
          title="Show its Magnet map"
          onClick={() => props.onShow(group.key)}
        >
          {group.name}
        </button>
        {whole && (
          <span className={classes.byPerson}>
            {actionWords(scoreToWire(whole), bench.head)}, set by hand
          </span>
        )}
        <span className={classes.actions}>
          {bench.head.supports_regions && (
            <Button
              size="compact-xs"
              variant={paints ? "light" : "subtle"}
              color={paints ? undefined : "gray"}
              aria-pressed={paints}
              aria-label={`Region of ${group.name}`}
              title="Say which patches may feed this group (P)"
              leftSection={<IconBrush size={13} aria-hidden />}
              onClick={() => workbench.paint(paints ? null : group.key)}
            >
              Region
            </Button>
          )}
          <GroupMenu workbench={workbench} group={group} edited={own.length > 0} />
        </span>
      </div>
      {(paints || region) && (
        <RegionTools
          workbench={workbench}
          group={group}
          region={region}
          regions={regions}
          replaced={replacesGroup(bench, whole)}
          painting={painting}
          onExplainAgain={props.onExplainAgain}
        />
      )}
      {/* biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a label */}
      <div role={single ? "group" : "radiogroup"} aria-label={group.name}>
        {group.options.map((option) => (
          <OptionEditor
            key={option.id}
            workbench={workbench}
            option={option}
            predicted={scoreAt(bench.scores, option.index)}
            afterRegion={scoreAt(regions.scores, option.index)}
            value={scoreAt(scores, option.index)}
            present={present === option.index}
            single={single}
            isSet={own.some((edit) => edit.operation === "set" && edit.optionId === option.id)}
            tabbable={isTabbable(option.id, option.id === first)}
            onPresent={props.onPresent}
            onFocus={props.onFocus}
          />
        ))}
      </div>
    </section>
  );
}, isSameGroup);

/** While a slider moves, `scores` are others with every move; a group is drawn anew only for its own. */
function isSameGroup(before: GroupEditorProps, after: GroupEditorProps): boolean {
  const { own, scores, ...others } = after;
  return (
    Object.entries(others).every(
      ([name, value]) => before[name as keyof typeof others] === value,
    ) &&
    own.length === before.own.length &&
    own.every((edit, at) => edit === before.own[at]) &&
    after.group.options.every(({ index }) => scores[index] === before.scores[index])
  );
}
