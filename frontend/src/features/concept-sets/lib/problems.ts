/**
 * What can be seen at once to be wrong with a draft, by place. The server checks all of it again and more; this
 * only says it beside the field without waiting.
 */

import type { ConceptGroup, ConceptSetContent } from "../../../shared/api/types";
import { optionId } from "./content";
import { isKey } from "./keys";

export interface Problem {
  /** Nothing: the set; else `group` or `group.option`, and for a class `class:key`. */
  place: string;
  field:
    | "title"
    | "modality"
    | "prompt"
    | "name"
    | "key"
    | "text"
    | "synonyms"
    | "source"
    | "options";
  words: string;
}

const LONGEST = 300;
const MOST_SYNONYMS = 20;

export function findProblems(content: ConceptSetContent): Problem[] {
  return [
    ...headProblems(content),
    ...content.classes.flatMap(({ key, name }) =>
      lineProblem(name).map((words): Problem => ({ place: `class:${key}`, field: "name", words })),
    ),
    ...content.groups.flatMap(groupProblems),
  ];
}

/** The first of a field, for the text under it. */
export function problemAt(
  problems: readonly Problem[],
  place: string,
  field: Problem["field"],
): string | undefined {
  return problems.find((each) => each.place === place && each.field === field)?.words;
}

function headProblems({ title, modality, prompt, classes, groups }: ConceptSetContent): Problem[] {
  const problems: Problem[] = [];
  const add = (field: Problem["field"], words: string) =>
    problems.push({ place: "", field, words });
  for (const words of lineProblem(title)) {
    add("title", words);
  }
  for (const words of lineProblem(modality)) {
    add("modality", words);
  }
  const missing = ["{group}", "{option}"].filter((field) => !prompt.includes(field));
  if (missing.length > 0) {
    add("prompt", `Put ${missing.join(" and ")} into it.`);
  }
  if (classes.length < 2) {
    add("options", "A set needs two classes at least.");
  }
  if (groups.length === 0) {
    add("options", "A set needs a group of options.");
  }
  return problems;
}

function groupProblems(group: ConceptGroup): Problem[] {
  const problems: Problem[] = lineProblem(group.name).map((words) => ({
    place: group.key,
    field: "name",
    words,
  }));
  if (group.options.length === 0) {
    problems.push({
      place: group.key,
      field: "options",
      words: "A group needs an option. Add one, or remove the group.",
    });
  }
  return [...problems, ...wordingProblems(group), ...group.options.flatMap(optionProblems(group))];
}

function optionProblems({ key }: ConceptGroup) {
  return (option: ConceptGroup["options"][number]): Problem[] => {
    const place = optionId(key, option.key);
    const problems: Problem[] = [];
    for (const field of ["text", "source"] as const) {
      problems.push(...lineProblem(option[field]).map((words) => ({ place, field, words })));
    }
    if (!isKey(option.key)) {
      problems.push({ place, field: "key", words: "Not a key." });
    }
    if (option.synonyms.length > MOST_SYNONYMS) {
      problems.push({ place, field: "synonyms", words: `At most ${MOST_SYNONYMS} are taken.` });
    }
    if (option.synonyms.some((synonym) => synonym.trim().length > LONGEST)) {
      problems.push({ place, field: "synonyms", words: `At most ${LONGEST} letters each.` });
    }
    return problems;
  };
}

/** Two wordings of a group that read the same: the model could not tell them apart. */
function wordingProblems(group: ConceptGroup): Problem[] {
  const seen = new Map<string, string>();
  const problems: Problem[] = [];
  for (const option of group.options) {
    const place = optionId(group.key, option.key);
    const wordings = [
      { field: "text" as const, text: option.text },
      ...option.synonyms.map((text) => ({ field: "synonyms" as const, text })),
    ];
    for (const { field, text } of wordings) {
      const plain = text.normalize("NFKC").toLowerCase().trim().replace(/\s+/g, " ");
      const other = seen.get(plain);
      if (plain && other !== undefined) {
        problems.push({ place, field, words: `“${text.trim()}” stands in “${other}” too.` });
      }
      seen.set(plain, option.key);
    }
  }
  return problems;
}

function lineProblem(text: string): string[] {
  if (text.trim() === "") {
    return ["Must not be empty."];
  }
  return text.trim().length > LONGEST ? [`At most ${LONGEST} letters.`] : [];
}
