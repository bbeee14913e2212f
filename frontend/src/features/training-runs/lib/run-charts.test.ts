import { describe, expect, it } from "vitest";
import { makeEpoch, makeFigures, makeRunDetail } from "../../../shared/testing/training-fixtures";
import {
  bmacReferences,
  bmacSeries,
  lossParts,
  lossSeries,
  partName,
  rankSeries,
} from "./run-charts";

const EPOCHS = [makeEpoch(1), makeEpoch(2)];
const PARENT = makeRunDetail().parent_figures;

describe("the curves of a run", () => {
  it("have parts of the loss, the total first", () => {
    const parts = lossParts([makeEpoch(1, { losses: { rare_part: 1, concept: 2, total: 3 } })]);
    expect(parts).toEqual(["total", "classification", "concept", "ivq", "rare_part"]);
    expect(parts.map(partName).at(-1)).toBe("Rare part");
    expect(lossParts([])).toEqual([]);
  });

  it("have training and validation where both are measured", () => {
    expect(lossSeries(EPOCHS, "concept").map(({ key }) => key)).toEqual(["train", "validation"]);
    expect(lossSeries(EPOCHS, "total").map(({ key }) => key)).toEqual(["train"]);
    expect(lossSeries(EPOCHS, "total")[0]?.points).toEqual([
      { x: 1, y: EPOCHS[0]?.losses.total },
      { x: 2, y: EPOCHS[1]?.losses.total },
    ]);
  });

  it("hold the parent's values against those of the validation", () => {
    expect(bmacSeries(EPOCHS).map(({ label }) => label)).toEqual(["Classes", "Concepts"]);
    expect(bmacReferences(PARENT).map(({ label, value }) => [label, value])).toEqual([
      ["Parent, classes", 0.915],
      ["Parent, concepts", 0.88],
    ]);
    expect(bmacReferences(null)).toEqual([]);
  });

  it("say when the parent's are of other data, and leave away what is not known", () => {
    const validation = makeFigures({ class_bmac: null, concept_bmac: 0.5 });
    const other = PARENT && { ...PARENT, validation, same_data: false };
    expect(bmacReferences(other).map(({ label }) => label)).toEqual([
      "Parent (other data), concepts",
    ]);
  });

  it("have the parent's rank dashed beside, over its own epochs", () => {
    const series = rankSeries(EPOCHS, PARENT);
    expect(series.map(({ key, dashed = false }) => [key, dashed])).toEqual([
      ["train", false],
      ["validation", false],
      ["parent-train", true],
      ["parent-validation", true],
    ]);
    expect(series[2]?.points.map(({ x }) => x)).toEqual([1, 2, 3, 4]);
    expect(rankSeries([makeEpoch(1, { rank_train: null })], null).map(({ key }) => key)).toEqual([
      "validation",
    ]);
  });
});
