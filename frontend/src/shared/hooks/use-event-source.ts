import { useCallback, useEffect, useRef, useState } from "react";
import { parseData, parseSequence, receive, type ServerEvent } from "./use-event-source-inbox";

/**
 * `off`: nothing is listened to. `live`: connected. `reconnecting`: the connection was lost and is being made again.
 * `asking`: it could not be made repeatedly; what is shown has to be read by asking until it can.
 */
export type Connection = "off" | "connecting" | "live" | "reconnecting" | "asking";

/** What this needs of an `EventSource`. */
export interface EventSourceLike {
  readonly readyState: number;
  onopen: ((event: Event) => unknown) | null;
  onerror: ((event: Event) => unknown) | null;
  addEventListener(kind: string, listener: (event: MessageEvent) => void): void;
  close(): void;
}

interface EventSourceSettings {
  /** Address that goes on after a sequence number; null: nothing to listen to. Stays the same while it leads there. */
  addressAfter: ((sequence: number) => string) | null;
  /** What is known already. */
  after: number;
  /** Events with a number. */
  kinds: readonly string[];
  /** Events without one, of which the latest counts. */
  passing: readonly string[];
  /** Called when it could not be connected several times, and once more at each further attempt. */
  onFailing: () => void;
  /** For tests. */
  open?: (address: string) => EventSourceLike | null;
}

export interface PassingEvent {
  kind: string;
  data: Record<string, unknown>;
  /** Milliseconds since 1970. */
  at: number;
}

export interface EventStream {
  connection: Connection;
  /** In order, each once; see `following`. */
  events: readonly ServerEvent[];
  latest: PassingEvent | null;
}

const CLOSED = 2;
const MOST_FAILURES = 3;
export const RETRY_MILLISECONDS = 10_000;
/** After the server has answered with an error, which ends the browser's own attempts. */
export const REOPEN_MILLISECONDS = 2_000;

/** Old browsers and test environments have none; then the page asks. */
export function openEventSource(address: string): EventSourceLike | null {
  return typeof globalThis.EventSource === "function" ? new EventSource(address) : null;
}

/**
 * Server-sent events with numbers. The browser reconnects by itself and says what it had (`Last-Event-ID`); what comes
 * twice is kept once. Where it gives up, or fails three times in a row, `connection` says so and a new attempt is made
 * every ten seconds.
 */
export function useEventSource(settings: EventSourceSettings): EventStream {
  const { addressAfter } = settings;
  const [events, setEvents] = useState<readonly ServerEvent[]>([]);
  const [latest, setLatest] = useState<PassingEvent | null>(null);
  const [connection, setConnection] = useState<Connection>("off");
  /** Changes with every attempt of our own. */
  const [attempt, setAttempt] = useState(0);
  const failures = useRef(0);
  const seen = useRef(0);
  const current = useRef(settings);
  useEffect(() => {
    current.current = settings;
  });

  const take = useCallback((kind: string, message: MessageEvent) => {
    const data = parseData(message.data);
    const sequence = parseSequence(message.lastEventId);
    if (!data || sequence === null) {
      return;
    }
    seen.current = Math.max(seen.current, sequence);
    setEvents((old) => receive(old, { sequence, kind, data, at: Date.now() }));
  }, []);

  // Another address is another story.
  useEffect(() => {
    if (addressAfter) {
      failures.current = 0;
      seen.current = 0;
      setEvents([]);
      setLatest(null);
    }
  }, [addressAfter]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` opens it anew
  useEffect(() => {
    if (!addressAfter) {
      setConnection("off");
      return;
    }
    const { after, kinds, passing, open = openEventSource } = current.current;
    const source = open(addressAfter(Math.max(after, seen.current)));
    let timer: ReturnType<typeof setTimeout> | undefined;
    const again = (milliseconds: number) => {
      timer = setTimeout(() => setAttempt((number) => number + 1), milliseconds);
    };
    if (!source) {
      setConnection("asking");
      return;
    }
    setConnection(failures.current === 0 ? "connecting" : "reconnecting");
    source.onopen = () => {
      failures.current = 0;
      setConnection("live");
    };
    source.onerror = () => {
      failures.current += 1;
      if (failures.current >= MOST_FAILURES) {
        source.close();
        setConnection("asking");
        current.current.onFailing();
        again(RETRY_MILLISECONDS);
        return;
      }
      setConnection("reconnecting");
      if (source.readyState === CLOSED) {
        again(REOPEN_MILLISECONDS);
      }
    };
    for (const kind of kinds) {
      source.addEventListener(kind, (message) => take(kind, message));
    }
    for (const kind of passing) {
      source.addEventListener(kind, (message) => {
        const data = parseData(message.data);
        if (data) {
          setLatest({ kind, data, at: Date.now() });
        }
      });
    }
    return () => {
      clearTimeout(timer);
      source.close();
    };
  }, [addressAfter, attempt, take]);

  return { connection, events, latest };
}
