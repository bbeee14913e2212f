import type { KeyboardEvent } from "react";
import { setTypical } from "../lib/content";
import type { Editor } from "../lib/editor";
import classes from "./class-table.module.css";

/** What is typical of each class: classes down, groups across. Ctrl with the arrow keys goes from cell to cell. */
export function ClassTable({ editor }: { editor: Editor }) {
  const { content } = editor;
  return (
    <div className={classes.box}>
      <p className={classes.hint}>
        The typical option of each class teaches images that have no labels of their own. “–” says
        nothing of the group; in a group of one option it says that the option is absent.
        {!editor.readOnly && " Ctrl with the arrow keys goes from cell to cell."}
      </p>
      <table className={classes.table}>
        <caption className="visually-hidden">Typical option of each class in each group</caption>
        <thead>
          <tr>
            <th scope="col">Class</th>
            {content.groups.map((group) => (
              <th key={group.key} scope="col" title={group.key}>
                {group.name || group.key}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {content.classes.map(({ key, name }, row) => (
            <tr key={key}>
              <th scope="row" title={key}>
                {name || key}
              </th>
              {content.groups.map((group, column) => (
                <td key={group.key}>
                  <Cell editor={editor} classKey={key} group={group.key} at={[row, column]} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface CellProps {
  editor: Editor;
  classKey: string;
  group: string;
  at: [row: number, column: number];
}

function Cell({ editor, classKey, group, at }: CellProps) {
  const { content, saved, readOnly } = editor;
  const found = content.groups.find(({ key }) => key === group);
  const name = content.classes.find(({ key }) => key === classKey)?.name || classKey;
  const value = content.class_options[classKey]?.[group] ?? "";
  const before = saved.class_options[classKey]?.[group] ?? "";
  return (
    <select
      className={classes.cell}
      aria-label={`${name}: ${found?.name || group}`}
      title={found?.options.find(({ key }) => key === value)?.text}
      data-at={at.join(",")}
      data-none={value === ""}
      data-changed={value !== before}
      value={value}
      disabled={readOnly}
      onKeyDown={(event) => goOn(event, at)}
      onChange={(event) => {
        const option = event.currentTarget.value || null;
        editor.edit((all) => setTypical(all, classKey, group, option));
      }}
    >
      <option value="">–</option>
      {found?.options.map(({ key, text }) => (
        <option key={key} value={key}>
          {text.trim() || key}
        </option>
      ))}
    </select>
  );
}

const STEPS: Record<string, [number, number]> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

function goOn(event: KeyboardEvent<HTMLElement>, [row, column]: [number, number]): void {
  const step = event.ctrlKey ? STEPS[event.key] : undefined;
  if (step) {
    event.preventDefault();
    event.currentTarget
      .closest("table")
      ?.querySelector<HTMLElement>(`[data-at="${row + step[0]},${column + step[1]}"]`)
      ?.focus();
  }
}
