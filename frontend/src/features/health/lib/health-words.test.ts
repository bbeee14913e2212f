import { describe, expect, it } from "vitest";
import { HEALTH } from "../../../shared/testing/fixtures";
import { healthWords } from "./health-words";

describe("health", () => {
  it.each([
    [HEALTH, false, "ok", "Ready, 1 model"],
    [{ ...HEALTH, active_models: 2 }, false, "ok", "Ready, 2 models"],
    [{ ...HEALTH, status: "starting" as const }, false, "busy", "Model loading"],
    [{ ...HEALTH, status: "degraded" as const, active_models: 0 }, false, "bad", "No model"],
    [{ ...HEALTH, status: "degraded" as const }, false, "bad", "Predictions unavailable"],
    [undefined, false, "busy", "Connecting"],
    [HEALTH, true, "bad", "Server not reachable"],
  ])("%o, failed %s", (health, failed, tone, text) => {
    expect(healthWords(health, failed)).toMatchObject({ tone, text });
  });
});
