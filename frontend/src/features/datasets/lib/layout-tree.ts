/**
 * The published layout of a data set as a tree that can be held against a folder.
 *
 * Layouts are written for people, one path a line: `folder/file.png …` for many files, `a.csv, b.csv` for files that
 * lie together, a remark in brackets behind a name, and `or` before another form of the same download.
 * What is no path is kept as a remark, so that nothing of the text is lost.
 */

export interface LayoutNode {
  /** Empty for a line that is only a remark. */
  name: string;
  folder: boolean;
  /** There are many files of this kind. */
  many: boolean;
  note: string | null;
  children: LayoutNode[];
}

/** One of the forms a download may have. */
export interface LayoutForm {
  /** "or", "as on Kaggle"; null for the only or first one. */
  title: string | null;
  nodes: LayoutNode[];
}

interface Item {
  path: string;
  note: string | null;
  many: boolean;
}

const FORM = /^((?:or|as) [^/:]*):\s*(.*)$/;
const REMARK_BEHIND = /^(.*\S)\s+\(([^()]*(?:\([^()]*\)[^()]*)*)\)$/;
const COLUMNS_BEHIND = /^(\S.*?\.\w+) (with .*)$/;
const MANY = /\s*…$/;

export function layoutForms(layout: string): LayoutForm[] {
  const forms: LayoutForm[] = [];
  for (const line of layout.split("\n").filter((text) => text.trim())) {
    readLine(forms, line);
  }
  return forms.filter(({ nodes }) => nodes.length > 0);
}

function readLine(forms: LayoutForm[], line: string): void {
  let text = line.trim();
  const named = FORM.exec(text);
  const other = /^or (.*)$/.exec(text);
  if (named?.[1]) {
    forms.push({ title: named[1], nodes: [] });
    text = named[2] ?? "";
  } else if (other?.[1] && isPath(firstItem(other[1]))) {
    forms.push({ title: "or", nodes: [] });
    text = other[1];
  } else if (forms.length === 0) {
    forms.push({ title: null, nodes: [] });
  }
  const form = forms.at(-1);
  if (form && text) {
    readPaths(form.nodes, text, /^\s/.test(line));
  }
}

function readPaths(roots: LayoutNode[], text: string, indented: boolean): void {
  if (!isPath(firstItem(text))) {
    const last = lastNode(roots);
    if (indented && last) {
      last.note = last.note ? `${last.note} ${text}` : text;
    } else {
      roots.push({ ...node(""), note: text });
    }
    return;
  }
  let folder = "";
  let last: LayoutNode | null = null;
  for (const part of splitAtCommas(text)) {
    const item = itemOf(part);
    if (last && !isPath(item)) {
      last.note = last.note ? `${last.note}, ${part}` : part;
    } else {
      last = addPath(roots, item.path.includes("/") ? item : { ...item, path: folder + item.path });
      folder ||= item.path.slice(0, item.path.lastIndexOf("/") + 1);
    }
  }
}

function firstItem(text: string): Item {
  return itemOf(splitAtCommas(text)[0] ?? "");
}

function itemOf(text: string): Item {
  let path = text.replace(MANY, "");
  let note: string | null = null;
  const behind = REMARK_BEHIND.exec(path) ?? COLUMNS_BEHIND.exec(path);
  if (behind) {
    path = behind[1] ?? path;
    note = behind[2] ?? null;
  }
  return { path: path.replace(MANY, ""), note, many: MANY.test(text) || MANY.test(path) };
}

/** Several words are a path only with a slash or an ending. */
function isPath({ path }: Item): boolean {
  return /^\S+$/.test(path) || path.includes("/") || /\.\w{1,5}$/.test(path);
}

/** Not at commas inside brackets. */
function splitAtCommas(text: string): string[] {
  const parts = [""];
  let depth = 0;
  for (const letter of text) {
    depth += letter === "(" ? 1 : letter === ")" ? -1 : 0;
    if (letter === "," && depth === 0) {
      parts.push("");
    } else {
      parts[parts.length - 1] += letter;
    }
  }
  return parts.map((part) => part.trim()).filter(Boolean);
}

function addPath(roots: LayoutNode[], item: Item): LayoutNode {
  const names = item.path.split("/").filter(Boolean);
  let level = roots;
  let found = node("");
  names.forEach((name, at) => {
    const existing = level.find((other) => other.name === name);
    found = existing ?? node(name);
    if (!existing) {
      level.push(found);
    }
    found.folder ||= at < names.length - 1 || item.path.endsWith("/");
    level = found.children;
  });
  found.note ??= item.note;
  found.many ||= item.many;
  return found;
}

function node(name: string): LayoutNode {
  return { name, folder: false, many: false, note: null, children: [] };
}

function lastNode(nodes: readonly LayoutNode[]): LayoutNode | null {
  const last = nodes.at(-1);
  return last ? (lastNode(last.children) ?? last) : null;
}
