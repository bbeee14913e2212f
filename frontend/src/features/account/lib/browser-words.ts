/** "Firefox on Linux" from what a browser says about itself. Only a help to recognise one's own. */

const BROWSERS: readonly [RegExp, string][] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/OPR\/|Opera/, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrome\/|CriOS\/|Chromium\//, "Chrome"],
  [/Safari\//, "Safari"],
];

const SYSTEMS: readonly [RegExp, string][] = [
  [/Windows/, "Windows"],
  [/Android/, "Android"],
  [/iPhone|iPad/, "iOS"],
  [/Mac OS X|Macintosh/, "macOS"],
  [/CrOS/, "ChromeOS"],
  [/Linux|X11/, "Linux"],
];

const find = (words: readonly [RegExp, string][], text: string) =>
  words.find(([pattern]) => pattern.test(text))?.[1] ?? null;

export function browserWords(userAgent: string): string {
  const browser = find(BROWSERS, userAgent);
  const system = find(SYSTEMS, userAgent);
  if (browser === null) {
    return userAgent.trim().slice(0, 40) || "Unknown browser";
  }
  return system === null ? browser : `${browser} on ${system}`;
}
