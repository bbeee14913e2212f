import { describe, expect, it } from "vitest";
import { problemWords, singleSignOnAddress } from "./problems";

describe("single sign-on", () => {
  it("says what went wrong and what to do", () => {
    expect(problemWords(null)).toBeNull();
    expect(problemWords("not_known")?.text).toContain("Ask an administrator for an invitation");
    expect(problemWords("expired")?.title).toContain("took too long");
    expect(problemWords("too_many_attempts")?.text).toContain("Wait a quarter of an hour");
    expect(problemWords("something_new")?.title).toBe("Signing in did not work");
  });

  it("leads back to the page that was asked for", () => {
    expect(singleSignOnAddress("/audit?actor=a@b&x=1")).toBe(
      "/api/v1/auth/oidc/start?next=%2Faudit%3Factor%3Da%40b%26x%3D1",
    );
  });
});
