/**
 * One reader's way through the items of a session: what is shown, what has been given, what the server has.
 *
 * A submitted answer is kept on this computer until the server confirms it, and the next item is shown meanwhile.
 * Never more than one answer is on its way: the order is the server's, and it takes answers one after the other.
 */

import { messageOf } from "../../../shared/api/api-error";
import type { ReadingItem, ReadingNext } from "../../../shared/api/types";
import { DraftSender } from "./draft-sender";
import {
  type Answer,
  answersToSend,
  type Given,
  missing,
  NOTHING,
  restored,
  withAnswer,
} from "./given";
import { contentOf, type Draft, type LocalDrafts, newerDraft, type Unsent } from "./local-drafts";
import type { ReadingClock } from "./reading-clock";
import { codeOf, Patience } from "./retry";
import type { RoomServer } from "./room-server";
import { FIRST_VIEW, type RoomView } from "./room-view";

interface RoomParts {
  server: RoomServer;
  drafts: LocalDrafts;
  clock: ReadingClock;
}

/** Like no draft of the server. */
const UNKNOWN = "";
const ANOTHER_FIRST = "Another item comes first; it is shown now. Nothing that you gave is lost.";

export class ReadingRoom {
  private readonly server: RoomServer;
  private readonly drafts: LocalDrafts;
  readonly clock: ReadingClock;
  private readonly sender: DraftSender;
  private readonly patience = new Patience();
  private readonly listeners = new Set<() => void>();
  private view: RoomView = FIRST_VIEW;
  /** The item that the server waits for. */
  private confirmed: string | null = null;
  private shown = false;
  /** What the server has of the item, as far as this page knows. */
  private synced = contentOf(null);
  /** Goes up with every start and stop; what belongs to an earlier one is left alone. */
  private round = 0;
  /** The newest question for the next item; answers to older ones are left alone. */
  private asked: object | null = null;

  constructor({ server, drafts, clock }: RoomParts) {
    this.server = server;
    this.drafts = drafts;
    this.clock = clock;
    this.sender = new DraftSender({
      send: (id, draft, signal) => this.saveDraft(id, draft, signal),
      current: () => this.savable(),
      onState: (draft) => this.change({ draft }),
      onOutOfTurn: (word) => void this.reload(word ?? ANOTHER_FIRST),
    });
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getView = (): RoomView => this.view;

  /** Begins with an answer that an earlier visit could not bring to the server. */
  start(): () => void {
    this.round += 1;
    this.sender.open();
    const unsent = this.drafts.readUnsent();
    if (unsent) {
      this.change({ unsent: { number: unsent.number, problem: null } });
      void this.send(unsent);
    } else {
      void this.refresh();
    }
    return () => {
      this.keep();
      this.sender.close();
      this.round += 1;
      this.patience.end();
    };
  }

  answer(key: string, answer: Answer | null): void {
    this.give(withAnswer(this.view.given, key, answer));
  }

  comment(comment: string): void {
    this.give({ ...this.view.given, comment });
  }

  cannotJudge(cannotJudge: boolean): void {
    this.give({ ...this.view.given, cannotJudge });
  }

  /** The image is on the screen: time counts, and the item may be answered. */
  painted(): void {
    this.shown = true;
    this.clock.release("image");
  }

  pause(): void {
    this.clock.hold("pause");
    this.keep();
    void this.sender.flush();
    this.change({ paused: true, queued: false });
  }

  resume(): void {
    this.clock.release("pause");
    this.change({ paused: false });
  }

  /** The network is back, or somebody does not want to wait. */
  retryNow(): void {
    this.patience.end();
    void this.sender.flush();
  }

  /** After a failure that waiting does not mend. */
  retry(): void {
    void this.reload(null);
  }

  /** What was given and for how long goes to this computer's storage; every few seconds, and when the page is left. */
  keep(): void {
    const { item } = this.view;
    if (item) {
      this.drafts.keep(item.id, { ...this.draftNow(), synced: this.synced });
    }
  }

  submit(): void {
    const { item, given, paused, unsent, upcoming, done } = this.view;
    if (!item || paused || !this.shown) {
      return;
    }
    const lacking = missing(item.content, given).map(({ key }) => key);
    if (lacking.length > 0) {
      this.change({ lacking, attention: this.view.attention + 1 });
      return;
    }
    if (unsent || this.confirmed !== item.id) {
      this.change({ queued: true, lacking });
      return;
    }
    const body = {
      assignment_id: item.id,
      ...this.draftNow(),
      answers: answersToSend(item.content, given),
    };
    const submission = { body, number: item.number };
    this.drafts.keepUnsent(submission);
    this.sender.drop();
    const onTheWay = { number: item.number, problem: null };
    this.change({ unsent: onTheWay, queued: false, word: null, done: done + 1 });
    if (upcoming) {
      this.show(upcoming);
    } else {
      this.leaveItem("between");
    }
    void this.send(submission);
  }

  private give(given: Given): void {
    const { item, lacking } = this.view;
    if (!item) {
      return;
    }
    const still = missing(item.content, given).map(({ key }) => key);
    this.change({ given, queued: false, lacking: lacking.filter((key) => still.includes(key)) });
    this.keep();
    this.sender.touch();
  }

  private async send(submission: Unsent): Promise<void> {
    const { round } = this;
    const { body, number } = submission;
    const wanted = () => round === this.round;
    const sent = await this.patience.insist(() => this.server.respond(body), {
      wanted,
      onFailure: (error, lasting) =>
        lasting
          ? void this.refused(submission, error)
          : this.change({ unsent: { number, problem: messageOf(error) } }),
    });
    if (sent) {
      this.drafts.dropUnsent(body.assignment_id);
      this.drafts.drop(body.assignment_id);
    }
    if (sent && wanted()) {
      this.change({ unsent: null });
      await this.refresh();
    }
  }

  /** Sending the same again would not help: what was given is a draft again, unless the item has its answer. */
  private async refused({ body, number }: Unsent, error: unknown): Promise<void> {
    const code = codeOf(error);
    if (code === "not_signed_in") {
      return;
    }
    this.keep();
    this.drafts.dropUnsent(body.assignment_id);
    if (code === "answer_locked") {
      this.drafts.drop(body.assignment_id);
    } else {
      const { assignment_id: id, ...draft } = body;
      // The server has nothing newer: whatever it has was replaced by this submission.
      this.drafts.keep(id, { ...draft, synced: UNKNOWN });
    }
    this.change({ unsent: null });
    await this.reload(`Your answer to item ${number} was not taken. ${messageOf(error)}`);
  }

  /** Forgets what is shown, and asks the server. */
  private async reload(word: string | null): Promise<void> {
    this.keep();
    this.sender.drop();
    this.leaveItem("loading");
    this.change({ queued: false, word });
    await this.refresh();
  }

  private async refresh(): Promise<void> {
    const asked = {};
    this.asked = asked;
    const { round } = this;
    const wanted = () => round === this.round && asked === this.asked;
    const next = await this.patience.insist(() => this.server.next(), {
      wanted,
      onFailure: (error, lasting) => {
        if (lasting || !this.view.item) {
          this.keep();
          this.leaveItem("failed");
          this.change({ problem: messageOf(error) });
        }
      },
    });
    if (next && wanted()) {
      this.take(next.result);
    }
  }

  private take(next: ReadingNext): void {
    const { item } = next;
    this.change({ next, done: next.done, problem: null });
    if (!item) {
      this.confirmed = null;
      this.leaveItem("ended");
      if (next.status === "finished") {
        this.drafts.clear();
      }
      return;
    }
    const before = this.view.item;
    this.confirmed = item.id;
    if (before?.id !== item.id) {
      this.keep();
      this.sender.drop();
      this.show(item);
      if (before) {
        this.change({ word: ANOTHER_FIRST, queued: false });
      }
    }
    this.change({ upcoming: next.upcoming });
    if (this.view.queued) {
      this.submit();
    } else {
      this.sender.resume();
    }
  }

  private show(item: ReadingItem): void {
    const here = this.drafts.read(item.id);
    const draft = newerDraft(here, item.draft);
    this.shown = false;
    this.synced = contentOf(item.draft);
    this.clock.hold("image");
    this.clock.begin({ activeMs: draft?.active_ms ?? 0, idleMs: draft?.idle_ms ?? 0 });
    const given = draft ? restored(item.content, draft) : NOTHING;
    const saved = { kind: "saved" } as const;
    this.change({ phase: "item", item, given, upcoming: null, lacking: [], draft: saved });
    if (here && draft === here) {
      this.sender.touch();
    }
  }

  private leaveItem(phase: RoomView["phase"]): void {
    this.shown = false;
    this.clock.hold("image");
    this.change({ phase, item: null, upcoming: null, given: NOTHING, lacking: [] });
  }

  private async saveDraft(id: string, draft: Draft, signal: AbortSignal): Promise<void> {
    await this.server.saveDraft(id, draft, signal);
    if (this.view.item?.id === id) {
      this.synced = contentOf(draft);
      this.keep();
    }
  }

  /** Only of the item that the server waits for. */
  private savable(): { assignmentId: string; draft: Draft } | null {
    const { item, unsent } = this.view;
    const ready = item && !unsent && this.confirmed === item.id;
    return ready ? { assignmentId: item.id, draft: this.draftNow() } : null;
  }

  private draftNow(): Draft {
    const { activeMs, idleMs } = this.clock.read();
    const { answers, comment, cannotJudge } = this.view.given;
    return {
      ...{ answers: { ...answers }, comment, cannot_judge: cannotJudge },
      ...{ active_ms: activeMs, idle_ms: idleMs },
    };
  }

  private change(change: Partial<RoomView>): void {
    this.view = { ...this.view, ...change };
    for (const listener of this.listeners) {
      listener();
    }
  }
}
