import { describe, expect, it } from "vitest";
import { makeCase } from "../../../shared/testing/fixtures";
import { countUploads, needsAttention, reportCsv, reportWords, shareDone } from "./upload-report";
import { sourceOf } from "./upload-source";
import { NO_UPLOADS, reduceUploads, type UploadAction } from "./uploads";

const names = [
  "a.png",
  "b.png",
  "c.png",
  'with "quotes", and comma.png',
  "=HYPERLINK(1).png",
  "f.png",
];

function uploads() {
  const waiting = makeCase({
    id: "c".repeat(32),
    review: "waiting",
    suspects: ["Text was found."],
  });
  const actions: UploadAction[] = [
    {
      type: "add",
      uploads: names.map((name, index) => ({
        id: index + 1,
        source: sourceOf(new File(["xy"], name), name.startsWith("=") ? name : `scans/${name}`),
      })),
    },
    { type: "created", id: 1, created: makeCase() },
    { type: "done", id: 1 },
    { type: "duplicate", id: 2, created: makeCase({ id: "b".repeat(32), pseudonym: "+Old" }) },
    { type: "created", id: 3, created: waiting },
    { type: "fail", id: 4, problem: "This is a PDF." },
    { type: "fail", id: 5, problem: "Two\nlines" },
    { type: "created", id: 6, created: makeCase() },
    { type: "fail", id: 6, problem: "No model." },
  ];
  return actions.reduce(reduceUploads, NO_UPLOADS).uploads;
}

describe("the report", () => {
  it("counts what became of the files", () => {
    expect(reportWords(countUploads(uploads()))).toBe(
      "2 stored, 1 of them not explained, 1 already there, 1 needs a look, 2 not taken",
    );
    expect(
      uploads()
        .filter(needsAttention)
        .map(({ id }) => id),
    ).toEqual([3, 4, 5, 6]);
    expect(shareDone(uploads())).toBe(1);
    expect(shareDone([])).toBe(0);
  });

  it("is a table that no spreadsheet takes for formulas", () => {
    const lines = reportCsv(uploads(), "http://localhost").split("\r\n");
    const note = "Research use only. Not for diagnosis.";
    expect(lines).toEqual([
      "file,bytes,result,reason,case,pseudonym,note",
      `scans/a.png,2,explained,,http://localhost/cases/${makeCase().id},Case 0123AB,${note}`,
      `scans/b.png,2,already there,You have this very file as a case already.,http://localhost/cases/${"b".repeat(32)},'+Old,${note}`,
      `scans/c.png,2,needs a look,Text was found.,http://localhost/cases/${"c".repeat(32)},Case 0123AB,${note}`,
      `"scans/with ""quotes"", and comma.png",2,not stored,This is a PDF.,,,${note}`,
      `'=HYPERLINK(1).png,2,not stored,"Two\nlines",,,${note}`,
      `scans/f.png,2,"stored, not explained",No model.,http://localhost/cases/${makeCase().id},Case 0123AB,${note}`,
      "",
    ]);
  });
});
