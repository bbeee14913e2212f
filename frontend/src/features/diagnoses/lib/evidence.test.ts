import { describe, expect, it } from "vitest";
import {
  FLAGS,
  makeDiagnosis,
  makeDiagnosisDetail,
} from "../../../shared/testing/diagnosis-fixtures";
import { countFlags, gather, passing } from "./evidence";
import { cellOf, cutOut } from "./sheet";
import { flagNumber, imagesWords, progressOf, summaryWords } from "./words";

const plain = (text: string) => text.replace(/\u202f/g, " ");
const evidence = gather(makeDiagnosisDetail());

describe("evidence", () => {
  it("is found by the option's id, and there is none before a result", () => {
    expect(gather(undefined)).toBeNull();
    expect(gather(makeDiagnosisDetail({ result: null }))).toBeNull();
    expect(evidence?.flags.get("pattern.lacunae")).toHaveLength(2);
    expect(evidence?.options.get("border.fading")?.weight_norm).toBe(1.42);
  });

  it("counts an option once, whatever is wrong with it", () => {
    if (!evidence) {
      throw new Error("no evidence");
    }
    expect(countFlags(evidence)).toEqual({
      flagged: 2,
      total: 4,
      byKind: { dormant: 1, redundant: 1, not_localized: 1 },
    });
    const none = { flagged: 0, total: 34, byKind: { dormant: 0, redundant: 0, not_localized: 0 } };
    expect(summaryWords(none)).toBe("0 of 34 options flagged");
  });

  it("is filtered by kind", () => {
    expect(passing(evidence, "all")).toBeNull();
    expect(passing(null, "dormant")).toBeNull();
    expect([...(passing(evidence, "redundant") ?? [])]).toEqual(["border.sharp"]);
    expect(passing(evidence, "flagged")?.size).toBe(2);
  });
});

describe("words of a diagnosis", () => {
  it("give the number behind a flag in its own unit", () => {
    const flag = (sign: string, value: number, threshold: number) => {
      const words = flagNumber({ ...(FLAGS[0] as (typeof FLAGS)[number]), sign, value, threshold });
      return plain(`${words.value}, ${words.against}`);
    };
    expect(flag("unreadable", 0.521, 0.6)).toBe("AUROC 0.52, below 0.60");
    expect(flag("never_present", 0.002, 0.005)).toBe("present in 0.2 %, below 0.5 %");
    expect(flag("scores", -0.974, 0.95)).toBe("r −0.974, above 0.95");
    expect(flag("elsewhere", 0.01, 0.02)).toBe("gain +0.010, below +0.020");
    expect(flag("something later", 1, 2)).toBe("1.000, limit 2.000");
  });

  it("say how far it is", () => {
    expect(progressOf(makeDiagnosis({ status: "queued", position: 1 })).words).toBe(
      "Waiting, next in the queue",
    );
    const progress = { stage: "Images", done: 1200, total: 2000 };
    const running = progressOf(makeDiagnosis({ status: "running", progress }));
    expect(plain(running.words)).toBe("Images, 1 200 of 2 000");
    expect(running.share).toBe(0.6);
    const unknown = { stage: "UMAP", done: 0, total: 0 };
    expect(progressOf(makeDiagnosis({ status: "running", progress: unknown })).share).toBeNull();
    expect(imagesWords(makeDiagnosis({ images: null }))).toBe("synthetic-dermoscopy, validation");
  });
});

describe("a sheet", () => {
  it("has its pictures from the left, then down, and overlays below all of them", () => {
    const shape = { columns: 4, count: 6, kinds: 2 } as const;
    expect(cellOf(shape, 5)).toEqual([1, 1]);
    expect(cellOf(shape, 5, 1)).toEqual([1, 3]);
    expect(cutOut("/x.jpg", shape, 5, 80, 1)).toMatchObject({
      backgroundPosition: "-80px -240px",
      backgroundSize: "320px 320px",
    });
  });
});
