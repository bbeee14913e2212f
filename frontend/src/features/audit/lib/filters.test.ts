import { describe, expect, it } from "vitest";
import { asQuery, exportAddress, readFilters, writeFilters } from "./filters";

const ALL = {
  actor: "anna@hospital.example",
  action: "case.changed",
  subject: "case/*",
  since: "2026-11-01",
  until: "2026-11-21",
};

describe("filters", () => {
  it("stand in the address, and come back from it", () => {
    expect(readFilters(writeFilters(ALL))).toEqual(ALL);
    expect(
      writeFilters({ ...ALL, actor: " ", action: "", subject: "", until: "" }).toString(),
    ).toBe("since=2026-11-01");
  });

  it("ignore dates that are none", () => {
    const { since, until } = readFilters(new URLSearchParams("since=yesterday&until=2026-99-99"));
    expect([since, until]).toEqual(["", ""]);
  });

  it("include the last day", () => {
    const { since, until } = asQuery({ ...ALL, since: "2026-11-21" });
    expect(Date.parse(until ?? "") - Date.parse(since ?? "")).toBe(24 * 3600 * 1000);
  });

  it("go with the export", () => {
    const address = exportAddress({ ...ALL, since: "", until: "" }, "jsonl");
    expect(address).toBe(
      "/api/v1/audit-events/export?format=jsonl&actor=anna%40hospital.example&action=case.changed&subject=case%2F*",
    );
  });
});
