/** What would be left undone if somebody signed out now: uploads on their way, notes not saved yet. */

import { useEffect, useId } from "react";

const work = new Map<string, string>();

/** In words for people, each once. */
export function unsavedWork(): string[] {
  return [...new Set(work.values())];
}

/** Keeps `description` listed while there is some; null: nothing is left to do. */
export function useUnsavedWork(description: string | null): void {
  const id = useId();
  useEffect(() => {
    if (description !== null) {
      work.set(id, description);
      return () => {
        work.delete(id);
      };
    }
  }, [id, description]);
}
