/** Numbered events as they come in: each once, in their order, whatever a reconnection brings again. */

export interface ServerEvent {
  /** From 1, without holes. */
  sequence: number;
  kind: string;
  data: Record<string, unknown>;
  /** When it came, in milliseconds since 1970. */
  at: number;
}

/** `events` in order and each once. */
export function receive(
  events: readonly ServerEvent[],
  event: ServerEvent,
): readonly ServerEvent[] {
  const last = events.at(-1);
  if (!last || event.sequence > last.sequence) {
    return [...events, event];
  }
  const place = events.findLastIndex(({ sequence }) => sequence <= event.sequence);
  if (events[place]?.sequence === event.sequence) {
    return events;
  }
  return events.toSpliced(place + 1, 0, event);
}

export interface Following {
  /** Those that follow a sequence number without a hole. */
  events: readonly ServerEvent[];
  /** Later ones are there and one between is not: what is known has to be read anew. */
  gap: boolean;
}

/** What is new to somebody who knows everything up to `after`. */
export function following(events: readonly ServerEvent[], after: number): Following {
  const later = events.filter(({ sequence }) => sequence > after);
  const hole = later.findIndex(({ sequence }, place) => sequence !== after + 1 + place);
  return hole === -1 ? { events: later, gap: false } : { events: later.slice(0, hole), gap: true };
}

/** A message of an event source. Null: it cannot be read, and what it said is fetched another way. */
export function parseData(text: unknown): Record<string, unknown> | null {
  if (typeof text !== "string") {
    return null;
  }
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === "object" && data !== null && !Array.isArray(data)
      ? (data as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

export function parseSequence(id: string): number | null {
  return /^[1-9]\d*$/.test(id) ? Number(id) : null;
}
