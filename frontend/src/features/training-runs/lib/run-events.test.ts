import { describe, expect, it } from "vitest";
import { receive, type ServerEvent } from "../../../shared/hooks/use-event-source-inbox";
import { makeEpoch, makeRunDetail } from "../../../shared/testing/training-fixtures";
import { followRun, progressOf, secondsLeft } from "./run-events";

const READ = makeRunDetail({ epochs: [], epochs_done: 0, log: [], last_sequence: 0 });

const event = (sequence: number, kind: string, data: object): ServerEvent => ({
  sequence,
  kind,
  data: { at: `2026-11-21T10:00:0${sequence}Z`, ...data },
  at: 0,
});

const STORY: ServerEvent[] = [
  event(1, "log", { text: "begins" }),
  event(2, "stage", { stage: "Tokens" }),
  event(3, "epoch", makeEpoch(1)),
  event(4, "log", { text: "goes on" }),
  event(5, "epoch", makeEpoch(2)),
];

const inOrderOf = (order: number[]) =>
  order
    .map((sequence) => STORY[sequence - 1] as ServerEvent)
    .reduce<readonly ServerEvent[]>((events, each) => receive(events, each), []);

const summary = ({ epochs, log, last_sequence }: typeof READ) => ({
  epochs: epochs.map(({ epoch }) => epoch),
  log: log.map(({ text }) => text),
  last_sequence,
});

describe("a run that is followed", () => {
  const whole = { epochs: [1, 2], log: ["begins", "goes on"], last_sequence: 5 };

  it("has every event once, whatever the order and however often they came", () => {
    const orders = [
      [1, 2, 3, 4, 5],
      [5, 4, 3, 2, 1],
      [2, 1, 4, 5, 3],
      [1, 2, 2, 3, 1, 4, 4, 5, 5],
      // After the connection was lost the server sends the last ones again.
      [1, 2, 3, 2, 3, 4, 5],
    ];
    for (const order of orders) {
      const { run, gap } = followRun(READ, inOrderOf(order));
      expect(summary(run)).toEqual(whole);
      expect(gap).toBe(false);
    }
  });

  it("is the same whether it was read before, between or after the events", () => {
    const events = inOrderOf([1, 2, 3, 4, 5]);
    for (const known of [0, 1, 2, 3, 4, 5]) {
      const earlier = followRun(READ, inOrderOf([1, 2, 3, 4, 5].slice(0, known))).run;
      expect(summary(followRun(earlier, events).run)).toEqual(whole);
    }
  });

  it("stops before an event that is missing, says so, and goes on when it is there", () => {
    const { run, gap } = followRun(READ, inOrderOf([1, 2, 4, 5]));
    expect(gap).toBe(true);
    expect(summary(run)).toEqual({ epochs: [], log: ["begins"], last_sequence: 2 });
    const readAnew = followRun(READ, inOrderOf([1, 2, 3])).run;
    const after = followRun(readAnew, inOrderOf([1, 2, 4, 5]));
    expect(after.gap).toBe(false);
    expect(summary(after.run)).toEqual(whole);
  });

  it("has nothing twice where more was read than the number it was read up to", () => {
    const ahead = { ...followRun(READ, STORY).run, last_sequence: 2 };
    expect(summary(followRun(ahead, STORY).run)).toEqual(whole);
    expect(summary(followRun(ahead, []).run)).toEqual({ ...whole, last_sequence: 2 });
  });

  it("takes the later of two reports of one epoch, as after a lost worker", () => {
    const again = makeEpoch(2, { seconds: 9 });
    const events = [...STORY, event(6, "epoch", makeEpoch(3)), event(7, "epoch", again)];
    const { run } = followRun(READ, events);
    expect(run.epochs.map(({ epoch, seconds }) => [epoch, seconds])).toEqual([
      [1, 3.2],
      [2, 9],
    ]);
    expect(run.epochs_done).toBe(2);
    expect(run.validation).toEqual(again.validation);
  });

  it("changes its status, with the reason, and has to be read anew then", () => {
    expect(followRun(READ, STORY).moved).toBe(false);
    const queued = makeRunDetail({ status: "queued", position: 2, last_sequence: 0 });
    const begun = followRun(queued, [event(1, "status", { status: "running", attempt: 2 })]);
    expect(begun.moved).toBe(true);
    expect(begun.run).toMatchObject({ status: "running", attempts: 2, position: null });
    const failed = event(2, "status", { status: "failed", error: "The disk is full." });
    const { run } = followRun(begun.run, [failed]);
    expect(run).toMatchObject({ status: "failed", error: "The disk is full.", progress: null });
  });

  it("survives events of a later version", () => {
    const odd = [
      event(1, "weather", {}),
      event(2, "status", { status: "asleep" }),
      event(3, "epoch", { epoch: "one" }),
      event(4, "log", { lines: 3 }),
      event(5, "stage", {}),
    ];
    const { run } = followRun(READ, odd);
    expect(run).toEqual({ ...READ, last_sequence: 5 });
  });

  it("keeps as many lines of its log as the server sends", () => {
    const many = Array.from({ length: 620 }, (_, at) =>
      event(at + 1, "log", { text: `line ${at}`, at: "2026-11-21T10:00:00Z" }),
    );
    const { log } = followRun(READ, many).run;
    expect(log).toHaveLength(500);
    expect(log.at(-1)?.text).toBe("line 619");
  });
});

describe("progress", () => {
  it("is read from an event, or not at all", () => {
    expect(progressOf({ stage: "Tokens", done: 3, total: 9 })).toEqual({
      stage: "Tokens",
      done: 3,
      total: 9,
    });
    expect(progressOf({ stage: "Tokens" })).toBeNull();
  });

  it("has time left from the latest epochs", () => {
    const run = makeRunDetail({
      epochs: [1, 2, 3, 4].map((epoch) => makeEpoch(epoch, { seconds: epoch === 1 ? 60 : 4 })),
      epochs_done: 4,
      epochs_planned: 12,
    });
    expect(secondsLeft(run)).toBe(32);
    expect(secondsLeft({ ...run, epochs: [] })).toBeNull();
    expect(secondsLeft({ ...run, epochs_planned: null })).toBeNull();
    expect(secondsLeft({ ...run, status: "succeeded" })).toBeNull();
    expect(secondsLeft({ ...run, epochs: [makeEpoch(1, { seconds: null })] })).toBeNull();
  });
});
