import { describe, expect, it } from "vitest";
import { actionWords, differences, subjectWords } from "./words";

describe("events in words", () => {
  it("know what was done, and show what they do not know as it is", () => {
    expect(actionWords("case.changed")).toBe("changed a case");
    expect(actionWords("reader_study.amended")).toBe("amended the protocol of a reader study");
    expect(actionWords("something.new")).toBe("something.new");
  });

  it("lead to what it was done to, unless it is gone", () => {
    const id = "0123456789abcdef0123456789abcdef";
    const words = (subject: string, action: string, names?: Map<string, string>) =>
      subjectWords({ subject, action }, names);
    expect(words(`case/${id}`, "case.changed")).toEqual({
      text: "case 01234567",
      to: `/cases/${id}`,
    });
    expect(words(`case/${id}`, "case.deleted").to).toBeNull();
    expect(words("dataset/busi", "dataset.imported")).toEqual({
      text: "data set busi",
      to: "/datasets/busi",
    });
    expect(words(`training_run/${id}`, "training_run.created")).toEqual({
      text: "training run 01234567",
      to: `/training/${id}`,
    });
    expect(words(`reader_study/${id}`, "study_reader.withdrawn")).toEqual({
      text: "reader study 01234567",
      to: `/studies/${id}`,
    });
    expect(words(`reader_study/${id}`, "reader_study.deleted").to).toBeNull();
    expect(words("audit", "audit.viewed")).toEqual({ text: "audit", to: null });
    expect(words("case/*", "cases.listed")).toEqual({ text: "all cases", to: null });
    const names = new Map([[id, "Ben Okafor"]]);
    expect(words(`account/${id}`, "account.changed", names).text).toBe("account Ben Okafor");
  });

  it("say what is different", () => {
    expect(
      differences({ before: { name: "A", role: "reader" }, after: { name: "B", role: "reader" } }),
    ).toEqual([{ field: "name", before: "A", after: "B" }]);
    expect(differences({ before: null, after: { groups: ["x"], notes: "" } })).toEqual([
      { field: "groups", before: null, after: "x" },
      { field: "notes", before: null, after: "(empty)" },
    ]);
    expect(differences({ before: null, after: null })).toEqual([]);
  });
});
