/** Two people changed a draft at once: what each of them changed, and both together. */

import type { StudyDesign } from "../../../shared/api/types";

type Part = keyof StudyDesign;

const PART_WORDS: Readonly<Record<Part, string>> = {
  title: "title",
  question: "question",
  grras: "GRRAS fields",
  instructions: "instructions",
  cases: "images",
  sampling: "sampling",
  arms: "arms",
  tasks: "tasks",
  order: "order",
  reading: "reading rules",
  access: "access",
};

const PARTS = Object.keys(PART_WORDS) as Part[];

/** The server may order the keys of an object differently, and leave out what is null. */
export function same(one: unknown, other: unknown): boolean {
  return canonical(one) === canonical(other);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === "object" && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(
          Object.entries(entry)
            .filter(([, each]) => each !== null && each !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : entry,
  );
}

export interface Merged {
  /** Mine where I changed something, theirs everywhere else. */
  design: StudyDesign;
  mine: string[];
  theirs: string[];
  /** What both of us changed: there mine stands. */
  both: string[];
}

export function merge(base: StudyDesign, mine: StudyDesign, theirs: StudyDesign): Merged {
  const changedBy = (side: StudyDesign) => PARTS.filter((part) => !same(base[part], side[part]));
  const [byMe, byThem] = [changedBy(mine), changedBy(theirs)];
  const design = { ...theirs, ...Object.fromEntries(byMe.map((part) => [part, mine[part]])) };
  const words = (parts: readonly Part[]) => parts.map((part) => PART_WORDS[part]);
  return {
    design,
    mine: words(byMe),
    theirs: words(byThem),
    both: words(byMe.filter((part) => byThem.includes(part) && !same(mine[part], theirs[part]))),
  };
}
