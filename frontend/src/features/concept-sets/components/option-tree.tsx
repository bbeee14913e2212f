import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { ConceptGroup } from "../../../shared/api/types";
import { useRovingFocus } from "../../../shared/hooks/use-roving-focus";
import { insertGroup, insertOption, placeOf } from "../lib/actions";
import { optionId } from "../lib/content";
import type { Editor } from "../lib/editor";
import { idOf, type Selection, WHOLE_SET } from "../lib/selection";
import classes from "./option-tree.module.css";
import { type Dragging, TreeRow } from "./tree-row";

interface OptionTreeProps {
  editor: Editor;
  /** Ids of the options that are shown; null: all. */
  shown: ReadonlySet<string> | null;
  /** Beside an option: what its evidence says. */
  badges: (optionId: string) => ReactNode;
  onReplace: (group: string, option: string) => void;
  /** What was said last; empty: nothing. */
  said: string;
}

/** Groups and their options: one stop of the Tab key, arrow keys inside, Alt with them moves what is selected. */
export function OptionTree({ editor, shown, badges, onReplace, said }: OptionTreeProps) {
  const { content, readOnly, selection } = editor;
  const roving = useRovingFocus();
  const [dragging, setDragging] = useState<Dragging>(null);
  const [current, setCurrent] = useState<string | null>(null);
  const list = useRef<HTMLDivElement>(null);
  const moved = useRef<string | null>(null);
  // What is moved in the document loses the focus.
  useEffect(() => {
    if (moved.current !== null) {
      const id = moved.current;
      moved.current = null;
      list.current?.querySelector<HTMLElement>(`[data-id="${id}"]`)?.focus();
    }
  });
  const rowOf = (at: Selection, beside: ReactNode, changed: boolean) => (
    <TreeRow
      editor={editor}
      selection={at}
      changed={changed}
      tabbable={idOf(at) === stop}
      onFocused={() => setCurrent(idOf(at))}
      onMoved={() => {
        moved.current = idOf(at);
      }}
      dragging={dragging}
      onDragging={setDragging}
      onReplace={onReplace}
      beside={beside}
    />
  );
  const visible = content.groups.filter(
    (group) =>
      shown === null || group.options.some(({ key }) => shown.has(optionId(group.key, key))),
  );
  const savedWords = wordsById(editor);
  const stop = tabStop(visible, shown, [current, idOf(selection)]);
  return (
    <section className={classes.tree} aria-label="Groups and options">
      {!readOnly && <AddButtons editor={editor} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: it only hands the arrow keys of its buttons on */}
      <div ref={list} className={classes.scroll} onKeyDown={roving.onKeyDown}>
        <ul className={classes.list}>
          {shown === null && <li>{rowOf(WHOLE_SET, null, false)}</li>}
          {visible.map((group) => (
            <li key={group.key}>
              {rowOf({ kind: "group", group: group.key }, group.options.length, false)}
              <ul className={classes.list}>
                {group.options
                  .filter(({ key }) => shown === null || shown.has(optionId(group.key, key)))
                  .map((option) => {
                    const id = optionId(group.key, option.key);
                    const at: Selection = {
                      kind: "option",
                      group: group.key,
                      option: option.key,
                    };
                    return (
                      <li key={option.key}>
                        {rowOf(at, badges(id), savedWords.get(id) !== JSON.stringify(option))}
                      </li>
                    );
                  })}
              </ul>
            </li>
          ))}
        </ul>
        {visible.length === 0 && (
          <p className={classes.nothing}>
            {shown === null ? "There are no groups yet." : "No option matches the filter."}
          </p>
        )}
      </div>
      <div className={classes.said} role="status">
        {said}
      </div>
    </section>
  );
}

/** The row where the Tab key comes in: where it left, else what is selected, if they are to be seen. */
function tabStop(
  visible: readonly ConceptGroup[],
  shown: ReadonlySet<string> | null,
  wanted: readonly (string | null)[],
): string {
  const ids = [
    ...(shown === null ? [""] : []),
    ...visible.flatMap((group) => [
      group.key,
      ...group.options
        .map(({ key }) => optionId(group.key, key))
        .filter((id) => shown === null || shown.has(id)),
    ]),
  ];
  return wanted.find((id) => id !== null && ids.includes(id)) ?? ids[0] ?? "";
}

function wordsById({ saved }: Editor): ReadonlyMap<string, string> {
  return new Map(
    saved.groups.flatMap((group) =>
      group.options.map(
        (option) => [optionId(group.key, option.key), JSON.stringify(option)] as const,
      ),
    ),
  );
}

function AddButtons({ editor }: { editor: Editor }) {
  const { selection } = editor;
  const group = selection.kind === "set" ? null : selection.group;
  const after =
    selection.kind === "option" && placeOf(editor, selection).at >= 0 ? selection.option : null;
  return (
    <div className={classes.head}>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconPlus size={13} aria-hidden />}
        disabled={group === null}
        title={group === null ? "Select a group first" : undefined}
        onClick={() => group !== null && insertOption(editor, group, after)}
      >
        Option
      </Button>
      <Button
        variant="default"
        size="compact-xs"
        leftSection={<IconPlus size={13} aria-hidden />}
        onClick={() => insertGroup(editor)}
      >
        Group
      </Button>
    </div>
  );
}
