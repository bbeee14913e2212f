import { SegmentedControl } from "@mantine/core";
import { useMemo, useState } from "react";
import type { Prediction } from "../../../shared/api/types";
import { useRovingFocus } from "../../../shared/hooks/use-roving-focus";
import { formatSigned } from "../../../shared/lib/format";
import {
  balance,
  byContribution,
  contributionScale,
  optionRows,
  type OptionRow as Row,
  sumOf,
} from "../lib/contributions";
import type { GroupMarks } from "../lib/group-marks";
import type { Selection, SelectionAction } from "../lib/selection";
import classes from "./concept-panel.module.css";
import rowClasses from "./concept-rows.module.css";
import { LogitSum } from "./logit-sum";
import { OptionRow } from "./option-row";

interface ConceptPanelProps {
  prediction: Prediction;
  /** Key of the class that contributions refer to. */
  selectedClass: string;
  selection: Selection;
  onSelection: (action: SelectionAction) => void;
  /** Null: nothing else is known of the groups. */
  marks: GroupMarks | null;
}

type Order = "group" | "contribution";

/** Every option's score, probability and exact contribution, by group or by contribution. */
export function ConceptPanel(props: ConceptPanelProps) {
  const { prediction, selectedClass, selection, onSelection, marks } = props;
  const [order, setOrder] = useState<Order>("group");
  const rows = useMemo(() => optionRows(prediction, selectedClass), [prediction, selectedClass]);
  const roving = useRovingFocus();
  const entry = prediction.classes.find(({ key }) => key === selectedClass);
  if (!entry) {
    return null;
  }
  const scale = contributionScale(rows);

  const renderOption = (row: Row) => (
    <OptionRow
      key={row.option.id}
      row={row}
      className={entry.name}
      scale={scale}
      pinned={selection.layer === "gradcam" && selection.optionId === row.option.id}
      showGroup={order === "contribution"}
      marks={marks}
      tabbable={roving.isTabbable(`option:${row.option.id}`, row === rows[0])}
      onPin={() => onSelection({ type: "pin", target: { kind: "option", id: row.option.id } })}
      onPreview={(on) => {
        if (on) {
          roving.setCurrent(`option:${row.option.id}`);
        }
        const target = on ? ({ kind: "option", id: row.option.id } as const) : null;
        onSelection({ type: "preview", target });
      }}
    />
  );

  return (
    <section aria-label={`Concepts behind ${entry.name}`}>
      <div className={classes.sum}>
        <LogitSum className={entry.name} balance={balance(rows, entry)} />
        <SegmentedControl
          size="xs"
          aria-label="Order of the options"
          value={order}
          onChange={(value) => setOrder(value as Order)}
          data={[
            { value: "group", label: "By group" },
            { value: "contribution", label: "By contribution" },
          ]}
        />
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside */}
      <div className={rowClasses.rows} onKeyDown={roving.onKeyDown}>
        <div className={rowClasses.header} aria-hidden>
          <span className={rowClasses.mark} title="The option the model sees in each group">
            ●
          </span>
          <span>Option: point to see where, click to keep</span>
          <span className={rowClasses.right}>Probability</span>
          <span className={rowClasses.right}>Score</span>
          <span className={rowClasses.right}>▲ for ▼ against</span>
        </div>
        {order === "contribution"
          ? byContribution(rows).map(renderOption)
          : prediction.groups.map((group) => {
              const own = rows.filter((row) => row.group === group);
              return (
                <div key={group.key} role="group" aria-label={group.name}>
                  <div className={rowClasses.groupRow}>
                    <button
                      type="button"
                      data-roving
                      data-group={group.key}
                      className={rowClasses.group}
                      tabIndex={roving.isTabbable(`group:${group.key}`, false) ? 0 : -1}
                      aria-pressed={
                        selection.layer === "magnet" && selection.groupKey === group.key
                      }
                      aria-label={`${group.name}: Magnet map, ${formatSigned(sumOf(own))} together`}
                      onClick={() =>
                        onSelection({ type: "pin", target: { kind: "group", key: group.key } })
                      }
                      onMouseEnter={() =>
                        onSelection({ type: "preview", target: { kind: "group", key: group.key } })
                      }
                      onMouseLeave={() => onSelection({ type: "preview", target: null })}
                      onFocus={() => {
                        roving.setCurrent(`group:${group.key}`);
                        onSelection({ type: "preview", target: { kind: "group", key: group.key } });
                      }}
                      onBlur={() => onSelection({ type: "preview", target: null })}
                    >
                      <span className={rowClasses.groupName}>
                        {group.name}
                        {!group.localizable && (
                          <span
                            className={rowClasses.groupNote}
                            title="A property of the whole lesion: its maps show where the model looked, not where the concept is."
                          >
                            whole lesion
                          </span>
                        )}
                      </span>
                      <span className={rowClasses.groupSum}>{formatSigned(sumOf(own))}</span>
                    </button>
                    <span className={rowClasses.groupMark}>
                      {marks?.beside(group.key, roving.isTabbable(`group:${group.key}`, false))}
                    </span>
                  </div>
                  {own.map(renderOption)}
                </div>
              );
            })}
      </div>
    </section>
  );
}
