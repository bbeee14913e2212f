/** An event source for tests: they say what comes in, and when the connection is lost. */

import { vi } from "vitest";
import type { EventSourceLike } from "../hooks/use-event-source";

export class FakeEventSource implements EventSourceLike {
  /** All that were opened, in order. */
  static opened: FakeEventSource[] = [];

  readyState = 0;
  onopen: ((event: Event) => unknown) | null = null;
  onerror: ((event: Event) => unknown) | null = null;
  readonly address: string;
  private readonly listeners = new Map<string, (event: MessageEvent) => void>();

  constructor(address: string) {
    this.address = address;
    FakeEventSource.opened.push(this);
  }

  addEventListener(kind: string, listener: (event: MessageEvent) => void): void {
    this.listeners.set(kind, listener);
  }

  close(): void {
    this.readyState = 2;
  }

  connect(): void {
    this.readyState = 1;
    this.onopen?.(new Event("open"));
  }

  /** `closed`: the server has answered with an error, after which browsers do not try again. */
  fail(closed = false): void {
    this.readyState = closed ? 2 : 0;
    this.onerror?.(new Event("error"));
  }

  /** An event with a number; 0: one without. Nothing comes in after `close`. */
  send(sequence: number, kind: string, data: object): void {
    if (this.readyState !== 2) {
      const lastEventId = sequence > 0 ? String(sequence) : "";
      this.listeners.get(kind)?.(
        new MessageEvent(kind, { data: JSON.stringify(data), lastEventId }),
      );
    }
  }
}

/** Stands in for the browser's; taken away again by `vi.unstubAllGlobals`. */
export function stubEventSource(): typeof FakeEventSource {
  FakeEventSource.opened = [];
  vi.stubGlobal("EventSource", FakeEventSource);
  return FakeEventSource;
}
