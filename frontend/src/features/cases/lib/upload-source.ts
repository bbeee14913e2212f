/** Where an upload comes from: the disk, or an entry of a zip that is unpacked when its turn comes. */

/** At most so many files in a folder, a zip or a choice. */
export const MOST_FILES = 5_000;

export interface UploadSource {
  /** Sent with it. */
  name: string;
  /** Where it lies in its folder or zip; of a file of its own its name. For people, never for a disk. */
  path: string;
  /** Bytes. */
  size: number;
  /**
   * The content, at the moment it is sent. Throws an `Error` that says what is wrong. `isStopped` is asked while
   * something is unpacked: where it says yes, the rest is left, and an `Error` thrown.
   */
  open: (isStopped?: () => boolean) => Promise<File>;
}

/** What is to be added: files, and what lies in folders and zips. */
export interface ListedFiles {
  files: { source: UploadSource; problem?: string }[];
  leftOut: number;
}

const SYSTEM_FILES = new Set(["__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db"]);

/** What operating systems put into folders and zips, and what is hidden: left out without a question. */
export function isLeftOut(path: string): boolean {
  return path
    .split(/[/\\]/)
    .some(
      (part) =>
        (part.startsWith(".") && part !== "." && part !== "..") ||
        SYSTEM_FILES.has(part.toLowerCase()),
    );
}

export function isZip({ name, type }: { name: string; type?: string }): boolean {
  return (
    name.toLowerCase().endsWith(".zip") ||
    type === "application/zip" ||
    type === "application/x-zip-compressed"
  );
}

export function sourceOf(file: File, path = file.name): UploadSource {
  const open = async () => {
    try {
      // A file that was moved or changed meanwhile is found here; while it is sent it would look like a lost network.
      await file.slice(0, 1).arrayBuffer();
    } catch {
      throw new Error(
        "The file cannot be read any more. It was moved, changed or taken away; add it again.",
      );
    }
    return file;
  };
  return { name: file.name, path, size: file.size, open };
}

export function tooMany(found: string): string {
  return `${found} holds more than ${MOST_FILES} files. Divide it, and add one part at a time.`;
}
