/**
 * Taking a draft onto a newer revision: what each side changed since the revision they have in common stays.
 * Where both changed the same, the draft wins, and the conflict says what the other one had, so that it can be
 * taken instead.
 */

import type { ConceptGroup, ConceptOption, ConceptSetContent } from "../../../shared/api/types";
import {
  addOption,
  editClass,
  editGroup,
  editHead,
  editOption,
  removeGroup,
  removeOption,
  setTypical,
} from "./content";

type Content = ConceptSetContent;

export interface Conflict {
  /** What both changed, such as “Text of border.fading”. */
  what: string;
  mine: string;
  theirs: string;
  /** The merged content with theirs in this one place. */
  takeTheirs: (content: Content) => Content;
}

export interface Merged {
  content: Content;
  conflicts: Conflict[];
}

export function merge(base: Content, mine: Content, theirs: Content): Merged {
  const conflicts: Conflict[] = [];
  const content: Content = {
    // The name of a set stays, and the version is the server's to count in files.
    name: theirs.name,
    version: pick(base.version, mine.version, theirs.version),
    ...mergeHead(base, mine, theirs, conflicts),
    classes: mergeList(base.classes, mine.classes, theirs.classes, {
      both: (before, own, other) => ({
        key: own.key,
        name: mergeText(before?.name, own.name, other.name, conflicts, {
          what: `Name of the class ${own.key}`,
          take: (name) => (all) => editClass(all, own.key, name),
        }),
      }),
      gone: keepChanged,
    }),
    groups: mergeGroups(base, mine, theirs, conflicts),
    class_options: {},
  };
  content.class_options = mergeTable(base, mine, theirs, content, conflicts);
  return { content, conflicts };
}

/** Three-way: who changed it wins; both: mine. */
function pick<Value>(base: Value | undefined, mine: Value, theirs: Value): Value {
  return equal(mine, base) ? theirs : mine;
}

function equal(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

interface Place<Value> {
  what: string;
  take: (theirs: Value) => (content: Content) => Content;
  words?: (value: Value) => string;
}

function mergeText<Value>(
  base: Value | undefined,
  mine: Value,
  theirs: Value,
  conflicts: Conflict[],
  { what, take, words = plainWords }: Place<Value>,
): Value {
  if (!(equal(mine, base) || equal(theirs, base) || equal(mine, theirs))) {
    conflicts.push({ what, mine: words(mine), theirs: words(theirs), takeTheirs: take(theirs) });
  }
  return pick(base, mine, theirs);
}

function plainWords(value: unknown): string {
  if (Array.isArray(value)) {
    return value.length === 0 ? "none" : value.join("; ");
  }
  return typeof value === "boolean" ? (value ? "yes" : "no") : String(value);
}

function mergeHead(base: Content, mine: Content, theirs: Content, conflicts: Conflict[]) {
  const field = (name: "title" | "modality" | "prompt", what: string) =>
    mergeText(base[name], mine[name], theirs[name], conflicts, {
      what,
      take: (text) => (all) => editHead(all, { [name]: text }),
    });
  return {
    title: field("title", "Title"),
    modality: field("modality", "Modality"),
    prompt: field("prompt", "Prompt"),
  };
}

interface ListRules<Item> {
  /** It stands on both sides. */
  both: (base: Item | undefined, mine: Item, theirs: Item) => Item;
  /** One side removed what the other one may have changed: what is left of it, or null. */
  gone: (base: Item, left: Item, removedBy: "mine" | "theirs") => Item | null;
}

/** What was changed by one side is not lost when the other one removed it. */
function keepChanged<Item>(base: Item, left: Item): Item | null {
  return equal(base, left) ? null : left;
}

function mergeList<Item extends { key: string }>(
  base: readonly Item[],
  mine: readonly Item[],
  theirs: readonly Item[],
  rules: ListRules<Item>,
): Item[] {
  const [before, own, other] = [base, mine, theirs].map(
    (items) => new Map(items.map((item) => [item.key, item])),
  ) as [Map<string, Item>, Map<string, Item>, Map<string, Item>];
  const found = new Map<string, Item>();
  for (const key of new Set([...own.keys(), ...other.keys()])) {
    const [was, mineNow, theirsNow] = [before.get(key), own.get(key), other.get(key)];
    const item =
      mineNow && theirsNow
        ? rules.both(was, mineNow, theirsNow)
        : mineNow
          ? was === undefined
            ? mineNow
            : rules.gone(was, mineNow, "theirs")
          : theirsNow && (was === undefined ? theirsNow : rules.gone(was, theirsNow, "mine"));
    if (item) {
      found.set(key, item);
    }
  }
  return order(base, mine, theirs, found);
}

/** In the order of who moved something, mine first; what the other side added stands behind what it stood behind. */
function order<Item extends { key: string }>(
  base: readonly Item[],
  mine: readonly Item[],
  theirs: readonly Item[],
  found: ReadonlyMap<string, Item>,
): Item[] {
  const moved = !equal(commonOrder(base, mine), commonOrder(mine, base));
  const [first, second] = moved ? [mine, theirs] : [theirs, mine];
  const keys = first.map(({ key }) => key);
  second.forEach(({ key }, at) => {
    if (!keys.includes(key)) {
      const behind = keys.indexOf(second[at - 1]?.key ?? "");
      keys.splice(at === 0 ? 0 : behind < 0 ? keys.length : behind + 1, 0, key);
    }
  });
  return keys.flatMap((key) => found.get(key) ?? []);
}

/** Keys that stand in both, in the order of the first. */
function commonOrder(items: readonly { key: string }[], others: readonly { key: string }[]) {
  const known = new Set(others.map(({ key }) => key));
  return items.map(({ key }) => key).filter((key) => known.has(key));
}

function mergeGroups(
  base: Content,
  mine: Content,
  theirs: Content,
  conflicts: Conflict[],
): ConceptGroup[] {
  return mergeList(base.groups, mine.groups, theirs.groups, {
    both: (before, own, other) => ({
      key: own.key,
      name: mergeText(before?.name, own.name, other.name, conflicts, {
        what: `Name of the group ${own.key}`,
        take: (name) => (all) => editGroup(all, own.key, { name }),
      }),
      localizable: pick(before?.localizable, own.localizable, other.localizable),
      options: mergeList(before?.options ?? [], own.options, other.options, {
        both: (was, mineNow, theirsNow) => mergeOption(own.key, was, mineNow, theirsNow, conflicts),
        gone: (was, left, by) => optionGone(own.key, was, left, by, conflicts),
      }),
    }),
    gone: (was, left, by) => {
      if (equal(was, left)) {
        return null;
      }
      conflicts.push(
        removed(
          `Group ${left.key}`,
          by,
          (all) => removeGroup(all, left.key),
          (all) => all,
        ),
      );
      return left;
    },
  });
}

function mergeOption(
  group: string,
  base: ConceptOption | undefined,
  mine: ConceptOption,
  theirs: ConceptOption,
  conflicts: Conflict[],
): ConceptOption {
  const id = `${group}.${mine.key}`;
  const place = (field: "text" | "source", what: string): Place<string> => ({
    what: `${what} of ${id}`,
    take: (value) => (all) => editOption(all, group, mine.key, { [field]: value }),
  });
  return {
    key: mine.key,
    text: mergeText(base?.text, mine.text, theirs.text, conflicts, place("text", "Words")),
    synonyms: mergeText(base?.synonyms, mine.synonyms, theirs.synonyms, conflicts, {
      what: `Synonyms of ${id}`,
      take: (synonyms) => (all) => editOption(all, group, mine.key, { synonyms }),
    }),
    source: mergeText(
      base?.source,
      mine.source,
      theirs.source,
      conflicts,
      place("source", "Source"),
    ),
  };
}

function optionGone(
  group: string,
  was: ConceptOption,
  left: ConceptOption,
  by: "mine" | "theirs",
  conflicts: Conflict[],
): ConceptOption | null {
  if (equal(was, left)) {
    return null;
  }
  const remove = (all: Content) => removeOption(all, group, left.key);
  const keep = (all: Content) =>
    all.groups.some(
      (each) => each.key === group && each.options.some(({ key }) => key === left.key),
    )
      ? all
      : addOption(all, group, left);
  conflicts.push(removed(`Option ${group}.${left.key}`, by, remove, keep));
  return left;
}

/** What one side removed and the other one changed is kept, because removing it again is easier than writing it anew. */
function removed(
  what: string,
  by: "mine" | "theirs",
  remove: (content: Content) => Content,
  keep: (content: Content) => Content,
): Conflict {
  return by === "theirs"
    ? { what, mine: "changed, and kept", theirs: "removed", takeTheirs: remove }
    : { what, mine: "removed; it is back for now", theirs: "changed", takeTheirs: keep };
}

/** Cell by cell, without what names a class, group or option that is gone. */
function mergeTable(
  base: Content,
  mine: Content,
  theirs: Content,
  merged: Content,
  conflicts: Conflict[],
): Content["class_options"] {
  const table: Content["class_options"] = {};
  for (const { key: classKey } of merged.classes) {
    const rows = [base, mine, theirs].map((content) => content.class_options[classKey]);
    if (rows[1] === undefined && rows[2] === undefined) {
      continue;
    }
    table[classKey] = {};
    for (const group of merged.groups) {
      const [was, own, other] = rows.map((row) => row?.[group.key] ?? null);
      const known = (key: string | null | undefined) =>
        key != null && group.options.some((option) => option.key === key) ? key : null;
      const cell = mergeText<string | null>(was, known(own), known(other), conflicts, {
        what: `Typical option of ${classKey} in ${group.key}`,
        take: (option) => (all) => setTypical(all, classKey, group.key, option),
        words: (option) => option ?? "none",
      });
      if (cell !== null) {
        table[classKey][group.key] = cell;
      }
    }
  }
  return table;
}
