import { Button, Textarea } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import type { StudyTaskKind } from "../../../shared/api/types";
import { moved, newTask } from "../lib/design";
import { problemAt } from "../lib/problems";
import type { StepProps } from "../lib/step-props";
import { TASK_WORDS } from "../lib/words";
import { Field, Said } from "./field";
import { PlaceButtons } from "./place-buttons";
import classes from "./steps.module.css";
import { TaskFields } from "./task-fields";

const MOST_TASKS = 6;
const KINDS = Object.keys(TASK_WORDS) as StudyTaskKind[];

/** What readers are asked to do, in the order in which they meet it. */
export function TasksStep(props: StepProps) {
  const { design, edit, problems } = props;
  const add = (kind: StudyTaskKind) =>
    edit((old) => ({ ...old, tasks: [...old.tasks, newTask(kind, old)] }));
  return (
    <div className={classes.step} data-field="tasks">
      <Field path="instructions" problems={problems}>
        <Textarea
          label="Before readers begin"
          description="They confirm that they have read it, and can open it again while they read."
          autosize
          minRows={3}
          maxLength={4000}
          value={design.instructions}
          error={problemAt(problems, "instructions")}
          onChange={({ currentTarget: { value } }) =>
            edit((old) => ({ ...old, instructions: value }))
          }
        />
      </Field>
      <Said path="tasks" problems={problems} />
      <ol className={classes.list}>
        {design.tasks.map((task, at) => (
          <li key={task.key} className={classes.card} data-field={`tasks.${at}`}>
            <div className={classes.head}>
              <h3>
                Task {at + 1}: {TASK_WORDS[task.kind].name}
              </h3>
              <PlaceButtons
                name={task.title}
                at={at}
                last={design.tasks.length - 1}
                onMove={(to) => edit((old) => ({ ...old, tasks: moved(old.tasks, at, to) }))}
                onRemove={() =>
                  edit((old) => ({
                    ...old,
                    tasks: old.tasks.filter(({ key }) => key !== task.key),
                  }))
                }
              />
            </div>
            <p className={classes.hint}>{TASK_WORDS[task.kind].words}</p>
            <Said path={`tasks.${at}`} problems={problems} />
            <TaskFields {...props} task={task} at={at} />
          </li>
        ))}
      </ol>
      <div className={classes.buttons}>
        <span className={classes.hint}>Add a task:</span>
        {KINDS.map((kind) => (
          <Button
            key={kind}
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={design.tasks.length >= MOST_TASKS}
            onClick={() => add(kind)}
          >
            {TASK_WORDS[kind].name}
          </Button>
        ))}
      </div>
    </div>
  );
}
