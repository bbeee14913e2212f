import { describe, expect, it } from "vitest";
import { makeCase } from "../../../shared/testing/fixtures";
import { isUnfinished, reduceUploads, startable, statusWords, type UploadAction } from "./uploads";

const file = new File(["x"], "a.png");

function following(...actions: UploadAction[]) {
  const added: UploadAction = {
    type: "add",
    uploads: [1, 2, 3].map((id) => ({ id, file })),
  };
  return [added, ...actions].reduce(reduceUploads, []);
}

describe("uploads", () => {
  it("start a few at a time", () => {
    expect(startable(following(), 2).map(({ id }) => id)).toEqual([1, 2]);
    expect(startable(following({ type: "start", id: 1 }), 2).map(({ id }) => id)).toEqual([2]);
    const both = following({ type: "start", id: 1 }, { type: "start", id: 2 });
    expect(startable(both, 2)).toEqual([]);
  });

  it("do not count as travelling while they are being explained", () => {
    const explaining = following(
      { type: "start", id: 1 },
      { type: "start", id: 2 },
      { type: "created", id: 1, created: makeCase() },
    );
    expect(startable(explaining, 2).map(({ id }) => id)).toEqual([3]);
  });

  it("say where they are", () => {
    const words = (...actions: UploadAction[]) => {
      const [first] = following(...actions);
      return first && statusWords(first);
    };
    const created: UploadAction = { type: "created", id: 1, created: makeCase() };
    const failed: UploadAction = { type: "fail", id: 1, problem: "no" };
    expect(words()).toBe("waiting");
    expect(words({ type: "start", id: 1 }, { type: "progress", id: 1, sent: 0.426 })).toBe(
      "sending, 42 %",
    );
    expect(words({ type: "start", id: 1 }, { type: "progress", id: 1, sent: 1 })).toBe(
      "being checked",
    );
    expect(words(created)).toBe("being explained");
    expect(words(created, { type: "done", id: 1 })).toBe("explained");
    expect(words(failed)).toBe("not stored");
    expect(words(created, failed)).toBe("stored, not explained");
  });

  it("can be retried, removed and cleared", () => {
    const failed = following({ type: "fail", id: 1, problem: "no" });
    expect(failed.filter(isUnfinished)).toHaveLength(2);
    expect(reduceUploads(failed, { type: "retry", id: 1 })[0]).toMatchObject({
      status: "waiting",
      problem: null,
    });
    expect(reduceUploads(failed, { type: "remove", id: 2 })).toHaveLength(2);
    expect(reduceUploads(failed, { type: "clear-finished" }).map(({ id }) => id)).toEqual([2, 3]);
  });
});
