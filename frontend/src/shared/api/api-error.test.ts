import { describe, expect, it } from "vitest";
import { ApiError, errorFromAnswer, isTemporary, messageOf, unreachable } from "./api-error";

describe("errors", () => {
  it("carry the server's own words, code and Retry-After", () => {
    const body = { error: "model_starting", detail: "The model is still loading." };
    const error = errorFromAnswer(503, body, "4");
    expect(error).toMatchObject({ status: 503, code: "model_starting", retryAfter: 4 });
    expect(messageOf(error)).toBe("The model is still loading.");
    expect(isTemporary(error)).toBe(true);
  });

  it("say something useful when a proxy answers instead of the server", () => {
    expect(errorFromAnswer(502, "<html>", null)).toMatchObject({ status: 0, code: "unreachable" });
    expect(messageOf(errorFromAnswer(500, null, null))).toContain("HTTP 500");
    expect(errorFromAnswer(503, null, "soon").retryAfter).toBeNull();
  });

  it("know which failures may pass by themselves", () => {
    expect(isTemporary(unreachable())).toBe(true);
    expect(isTemporary(new ApiError(404, "x", "y"))).toBe(false);
    expect(isTemporary(new Error("x"))).toBe(false);
  });

  it("always give a sentence", () => {
    expect(messageOf("x")).toContain("Reload the page");
    expect(messageOf(new Error(""))).toContain("Reload the page");
  });
});
