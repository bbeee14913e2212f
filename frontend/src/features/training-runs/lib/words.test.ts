import { describe, expect, it } from "vitest";
import {
  makeFigures,
  makeRun,
  makeRunDetail,
  makeSucceeded,
} from "../../../shared/testing/training-fixtures";
import { formatDuration, formatRoughly } from "./duration";
import { figureRows } from "./figures";
import { lineageFacts } from "./lineage";
import { progressShare, progressWords, secondsRun, statusWords } from "./status";

const plain = (text: string) => text.replace(/\u202f/g, " ");

describe("spans of time", () => {
  it("have two units at most", () => {
    const spans = [0.4, 59.6, 65, 3600, 7_830, 100_800].map((seconds) =>
      plain(formatDuration(seconds)),
    );
    expect(spans).toEqual(["0 s", "1 min", "1 min 5 s", "1 h", "2 h 10 min", "1 d 4 h"]);
  });

  it("are rounded where they are estimates", () => {
    const spans = [0.2, 7.4, 42, 200, 5_000].map((seconds) => plain(formatRoughly(seconds)));
    expect(spans).toEqual(["1 s", "7 s", "40 s", "3 min", "1 h 20 min"]);
  });
});

describe("the status of a run", () => {
  it("says the place in the queue", () => {
    expect(statusWords({ status: "queued", position: 1 })).toBe("queued, next");
    expect(statusWords({ status: "queued", position: 3 })).toBe("queued, place 3");
    expect(statusWords({ status: "failed", position: null })).toBe("failed");
  });

  it("says how far it is, without numbers while nobody knows them", () => {
    expect(plain(progressWords({ stage: "Tokens", done: 120, total: 2000 }))).toBe(
      "Tokens, 120 of 2 000",
    );
    expect(progressWords({ stage: "Tokens", done: 0, total: 0 })).toBe("Tokens");
    expect(progressWords(null)).toBe("Starting");
    expect(progressShare({ stage: "Tokens", done: 1, total: 4 })).toBe(0.25);
    expect(progressShare({ stage: "Tokens", done: 1, total: 0 })).toBeNull();
  });

  it("says how long it has run, up to its end", () => {
    const run = makeRun({ started_at: "2026-11-21T10:00:00Z" });
    expect(secondsRun(run, Date.parse("2026-11-21T10:01:30Z"))).toBe(90);
    expect(secondsRun({ ...run, finished_at: "2026-11-21T10:00:40Z" }, Number.MAX_VALUE)).toBe(40);
    expect(secondsRun({ started_at: null, finished_at: null }, 0)).toBeNull();
  });
});

describe("figures beside the parent's", () => {
  it("differ where both are known", () => {
    const [bmac, concepts] = figureRows(
      makeFigures({ class_bmac: 0.93, concept_bmac: null }),
      makeFigures({ class_bmac: 0.9 }),
    );
    expect(bmac?.difference).toBeCloseTo(0.03);
    expect(concepts).toMatchObject({ own: null, parent: 0.874, difference: null });
    expect(figureRows(null, null)[0]).toMatchObject({ own: null, parent: null, difference: null });
  });
});

describe("what a run was made of", () => {
  const facts = (run = makeSucceeded()) =>
    Object.fromEntries(lineageFacts(run).map(({ term, value }) => [term, value]));

  it("is as it was recorded with the model", () => {
    expect(facts()).toEqual({
      Mode: "Quick",
      Parent: "dermoscopy-small",
      Concepts: "Dermoscopy, revision 3 (cdcdcdcdcdcd)",
      "Data set": "synthetic-dermoscopy (efefefefefef)",
      "Corrected labels": "not included",
      Settings: "epochs 12, learning rate 0.001, batch size 64",
      Seed: "0",
      "Code version": "version 0.6.0, commit 1842b2d",
    });
  });

  it("is as it was asked for before that, without empty lines", () => {
    const run = makeRunDetail({
      parent: null,
      test_dataset_id: "other",
      settings: {
        mode: "full",
        epochs: 30,
        patience: null,
        learning_rate: null,
        images: null,
        include_labels: true,
        seed: 4,
      },
    });
    expect(facts(run)).toMatchObject({
      Mode: "Full",
      Parent: "none: from the encoder’s own weights",
      "Test data set": "other",
      "Corrected labels": "included",
      Settings: "epochs 30",
      Seed: "4",
    });
    expect(facts(run)).not.toHaveProperty("Code version");
  });
});
