import { beforeEach, describe, expect, it, vi } from "vitest";
import { NO_REGIONS } from "./regions";
import { keepRegions, readRegions, regionsKey } from "./stored-regions";

const KEY = regionsKey("a", "1");
const REGION = { id: 4, x: 1, y: 2, width: 3, height: 4, frame: null };

describe("stored regions", () => {
  beforeEach(() => {
    const stored = new Map<string, string>();
    vi.stubGlobal("localStorage", {
      getItem: (key: string) => stored.get(key) ?? null,
      setItem: (key: string, value: string) => stored.set(key, value),
      removeItem: (key: string) => stored.delete(key),
    });
    return () => vi.unstubAllGlobals();
  });

  it("come back, and the next one gets another number", () => {
    keepRegions(KEY, [REGION]);
    expect(readRegions(KEY)).toEqual({ ...NO_REGIONS, regions: [REGION], nextId: 5 });
    expect(readRegions(regionsKey("b", "1")).regions).toEqual([]);
  });

  it("go with the last of them", () => {
    keepRegions(KEY, [REGION]);
    keepRegions(KEY, []);
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it("of another form are not taken", () => {
    for (const text of ["{", "null", "7", '[{"id":1}]', '[{"id":1,"x":"1"}]', "[null]"]) {
      localStorage.setItem(KEY, text);
      expect(readRegions(KEY)).toEqual(NO_REGIONS);
    }
  });
});
