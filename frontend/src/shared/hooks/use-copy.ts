import { useCallback, useEffect, useState } from "react";

/** For how long "copied" is said beside a text that goes on changing. */
export const COPIED_MILLISECONDS = 2_000;

export type CopyState = "idle" | "copied" | "failed";

/**
 * Copies a text; without TLS browsers refuse it, and the page has to show the text instead. With `forgetAfter`
 * (milliseconds) "copied" is said for so long: for texts that go on changing.
 */
export function useCopy(textOf: () => string, forgetAfter?: number) {
  const [state, setState] = useState<CopyState>("idle");
  const copy = useCallback(async () => {
    try {
      await navigator.clipboard.writeText(textOf());
      setState("copied");
    } catch {
      setState("failed");
    }
  }, [textOf]);
  const reset = useCallback(() => setState("idle"), []);
  useEffect(() => {
    if (state === "copied" && forgetAfter !== undefined) {
      const timer = setTimeout(reset, forgetAfter);
      return () => clearTimeout(timer);
    }
  }, [state, forgetAfter, reset]);
  return { state, copy, reset };
}
