import { describe, expect, it } from "vitest";
import { randomModel } from "../../../shared/testing/intervention-fixtures";
import { makeBench } from "./bench";
import { applyEdits, decide } from "./decide";
import { runningSpans, waterfall } from "./waterfall";

describe("the waterfall", () => {
  it.each(Array.from({ length: 30 }, (_, seed) => seed))(
    "adds up to the logits (seed %i)",
    (seed) => {
      const { head, prediction } = randomModel(seed);
      const bench = makeBench(prediction, head);
      if (!bench) {
        throw new Error("Head and prediction do not belong together.");
      }
      const optionId = bench.options[0]?.id ?? "";
      const scores = applyEdits(bench, bench.scores, [{ operation: "mean", optionId }]);
      const decision = decide(bench, scores);
      for (const at of bench.classes.keys()) {
        const sums = waterfall(bench, scores, decision, at);
        expect(sums.bias).toBeCloseTo(head.bias[at] ?? Number.NaN, 9);
        for (const side of ["before", "after"] as const) {
          const total = sums.groups.reduce((sum, group) => sum + group[side], sums.bias);
          expect(total).toBeCloseTo(sums.total[side], 9);
          expect(runningSpans(sums, side).at(-1)?.to).toBeCloseTo(sums.total[side], 9);
          for (const group of sums.groups) {
            const own = group.options.reduce((sum, option) => sum + option[side], 0);
            expect(own).toBeCloseTo(group[side], 12);
          }
        }
      }
    },
  );
});
