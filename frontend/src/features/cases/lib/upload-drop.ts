/** What somebody has dropped or chosen, sorted by what becomes of it. */

import { isZip } from "./upload-source";

/** So many single files still have a line each in the tray; more are one batch. */
const MOST_SINGLE_FILES = 10;

export interface Dropped {
  files: readonly File[];
  folders: readonly FileSystemDirectoryEntry[];
}

export interface SortedDrop {
  single: File[];
  /** Many files without a folder around them. */
  many: File[];
  zips: File[];
  /** Dropped. */
  folders: readonly FileSystemDirectoryEntry[];
  /** Chosen in a dialog, as lists of files. */
  chosenFolders: { name: string; files: File[] }[];
}

/** Must be called while the event is handled: afterwards the browser forgets what was dropped. */
export function readDrop(transfer: DataTransfer): Dropped {
  const items = [...(transfer.items ?? [])].filter(({ kind }) => kind === "file");
  if (items.length === 0) {
    return { files: [...transfer.files], folders: [] };
  }
  const files: File[] = [];
  const folders: FileSystemDirectoryEntry[] = [];
  for (const item of items) {
    const entry = item.webkitGetAsEntry?.() ?? null;
    const file = entry?.isDirectory ? null : item.getAsFile();
    if (entry?.isDirectory) {
      folders.push(entry as FileSystemDirectoryEntry);
    } else if (file) {
      files.push(file);
    }
  }
  return { files, folders };
}

export function sortDrop({ files, folders }: Dropped): SortedDrop {
  const chosen = new Map<string, File[]>();
  const zips: File[] = [];
  const rest: File[] = [];
  for (const file of files) {
    const path = file.webkitRelativePath ?? "";
    const folder = path.slice(0, Math.max(0, path.indexOf("/")));
    if (folder !== "") {
      const inside = chosen.get(folder) ?? [];
      inside.push(file);
      chosen.set(folder, inside);
    } else {
      (isZip(file) ? zips : rest).push(file);
    }
  }
  const isMany = rest.length > MOST_SINGLE_FILES;
  return {
    single: isMany ? [] : rest,
    many: isMany ? rest : [],
    zips,
    folders,
    chosenFolders: [...chosen].map(([name, inside]) => ({ name, files: inside })),
  };
}

/** The only thing of a drop is a file: its case is opened. */
export function isOnlyFile({ single, zips, folders, chosenFolders }: SortedDrop): boolean {
  return single.length === 1 && zips.length + folders.length + chosenFolders.length === 0;
}
