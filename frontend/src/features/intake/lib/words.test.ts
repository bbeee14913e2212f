import { describe, expect, it } from "vitest";
import {
  confirmWords,
  foundWords,
  matching,
  openWords,
  privateWords,
  regionWords,
  seenWords,
  whoMustLook,
} from "./words";

const REGION = { x: 10, y: 20, width: 120, height: 40, frame: null };

describe("words of a review", () => {
  it("say what the button does", () => {
    expect(confirmWords(0)).toBe("Nothing to hide here");
    expect(confirmWords(1)).toBe("Black out 1 region and confirm");
    expect(confirmWords(12)).toBe("Black out 12 regions and confirm");
  });

  it("name frames only where there are several, counted from 1", () => {
    expect(regionWords(REGION, 1)).toBe("120 × 40 pixels at 10, 20");
    expect(regionWords(REGION, 5)).toBe("120 × 40 pixels at 10, 20, all frames");
    expect(regionWords({ ...REGION, frame: 0 }, 5)).toContain(", frame 1");
    expect(seenWords(2, 40)).toBe("2 of 40 frames looked at");
    expect(seenWords(40, 40)).toBe("All 40 frames looked at");
  });

  it("count what looks like text, and what of it is not covered", () => {
    expect(foundWords(0)).toContain("nothing that looks like text");
    expect(foundWords(1)).toContain("1 line looks");
    expect(foundWords(7)).toContain("7 lines look");
    expect(openWords(1)).toBe("1 line that looks like text is not covered.");
    expect(openWords(7)).toBe("7 lines that look like text are not covered.");
  });

  it("say who has to look", () => {
    expect(whoMustLook({ owner: { id: "1", name: "Ben Okafor" } })).toContain("Ben Okafor or");
    expect(whoMustLook({ owner: null })).toContain("before there were accounts");
  });
});

describe("words of what was removed", () => {
  it("can be searched by tag, name and what happened", () => {
    const elements = [
      { tag: "(0010,0010)", name: "Patient's Name", action: "replaced", occurrences: 1 },
      { tag: "(0008,0020)", name: "Study Date", action: "shifted", occurrences: 3 },
    ] as const;
    const names = (typed: string) => matching(elements, typed).map(({ name }) => name);
    expect(names("0010")).toEqual(["Patient's Name"]);
    expect(names(" DATE ")).toEqual(["Study Date"]);
    expect(names("neutral")).toEqual(["Patient's Name"]);
    expect(names("")).toHaveLength(2);
    expect(names("zzz")).toEqual([]);
  });

  it("count private elements", () => {
    expect(privateWords(0)).toContain("no private elements");
    expect(privateWords(1)).toBe("1 private element of the manufacturer was removed.");
    expect(privateWords(37)).toContain("37 private elements");
  });
});
