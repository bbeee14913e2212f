import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeEventSource } from "../testing/fake-event-source";
import { REOPEN_MILLISECONDS, RETRY_MILLISECONDS, useEventSource } from "./use-event-source";

const addressAfter = (sequence: number) => `/events?after=${sequence}`;

function listen(after = 4) {
  const onFailing = vi.fn();
  const view = renderHook(
    ({ address }: { address: typeof addressAfter | null }) =>
      useEventSource({
        addressAfter: address,
        after,
        kinds: ["log", "epoch"],
        passing: ["progress"],
        onFailing,
        open: (at) => new FakeEventSource(at),
      }),
    { initialProps: { address: addressAfter as typeof addressAfter | null } },
  );
  const sequences = () => view.result.current.events.map(({ sequence }) => sequence);
  return { ...view, onFailing, sequences };
}

const source = () => FakeEventSource.opened.at(-1) as FakeEventSource;

describe("server-sent events", () => {
  beforeEach(() => {
    vi.useFakeTimers();
    FakeEventSource.opened = [];
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("begin after what is known, and are live once connected", () => {
    const { result, sequences } = listen();
    expect(source().address).toBe("/events?after=4");
    expect(result.current.connection).toBe("connecting");
    act(() => source().connect());
    expect(result.current.connection).toBe("live");
    act(() => {
      source().send(5, "log", { text: "a" });
      source().send(6, "epoch", { epoch: 1 });
      source().send(0, "progress", { done: 3 });
    });
    expect(sequences()).toEqual([5, 6]);
    expect(result.current.latest).toMatchObject({ kind: "progress", data: { done: 3 } });
  });

  it("are kept once when the browser's reconnection brings them again", () => {
    const { result, sequences } = listen();
    act(() => {
      source().connect();
      source().send(5, "log", {});
      source().send(6, "log", {});
      source().fail();
    });
    expect(result.current.connection).toBe("reconnecting");
    act(() => {
      source().connect();
      source().send(6, "log", {});
      source().send(7, "log", {});
    });
    expect(FakeEventSource.opened).toHaveLength(1);
    expect(result.current.connection).toBe("live");
    expect(sequences()).toEqual([5, 6, 7]);
  });

  it("are opened anew, after the last one, when the browser gives up", () => {
    const { sequences } = listen();
    act(() => {
      source().connect();
      source().send(5, "log", {});
      source().fail(true);
    });
    act(() => vi.advanceTimersByTime(REOPEN_MILLISECONDS));
    expect(FakeEventSource.opened).toHaveLength(2);
    expect(source().address).toBe("/events?after=5");
    act(() => {
      source().connect();
      source().send(6, "log", {});
    });
    expect(sequences()).toEqual([5, 6]);
  });

  it("give way to asking after three failures in a row, and come back", () => {
    const { result, onFailing } = listen();
    act(() => {
      source().fail();
      source().fail();
    });
    expect(onFailing).not.toHaveBeenCalled();
    act(() => source().fail());
    expect(onFailing).toHaveBeenCalledTimes(1);
    expect(result.current.connection).toBe("asking");
    expect(source().readyState).toBe(2);
    act(() => vi.advanceTimersByTime(RETRY_MILLISECONDS));
    expect(FakeEventSource.opened).toHaveLength(2);
    act(() => source().connect());
    expect(result.current.connection).toBe("live");
    act(() => source().fail());
    expect(result.current.connection).toBe("reconnecting");
  });

  it("are closed when there is nothing more to listen to, and keep what came", () => {
    const { result, rerender, sequences } = listen();
    act(() => {
      source().connect();
      source().send(5, "log", {});
    });
    rerender({ address: null });
    expect(source().readyState).toBe(2);
    expect(result.current.connection).toBe("off");
    expect(sequences()).toEqual([5]);
  });

  it("are closed with the page, and nothing is opened after it", () => {
    const { unmount } = listen();
    act(() => source().fail(true));
    unmount();
    vi.advanceTimersByTime(RETRY_MILLISECONDS);
    expect(FakeEventSource.opened).toHaveLength(1);
    expect(source().readyState).toBe(2);
  });

  it("leave out what cannot be read", () => {
    const { sequences } = listen();
    act(() => {
      source().connect();
      source().send(0, "log", { text: "without a number" });
      source().send(5, "log", []);
      source().send(6, "log", {});
    });
    expect(sequences()).toEqual([6]);
  });

  it("are not there without an event source: the page asks", () => {
    const { result } = renderHook(() =>
      useEventSource({
        addressAfter,
        after: 0,
        kinds: [],
        passing: [],
        onFailing: () => undefined,
        open: () => null,
      }),
    );
    expect(result.current.connection).toBe("asking");
  });
});
