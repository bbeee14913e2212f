/** Lists what lies in a dropped folder, however deep. */

import type { BatchGate } from "./upload-gate";
import { isLeftOut, isZip, type ListedFiles, MOST_FILES, sourceOf, tooMany } from "./upload-source";

const DEEPEST = 64;

export interface ListedFolder extends ListedFiles {
  /** Zips are batches of their own. */
  zips: File[];
}

/** Throws an `Error` in words where nothing can be taken. */
export async function listFolder(
  folder: FileSystemDirectoryEntry,
  gate: BatchGate,
): Promise<ListedFolder> {
  const listed: ListedFolder = { files: [], zips: [], leftOut: 0 };
  await walk(folder, folder.name, 1, listed, gate);
  return listed;
}

async function walk(
  folder: FileSystemDirectoryEntry,
  path: string,
  depth: number,
  listed: ListedFolder,
  gate: BatchGate,
): Promise<void> {
  if (depth > DEEPEST) {
    refuse(listed, path, `Folders lie more than ${DEEPEST} deep here; move it further up.`);
    return;
  }
  const entries = await entriesOf(folder).catch(() => null);
  if (entries === null) {
    refuse(listed, path, "The folder cannot be read. Check whether you may open it.");
    return;
  }
  for (const entry of entries) {
    await gate.passed();
    const inner = `${path}/${entry.name}`;
    if (isLeftOut(entry.name)) {
      listed.leftOut += 1;
    } else if (entry.isDirectory) {
      await walk(entry as FileSystemDirectoryEntry, inner, depth + 1, listed, gate);
    } else {
      await take(entry as FileSystemFileEntry, inner, listed);
    }
    if (listed.files.length > MOST_FILES) {
      throw new Error(tooMany("The folder"));
    }
  }
}

async function take(entry: FileSystemFileEntry, path: string, listed: ListedFolder): Promise<void> {
  const file = await fileOf(entry).catch(() => null);
  if (file === null) {
    refuse(listed, path, "The file cannot be read. Check whether you may open it.");
  } else if (isZip(file)) {
    listed.zips.push(file);
  } else {
    listed.files.push({ source: sourceOf(file, path) });
  }
}

function refuse(listed: ListedFolder, path: string, problem: string): void {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const open = () => Promise.reject(new Error(problem));
  listed.files.push({ source: { name, path, size: 0, open }, problem });
}

/** Browsers give a folder's entries in rounds (a hundred at a time), and an empty round at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const round = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (round.length === 0) {
      return all.sort((a, b) => a.name.localeCompare(b.name, "en", { numeric: true }));
    }
    all.push(...round);
  }
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** The same from a folder that was chosen in a dialog: one list, with the paths in the files. */
export function listChosenFolder(files: readonly File[]): ListedFolder {
  const listed: ListedFolder = { files: [], zips: [], leftOut: 0 };
  for (const file of files) {
    const path = file.webkitRelativePath || file.name;
    // The name of the chosen folder itself does not matter: somebody has chosen it.
    if (isLeftOut(path.slice(path.indexOf("/") + 1))) {
      listed.leftOut += 1;
    } else if (isZip(file)) {
      listed.zips.push(file);
    } else {
      listed.files.push({ source: sourceOf(file, path) });
    }
  }
  if (listed.files.length > MOST_FILES) {
    throw new Error(tooMany("The folder"));
  }
  return listed;
}
