import { useEffect, useRef, useState } from "react";
import { type Dropped, readDrop } from "../lib/upload-drop";

/** Files and folders dropped anywhere on the window. Returns whether files are being dragged over it right now. */
export function useFileDrop(onDropped: (dropped: Dropped) => void): boolean {
  const [dragging, setDragging] = useState(false);
  const current = useRef(onDropped);
  useEffect(() => {
    current.current = onDropped;
  });
  useEffect(() => {
    const listening = new AbortController();
    const { signal } = listening;
    // Entering a child comes before leaving its parent, so that only the depth tells when it is over.
    let depth = 0;
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;

    const onEnter = (event: DragEvent) => {
      if (carriesFiles(event)) {
        depth += 1;
        setDragging(true);
      }
    };
    const onLeave = (event: DragEvent) => {
      if (carriesFiles(event)) {
        depth = Math.max(0, depth - 1);
        setDragging(depth > 0);
      }
    };
    const onOver = (event: DragEvent) => {
      if (carriesFiles(event)) {
        event.preventDefault();
      }
    };
    const onDrop = (event: DragEvent) => {
      depth = 0;
      setDragging(false);
      // Without this a missed drop would replace the page by the image.
      event.preventDefault();
      // What a page itself lets people drag, such as an option to another place, is nothing to upload.
      const dropped = carriesFiles(event) && event.dataTransfer && readDrop(event.dataTransfer);
      if (dropped && dropped.files.length + dropped.folders.length > 0) {
        current.current(dropped);
      }
    };
    window.addEventListener("dragenter", onEnter, { signal });
    window.addEventListener("dragleave", onLeave, { signal });
    window.addEventListener("dragover", onOver, { signal });
    window.addEventListener("drop", onDrop, { signal });
    return () => listening.abort();
  }, []);
  return dragging;
}
