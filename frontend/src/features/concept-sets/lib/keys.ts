/** Keys of classes, groups and options: small letters, digits and underscores, as models and tables use them. */

const LONGEST = 64;
const KEY = /^[a-z][a-z0-9_]{0,63}$/;
const SET_NAME = /^[a-z][a-z0-9_-]{0,63}$/;

export function isKey(text: string): boolean {
  return KEY.test(text);
}

export function isSetName(text: string): boolean {
  return SET_NAME.test(text);
}

/** "Ductal carcinoma (IDC)" → `ductal_carcinoma_idc`. Empty where no letter of it fits into a key. */
export function keyOf(text: string, fallback: string): string {
  const words = text
    .normalize("NFKD")
    .replace(/[\u0300-\u036f]/g, "")
    .toLowerCase()
    .match(/[a-z0-9]+/g);
  const key = (words ?? []).join("_");
  const begun = key === "" || /^[a-z]/.test(key) ? key : `${fallback}_${key}`;
  return (begun || fallback).slice(0, LONGEST).replace(/_+$/, "");
}

/** As wanted, or with the first number that makes it different from those taken. */
export function freeKey(wanted: string, taken: Iterable<string>): string {
  const used = new Set(taken);
  if (!used.has(wanted)) {
    return wanted;
  }
  for (let number = 2; ; number += 1) {
    const ending = `_${number}`;
    const key = wanted.slice(0, LONGEST - ending.length) + ending;
    if (!used.has(key)) {
      return key;
    }
  }
}

/** Why a new key cannot be taken, or null. */
export function keyProblem(key: string, taken: Iterable<string>): string | null {
  if (!isKey(key)) {
    return "Begin with a small letter; then small letters, digits and underscores, 64 in all.";
  }
  return [...taken].includes(key) ? "Another one has this key already." : null;
}
