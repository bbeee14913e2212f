import { describe, expect, it } from "vitest";
import { makeModel } from "../../shared/testing/fixtures";
import { makeRun } from "../../shared/testing/training-fixtures";
import { comparisonAddress } from "./next-steps";

const RUN = makeRun({ model: { id: "new", name: "new" }, parent: { id: "old", name: "old" } });
const active = (id: string) => makeModel({ id, dataset: RUN.dataset_id, active: true });

describe("the comparison of a new version", () => {
  it("is with the version in use for its data", () => {
    const others = [makeModel({ id: "x", dataset: "elsewhere", active: true }), active("used")];
    expect(comparisonAddress(RUN, others)).toEqual({
      to: "/models/compare?a=used&b=new&dataset=synthetic-dermoscopy",
      words: "Compare with the active version",
    });
  });

  it("is with the parent where it is itself in use, or none is", () => {
    const withParent = {
      to: "/models/compare?a=old&b=new&dataset=synthetic-dermoscopy",
      words: "Compare with the parent",
    };
    expect(comparisonAddress(RUN, [active("new")])).toEqual(withParent);
    expect(comparisonAddress(RUN, [])).toEqual(withParent);
  });

  it("is not there without a model or something to compare with", () => {
    expect(comparisonAddress({ ...RUN, model: null }, [active("used")])).toBeNull();
    expect(comparisonAddress({ ...RUN, parent: null }, [])).toBeNull();
  });
});
