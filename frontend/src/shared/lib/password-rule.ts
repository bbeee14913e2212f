/** What the server asks of a password, told before it has to refuse one. */

const SHORTEST = 12;

export const PASSWORD_RULE =
  "At least 12 characters, for example four words that do not belong together.";

export function isLongEnough(password: string): boolean {
  return [...password].length >= SHORTEST;
}
