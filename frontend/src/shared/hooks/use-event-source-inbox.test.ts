import { describe, expect, it } from "vitest";
import {
  following,
  parseData,
  parseSequence,
  receive,
  type ServerEvent,
} from "./use-event-source-inbox";

const event = (sequence: number): ServerEvent => ({
  sequence,
  kind: "log",
  data: { sequence },
  at: 1000 * sequence,
});

const received = (...order: number[]) =>
  order.map(event).reduce<readonly ServerEvent[]>((events, each) => receive(events, each), []);

const numbers = (events: readonly ServerEvent[]) => events.map(({ sequence }) => sequence);

describe("events that come in", () => {
  it("are kept in order", () => {
    expect(numbers(received(1, 2, 3))).toEqual([1, 2, 3]);
    expect(numbers(received(3, 1, 2))).toEqual([1, 2, 3]);
    expect(numbers(received(2, 4, 3, 1))).toEqual([1, 2, 3, 4]);
  });

  it("are kept once", () => {
    expect(numbers(received(1, 2, 2, 1, 3, 3))).toEqual([1, 2, 3]);
  });

  it("are the same list when one is known already, so that nothing is drawn anew", () => {
    const events = received(1, 2);
    expect(receive(events, event(1))).toBe(events);
    expect(receive(events, event(2))).toBe(events);
  });

  it("survive that a reconnection sends the last ones again", () => {
    expect(numbers(received(1, 2, 3, 4, 3, 4, 5))).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("what follows", () => {
  it("is what is later than what is known", () => {
    expect(following(received(1, 2, 3), 1)).toEqual({ events: [event(2), event(3)], gap: false });
    expect(following(received(1, 2), 2)).toEqual({ events: [], gap: false });
    expect(following([], 0)).toEqual({ events: [], gap: false });
  });

  it("ends before a hole, and goes on when the hole is filled", () => {
    const holed = received(3, 4, 6);
    expect(following(holed, 2)).toEqual({ events: [event(3), event(4)], gap: true });
    expect(numbers(following(receive(holed, event(5)), 2).events)).toEqual([3, 4, 5, 6]);
  });

  it("has a hole at its beginning when the first one was missed", () => {
    expect(following(received(5), 3)).toEqual({ events: [], gap: true });
    expect(following(received(5), 4)).toEqual({ events: [event(5)], gap: false });
  });

  it("goes on right whether what is known was read before or after the events came", () => {
    const events = received(1, 2, 3, 4);
    for (const known of [0, 1, 2, 3, 4]) {
      const { events: later, gap } = following(events, known);
      expect(known + later.length).toBe(4);
      expect(gap).toBe(false);
    }
  });
});

describe("messages", () => {
  it("are objects in JSON with a whole number", () => {
    expect(parseData('{"text":"a"}')).toEqual({ text: "a" });
    for (const bad of ["", "[1]", "null", "{", 5]) {
      expect(parseData(bad)).toBeNull();
    }
    expect(parseSequence("12")).toBe(12);
    for (const bad of ["", "0", "-1", "1.5", "x"]) {
      expect(parseSequence(bad)).toBeNull();
    }
  });
});
