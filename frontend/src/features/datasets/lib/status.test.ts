import { describe, expect, it } from "vitest";
import { headings, progressShare, progressWords, stepWords } from "./status";

const plain = (text: string) => text.replace(/\u202f/g, " ");

describe("headings", () => {
  it("begin with the title of a published set, and with the name of one's own", () => {
    const published = { adapter: "busi", name: "busi-2", title: "BUSI" };
    expect(headings(published)).toEqual({ main: "BUSI", other: "busi-2" });
    const own = { adapter: "folder", name: "my-clinic", title: "A folder per class" };
    expect(headings(own)).toEqual({ main: "my-clinic", other: "A folder per class" });
    expect(headings({ ...published, adapter: null }).main).toBe("BUSI");
  });
});

describe("progress", () => {
  it("is said in words with numbers", () => {
    const progress = { stage: "reading", done: 1200, total: 10_015 } as const;
    expect(plain(progressWords(progress))).toBe("Reading the images, 1 200 of 10 015");
    expect(stepWords(progress)).toBe("step 2 of 4");
    expect(progressShare(progress)).toBeCloseTo(0.12, 2);
  });

  it("is a share while pairs of images are compared", () => {
    const progress = { stage: "comparing", done: 25, total: 100 } as const;
    expect(plain(progressWords(progress))).toBe("Looking for copies of images, 25 %");
  });

  it("has no numbers before they are known", () => {
    expect(progressWords(null)).toBe("Waiting to begin");
    expect(stepWords(null)).toBe("");
    expect(progressShare(null)).toBeNull();
    const listing = { stage: "listing", done: 0, total: 0 } as const;
    expect(progressWords(listing)).toBe("Listing the files");
    expect(progressShare(listing)).toBeNull();
  });

  it("never leaves its bar", () => {
    expect(progressShare({ stage: "writing", done: 7, total: 5 })).toBe(1);
  });
});
