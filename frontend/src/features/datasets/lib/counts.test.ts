import { describe, expect, it } from "vitest";
import { countTable, shareOf } from "./counts";

const classes = [
  { key: "benign", name: "Benign" },
  { key: "normal", name: "Normal" },
];

describe("counts", () => {
  it("sum by class and by split, with 0 where the server names none", () => {
    const counts = { train: { benign: 6, normal: 3 }, validation: { benign: 1 }, test: {} };
    const table = countTable({ classes, counts });
    expect(table.rows.map(({ total }) => total)).toEqual([7, 3]);
    expect(table.sums).toEqual({ train: 9, validation: 1, test: 0 });
    expect(table.total).toBe(10);
    expect(table.rows[1]?.counts).toEqual({ train: 3, validation: 0, test: 0 });
  });

  it("divide nothing by nothing", () => {
    expect(shareOf(0, 0)).toBe(0);
    expect(shareOf(1, 4)).toBe(0.25);
  });
});
