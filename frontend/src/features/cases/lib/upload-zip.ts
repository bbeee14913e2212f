/** Lists what lies in a zip, and unpacks an entry when its turn comes. Loaded only when there is a zip. */

import type { Entry, FileEntry } from "@zip.js/zip.js";
import { BlobReader, configure, ZipReader } from "@zip.js/zip.js/lib/zip-core-native.js";
import { formatBytes } from "../../../shared/lib/format";
import type { BatchGate } from "./upload-gate";
import {
  isLeftOut,
  isZip,
  type ListedFiles,
  MOST_FILES,
  tooMany,
  type UploadSource,
} from "./upload-source";

// The browser's own inflate: the page's policy allows no WebAssembly, and one entry at a time needs no workers.
configure({ useWebWorkers: false, useCompressionStream: true });

/** So much is unpacked whatever the ratio: a few blank slices compress a thousandfold and harm nobody. */
const HARMLESS_BYTES = 1_000_000_000;
/** Images and even empty masks stay far below; what is beyond was made to fill a memory. */
const LARGEST_RATIO = 100;

/** Throws an `Error` in words where nothing of it can be taken. */
export async function listZip(
  zip: File,
  largestFile: number,
  gate: BatchGate,
): Promise<ListedFiles> {
  // Names are only shown, never used as a path; what is odd about them is mended in `harmlessPath`.
  const options = { filenameValidation: "tolerant", signal: gate.ended } as const;
  const reader = new ZipReader(new BlobReader(zip), options);
  const listed: ListedFiles = { files: [], leftOut: 0 };
  let unpacked = 0;
  let count = 0;
  for await (const entry of entriesOf(reader)) {
    await gate.passed();
    count += 1;
    if (count > MOST_FILES) {
      throw new Error(tooMany("The zip"));
    }
    if (entry.directory) {
      continue;
    }
    if (isLeftOut(entry.filename)) {
      listed.leftOut += 1;
      continue;
    }
    unpacked += entry.uncompressedSize;
    const problem = problemOf(entry, largestFile);
    listed.files.push({
      source: sourceOf(entry, largestFile),
      ...(problem !== null && { problem }),
    });
  }
  if (unpacked > HARMLESS_BYTES && unpacked > LARGEST_RATIO * zip.size) {
    throw new Error(
      `The zip says that it unpacks to ${formatBytes(unpacked)}, more than ${LARGEST_RATIO} times its size, as zips do that are made to fill a memory. If you trust it, unpack it and add the folder.`,
    );
  }
  return listed;
}

async function* entriesOf(reader: ZipReader<unknown>): AsyncGenerator<Entry> {
  try {
    yield* reader.getEntriesGenerator();
  } catch (error) {
    throw new Error(
      isAbout(error, "Encrypted")
        ? "The zip is encrypted. Unpack it, and add the folder."
        : "The zip cannot be read: it is damaged, cut off or no zip. Make it again, or add the folder.",
    );
  }
}

function problemOf(entry: Entry, largestFile: number): string | null {
  if (entry.encrypted) {
    return "Encrypted with a password. Unpack the zip, and add the folder.";
  }
  if (entry.symlink) {
    return "A link to another file, not a file.";
  }
  if (isZip({ name: entry.filename })) {
    return "A zip inside the zip. Unpack it, and add it on its own.";
  }
  if (entry.uncompressedSize > largestFile) {
    return tooLarge(entry.uncompressedSize, largestFile);
  }
  return null;
}

function tooLarge(size: number, largestFile: number): string {
  return `${formatBytes(size)} unpacked; the server takes files of at most ${formatBytes(largestFile)}.`;
}

function sourceOf(entry: FileEntry, largestFile: number): UploadSource {
  const path = harmlessPath(entry.filename);
  const name = path.slice(path.lastIndexOf("/") + 1);
  const open = (isStopped?: () => boolean) => unpack(entry, name, largestFile, isStopped);
  return { name, path, size: entry.uncompressedSize, open };
}

/** In memory as long as it is being sent. Never more than the server takes, whatever the zip says about its size. */
async function unpack(
  entry: FileEntry,
  name: string,
  largestFile: number,
  isStopped: () => boolean = () => false,
): Promise<File> {
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  let overflow = false;
  const collecting = new WritableStream<Uint8Array<ArrayBuffer>>({
    write(part) {
      if (isStopped()) {
        parts.length = 0;
        throw new Error("Stopped.");
      }
      size += part.length;
      if (size > largestFile || size > entry.uncompressedSize) {
        overflow = true;
        parts.length = 0;
        throw new Error("More than was said.");
      }
      parts.push(part.slice());
    },
  });
  try {
    await entry.getData(collecting, { checkCrc32: true, checkOverlappingEntry: true });
  } catch (error) {
    throw new Error(whyNotUnpacked(error, overflow));
  }
  return new File(parts, name);
}

function whyNotUnpacked(error: unknown, overflow: boolean): string {
  if (overflow || isAbout(error, "Invalid uncompressed size")) {
    return "It unpacks to another size than the zip says, as in zips that are made to fill a memory.";
  }
  if (isAbout(error, "Overlapping")) {
    return "It shares its bytes with another entry, as in zips that are made to fill a memory.";
  }
  if (isAbout(error, "Compression method")) {
    return "It is packed by a method that browsers do not know. Unpack the zip, and add the folder.";
  }
  return "It cannot be unpacked: this part of the zip is damaged, or the zip was moved or changed meanwhile.";
}

function isAbout(error: unknown, words: string): boolean {
  return error instanceof Error && error.message.includes(words);
}

/** Without drive, steps up, and what would turn a name around on the screen. */
export function harmlessPath(name: string): string {
  const parts = name
    // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly those
    .replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .split(/[/\\]/)
    .filter((part) => part !== "" && part !== "." && part !== ".." && !/^[a-z]:$/i.test(part));
  return parts.join("/") || "without a name";
}
