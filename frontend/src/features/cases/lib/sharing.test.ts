import { describe, expect, it } from "vitest";
import { readOnlyReason, visibilityWords } from "./sharing";

describe("sharing", () => {
  it("is told in a few words", () => {
    const groups = [
      { id: "1", name: "Dermatology" },
      { id: "2", name: "Pathology" },
    ];
    expect(visibilityWords({ visibility: "private", groups: [] })).toBe("Private");
    expect(visibilityWords({ visibility: "open", groups: [] })).toBe("Everybody here");
    expect(visibilityWords({ visibility: "groups", groups })).toBe("Dermatology, Pathology");
    expect(visibilityWords({ visibility: "groups", groups: [] })).toBe("Groups");
  });

  it("says who may change a case, where one may not", () => {
    const owner = { id: "1", name: "Ben Okafor" };
    expect(readOnlyReason({ may_change: true, owner })).toBeNull();
    expect(readOnlyReason({ may_change: false, owner })).toContain("belongs to Ben Okafor");
    expect(readOnlyReason({ may_change: false, owner: null })).toContain("before there were");
  });
});
