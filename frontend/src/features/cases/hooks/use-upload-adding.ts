import { type Dispatch, useEffect, useMemo, useRef } from "react";
import { messageOf } from "../../../shared/api/api-error";
import { type Dropped, isOnlyFile, sortDrop } from "../lib/upload-drop";
import { type ListedFolder, listChosenFolder, listFolder } from "../lib/upload-folder";
import { type ListedFiles, MOST_FILES, sourceOf, tooMany } from "../lib/upload-source";
import type { BatchKind, NewUpload, UploadAction } from "../lib/uploads";
import { largestFile } from "./use-upload-connection";

export interface UploadAdding {
  add: (dropped: Dropped) => void;
  /** Stops listing what a batch holds. */
  stop: (batch: number) => void;
}

/** Lists what was dropped or chosen, each folder and zip as a batch. `onOnly` gets the id of a file that came alone. */
export function useUploadAdding(
  dispatch: Dispatch<UploadAction>,
  onOnly: (id: number) => void,
): UploadAdding {
  const current = useRef(onOnly);
  useEffect(() => {
    current.current = onOnly;
  });
  const reading = useRef(new Map<number, AbortController>());
  useEffect(() => {
    const all = reading.current;
    return () => {
      for (const abort of all.values()) {
        abort.abort();
      }
    };
  }, []);

  return useMemo(() => {
    const adding = new Adding(dispatch, reading.current);
    return {
      add: (dropped) => adding.add(dropped, (id) => current.current(id)),
      stop: (batch) => reading.current.get(batch)?.abort(),
    };
  }, [dispatch]);
}

class Adding {
  private nextId = 1;
  private readonly dispatch: Dispatch<UploadAction>;
  private readonly reading: Map<number, AbortController>;

  constructor(dispatch: Dispatch<UploadAction>, reading: Map<number, AbortController>) {
    this.dispatch = dispatch;
    this.reading = reading;
  }

  add(dropped: Dropped, onOnly: (id: number) => void): void {
    const sorted = sortDrop(dropped);
    for (const folder of sorted.folders) {
      this.addFolder(folder.name, (signal) => listFolder(folder, signal));
    }
    for (const { name, files } of sorted.chosenFolders) {
      this.addFolder(name, async () => listChosenFolder(files));
    }
    for (const zip of sorted.zips) {
      this.addZip(zip);
    }
    if (sorted.many.length > 0) {
      void this.addBatch("files", `${sorted.many.length} files`, async () => listMany(sorted.many));
    }
    const uploads = this.numbered(sorted.single.map((file) => ({ source: sourceOf(file) })));
    const [first] = uploads;
    if (first && isOnlyFile(sorted)) {
      onOnly(first.id);
    }
    if (first) {
      this.dispatch({ type: "add", uploads });
    }
  }

  private addFolder(name: string, list: (signal: AbortSignal) => Promise<ListedFolder>): void {
    void this.addBatch("folder", name, async (signal, batch) => {
      const listed = await list(signal);
      for (const zip of listed.zips) {
        this.addZip(zip);
      }
      if (listed.zips.length > 0 && listed.files.length === 0) {
        this.dispatch({ type: "remove-batch", id: batch });
      }
      return listed;
    });
  }

  private addZip(zip: File): void {
    void this.addBatch("zip", zip.name, async (signal) => {
      const { listZip } = await import("../lib/upload-zip");
      return listZip(zip, await largestFile(signal), signal);
    });
  }

  private async addBatch(
    kind: BatchKind,
    name: string,
    list: (signal: AbortSignal, id: number) => Promise<ListedFiles>,
  ): Promise<void> {
    const id = this.nextId++;
    const abort = new AbortController();
    this.reading.set(id, abort);
    this.dispatch({ type: "open-batch", id, kind, name });
    try {
      const { files, leftOut } = await list(abort.signal, id);
      if (abort.signal.aborted) {
        return;
      }
      this.dispatch({ type: "fill-batch", id, uploads: this.numbered(files), leftOut });
      if (files.length === 0) {
        this.dispatch({ type: "refuse-batch", id, problem: "There is no file in it to add." });
      }
    } catch (error) {
      if (!abort.signal.aborted) {
        this.dispatch({ type: "refuse-batch", id, problem: messageOf(error) });
      }
    } finally {
      this.reading.delete(id);
    }
  }

  private numbered(files: ListedFiles["files"]): NewUpload[] {
    return files.map((file) => ({ id: this.nextId++, ...file }));
  }
}

function listMany(files: readonly File[]): ListedFiles {
  if (files.length > MOST_FILES) {
    throw new Error(tooMany("What was added"));
  }
  return { files: files.map((file) => ({ source: sourceOf(file) })), leftOut: 0 };
}
