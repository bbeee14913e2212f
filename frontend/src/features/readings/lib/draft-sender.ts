/** Brings drafts to the server: a moment after the last change, one after the other, again until they arrive. */

import { messageOf } from "../../../shared/api/api-error";
import type { AutosaveState } from "../../../shared/hooks/use-autosave";
import type { Draft } from "./local-drafts";
import { canRetry, codeOf } from "./retry";

const QUIET_MILLISECONDS = 400;
const RETRY_MILLISECONDS = 4000;

interface DraftSenderSettings {
  send: (assignmentId: string, draft: Draft, signal: AbortSignal) => Promise<unknown>;
  /** What would be sent now; null: nothing may be sent. */
  current: () => { assignmentId: string; draft: Draft } | null;
  onState: (state: AutosaveState) => void;
  /** The server takes nothing for this item any more; the words say why, where it is not another item's turn. */
  onOutOfTurn: (word: string | null) => void;
}

export class DraftSender {
  private readonly settings: DraftSenderSettings;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sending: AbortController | null = null;
  private dirty = false;
  private closed = false;

  constructor(settings: DraftSenderSettings) {
    this.settings = settings;
  }

  open(): void {
    this.closed = false;
  }

  /** The page is left: once more, and never again. */
  close(): void {
    void this.flush();
    this.closed = true;
  }

  /** Something was changed. */
  touch(): void {
    this.dirty = true;
    this.settings.onState({ kind: "changed" });
    this.soon(QUIET_MILLISECONDS);
  }

  /** What was changed while nothing could be sent can be sent now. */
  resume(): void {
    if (this.dirty) {
      this.soon(0);
    }
  }

  /** The item is submitted or gone: its draft must not follow. */
  drop(): void {
    clearTimeout(this.timer);
    this.sending?.abort();
    this.sending = null;
    this.dirty = false;
  }

  async flush(): Promise<void> {
    clearTimeout(this.timer);
    const now = this.settings.current();
    if (!this.dirty || this.sending || !now) {
      return;
    }
    const sending = new AbortController();
    this.sending = sending;
    this.dirty = false;
    this.settings.onState({ kind: "saving" });
    let problem: unknown = null;
    try {
      await this.settings.send(now.assignmentId, now.draft, sending.signal);
    } catch (error) {
      problem = error ?? new Error("unknown");
    }
    if (this.sending !== sending) {
      return;
    }
    this.sending = null;
    if (problem !== null) {
      this.failed(problem);
    } else if (this.dirty) {
      this.soon(QUIET_MILLISECONDS);
    } else {
      this.settings.onState({ kind: "saved" });
    }
  }

  private failed(error: unknown): void {
    const code = codeOf(error);
    if (code === "out_of_turn" || code === "answer_locked" || code === "reading_not_open") {
      this.dirty = false;
      this.settings.onOutOfTurn(code === "reading_not_open" ? messageOf(error) : null);
      return;
    }
    const retrying = canRetry(error);
    this.settings.onState({ kind: "unsaved", problem: messageOf(error), retrying });
    if (retrying) {
      this.dirty = true;
      this.soon(RETRY_MILLISECONDS);
    }
  }

  private soon(milliseconds: number): void {
    clearTimeout(this.timer);
    if (!this.closed) {
      this.timer = setTimeout(() => void this.flush(), milliseconds);
    }
  }
}
