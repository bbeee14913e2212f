import { useEffect, useState, useSyncExternalStore } from "react";
import { useAccount } from "../../../shared/account/account-context";
import { useUnsavedWork } from "../../../shared/account/unsaved-work";
import { sessionGate } from "../../../shared/api/session-gate";
import { createResponse } from "../api/create-response";
import { useItemImage } from "../api/get-item-image";
import { getNextItem } from "../api/get-next-item";
import { saveDraft } from "../api/save-draft";
import { LocalDrafts } from "../lib/local-drafts";
import { mapPicture } from "../lib/map-picture";
import { ReadingClock } from "../lib/reading-clock";
import { ReadingRoom } from "../lib/reading-room";
import type { RoomView } from "../lib/room-view";

/** So often what was given is kept with its time, in case the browser does not get to say goodbye. */
const KEEP_MILLISECONDS = 5000;
const INPUTS = ["keydown", "pointerdown", "pointermove", "wheel"] as const;

/** The room of a study, for as long as its page is open. `idleSeconds` is the study's rule. */
export function useReadingRoom(studyId: string, idleSeconds: number): [ReadingRoom, RoomView] {
  const { id: accountId } = useAccount();
  const [room] = useState(
    () =>
      new ReadingRoom({
        server: {
          next: () => getNextItem(studyId),
          saveDraft: (assignmentId, draft, signal) =>
            saveDraft(studyId, assignmentId, draft, signal),
          respond: (body) => createResponse(studyId, body),
        },
        drafts: new LocalDrafts(accountId, studyId),
        clock: new ReadingClock(1000 * idleSeconds),
      }),
  );
  const view = useSyncExternalStore(room.subscribe, room.getView);
  useEffect(() => room.start(), [room]);
  useAttention(room);
  useEffect(() => {
    const timer = setInterval(() => room.keep(), KEEP_MILLISECONDS);
    const onOnline = () => room.retryNow();
    const onLeave = () => room.keep();
    window.addEventListener("online", onOnline);
    window.addEventListener("pagehide", onLeave);
    return () => {
      clearInterval(timer);
      window.removeEventListener("online", onOnline);
      window.removeEventListener("pagehide", onLeave);
    };
  }, [room]);
  useAhead(view);
  const open = view.unsent !== null || (view.item !== null && view.draft.kind !== "saved");
  useUnsavedWork(open ? "An answer in a reader study is not saved on the server yet." : null);
  return [room, view];
}

/** Tells the clock whether somebody is there. */
function useAttention({ clock }: ReadingRoom): void {
  useEffect(() => {
    const look = () => clock.attend(document.visibilityState === "visible" && document.hasFocus());
    const onInput = () => clock.input();
    const onGate = () =>
      sessionGate.isClosed() ? clock.hold("sign-in") : clock.release("sign-in");
    look();
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener("visibilitychange", look, { signal });
    window.addEventListener("focus", look, { signal });
    window.addEventListener("blur", look, { signal });
    for (const name of INPUTS) {
      document.addEventListener(name, onInput, { signal, passive: true, capture: true });
    }
    const unsubscribe = sessionGate.subscribe(onGate);
    return () => {
      listening.abort();
      unsubscribe();
    };
  }, [clock]);
}

/** The next item's image is fetched and decoded, and its map drawn, while this one is read. */
function useAhead({ upcoming }: RoomView): void {
  useItemImage(upcoming?.image ?? null);
  const map = upcoming?.content.map ?? null;
  useEffect(() => {
    if (map) {
      const timer = setTimeout(() => mapPicture(map), 50);
      return () => clearTimeout(timer);
    }
  }, [map]);
}
