import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { ApiError } from "../../../shared/api/api-error";
import type { ReadingItem, ReadingNext } from "../../../shared/api/types";
import { makeNext, makeReadingItem } from "../../../shared/testing/reading-fixtures";
import { type Draft, LocalDrafts, type Submission } from "./local-drafts";
import { ReadingClock } from "./reading-clock";
import { ReadingRoom } from "./reading-room";

const away = () => new ApiError(0, "unreachable", "The server does not answer.");
const conflict = (code: string) => new ApiError(409, code, `Refused: ${code}.`);

/** The order of four items; fails as told. */
class FakeServer {
  order: ReadingItem[] = ["a", "b", "c", "d"].map((id, place) =>
    makeReadingItem({ id, number: place + 1 }),
  );
  locked = new Map<string, Submission>();
  /** Answers that arrived, with repetitions. */
  posts: Submission[] = [];
  drafts: { id: string; draft: Draft }[] = [];
  fails: { next?: Error | undefined; draft?: Error | undefined; respond?: Error | undefined } = {};
  /** The answer arrives, and its confirmation does not. */
  losesConfirmation = false;
  end: ReadingNext["status"] = "finished";

  next = async (): Promise<ReadingNext> => {
    this.check("next");
    const [item = null, upcoming = null] = this.order;
    const status = item ? "reading" : this.end;
    return structuredClone(makeNext({ status, item, upcoming, done: this.locked.size, total: 4 }));
  };

  saveDraft = async (id: string, draft: Draft): Promise<void> => {
    this.check("draft");
    if (this.order[0]?.id !== id) {
      throw conflict("out_of_turn");
    }
    this.drafts.push({ id, draft });
    this.order[0].draft = draft;
  };

  respond = async (body: Submission): Promise<void> => {
    this.check("respond");
    this.posts.push(body);
    if (!this.locked.has(body.assignment_id)) {
      if (this.order[0]?.id !== body.assignment_id) {
        throw conflict("out_of_turn");
      }
      this.locked.set(body.assignment_id, body);
      this.order.shift();
    }
    if (this.losesConfirmation) {
      throw away();
    }
  };

  private check(what: keyof FakeServer["fails"]): void {
    const failure = this.fails[what];
    if (failure) {
      throw failure;
    }
  }
}

let server: FakeServer;
let stops: (() => void)[];

/** Somebody opens the reading room: a new page, with what this computer has kept. */
function open(): ReadingRoom {
  const drafts = new LocalDrafts("anna", "study");
  const room = new ReadingRoom({ server, drafts, clock: new ReadingClock(30_000) });
  stops.push(room.start());
  return room;
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const pass = (seconds: number) => vi.advanceTimersByTimeAsync(1000 * seconds);
const shown = (room: ReadingRoom) => room.getView().item?.id;

async function opened(): Promise<ReadingRoom> {
  const room = open();
  await settle();
  room.painted();
  return room;
}

function answerAndSubmit(room: ReadingRoom, rating = 3): void {
  room.painted();
  room.answer("rating", rating);
  room.submit();
}

beforeEach(() => {
  vi.useFakeTimers();
  const kept = new Map<string, string>();
  const storage = {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => {
      kept.set(key, text);
      Object.assign(storage, { [key]: text });
    },
    removeItem: (key: string) => {
      kept.delete(key);
      delete (storage as Record<string, unknown>)[key];
    },
  };
  vi.stubGlobal("localStorage", storage);
  server = new FakeServer();
  stops = [];
});
afterEach(() => {
  for (const stop of stops) {
    stop();
  }
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe("the way through a session", () => {
  it("shows the next item at once, while the answer is on its way", async () => {
    const room = await opened();
    expect(shown(room)).toBe("a");
    answerAndSubmit(room, 4);
    expect(shown(room)).toBe("b");
    expect(room.getView().unsent).toEqual({ number: 1, problem: null });
    expect(room.getView().done).toBe(1);
    await settle();
    expect(room.getView()).toMatchObject({ unsent: null, done: 1, upcoming: { id: "c" } });
    expect(server.locked.get("a")?.answers).toEqual({ rating: 4 });
  });

  it("never has more than one answer on its way, and sends the queued one afterwards", async () => {
    const room = await opened();
    answerAndSubmit(room, 1);
    answerAndSubmit(room, 2);
    expect(shown(room)).toBe("b");
    expect(room.getView().queued).toBe(true);
    await settle();
    expect(shown(room)).toBe("c");
    await settle();
    expect([...server.locked.keys()]).toEqual(["a", "b"]);
    expect(server.posts).toHaveLength(2);
  });

  it("does not submit what is incomplete, unseen or paused, and says what is missing", async () => {
    const room = open();
    await settle();
    room.answer("rating", 3);
    room.submit();
    expect(shown(room)).toBe("a");
    room.painted();
    room.answer("rating", null);
    room.submit();
    expect(room.getView()).toMatchObject({ lacking: ["rating"], attention: 1 });
    room.answer("rating", 2);
    expect(room.getView().lacking).toEqual([]);
    room.pause();
    room.submit();
    expect(shown(room)).toBe("a");
    room.resume();
    room.submit();
    expect(shown(room)).toBe("b");
  });

  it("ends with what the server says, and leaves nothing on the computer", async () => {
    const room = await opened();
    for (let item = 0; item < 4; item++) {
      answerAndSubmit(room);
      await settle();
    }
    expect(room.getView()).toMatchObject({ phase: "ended", next: { status: "finished" } });
    expect(Object.keys(localStorage).filter((key) => key.startsWith("vitrine"))).toEqual([]);
  });

  it("submits an item that cannot be judged without answers", async () => {
    const room = await opened();
    room.answer("rating", 2);
    room.cannotJudge(true);
    room.comment("Too dark.");
    room.submit();
    await settle();
    expect(server.locked.get("a")).toMatchObject({
      answers: {},
      cannot_judge: true,
      comment: "Too dark.",
    });
  });
});

describe("drafts", () => {
  it("go to the server a moment after the last change, once", async () => {
    const room = await opened();
    room.answer("rating", 1);
    await pass(0.2);
    room.answer("rating", 2);
    expect(server.drafts).toEqual([]);
    expect(room.getView().draft.kind).toBe("changed");
    await pass(0.5);
    expect(server.drafts.map(({ draft }) => draft.answers)).toEqual([{ rating: 2 }]);
    expect(room.getView().draft.kind).toBe("saved");
  });

  it("wait until the answer before has been saved", async () => {
    const room = await opened();
    server.fails.respond = away();
    answerAndSubmit(room);
    room.painted();
    room.answer("rating", 5);
    await pass(0.9);
    expect(server.drafts).toEqual([]);
    server.fails = {};
    await pass(5);
    expect(server.drafts.at(-1)).toMatchObject({ id: "b", draft: { answers: { rating: 5 } } });
  });

  it("are tried again when they could not be saved", async () => {
    const room = await opened();
    server.fails.draft = away();
    room.answer("rating", 1);
    await pass(1);
    expect(room.getView().draft).toMatchObject({ kind: "unsaved", retrying: true });
    server.fails = {};
    await pass(5);
    expect(room.getView().draft.kind).toBe("saved");
    expect(server.drafts).toHaveLength(1);
  });

  it("stop with the page", async () => {
    const room = await opened();
    server.fails.draft = away();
    room.answer("rating", 1);
    stops.pop()?.();
    server.fails = {};
    await pass(60);
    expect(server.drafts).toEqual([]);
  });
});

describe("after a closed browser", () => {
  it("goes on with item, answers, comment and time", async () => {
    const before = await opened();
    await pass(20);
    before.answer("rating", 2);
    before.comment("See the rim.");
    // No goodbye: the browser crashed.
    await pass(0.1);
    const room = await opened();
    expect(room.getView().given).toEqual({
      answers: { rating: 2 },
      comment: "See the rim.",
      cannotJudge: false,
    });
    expect(room.clock.read().activeMs).toBe(20_000);
  });

  it("takes the server's draft where it is newer, from another computer", async () => {
    const before = await opened();
    before.answer("rating", 2);
    const [item] = server.order;
    if (item) {
      item.draft = {
        ...{ answers: { rating: 5 }, comment: "", cannot_judge: false },
        ...{ active_ms: 90_000, idle_ms: 5000 },
      };
    }
    const room = await opened();
    expect(room.getView().given.answers).toEqual({ rating: 5 });
    expect(room.clock.read()).toEqual({ activeMs: 90_000, idleMs: 5000 });
  });

  it("takes what was given on another computer, however long the item lay open here without an answer", async () => {
    await opened();
    await pass(1800);
    const [item] = server.order;
    if (item) {
      item.draft = {
        ...{ answers: { rating: 5 }, comment: "", cannot_judge: false },
        ...{ active_ms: 9000, idle_ms: 0 },
      };
    }
    const room = await opened();
    expect(room.getView().given.answers).toEqual({ rating: 5 });
  });

  it("takes what was given here, however long the item lay open elsewhere", async () => {
    const before = await opened();
    before.answer("rating", 2);
    await pass(1);
    const [item] = server.order;
    if (item?.draft) {
      item.draft.idle_ms = 1_000_000;
    }
    before.answer("rating", 3);
    await pass(0.1);
    const room = await opened();
    expect(room.getView().given.answers).toEqual({ rating: 3 });
  });

  it("brings an answer to the server that was submitted without a network, once", async () => {
    const before = await opened();
    server.fails.respond = away();
    answerAndSubmit(before, 4);
    await settle();
    stops.pop()?.();
    server.fails = {};
    const room = await opened();
    await settle();
    expect(server.locked.get("a")?.answers).toEqual({ rating: 4 });
    expect(server.posts).toHaveLength(1);
    expect(shown(room)).toBe("b");
  });
});

describe("a lost network", () => {
  it("shows that the answer is not saved, sends it again, and goes on", async () => {
    const room = await opened();
    server.fails = { respond: away(), next: away() };
    answerAndSubmit(room, 4);
    await settle();
    expect(room.getView().unsent).toEqual({ number: 1, problem: "The server does not answer." });
    expect(shown(room)).toBe("b");
    answerAndSubmit(room, 5);
    expect(shown(room)).toBe("b");
    server.fails = {};
    room.retryNow();
    await settle();
    expect([...server.locked.values()].map(({ answers }) => answers.rating)).toEqual([4, 5]);
    expect(shown(room)).toBe("c");
  });

  it("doubles nothing when only the confirmation was lost", async () => {
    const room = await opened();
    server.losesConfirmation = true;
    answerAndSubmit(room, 4);
    await pass(3);
    server.losesConfirmation = false;
    await pass(20);
    expect(server.posts.length).toBeGreaterThan(1);
    expect([...server.locked.keys()]).toEqual(["a"]);
    expect(room.getView().unsent).toBeNull();
    expect(shown(room)).toBe("b");
  });

  it("waits for the first item, and says why", async () => {
    server.fails.next = away();
    const room = open();
    await settle();
    expect(room.getView()).toMatchObject({
      phase: "failed",
      problem: "The server does not answer.",
    });
    server.fails = {};
    await pass(2);
    expect(shown(room)).toBe("a");
    expect(room.getView()).toMatchObject({ phase: "item", problem: null });
  });
});

describe("an answer that is refused", () => {
  it("comes back with what was given when it does not fit", async () => {
    const room = await opened();
    server.fails.respond = new ApiError(400, "bad_answer", "Question 'rating': too large.");
    answerAndSubmit(room, 4);
    expect(shown(room)).toBe("b");
    await settle();
    expect(shown(room)).toBe("a");
    expect(room.getView().given.answers).toEqual({ rating: 4 });
    expect(room.getView().word).toContain("Question 'rating': too large.");
    expect(room.getView().unsent).toBeNull();
  });

  it("leads to the item that the server waits for when it is another one's turn", async () => {
    const room = await opened();
    // Another window has answered the first two meanwhile.
    server.order = server.order.slice(2);
    answerAndSubmit(room, 4);
    await settle();
    expect(shown(room)).toBe("c");
    expect(room.getView().word).toContain("Refused: out_of_turn.");
  });

  it("stays what it was when the item was answered otherwise", async () => {
    const room = await opened();
    server.fails.respond = conflict("answer_locked");
    server.order = server.order.slice(1);
    answerAndSubmit(room, 4);
    await settle();
    expect(shown(room)).toBe("b");
    expect(room.getView().word).toContain("answer_locked");
    expect(new LocalDrafts("anna", "study").read("a")).toBeNull();
  });

  it("is kept on the computer when the study was closed", async () => {
    const room = await opened();
    server.fails.respond = conflict("reading_not_open");
    answerAndSubmit(room, 4);
    server.order = [];
    server.end = "closed";
    await settle();
    expect(room.getView()).toMatchObject({ phase: "ended", next: { status: "closed" } });
    expect(room.getView().word).toContain("reading_not_open");
    expect(new LocalDrafts("anna", "study").read("a")?.answers).toEqual({ rating: 4 });
  });

  it("reloads the item when a draft comes out of turn", async () => {
    const room = await opened();
    server.order = server.order.slice(1);
    room.answer("rating", 4);
    await pass(1);
    expect(shown(room)).toBe("b");
    expect(room.getView().word).toContain("Another item comes first");
  });
});

describe("time", () => {
  it("counts from the moment the item is on the screen, and not in a pause", async () => {
    const room = open();
    await pass(7);
    room.painted();
    await pass(4);
    room.pause();
    await pass(600);
    room.resume();
    room.painted();
    await pass(2);
    room.answer("rating", 3);
    room.submit();
    await settle();
    expect(server.locked.get("a")).toMatchObject({ active_ms: 6000, idle_ms: 0 });
    await pass(9);
    room.painted();
    await pass(3);
    room.answer("rating", 3);
    room.submit();
    await settle();
    expect(server.locked.get("b")).toMatchObject({ active_ms: 3000, idle_ms: 0 });
  });
});
