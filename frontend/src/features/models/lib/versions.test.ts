import { describe, expect, it } from "vitest";
import { makeActivation, makeChild, PROMOTION } from "../../../shared/testing/comparison-fixtures";
import { MODEL_ID, makeModel, ULTRASOUND_MODEL } from "../../../shared/testing/fixtures";
import { ancestorsOf, byDataset, compareAddress, heldTo, rollbackTarget } from "./versions";

const parent = makeModel();
const child = makeChild();

describe("versions", () => {
  it("stand together by their data set, in the order of the list", () => {
    const groups = byDataset([parent, ULTRASOUND_MODEL, child]);
    expect(groups.map(({ dataset, versions }) => [dataset, versions.length])).toEqual([
      ["synthetic-dermoscopy", 2],
      ["busi", 1],
    ]);
  });

  it("are held to the active one, else to the parent, never to another data set's", () => {
    const sibling = makeModel({ id: "1".repeat(32), active: false });
    expect(heldTo(child, [ULTRASOUND_MODEL, sibling, parent, child])).toBe(parent);
    const retired = { ...parent, active: false };
    expect(heldTo(child, [sibling, retired, child])).toBe(retired);
    expect(heldTo(child, [ULTRASOUND_MODEL, child])).toBeNull();
  });

  it("know their ancestors, without end where two are each other's parent", () => {
    expect(ancestorsOf(child, [parent, child])).toEqual([parent]);
    const odd = { ...parent, parent: { id: child.id, name: child.name } };
    expect(ancestorsOf(child, [odd, child])).toEqual([odd, child]);
  });
});

describe("rollback", () => {
  it("goes to what the active version took the place of", () => {
    const active = makeChild({ active: true });
    expect(rollbackTarget(active, [PROMOTION, makeActivation()])).toBe("dermoscopy-small");
  });

  it("goes a step further after a rollback, not to what was taken back", () => {
    const active = makeChild({ active: true });
    const back = makeActivation({ ...PROMOTION, kind: "rollback", previous: PROMOTION.model });
    expect(rollbackTarget(active, [back, PROMOTION, makeActivation()])).toBe("dermoscopy-small");
  });

  it("has no name where nobody knows", () => {
    expect(rollbackTarget(parent, [PROMOTION])).toBeNull();
    expect(rollbackTarget(parent, [makeActivation()])).toBeNull();
  });
});

it("the address of a comparison has what is known", () => {
  expect(compareAddress({})).toBe("/models/compare");
  expect(compareAddress({ a: MODEL_ID, b: null, dataset: "busi" })).toBe(
    `/models/compare?a=${MODEL_ID}&dataset=busi`,
  );
});
