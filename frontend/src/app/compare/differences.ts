/** How two sides differ. Options and classes are the same if their keys are. */

import type { Side, SideGroup } from "./side";

export interface ClassRow {
  key: string;
  name: string;
  /** Probabilities; null where the model does not know the class. */
  left: number | null;
  right: number | null;
  difference: number | null;
}

export interface OptionRow {
  id: string;
  text: string;
  /** Scores; null where the model does not know the option. */
  left: number | null;
  right: number | null;
  difference: number | null;
}

export interface GroupRow {
  key: string;
  name: string;
  /** The present option, in words. */
  left: string;
  right: string;
  presentDiffers: boolean;
  /** Only those that differ, the largest difference first. */
  options: OptionRow[];
  /** The largest difference of a score in it. */
  size: number;
}

/** Scores are written with two digits; what does not show there is not a difference. */
const SMALLEST_DIFFERENCE = 0.005;
const ABSENT = "not present";

/** The largest difference first, then what only one side knows. */
export function classRows(left: Side, right: Side): ClassRow[] {
  const keys = (side: Side) => side.classes.map(({ key }) => key);
  const rows = union(keys(left), keys(right)).map((key): ClassRow => {
    const one = left.classes.find((entry) => entry.key === key);
    const other = right.classes.find((entry) => entry.key === key);
    return {
      key,
      name: bothNames(one?.name, other?.name),
      ...pair(one?.probability, other?.probability),
    };
  });
  return rows.sort(byDifference);
}

/** A group that only one side knows, and its present option. */
export interface OwnGroup {
  key: string;
  name: string;
  present: string;
}

export interface GroupDifferences {
  /** Groups that both know, with a difference; the largest first. */
  rows: GroupRow[];
  /** Names of those without one. */
  same: string[];
  left: OwnGroup[];
  right: OwnGroup[];
}

export function groupDifferences(left: Side, right: Side): GroupDifferences {
  const own = (groups: readonly SideGroup[], others: readonly SideGroup[]): OwnGroup[] =>
    groups
      .filter((group) => !others.some((other) => isSameGroup(group, other)))
      .map((group) => ({ key: group.key, name: group.name, present: presentText(group) }));
  const all = left.groups.flatMap((group) => {
    const other = right.groups.find((candidate) => isSameGroup(group, candidate));
    return other ? [groupRow(group, other)] : [];
  });
  const rows = all.filter(({ options, presentDiffers }) => options.length > 0 || presentDiffers);
  return {
    rows: rows.sort((a, b) => b.size - a.size),
    same: all.filter((row) => !rows.includes(row)).map(({ name }) => name),
    left: own(left.groups, right.groups),
    right: own(right.groups, left.groups),
  };
}

/** Two concept sets may use one key, even of options, for different things; then no option has the same wording. */
function isSameGroup(one: SideGroup, other: SideGroup): boolean {
  return (
    one.key === other.key &&
    one.options.some(({ id, text }) =>
      other.options.some((option) => option.id === id && option.text === text),
    )
  );
}

function groupRow(one: SideGroup, other: SideGroup): GroupRow {
  const ids = ({ options }: SideGroup) => options.map(({ id }) => id);
  const options = union(ids(one), ids(other))
    .map((id): OptionRow => {
      const left = one.options.find((option) => option.id === id);
      const right = other.options.find((option) => option.id === id);
      const text = bothNames(left?.text, right?.text);
      return { id, text, ...pair(left?.score, right?.score) };
    })
    .filter(({ difference }) => difference === null || Math.abs(difference) >= SMALLEST_DIFFERENCE)
    .sort(byDifference);
  return {
    key: one.key,
    name: bothNames(one.name, other.name),
    left: presentText(one),
    right: presentText(other),
    presentDiffers: one.presentId !== other.presentId,
    options,
    size: Math.max(0, ...options.map(({ difference }) => Math.abs(difference ?? 0))),
  };
}

function presentText({ options, presentId }: SideGroup): string {
  return options.find(({ id }) => id === presentId)?.text ?? ABSENT;
}

/** Two models may word the same thing differently. */
function bothNames(left: string | undefined, right: string | undefined): string {
  return [...new Set([left, right])].filter(Boolean).join(" / ");
}

function pair(left: number | undefined, right: number | undefined) {
  return {
    left: left ?? null,
    right: right ?? null,
    difference: left === undefined || right === undefined ? null : right - left,
  };
}

/** What only one side knows comes last. Rounded: two classes that exchange a share are equal. */
function byDifference(a: { difference: number | null }, b: { difference: number | null }): number {
  const size = (difference: number | null) =>
    difference === null ? -1 : Math.round(1e9 * Math.abs(difference));
  return size(b.difference) - size(a.difference);
}

function union(left: readonly string[], right: readonly string[]): string[] {
  return [...new Set([...left, ...right])];
}

interface Known {
  key: string;
  name: string;
}

/** What one side knows and the other does not, in sentences; empty when both know the same. */
export function coverageWords(left: Side, right: Side): string[] {
  const options = (side: Side): Known[] =>
    side.groups.flatMap((group) =>
      group.options.map(({ id, text }) => ({ key: id, name: `${group.name}: ${text}` })),
    );
  return [
    ...kindWords("class", "classes", left.classes, right.classes),
    ...kindWords("concept option", "concept options", options(left), options(right)),
  ];
}

function kindWords(
  one: string,
  many: string,
  left: readonly Known[],
  right: readonly Known[],
): string[] {
  const only = (own: readonly Known[], other: readonly Known[]) =>
    own.filter(({ key }) => !other.some((entry) => entry.key === key));
  const [onLeft, onRight] = [only(left, right), only(right, left)];
  if (onLeft.length === left.length && onRight.length === right.length) {
    return [`The two models have no ${one} in common.`];
  }
  return [["left", onLeft] as const, ["right", onRight] as const].flatMap(([side, own]) =>
    own.length === 0 ? [] : [ownWords(side, own, one, many)],
  );
}

const LONGEST_LIST = 5;

function ownWords(side: string, own: readonly Known[], one: string, many: string): string {
  const count = own.length === 1 ? `the ${one}` : `${own.length} ${many}`;
  const words = `Only the model on the ${side} knows ${count}`;
  return own.length > LONGEST_LIST
    ? `${words}.`
    : `${words}: ${own.map(({ name }) => name).join(", ")}.`;
}
