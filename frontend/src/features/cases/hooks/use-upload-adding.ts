import { type Dispatch, useEffect, useMemo, useRef } from "react";
import { messageOf } from "../../../shared/api/api-error";
import { type Dropped, isOnlyFile, sortDrop } from "../lib/upload-drop";
import { type ListedFolder, listChosenFolder, listFolder } from "../lib/upload-folder";
import { BatchGate } from "../lib/upload-gate";
import { type ListedFiles, MOST_FILES, sourceOf, tooMany } from "../lib/upload-source";
import type { BatchKind, NewUpload, UploadAction } from "../lib/uploads";
import { largestFile } from "./use-upload-connection";

export interface UploadAdding {
  add: (dropped: Dropped) => void;
  /** Stops listing what a batch holds, and forgets it. */
  stop: (batch: number) => void;
  /** While it is paused, nothing of it is listed or unpacked. */
  pause: (batch: number, paused: boolean) => void;
  /** Aborted when the batch is paused. */
  heldOf: (batch: number | null) => AbortSignal | null;
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
  const gates = useRef(new Map<number, BatchGate>());
  useEffect(() => {
    const all = gates.current;
    return () => {
      for (const gate of all.values()) {
        gate.end();
      }
    };
  }, []);

  return useMemo(() => {
    const all = gates.current;
    const adding = new Adding(dispatch, all);
    return {
      add: (dropped) => adding.add(dropped, (id) => current.current(id)),
      stop: (batch) => {
        all.get(batch)?.end();
        all.delete(batch);
      },
      pause: (batch, paused) => (paused ? all.get(batch)?.pause() : all.get(batch)?.goOn()),
      heldOf: (batch) => (batch === null ? null : (all.get(batch)?.held ?? null)),
    };
  }, [dispatch]);
}

class Adding {
  private nextId = 1;
  private readonly dispatch: Dispatch<UploadAction>;
  private readonly gates: Map<number, BatchGate>;

  constructor(dispatch: Dispatch<UploadAction>, gates: Map<number, BatchGate>) {
    this.dispatch = dispatch;
    this.gates = gates;
  }

  add(dropped: Dropped, onOnly: (id: number) => void): void {
    const sorted = sortDrop(dropped);
    for (const folder of sorted.folders) {
      this.addFolder(folder.name, (gate) => listFolder(folder, gate));
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

  private addFolder(name: string, list: (gate: BatchGate) => Promise<ListedFolder>): void {
    void this.addBatch("folder", name, async (gate, batch) => {
      const listed = await list(gate);
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
    void this.addBatch("zip", zip.name, async (gate) => {
      const { listZip } = await import("../lib/upload-zip");
      return listZip(zip, await largestFile(gate.ended), gate);
    });
  }

  private async addBatch(
    kind: BatchKind,
    name: string,
    list: (gate: BatchGate, id: number) => Promise<ListedFiles>,
  ): Promise<void> {
    const id = this.nextId++;
    const gate = new BatchGate();
    this.gates.set(id, gate);
    this.dispatch({ type: "open-batch", id, kind, name });
    try {
      const { files, leftOut } = await list(gate, id);
      if (gate.ended.aborted) {
        return;
      }
      this.dispatch({ type: "fill-batch", id, uploads: this.numbered(files), leftOut });
      if (files.length === 0) {
        this.dispatch({ type: "refuse-batch", id, problem: "There is no file in it to add." });
      }
    } catch (error) {
      if (!gate.ended.aborted) {
        this.dispatch({ type: "refuse-batch", id, problem: messageOf(error) });
      }
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
