import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { useViewerSettings } from "../../features/viewer/hooks/use-viewer-settings";
import { ViewSync } from "../../features/viewer/lib/view-sync";
import { useCaseLink } from "./use-case-link";

const SELECTION = { layer: "gradcam", optionId: "a.b", groupKey: "a", code: null };

function open(caseId: string, sync = new ViewSync()) {
  return renderHook(() =>
    useCaseLink({
      caseId,
      predictionId: "p",
      tab: "what-if",
      part: "edit",
      classKey: null,
      selection: SELECTION,
      settings: useViewerSettings(),
      workbench: null,
      values: null,
      sync,
    }),
  );
}

describe("the address bar", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    window.history.replaceState({ idx: 4 }, "", "/cases/c");
  });
  afterEach(() => {
    vi.useRealTimers();
    window.history.replaceState(null, "", "/");
  });

  it("follows what is on screen without growing the history, and not with every frame", () => {
    const entries = window.history.length;
    const replace = vi.spyOn(window.history, "replaceState");
    const sync = new ViewSync();
    const { result } = open("c", sync);
    expect(window.location.search).toContain("prediction=p");
    for (let x = 1; x <= 60; x++) {
      act(() => sync.set({ x, y: 2, zoom: 3 }));
    }
    act(() => vi.advanceTimersByTime(400));
    expect(new URLSearchParams(window.location.search).get("view")).toBe("60,2,3");
    expect(result.current()).toBe(window.location.href);
    expect(replace.mock.calls.length).toBeLessThan(5);
    expect(window.history.length).toBe(entries);
    // What the router keeps there stays.
    expect(window.history.state).toEqual({ idx: 4 });
  });

  it("is left alone on any other page", () => {
    open("another");
    act(() => vi.advanceTimersByTime(400));
    expect(window.location.search).toBe("");
  });
});
