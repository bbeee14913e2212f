import { describe, expect, it } from "vitest";
import { makePrediction } from "../../../shared/testing/fixtures";
import {
  makeHead,
  randomModel,
  randomNumbers,
} from "../../../shared/testing/intervention-fixtures";
import { type Bench, makeBench } from "./bench";
import { addScoreEdit, type Edits, NO_EDITS, setRegion } from "./edits";
import { decodeEdits, encodeEdits } from "./encode";

function benchOf(model = { head: makeHead(), prediction: makePrediction() }): Bench {
  const made = makeBench(model.prediction, model.head);
  if (!made) {
    throw new Error("Head and prediction do not belong together.");
  }
  return made;
}

const bench = benchOf();

describe("edits in an address", () => {
  it("are nothing without an edit, and short with some", () => {
    expect(encodeEdits(bench, NO_EDITS)).toBeNull();
    const edits = setRegion(
      bench,
      {
        ...NO_EDITS,
        scores: [
          { operation: "set", optionId: "border.sharp", value: -1.25 },
          { operation: "class_mean", optionId: "pattern.network", referenceClass: "mel" },
        ],
      },
      "border",
      "outside",
      [0, 3],
    );
    expect(encodeEdits(bench, edits)).toBe("1*r0_o_9*s1_-1.25*c2_0");
    // Nothing that an address would have to escape.
    expect(new URLSearchParams({ edits: "1*r0_o_9*s1_-1.25*c2_0" }).toString()).toBe(
      "edits=1*r0_o_9*s1_-1.25*c2_0",
    );
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "come back as they went (seed %i)",
    (seed) => {
      const random = randomNumbers(seed);
      const of = benchOf(randomModel(seed));
      let edits: Edits = NO_EDITS;
      for (let at = 0; at < 6; at++) {
        const optionId = of.options[Math.floor(random() * of.options.length)]?.id ?? "";
        edits = addScoreEdit(
          of,
          edits,
          random() < 0.4
            ? { operation: "set", optionId, value: 4 * random() - 2 }
            : random() < 0.4
              ? { operation: "option", optionId }
              : random() < 0.5
                ? { operation: "mean", optionId }
                : { operation: "class_mean", optionId, referenceClass: "c0" },
        );
      }
      const patches = Array.from({ length: 15 }, (_, patch) => patch).filter(() => random() < 0.4);
      edits = setRegion(of, edits, "g0", random() < 0.5 ? "inside" : "outside", patches);
      expect(decodeEdits(of, encodeEdits(of, edits) ?? "1")).toEqual({ edits, ignored: 0 });
    },
  );

  it.each([
    ["2*s1_1", 1],
    ["", 1],
    ["garbage", 1],
    ["1*s99_1*x*s1_nan*s1*s1_1e9", 5],
    ["1*c0_1", 1], // no average of that class
    ["1*o1_2*m1_2", 2],
    ["1*r0_i_0*r0_i_ffff*r9_i_9*r0_x_9", 4],
    ["1*r0_i_9*r0_i_8", 1], // one region per group
  ])("ignore and count what makes no sense: %s", (text, ignored) => {
    expect(decodeEdits(bench, text).ignored).toBe(ignored);
  });

  it("keep what makes sense beside it", () => {
    expect(decodeEdits(bench, "1*zz*o3").edits.scores).toEqual([
      { operation: "option", optionId: "pattern.lacunae" },
    ]);
  });

  it("have no region where the model takes none", () => {
    const without = benchOf({
      head: makeHead({ supports_regions: false }),
      prediction: makePrediction(),
    });
    expect(decodeEdits(without, "1*r0_i_9")).toEqual({ edits: NO_EDITS, ignored: 1 });
  });
});
