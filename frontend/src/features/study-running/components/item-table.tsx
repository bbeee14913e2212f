import { Button, Select } from "@mantine/core";
import { useState } from "react";
import type { StudyDesign, StudyItem } from "../../../shared/api/types";
import table from "../../../shared/components/data-table.module.css";
import { Tag } from "../../../shared/components/tag";
import { formatCount } from "../../../shared/lib/format";
import { matching, shownWords, truthWords } from "../lib/items";
import classes from "./running.module.css";

const AT_FIRST = 200;

interface ItemTableProps {
  design: StudyDesign;
  items: readonly StudyItem[];
}

/** Every item of the frozen design, with what readers do not know. */
export function ItemTable({ design, items }: ItemTableProps) {
  const [task, setTask] = useState<string | null>(null);
  const [arm, setArm] = useState<string | null>(null);
  const [all, setAll] = useState(false);
  const found = matching(items, { task, arm });
  const shown = all ? found : found.slice(0, AT_FIRST);
  const words = { clearable: true, placeholder: "All" } as const;
  return (
    <>
      <div className={classes.filters} role="group" aria-label="Which items">
        <Select
          {...words}
          label="Task"
          clearButtonProps={{ "aria-label": "All tasks" }}
          data={design.tasks.map(({ key, title }) => ({ value: key, label: title }))}
          value={task}
          onChange={setTask}
        />
        <Select
          {...words}
          label="Arm"
          clearButtonProps={{ "aria-label": "All arms" }}
          data={design.arms.map(({ key, name }) => ({ value: key, label: name }))}
          value={arm}
          onChange={setArm}
        />
        <p role="status">
          {formatCount(found.length)} of {formatCount(items.length)} items
        </p>
      </div>
      {found.length === 0 ? (
        <p className={table.empty}>No items of this task under this arm.</p>
      ) : (
        <Rows design={design} items={shown} />
      )}
      {shown.length < found.length && (
        <Button variant="default" mt="xs" onClick={() => setAll(true)}>
          Show all {formatCount(found.length)}
        </Button>
      )}
    </>
  );
}

function Rows({ design, items }: ItemTableProps) {
  const taskOf = new Map(design.tasks.map(({ key, title }) => [key, title]));
  const armOf = new Map(design.arms.map(({ key, name }) => [key, name]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, and the keyboard must be able to
    <section className={classes.items} aria-label="Items, table" tabIndex={0}>
      <table className={table.table}>
        <caption className="visually-hidden">Items</caption>
        <thead>
          <tr>
            <th scope="col" className={classes.number}>
              Item
            </th>
            <th scope="col">Task</th>
            <th scope="col">Arm</th>
            <th scope="col">Image</th>
            <th scope="col">Concept</th>
            <th scope="col">Shown</th>
            <th scope="col">Truth</th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <tr key={item.number}>
              <th scope="row" className={classes.number}>
                {item.number}
              </th>
              <td>{taskOf.get(item.task_key) ?? item.task_key}</td>
              <td>
                {armOf.get(item.arm_key) ?? item.arm_key}{" "}
                {item.truth.sham && <Tag tone="warning">sham</Tag>}
              </td>
              <td>
                {item.case_label} {item.practice && <Tag>practice</Tag>}
                {item.dataset && <div className={table.dim}>{item.dataset}</div>}
              </td>
              <td>{item.option_id ?? "—"}</td>
              <td className={table.dim}>{shownWords(item)}</td>
              <td>{truthWords(item.truth)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
