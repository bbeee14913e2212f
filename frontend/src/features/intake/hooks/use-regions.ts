import { useEffect, useReducer } from "react";
import { useAccount } from "../../../shared/account/account-context";
import { useUnsavedWork } from "../../../shared/account/unsaved-work";
import type { Case } from "../../../shared/api/types";
import { type DrawnRegion, type RegionsAction, reduceRegions } from "../lib/regions";
import { dropRegions, keepRegions, readRegions, regionsKey } from "../lib/stored-regions";

export interface Regions {
  all: readonly DrawnRegion[];
  selectedId: number | null;
  addedId: number | null;
  /** Of the one that is added next. */
  nextId: number;
  canUndo: boolean;
  act: (action: RegionsAction) => void;
  /** Once they are confirmed, they must not stay on a shared computer. */
  forget: () => void;
}

/** What somebody has drawn and not confirmed yet; a reload keeps it. Ctrl+Z takes the last step back. */
export function useRegions({ id, pseudonym }: Case): Regions {
  const { id: accountId } = useAccount();
  const key = regionsKey(accountId, id);
  const [state, act] = useReducer(reduceRegions, key, readRegions);
  useEffect(() => keepRegions(key, state.regions), [key, state.regions]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      const undoes = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === "z";
      // A field has its own undo.
      const typing = event.target instanceof Element && event.target.closest("input,textarea");
      if (undoes && !typing) {
        event.preventDefault();
        act({ type: "undo" });
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, []);
  useUnsavedWork(
    state.regions.length > 0 ? `Regions of ${pseudonym} that are not confirmed.` : null,
  );
  return {
    all: state.regions,
    selectedId: state.selectedId,
    addedId: state.addedId,
    nextId: state.nextId,
    canUndo: state.past.length > 0,
    act,
    forget: () => dropRegions(key),
  };
}
