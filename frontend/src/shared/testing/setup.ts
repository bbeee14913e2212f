import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { sessionGate } from "../api/session-gate";
import { resetFixtureServer, server } from "./server";

// Busy machines are slow; waiting longer costs nothing where the answer comes.
configure({
  asyncUtilTimeout: 10_000,
  getElementError: (message) => new Error(message ?? "No such element"),
});

// A request that no handler knows is a mistake of the test or of the code; never let it pass.
beforeAll(() => server.listen({ onUnhandledRequest: "error" }));
beforeEach(() => {
  resetFixtureServer();
  sessionGate.release();
  localStorage.clear();
});
afterEach(() => {
  cleanup();
  server.resetHandlers();
});
afterAll(() => server.close());

// What jsdom lacks and the components need.
class NoResizeObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}
window.ResizeObserver = NoResizeObserver;
window.matchMedia = (query) =>
  ({
    matches: false,
    media: query,
    onchange: null,
    addEventListener: () => undefined,
    removeEventListener: () => undefined,
    addListener: () => undefined,
    removeListener: () => undefined,
    dispatchEvent: () => false,
  }) as MediaQueryList;
Blob.prototype.arrayBuffer = function read(this: Blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as ArrayBuffer);
    reader.onerror = () => reject(reader.error);
    reader.readAsArrayBuffer(this);
  });
};
Object.defineProperty(document, "fonts", { value: new EventTarget(), configurable: true });
window.scrollTo = () => undefined;
Element.prototype.scrollIntoView = () => undefined;
// Drawing is tested on a recording context (stage.test.ts) and on a real canvas (tests/e2e).
HTMLCanvasElement.prototype.getContext = (() => null) as HTMLCanvasElement["getContext"];
globalThis.createImageBitmap = vi.fn(
  async () => ({ width: 640, height: 480, close: () => undefined }) as ImageBitmap,
);
