import { Tooltip } from "@mantine/core";
import { IconAlertCircle, IconGripVertical } from "@tabler/icons-react";
import type { DragEvent, KeyboardEvent, ReactNode } from "react";
import { moveBy, moveTo, placeOf, wordsOf } from "../lib/actions";
import type { Editor } from "../lib/editor";
import { idOf, type Selection } from "../lib/selection";
import classes from "./option-tree.module.css";
import { TreeMenu } from "./tree-menu";

/** What is dragged, and before or behind which row it would be dropped. */
export type Dragging = { what: Selection; over: string | null; side: "before" | "after" } | null;

interface TreeRowProps {
  editor: Editor;
  selection: Selection;
  changed: boolean;
  tabbable: boolean;
  onFocused: () => void;
  onMoved: () => void;
  dragging: Dragging;
  onDragging: (dragging: Dragging) => void;
  onReplace: (group: string, option: string) => void;
  beside: ReactNode;
}

export function TreeRow(props: TreeRowProps) {
  const { editor, selection, changed, tabbable, onFocused, onMoved, onReplace, beside } = props;
  const id = idOf(selection);
  const selected = idOf(editor.selection) === id;
  const movable = !editor.readOnly && selection.kind !== "set";
  const words = wordsOf(editor, selection);
  const troubled = editor.problems.some(({ place }) => place === id);
  const drag = useDragging(props);
  const onKeyDown = (event: KeyboardEvent) => {
    if (movable && event.altKey && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      event.stopPropagation();
      onMoved();
      moveBy(editor, selection, event.key === "ArrowUp" ? -1 : 1);
    }
  };
  return (
    // Dragging is for the mouse; the keyboard has Alt with the arrow keys.
    <div
      className={classes.row}
      data-selected={selected}
      {...(movable ? drag : {})}
      draggable={movable}
    >
      <span className={classes.grip} aria-hidden>
        {movable && <IconGripVertical size={13} />}
      </span>
      <button
        type="button"
        className={classes.name}
        data-roving
        data-id={id}
        data-kind={selection.kind}
        aria-current={selected || undefined}
        aria-keyshortcuts={movable ? "Alt+ArrowUp Alt+ArrowDown" : undefined}
        tabIndex={tabbable ? 0 : -1}
        title={`${words}${id && ` (${id})`}`}
        onClick={() => editor.select(selection)}
        onFocus={onFocused}
        onKeyDown={onKeyDown}
      >
        <span className={classes.words}>{words}</span>
        {changed && (
          <Tooltip label="Changed or new in this draft">
            <span className={classes.changed}>
              edited<span className="visually-hidden"> in this draft</span>
            </span>
          </Tooltip>
        )}
        {troubled && (
          <span className={classes.problem}>
            <IconAlertCircle size={14} aria-hidden />
            <span className="visually-hidden">needs something</span>
          </span>
        )}
        <Beside kind={selection.kind}>{beside}</Beside>
      </button>
      {movable && selected && (
        <TreeMenu
          editor={editor}
          selection={selection}
          onReplace={onReplace}
          words={words}
          place={placeOf(editor, selection)}
        />
      )}
    </div>
  );
}

function Beside({ kind, children }: { kind: Selection["kind"]; children: ReactNode }) {
  return kind === "group" ? (
    <span className={classes.count}>
      {children}
      <span className="visually-hidden"> options</span>
    </span>
  ) : (
    children
  );
}

function useDragging({ editor, selection, dragging, onDragging }: TreeRowProps) {
  const id = idOf(selection);
  const takes =
    dragging !== null &&
    dragging.what.kind === selection.kind &&
    idOf(dragging.what) !== id &&
    (dragging.what.kind !== "option" ||
      (selection.kind === "option" && selection.group === dragging.what.group));
  const hovered = takes && dragging.over === id;
  return {
    "data-dragged": dragging !== null && idOf(dragging.what) === id,
    "data-drop": hovered ? dragging.side : undefined,
    onDragStart: (event: DragEvent) => {
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", id);
      onDragging({ what: selection, over: null, side: "before" });
    },
    onDragEnd: () => onDragging(null),
    onDragOver: (event: DragEvent<HTMLElement>) => {
      if (takes) {
        event.preventDefault();
        const { top, height } = event.currentTarget.getBoundingClientRect();
        const side = event.clientY < top + height / 2 ? "before" : "after";
        if (dragging.over !== id || dragging.side !== side) {
          onDragging({ ...dragging, over: id, side });
        }
      }
    },
    onDrop: (event: DragEvent) => {
      if (takes) {
        event.preventDefault();
        const from = placeOf(editor, dragging.what).at;
        const target = placeOf(editor, selection).at + (dragging.side === "after" ? 1 : 0);
        moveTo(editor, dragging.what, target > from ? target - 1 : target);
        onDragging(null);
      }
    },
  };
}
