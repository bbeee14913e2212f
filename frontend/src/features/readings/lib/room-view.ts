/** What the reading room shows at a moment. */

import type { ReadingItem, ReadingNext } from "../../../shared/api/types";
import type { AutosaveState } from "../../../shared/hooks/use-autosave";
import { type Given, NOTHING } from "./given";

export interface RoomView {
  /** `between`: the last answer of a session is on its way, and nothing follows that is known yet. */
  phase: "loading" | "failed" | "item" | "between" | "ended";
  /** Why it failed. */
  problem: string | null;
  /** What the server said last. */
  next: ReadingNext | null;
  item: ReadingItem | null;
  /** To be loaded ahead. */
  upcoming: ReadingItem | null;
  given: Given;
  /** In this session, with what is on its way. */
  done: number;
  paused: boolean;
  /** Of what has been given for the item, without having been submitted. */
  draft: AutosaveState;
  /** The answer before, while the server has not confirmed it. */
  unsent: { number: number; problem: string | null } | null;
  /** Submitted, and waiting for the answer before. */
  queued: boolean;
  /** Something that the reader did not expect, in words. */
  word: string | null;
  /** Keys of questions without an answer, once it was to be submitted. */
  lacking: readonly string[];
  /** Goes up with every attempt to submit too early. */
  attention: number;
}

export const FIRST_VIEW: RoomView = {
  phase: "loading",
  problem: null,
  next: null,
  item: null,
  upcoming: null,
  given: NOTHING,
  done: 0,
  paused: false,
  draft: { kind: "saved" },
  unsent: null,
  queued: false,
  word: null,
  lacking: [],
  attention: 0,
};
