/** What a reader study comes to, computed from the answers that were pressed: a second opinion on the server's. */

import { createHash } from "node:crypto";

/** SHA-256 of a document as canonical JSON: keys sorted, no blanks. */
export function canonicalHash(document) {
  return createHash("sha256").update(canonical(document)).digest("hex");
}

function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(",")}]`;
  }
  if (value !== null && typeof value === "object") {
    const entries = Object.keys(value).sort();
    return `{${entries.map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`).join(",")}}`;
  }
  return JSON.stringify(value);
}

/** Rows of a CSV file (RFC 4180) as objects. */
export function parseCsv(text) {
  const cells = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r\n|$)/gy;
  const rows = [[]];
  for (let found = cells.exec(text); found && found.index < text.length; found = cells.exec(text)) {
    const [, cell, end] = found;
    rows.at(-1).push(cell.startsWith('"') ? cell.slice(1, -1).replaceAll('""', '"') : cell);
    if (end === "\r\n") {
      rows.push([]);
    }
  }
  const [header, ...lines] = rows.filter((row) => row.length > 0);
  return lines.map((line) => Object.fromEntries(header.map((name, place) => [name, line[place]])));
}

export const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** Wilson's score interval of a share, 95 %. */
export function wilson(hits, of) {
  const z = 1.959963984540054;
  const share = hits / of;
  const middle = (share + z ** 2 / (2 * of)) / (1 + z ** 2 / of);
  const half =
    (z * Math.sqrt((share * (1 - share)) / of + z ** 2 / (4 * of ** 2))) / (1 + z ** 2 / of);
  return { value: share, low: middle - half, high: middle + half };
}

/**
 * What was pressed, with what was really shown: the order of the export says which item stood where.
 *
 * @param readers of the journey, in the order of invitation, each with `given`: answers by number of the item
 * @param document the JSON export
 */
export function joined(readers, document) {
  const items = new Map(document.items.map((item) => [item.number, item]));
  return document.readers.flatMap(({ code, order }, place) =>
    order.map(({ position, item, repeated }) => {
      const shown = items.get(item);
      const { answers, comment } = readers[place].given.get(position + 1);
      return { code, position, item: shown, repeated, comment, answers: inKeys(shown, answers) };
    }),
  );
}

/** Digits as the answers they stand for: of a choice, the key of the option in that place. */
function inKeys({ content }, answers) {
  return (
    answers &&
    Object.fromEntries(
      content.questions.map(({ key, kind, options }) => [
        key,
        kind === "choice" ? options[answers[key] - 1].key : answers[key],
      ]),
    )
  );
}

/** Answers that results are made of. */
const counted = (all) => all.filter(({ item, repeated }) => !item.practice && !repeated);

export function ofArm(all, task, arm) {
  return counted(all).filter(
    ({ item, answers }) => answers && item.task_key === task && item.arm_key === arm,
  );
}

/** Mean over units of what each reader gave under one arm minus under the other, where they gave both. */
export function difference(all, task, arm, against, value) {
  const units = new Map();
  for (const one of ofArm(all, task, arm)) {
    const other = ofArm(all, task, against).find(
      ({ code, item }) => code === one.code && item.unit === one.item.unit,
    );
    if (other) {
      const differences = units.get(one.item.unit) ?? [];
      units.set(one.item.unit, [...differences, value(one) - value(other)]);
    }
  }
  return { pairs: units.size, value: mean([...units.values()].map(mean)) };
}

/** How often readers gave the same answer when an item came again. */
export function repeats(all, task, question) {
  const again = all.filter(({ item, repeated }) => repeated && item.task_key === task);
  const pairs = again
    .map((second) => [
      all.find(
        (first) => !first.repeated && first.code === second.code && first.item === second.item,
      ),
      second,
    ])
    .filter(([first, second]) => first.answers && second.answers);
  const same = pairs.filter(
    ([first, second]) => first.answers[question] === second.answers[question],
  );
  return { pairs: pairs.length, same: same.length };
}

/** Rows of an iMRMC file after its header. */
export function imrmcRows(text) {
  const lines = text.trim().split("\r\n");
  return lines.slice(lines.indexOf("BEGIN DATA:") + 1).sort();
}

/** The same from what was pressed: signed confidence, positive where a class that counts as disease was chosen. */
export function expectedImrmc(all, positive) {
  const diagnoses = counted(all).filter(({ item, answers }) => answers && item.truth.class_key);
  const read = diagnoses.filter(({ item }) => item.content.kind === "diagnosis");
  const truth = read.map(
    ({ item }) => `-1,${item.case_number},0,${positive.includes(item.truth.class_key) ? 1 : 0}`,
  );
  const scores = read.map(({ code, item, answers }) => {
    const sign = positive.includes(answers.class) ? 1 : -1;
    return `${code},${item.case_number},${item.arm_key},${sign * answers.confidence}`;
  });
  return [...new Set(truth), ...scores].sort();
}
