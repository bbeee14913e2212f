import { describe, expect, it } from "vitest";
import {
  makeChoiceResults,
  makeLikertResults,
  makeTaskResults,
} from "../../../shared/testing/study-result-fixtures";
import { dataFiles } from "./downloads";
import { columnSums, inOrder, measureName, readersWords, rowsBy, waysOf } from "./rows";

describe("rows of results", () => {
  it("can be looked at in the ways that there are", () => {
    expect(waysOf(makeTaskResults()).map(({ by }) => by)).toEqual([
      "all",
      "dataset",
      "concept",
      "reader",
    ]);
    expect(waysOf({ questions: [makeChoiceResults()] }).map(({ by }) => by)).toEqual([
      "all",
      "dataset",
    ]);
    expect(rowsBy(makeLikertResults().likert, "all")).toHaveLength(2);
  });

  it("begin with the primary measure of agreement", () => {
    const rows = makeLikertResults().agreement;
    expect(inOrder(rows.toReversed()).map(({ measure }) => measure)).toEqual([
      "krippendorff_alpha",
      "weighted_kappa",
    ]);
    expect(measureName("krippendorff_alpha", false)).toContain("ordinal");
    expect(measureName("krippendorff_alpha", true)).toContain("nominal");
  });

  it("name few readers and count many", () => {
    expect(readersWords(["R1", "R2"])).toBe("R1, R2");
    expect(readersWords(["R1", "R2", "R3", "R4", "R5"])).toBe("all 5");
  });

  it("are summed by column", () => {
    expect(
      columnSums([
        [4, 1],
        [1, 4],
      ]),
    ).toEqual([5, 5]);
    expect(columnSums([])).toEqual([]);
  });

  it("are exported for iMRMC only with a diagnosis", () => {
    const formats = (kind: "diagnosis" | "localization") =>
      dataFiles({ study_id: "s", tasks: [makeTaskResults({ kind })] }).map(
        ({ address }) => address,
      );
    expect(formats("diagnosis")).toContain("/api/v1/reader-studies/s/export?format=imrmc");
    expect(formats("localization")).toHaveLength(3);
  });
});
