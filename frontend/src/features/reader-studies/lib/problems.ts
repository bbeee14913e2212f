/** What is wrong with a draft: what the server found, by step and by field, and what it could not even take. */

import type { StudyDesign, StudyProblem, StudyRead } from "../../../shared/api/types";

export const STEPS = [
  { key: "question", name: "Question & GRRAS", short: "Question", server: ["question"] },
  { key: "images", name: "Images", short: "Images", server: ["cases"] },
  { key: "arms", name: "Arms", short: "Arms", server: ["arms"] },
  { key: "tasks", name: "Tasks", short: "Tasks", server: ["tasks"] },
  { key: "order", name: "Order", short: "Order", server: ["order"] },
  { key: "access", name: "Readers & access", short: "Access", server: ["readers", "access"] },
  { key: "publish", name: "Check & publish", short: "Publish", server: [] },
] as const satisfies readonly {
  key: string;
  name: string;
  short: string;
  server: readonly StudyProblem["step"][];
}[];

export type Step = (typeof STEPS)[number];
export type StepKey = Step["key"];

export function stepOf(key: string | null): Step {
  return STEPS.find((step) => step.key === key) ?? STEPS[0];
}

export function problemsOf(step: Step, problems: readonly StudyProblem[]): StudyProblem[] {
  const mine: readonly string[] = step.server;
  return problems.filter((problem) => mine.includes(problem.step));
}

/** What is wrong with exactly this field. */
export function problemAt(problems: readonly StudyProblem[], field: string): string | undefined {
  const found = problems
    .filter((problem) => problem.severity === "error" && problem.field === field)
    .map(({ text }) => text);
  return found.length > 0 ? found.join(" ") : undefined;
}

/** "2 problems, 1 hint", or null where there is nothing to say. */
export function countWords(problems: readonly StudyProblem[]): string | null {
  const errors = problems.filter(({ severity }) => severity === "error").length;
  const hints = problems.length - errors;
  const parts = [
    errors > 0 && `${errors} ${errors === 1 ? "problem" : "problems"}`,
    hints > 0 && `${hints} ${hints === 1 ? "hint" : "hints"}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(", ") : null;
}

/** Names that the server does not take empty: until they are given, the draft stays on this computer. */
export function missingNames(design: StudyDesign): { field: string; text: string }[] {
  const missing: { field: string; text: string }[] = [];
  const need = (value: string, field: string, text: string) => {
    if (value.trim() === "") {
      missing.push({ field, text });
    }
  };
  need(design.title, "title", "Give the study a title.");
  design.arms.forEach((arm, at) => {
    need(arm.name, `arms.${at}.name`, "Give the arm a name.");
  });
  design.tasks.forEach((task, at) => {
    need(task.title, `tasks.${at}.title`, "Give the task a title.");
    task.questions.forEach((question, place) => {
      const field = `tasks.${at}.questions.${place}`;
      need(question.text, `${field}.text`, "Write the question.");
      question.options.forEach((option, number) => {
        need(option.text, `${field}.options.${number}.text`, "Write the answer, or take it out.");
      });
    });
  });
  return missing;
}

/** The same for tasks that have no arm: the server keeps none such. */
export function missingArms(design: StudyDesign): { field: string; text: string }[] {
  return design.tasks.flatMap((task, at) =>
    task.arm_keys.length === 0
      ? { field: `tasks.${at}.arm_keys`, text: "Choose at least one arm for the task." }
      : [],
  );
}

const STEP_OF: Readonly<Record<string, StudyProblem["step"]>> = { arms: "arms", tasks: "tasks" };

/** What the server found in what it has, and, once saving has failed, what it could not take. */
export function allProblems(
  study: Pick<StudyRead, "problems">,
  design: StudyDesign,
  unsaved: boolean,
): StudyProblem[] {
  if (!unsaved) {
    return study.problems;
  }
  const missing = [...missingNames(design), ...missingArms(design)].map(({ field, text }) => ({
    severity: "error" as const,
    step: STEP_OF[field.split(".")[0] ?? ""] ?? "question",
    field,
    text,
  }));
  const said = new Set(missing.map(({ field }) => field));
  return [...missing, ...study.problems.filter(({ field }) => !said.has(field))];
}
