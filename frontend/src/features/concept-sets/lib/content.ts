/** Edits of a concept set, each from one content to the next. What does not exist is left alone. */

import type {
  ConceptClass,
  ConceptGroup,
  ConceptOption,
  ConceptSetContent,
} from "../../../shared/api/types";

type Content = ConceptSetContent;

export function optionId(group: string, option: string): string {
  return `${group}.${option}`;
}

export function findGroup(content: Content, key: string): ConceptGroup | undefined {
  return content.groups.find((group) => group.key === key);
}

export function findOption(
  content: Content,
  group: string,
  key: string,
): ConceptOption | undefined {
  return findGroup(content, group)?.options.find((option) => option.key === key);
}

export function countOptions(content: Content): number {
  return content.groups.reduce((sum, { options }) => sum + options.length, 0);
}

export function optionIds(content: Content): string[] {
  return content.groups.flatMap((group) =>
    group.options.map((option) => optionId(group.key, option.key)),
  );
}

/** What the text encoder reads, for any wording of an option. */
export function fillPrompt(prompt: string, group: string, option: string): string {
  return prompt
    .replaceAll("{group}", () => group)
    .replaceAll("{option}", () => option)
    .replaceAll("{{", "{")
    .replaceAll("}}", "}");
}

/** Keys of the classes that an option is typical of. */
export function classesWith(content: Content, group: string, option: string): string[] {
  return content.classes
    .map(({ key }) => key)
    .filter((key) => content.class_options[key]?.[group] === option);
}

export function editHead(
  content: Content,
  change: Partial<Pick<Content, "title" | "modality" | "prompt">>,
): Content {
  return { ...content, ...change };
}

export function editGroup(
  content: Content,
  key: string,
  change: Partial<Omit<ConceptGroup, "key" | "options">>,
): Content {
  return mapGroup(content, key, (group) => ({ ...group, ...change }));
}

export function editOption(
  content: Content,
  group: string,
  key: string,
  change: Partial<Omit<ConceptOption, "key">>,
): Content {
  return mapGroup(content, group, (found) => ({
    ...found,
    options: found.options.map((option) =>
      option.key === key ? { ...option, ...change } : option,
    ),
  }));
}

export function editClass(content: Content, key: string, name: string): Content {
  return {
    ...content,
    classes: content.classes.map((entry) => (entry.key === key ? { ...entry, name } : entry)),
  };
}

/** With the table following: a row that names the old key would name nothing. */
export function renameGroup(content: Content, key: string, to: string): Content {
  return {
    ...mapGroup(content, key, (group) => ({ ...group, key: to })),
    class_options: mapRows(content, (row) => mapKeys(row, (each) => (each === key ? to : each))),
  };
}

export function renameOption(content: Content, group: string, key: string, to: string): Content {
  const renamed = mapGroup(content, group, (found) => ({
    ...found,
    options: found.options.map((option) => (option.key === key ? { ...option, key: to } : option)),
  }));
  return {
    ...renamed,
    class_options: mapRows(content, (row) => (row[group] === key ? { ...row, [group]: to } : row)),
  };
}

export function renameClass(content: Content, key: string, to: string): Content {
  return {
    ...content,
    classes: content.classes.map((entry) => (entry.key === key ? { ...entry, key: to } : entry)),
    class_options: mapKeys(content.class_options, (each) => (each === key ? to : each)),
  };
}

export function addGroup(content: Content, group: ConceptGroup): Content {
  return { ...content, groups: [...content.groups, group] };
}

/** Behind `after`, or at the end. */
export function addOption(
  content: Content,
  group: string,
  option: ConceptOption,
  after: string | null = null,
): Content {
  return mapGroup(content, group, (found) => {
    const place = found.options.findIndex(({ key }) => key === after);
    const at = place < 0 ? found.options.length : place + 1;
    return { ...found, options: found.options.toSpliced(at, 0, option) };
  });
}

export function addClass(content: Content, entry: ConceptClass): Content {
  return { ...content, classes: [...content.classes, entry] };
}

export function removeGroup(content: Content, key: string): Content {
  return {
    ...content,
    groups: content.groups.filter((group) => group.key !== key),
    class_options: mapRows(content, (row) => without(row, key)),
  };
}

export function removeOption(content: Content, group: string, key: string): Content {
  const removed = mapGroup(content, group, (found) => ({
    ...found,
    options: found.options.filter((option) => option.key !== key),
  }));
  return {
    ...removed,
    class_options: mapRows(content, (row) => (row[group] === key ? without(row, group) : row)),
  };
}

export function removeClass(content: Content, key: string): Content {
  return {
    ...content,
    classes: content.classes.filter((entry) => entry.key !== key),
    class_options: without(content.class_options, key),
  };
}

/** Another option in the place of one; the classes that showed the old one do not show the new one by themselves. */
export function replaceOption(
  content: Content,
  group: string,
  key: string,
  option: ConceptOption,
  keepsClasses: boolean,
): Content {
  const replaced = mapGroup(content, group, (found) => ({
    ...found,
    options: found.options.map((each) => (each.key === key ? option : each)),
  }));
  return {
    ...replaced,
    class_options: mapRows(content, (row) => {
      if (row[group] !== key) {
        return row;
      }
      return keepsClasses ? { ...row, [group]: option.key } : without(row, group);
    }),
  };
}

/** To a place among its like, counted from 0 and kept within what there is. */
export function moveGroup(content: Content, key: string, to: number): Content {
  const groups = moved(content.groups, key, to);
  return groups === content.groups ? content : { ...content, groups };
}

export function moveOption(content: Content, group: string, key: string, to: number): Content {
  const found = findGroup(content, group);
  const options = found && moved(found.options, key, to);
  return !options || options === found?.options
    ? content
    : mapGroup(content, group, (each) => ({ ...each, options }));
}

/** The typical option of a class in a group; null: none. */
export function setTypical(
  content: Content,
  classKey: string,
  group: string,
  option: string | null,
): Content {
  const row = content.class_options[classKey] ?? {};
  const next = option === null ? without(row, group) : { ...row, [group]: option };
  return { ...content, class_options: { ...content.class_options, [classKey]: next } };
}

function mapGroup(
  content: Content,
  key: string,
  change: (group: ConceptGroup) => ConceptGroup,
): Content {
  return {
    ...content,
    groups: content.groups.map((group) => (group.key === key ? change(group) : group)),
  };
}

type Row = Record<string, string>;

function mapRows(content: Content, change: (row: Row) => Row): Content["class_options"] {
  return Object.fromEntries(
    Object.entries(content.class_options).map(([key, row]) => [key, change(row)]),
  );
}

function mapKeys<Value>(
  record: Record<string, Value>,
  change: (key: string) => string,
): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [change(key), value]));
}

function without<Value>(record: Record<string, Value>, key: string): Record<string, Value> {
  return Object.fromEntries(Object.entries(record).filter(([each]) => each !== key));
}

function moved<Item extends { key: string }>(items: Item[], key: string, to: number): Item[] {
  const at = items.findIndex((item) => item.key === key);
  const place = Math.min(items.length - 1, Math.max(0, to));
  const item = items[at];
  return item === undefined || at === place
    ? items
    : items.toSpliced(at, 1).toSpliced(place, 0, item);
}
