import { describe, expect, it } from "vitest";
import { makeStudyReader, READER_CANDIDATES } from "../../../shared/testing/study-fixtures";
import { readsAs } from "./members";
import { endWords, mailAddress, paceWords, secondsWords, waitWords, withOrigin } from "./readers";

describe("readers in words", () => {
  it("have a pace", () => {
    expect(paceWords(makeStudyReader())).toBe("3 in 7 days");
    expect(paceWords(makeStudyReader({ answers_last_7_days: 0 }))).toBe("none in 7 days");
    expect(secondsWords(14.2)).toBe("14\u202fs an answer");
    expect(secondsWords(125)).toBe("2\u202fmin 5\u202fs an answer");
    expect(secondsWords(null)).toBe("no answers yet");
  });

  it("end some day, or nobody knows when", () => {
    expect(endWords(makeStudyReader())).toBe("about 2026-11-26");
    expect(endWords(makeStudyReader({ expected_end: null }))).toBe("not known yet");
    expect(endWords(makeStudyReader({ finished_at: "2026-11-24T12:00:00Z" }))).toBe(
      "finished 2026-11-24",
    );
    expect(endWords(makeStudyReader({ status: "withdrawn" }))).toBe("—");
  });

  it("wait for a session that opens later", () => {
    const session = { number: 2, done: 0, total: 5, opens_at: "2026-12-20T12:00:00Z" };
    expect(waitWords(session, new Date("2026-12-01T00:00:00Z"))).toBe("opens 2026-12-20");
    expect(waitWords(session, new Date("2026-12-21T00:00:00Z"))).toBeNull();
    expect(waitWords({ ...session, opens_at: null })).toBeNull();
  });

  it("are written to with a subject and lines of their own", () => {
    expect(mailAddress("ben@hospital.example", "Go on & read", "Dear Ben,\nplease.")).toBe(
      "mailto:ben%40hospital.example?subject=Go%20on%20%26%20read&body=Dear%20Ben%2C%0D%0Aplease.",
    );
  });

  it("are told the whole address", () => {
    const text = "Go on at /readings/0f.\nSee and/or /readings/0f";
    expect(withOrigin(text, "https://vitrine.example")).toBe(
      "Go on at https://vitrine.example/readings/0f.\nSee and/or https://vitrine.example/readings/0f",
    );
    expect(withOrigin("https://x.example/readings/0f", "https://y.example")).toBe(
      "https://x.example/readings/0f",
    );
  });

  it("may be members as well, unless withdrawn", () => {
    const [ben] = READER_CANDIDATES;
    const readsWith = (status: "reading" | "withdrawn") =>
      readsAs(ben?.id ?? "", READER_CANDIDATES, [makeStudyReader({ status })]);
    expect(readsWith("reading")).toBe("R1");
    expect(readsWith("withdrawn")).toBeNull();
    expect(readsAs("nobody", READER_CANDIDATES, [makeStudyReader({ email: null })])).toBeNull();
  });
});
