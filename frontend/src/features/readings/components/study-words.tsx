import type { ReadingRead } from "../../../shared/api/types";
import classes from "./reading.module.css";

/** What the coordinator tells all readers. */
export function StudyWords({ reading }: { reading: ReadingRead }) {
  const { question, instructions, clinical_information: told, tasks } = reading;
  return (
    <div className={classes.words}>
      {question && (
        <>
          <h3>What the study asks</h3>
          <p>{question}</p>
        </>
      )}
      {instructions && (
        <>
          <h3>Instructions</h3>
          <p>{instructions}</p>
        </>
      )}
      {told && (
        <>
          <h3>Clinical information</h3>
          <p>{told}</p>
        </>
      )}
      {tasks.length > 0 && (
        <>
          <h3>{tasks.length === 1 ? "Your task" : "Your tasks"}</h3>
          <dl>
            {tasks.map((task) => (
              <div key={task.title}>
                <dt>{task.title}</dt>
                {task.instructions && <dd>{task.instructions}</dd>}
              </div>
            ))}
          </dl>
        </>
      )}
    </div>
  );
}
