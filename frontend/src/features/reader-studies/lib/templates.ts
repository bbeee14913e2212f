/** What a study can begin as. A template only fills in; everything can be changed. */

import type { StudyDesign } from "../../../shared/api/types";
import { emptyDesign, newArm, newTask } from "./design";

export type Template = "maps" | "diagnosis" | "empty" | "copy";

export const TEMPLATES: readonly { value: Template; name: string; words: string }[] = [
  {
    value: "maps",
    name: "Do maps and concepts agree?",
    words: "Semantic alignment and localization, with a sham arm to tell from chance.",
  },
  {
    value: "diagnosis",
    name: "Do explanations help to diagnose?",
    words: "Diagnosis of the image alone and with an explanation, in two sessions with a washout.",
  },
  { value: "empty", name: "Empty", words: "Everything is chosen step by step." },
  { value: "copy", name: "Copy of another study", words: "Its whole design, to be changed." },
];

const MAPS_INSTRUCTIONS =
  "Look at the image first, then at the map. Judge by what you see; there is no time limit. Choose “cannot judge” rather than guess.";
const DIAGNOSIS_INSTRUCTIONS =
  "Give your own diagnosis and how sure you are. Where a model’s view is shown, it may be wrong.";

/** `model`: the one that explains, where there is one. */
export function designFrom(template: Template, title: string, model: string | null): StudyDesign {
  const design = emptyDesign(title);
  switch (template) {
    case "maps": {
      const real = newArm("gradcam", [], model);
      const arms = [real, newArm("sham", [real], model)];
      const withArms = { ...design, arms, instructions: MAPS_INSTRUCTIONS };
      // Localization names the concepts, so it comes after the task that asks for them.
      const first = newTask("alignment", withArms);
      const tasks = [first, newTask("localization", { ...withArms, tasks: [first] })];
      return { ...withArms, tasks };
    }
    case "diagnosis": {
      const alone = newArm("image", [], model);
      const arms = [alone, newArm("prediction", [alone], model)];
      const withArms = { ...design, arms, instructions: DIAGNOSIS_INSTRUCTIONS };
      return {
        ...withArms,
        tasks: [newTask("diagnosis", withArms)],
        order: { ...design.order, separation: "sessions" },
      };
    }
    default:
      return design;
  }
}
