import { describe, expect, it } from "vitest";
import { makeCase } from "../../../shared/testing/fixtures";
import { sourceOf } from "./upload-source";
import {
  isUnfinished,
  mayTryAgain,
  NO_UPLOADS,
  reduceUploads,
  startable,
  statusWords,
  type Upload,
  type UploadAction,
} from "./uploads";

const source = sourceOf(new File(["x"], "a.png"));
const created = (id: number, overrides = {}): UploadAction => ({
  type: "created",
  id,
  created: makeCase(overrides),
});

function after(...actions: UploadAction[]) {
  return actions.reduce(reduceUploads, NO_UPLOADS);
}

/** Three files of their own. */
function following(...actions: UploadAction[]) {
  return after({ type: "add", uploads: [1, 2, 3].map((id) => ({ id, source })) }, ...actions);
}

/** A folder (9) of three files, the last of which was refused before it was sent. */
function inFolder(...actions: UploadAction[]) {
  return after(
    { type: "open-batch", id: 9, kind: "folder", name: "scans" },
    {
      type: "fill-batch",
      id: 9,
      leftOut: 2,
      uploads: [
        { id: 1, source },
        { id: 2, source },
        { id: 3, source, problem: "A link." },
      ],
    },
    ...actions,
  );
}

const statuses = ({ uploads }: { uploads: Upload[] }) => uploads.map(({ status }) => status);

describe("uploads", () => {
  it("start a few at a time", () => {
    const ids = (...actions: UploadAction[]) =>
      startable(following(...actions), 2).map(({ id }) => id);
    expect(ids()).toEqual([1, 2]);
    expect(ids({ type: "start", id: 1 })).toEqual([2]);
    expect(ids({ type: "start", id: 1 }, { type: "start", id: 2 })).toEqual([]);
  });

  it("do not count as travelling while they are being explained", () => {
    const begun: UploadAction[] = [
      { type: "start", id: 1 },
      { type: "start", id: 2 },
    ];
    expect(startable(following(...begun, created(1)), 2).map(({ id }) => id)).toEqual([3]);
  });

  it("say where they are", () => {
    const words = (...actions: UploadAction[]) => {
      const [first] = following(...actions).uploads;
      return first && statusWords(first);
    };
    const failed: UploadAction = { type: "fail", id: 1, problem: "no" };
    expect(words()).toBe("waiting");
    expect(words({ type: "start", id: 1 }, { type: "progress", id: 1, sent: 0.426 })).toBe(
      "sending, 42 %",
    );
    expect(words({ type: "start", id: 1 }, { type: "progress", id: 1, sent: 1 })).toBe(
      "being checked",
    );
    expect(words(created(1))).toBe("stored, waits to be explained");
    expect(words(created(1), { type: "explain", id: 1 })).toBe("being explained");
    expect(words(created(1), { type: "done", id: 1 })).toBe("explained");
    expect(words({ type: "duplicate", id: 1, created: makeCase() })).toBe("already there");
    expect(words(created(1, { review: "waiting" }))).toBe("needs a look");
    expect(words(failed)).toBe("not stored");
    expect(words(created(1), failed)).toBe("stored, not explained");
  });

  it("are through when they wait for a person, or were there already", () => {
    const state = following(created(1, { review: "waiting" }), {
      type: "duplicate",
      id: 2,
      created: makeCase(),
    });
    expect(state.uploads.filter(isUnfinished).map(({ id }) => id)).toEqual([3]);
  });

  it("can be retried, removed and cleared", () => {
    const failed = following({ type: "fail", id: 1, problem: "no" });
    expect(failed.uploads.filter(isUnfinished)).toHaveLength(2);
    expect(reduceUploads(failed, { type: "retry", id: 1 }).uploads[0]).toMatchObject({
      status: "waiting",
      problem: null,
    });
    expect(reduceUploads(failed, { type: "remove", id: 2 }).uploads).toHaveLength(2);
    const cleared = reduceUploads(failed, { type: "clear-finished" });
    expect(cleared.uploads.map(({ id }) => id)).toEqual([2, 3]);
  });

  it("keep their case when only the explanation is asked for again", () => {
    const failed = following(created(1), { type: "fail", id: 1, problem: "no" });
    const [first] = reduceUploads(failed, { type: "retry", id: 1 }).uploads;
    expect(first?.created).toEqual(makeCase());
  });

  it("all wait while the server is away, and go on when it is back", () => {
    const away = following({ type: "start", id: 1 }, { type: "lost", id: 1 });
    expect(away).toMatchObject({ away: true });
    expect(statuses(away)).toEqual(["waiting", "waiting", "waiting"]);
    expect(startable(away, 2)).toEqual([]);
    expect(startable(reduceUploads(away, { type: "back" }), 2)).toHaveLength(2);
  });
});

describe("a batch", () => {
  it("does not start while it is paused; single files do", () => {
    const add: UploadAction = { type: "add", uploads: [{ id: 4, source }] };
    const paused = inFolder(add, { type: "pause-batch", id: 9, paused: true });
    expect(startable(paused, 2).map(({ id }) => id)).toEqual([4]);
    const going = reduceUploads(paused, { type: "pause-batch", id: 9, paused: false });
    expect(startable(going, 2).map(({ id }) => id)).toEqual([1, 2]);
  });

  it("lists what was refused before it was sent, and never sends it", () => {
    const [, , refused] = inFolder().uploads;
    expect(refused).toMatchObject({ status: "failed", problem: "A link.", isFinal: true });
    expect(refused && mayTryAgain(refused)).toBe(false);
    expect(statuses(inFolder({ type: "retry-batch", id: 9 }))[2]).toBe("failed");
  });

  it("halts as a whole where the disk is full, says why, and goes on when it is told to", () => {
    const begun: UploadAction[] = [
      { type: "start", id: 1 },
      { type: "progress", id: 1, sent: 0.5 },
    ];
    const halt: UploadAction = { type: "halt-batch", id: 9, upload: 1, reason: "Full." };
    const halted = inFolder(...begun, halt);
    expect(halted.batches).toMatchObject([{ paused: true, pauseReason: "Full." }]);
    expect(halted.uploads[0]).toMatchObject({ status: "waiting", sent: 0 });
    expect(startable(halted, 2)).toEqual([]);
    const going = reduceUploads(halted, { type: "pause-batch", id: 9, paused: false });
    expect(going.batches).toMatchObject([{ paused: false, pauseReason: null }]);
    expect(startable(going, 2).map(({ id }) => id)).toEqual([1, 2]);
  });

  it("sends again only what a second try can mend", () => {
    const failed = inFolder(
      { type: "fail", id: 1, problem: "This is a PDF.", isFinal: true },
      { type: "fail", id: 2, problem: "The server broke off." },
    );
    expect(failed.uploads.filter(mayTryAgain).map(({ id }) => id)).toEqual([2]);
    const again = reduceUploads(failed, { type: "retry-batch", id: 9 });
    expect(statuses(again)).toEqual(["failed", "waiting", "failed"]);
  });

  it("takes back what was not opened before it was paused", () => {
    const back = inFolder({ type: "start", id: 1 }, { type: "put-back", id: 1 });
    expect(statuses(back)).toEqual(["waiting", "waiting", "failed"]);
  });

  it("keeps what is stored when it is cancelled, and can go on afterwards", () => {
    const cancelled = inFolder(
      created(1),
      { type: "start", id: 2 },
      { type: "cancel-batch", id: 9 },
    );
    expect(statuses(cancelled)).toEqual(["stored", "failed", "failed"]);
    expect(cancelled.uploads[1]?.problem).toMatch(/may have it already/);
    const again = reduceUploads(cancelled, { type: "retry-batch", id: 9 });
    expect(statuses(again)).toEqual(["stored", "waiting", "failed"]);
  });

  it("stays whole until all of it is through", () => {
    const clear: UploadAction = { type: "clear-finished" };
    expect(inFolder({ type: "fail", id: 1, problem: "no" }, clear).uploads).toHaveLength(3);
    const through = inFolder(
      { type: "fail", id: 1, problem: "no" },
      { type: "fail", id: 2, problem: "no" },
      clear,
    );
    expect(through).toEqual(NO_UPLOADS);
  });

  it("takes nothing in after it was taken away", () => {
    const state = after(
      { type: "open-batch", id: 9, kind: "zip", name: "a.zip" },
      { type: "remove-batch", id: 9 },
      { type: "fill-batch", id: 9, leftOut: 0, uploads: [{ id: 1, source }] },
    );
    expect(state).toEqual(NO_UPLOADS);
  });
});
