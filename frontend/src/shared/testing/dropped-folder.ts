/** What a browser gives for files and folders that are dropped. */

export function fileEntry(name: string, content = "x"): FileSystemFileEntry {
  return {
    name,
    isFile: true,
    isDirectory: false,
    file: (resolve: (file: File) => void) => resolve(new File([content], name)),
  } as FileSystemFileEntry;
}

/** As browsers do it: a round of entries with each call, then an empty one. */
export function folderEntry(name: string, entries: readonly FileSystemEntry[], round = 100) {
  return {
    name,
    isFile: false,
    isDirectory: true,
    createReader: () => {
      const rest = [...entries];
      return {
        readEntries: (resolve: (entries: FileSystemEntry[]) => void) =>
          resolve(rest.splice(0, round)),
      };
    },
  } as unknown as FileSystemDirectoryEntry;
}

export function droppedFolder(folder: FileSystemDirectoryEntry) {
  const item = { kind: "file", webkitGetAsEntry: () => folder, getAsFile: () => null };
  return { types: ["Files"], files: [], items: [item] };
}
