import { describe, expect, it } from "vitest";
import {
  capitalized,
  formatBytes,
  formatCount,
  formatDateTime,
  formatMilliseconds,
  formatNumber,
  formatPercent,
  formatSigned,
} from "./format";

const plain = (text: string) => text.replace(/\u202f/g, " ");

describe("format", () => {
  it.each([
    [0.8714, "87.1 %"],
    [1, "100.0 %"],
    [0.99996, ">99.9 %"],
    [0, "0.0 %"],
    [0.00004, "<0.1 %"],
  ])("percent of %f", (share, expected) => {
    expect(plain(formatPercent(share))).toBe(expected);
  });

  it.each([
    [0.416, "+0.42"],
    [-1.3, "−1.30"],
    [-0.001, "0.00"],
    [0, "0.00"],
  ])("signed %f", (value, expected) => {
    expect(formatSigned(value)).toBe(expected);
  });

  it.each([
    [0, "0"],
    [999, "999"],
    [1000, "1 000"],
    [1234567, "1 234 567"],
  ])("count %d", (count, expected) => {
    expect(plain(formatCount(count))).toBe(expected);
  });

  it("words at the beginning of a heading", () => {
    expect(capitalized("breast ultrasound")).toBe("Breast ultrasound");
    expect(capitalized("")).toBe("");
  });

  it("numbers never show a negative zero", () => {
    expect(formatNumber(-0.001)).toBe("0.00");
    expect(formatNumber(-2.5, 1)).toBe("−2.5");
  });

  it("times, sizes and dates", () => {
    expect(plain(formatMilliseconds(3.14))).toBe("3.1 ms");
    expect(plain(formatMilliseconds(83.6))).toBe("84 ms");
    expect(plain(formatMilliseconds(1530))).toBe("1.5 s");
    expect(plain(formatBytes(900))).toBe("900 B");
    expect(plain(formatBytes(1_250_000))).toBe("1.3 MB");
    expect(formatDateTime("2026-11-21T14:05:00Z")).toMatch(/^2026-11-2\d \d\d:05$/);
  });
});
