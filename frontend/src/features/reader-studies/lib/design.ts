/** Changes to a design, and what follows from it. All of them leave what they are given as it is. */

import type {
  FreeQuestion,
  StudyArm,
  StudyCaseRef,
  StudyDesign,
  StudyGrras,
  StudyShamKind,
  StudyTask,
  StudyTaskKind,
} from "../../../shared/api/types";
import { TASK_WORDS } from "./words";

export const ANCHORS = [
  "Completely misaligned",
  "Mostly misaligned",
  "Partly aligned",
  "Mostly aligned",
  "Perfectly aligned",
];

const NO_GRRAS: StudyGrras = {
  subject_population: "",
  rater_population: "",
  prior_evidence: "",
  sample_size: "",
  subject_sampling: "",
  rater_sampling: "",
  repeat_interval: "",
  clinical_information: "",
  blinding: "",
  independence: "",
  analysis: "",
};

/** Up to the number of the generator's seeds. */
const MOST_SEED = 2 ** 31;

export const newSeed = () => Math.floor(Math.random() * MOST_SEED);

export function emptyDesign(title: string, seed = newSeed()): StudyDesign {
  return {
    title,
    question: "",
    grras: NO_GRRAS,
    instructions: "",
    cases: [],
    sampling: { method: "hand_picked", source: "", strata: "none", seed: null, population: null },
    arms: [],
    tasks: [],
    order: { seed, separation: "mixed", washout_days: 28, repeats: 0.1, gap: 5, by_task: true },
    reading: { idle_seconds: 30, show_progress: true, amend_answers: false, ask_profile: true },
    access: { live_results: "nobody" },
  };
}

/** "localization", "localization-2": keys stand in exports, so they say what is meant. */
export function freeKey(wanted: string, taken: readonly { key: string }[]): string {
  const keys = new Set(taken.map(({ key }) => key));
  let key = wanted;
  for (let number = 2; keys.has(key); number += 1) {
    key = `${wanted}-${number}`;
  }
  return key;
}

/** The model that decides which concepts are asked about: of the first arm that is no sham. */
export function referenceModel(arms: readonly StudyArm[]): string | null {
  return arms.find((arm) => arm.model_version_id && !arm.sham)?.model_version_id ?? null;
}

export type ArmKind = "gradcam" | "magnet" | "sham" | "image" | "prediction";

/** A further arm, as complete as can be said without asking. */
export function newArm(kind: ArmKind, arms: readonly StudyArm[], model: string | null): StudyArm {
  const real = arms.find((arm) => arm.map && !arm.sham);
  const chosen = referenceModel(arms) ?? model;
  const arm = (name: string, rest: Partial<StudyArm>): StudyArm => ({
    key: freeKey(kind, arms),
    name,
    model_version_id: chosen,
    map: null,
    sham: null,
    show_prediction: false,
    show_concepts: false,
    ...rest,
  });
  switch (kind) {
    case "gradcam":
      return arm("Grad-CAM", { map: "gradcam" });
    case "magnet":
      return arm("Magnet", { map: "magnet" });
    case "sham":
      return arm("Sham", { map: real?.map ?? "gradcam", sham: "other_concept" as StudyShamKind });
    case "image":
      return arm("Image alone", { model_version_id: null });
    case "prediction":
      return arm("With explanation", {
        map: "gradcam",
        show_prediction: true,
        show_concepts: true,
      });
  }
}

/** Which arms a kind of task can be read under. */
export function fits(kind: StudyTaskKind, arm: StudyArm): boolean {
  return kind === "diagnosis" || kind === "questions" || arm.map !== null;
}

export function newTask(kind: StudyTaskKind, design: StudyDesign): StudyTask {
  return {
    key: freeKey(kind, design.tasks),
    kind,
    title: TASK_WORDS[kind].name,
    instructions: "",
    arm_keys: design.arms.filter((arm) => fits(kind, arm)).map(({ key }) => key),
    anchors: ANCHORS,
    concept_rule: "strongest",
    concepts_per_case: 1,
    group_keys: [],
    distractors: 3,
    positive_classes: [],
    questions: kind === "questions" ? [newQuestion("likert", [])] : [],
    cannot_judge: true,
  };
}

export function newQuestion(
  kind: FreeQuestion["kind"],
  questions: readonly FreeQuestion[],
): FreeQuestion {
  return {
    key: freeKey(`question-${questions.length + 1}`, questions),
    kind,
    text: "",
    anchors:
      kind === "likert"
        ? ["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"]
        : [],
    options:
      kind === "choice"
        ? [
            { key: "option-1", text: "Yes" },
            { key: "option-2", text: "No" },
          ]
        : [],
    required: kind !== "text",
  };
}

/** An arm that is gone leaves the tasks too. */
export function withoutArm(design: StudyDesign, key: string): StudyDesign {
  return {
    ...design,
    arms: design.arms.filter((arm) => arm.key !== key),
    tasks: design.tasks.map((task) => ({
      ...task,
      arm_keys: task.arm_keys.filter((each) => each !== key),
    })),
  };
}

/** Takes what stands at `from` to `to`. */
export function moved<Entry>(list: readonly Entry[], from: number, to: number): Entry[] {
  const copy = [...list];
  const [entry] = copy.splice(from, 1);
  if (entry !== undefined && to >= 0 && to <= copy.length) {
    copy.splice(to, 0, entry);
    return copy;
  }
  return [...list];
}

export function replaced<Entry extends object>(
  list: readonly Entry[],
  at: number,
  changes: Partial<Entry>,
): Entry[] {
  return list.map((entry, place) => (place === at ? { ...entry, ...changes } : entry));
}

/** What tells an image from all others, whatever else is said of it. */
export function refKey(ref: StudyCaseRef): string {
  return ref.case_id ?? `${ref.dataset_id}/${ref.split}/${ref.image}`;
}

/** Those that are not there yet come after those that are. */
export function withCases(
  cases: readonly StudyCaseRef[],
  more: readonly StudyCaseRef[],
): StudyCaseRef[] {
  const all = new Map(cases.map((ref) => [refKey(ref), ref]));
  for (const ref of more) {
    const key = refKey(ref);
    all.set(key, all.get(key) ?? ref);
  }
  return [...all.values()];
}

/** How many images of each true class; the key is empty where it is not known. Practice counts apart. */
export function classCounts(cases: readonly StudyCaseRef[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { truth_class, practice } of cases) {
    if (!practice) {
      counts.set(truth_class ?? "", (counts.get(truth_class ?? "") ?? 0) + 1);
    }
  }
  return counts;
}
