import { describe, expect, it } from "vitest";
import { makePrediction } from "../../../shared/testing/fixtures";
import {
  makeHead,
  randomModel,
  randomNumbers,
} from "../../../shared/testing/intervention-fixtures";
import { type Bench, makeBench, presentColumn } from "./bench";
import { applyEdits, decide, softmax } from "./decide";
import type { ScoreEdit } from "./edits";

const SEEDS = Array.from({ length: 60 }, (_, seed) => seed);

function benchOf({ head, prediction }: ReturnType<typeof randomModel>): Bench {
  const bench = makeBench(prediction, head);
  if (!bench) {
    throw new Error("Head and prediction do not belong together.");
  }
  return bench;
}

const bench = benchOf({ head: makeHead(), prediction: makePrediction() });

function randomEdits(of: Bench, seed: number, count: number): ScoreEdit[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, (): ScoreEdit => {
    const optionId = of.options[Math.floor(random() * of.options.length)]?.id ?? "";
    const kind = Math.floor(4 * random());
    if (kind === 0) {
      return { operation: "set", optionId, value: 8 * random() - 4 };
    }
    return kind === 1
      ? { operation: "option", optionId }
      : kind === 2
        ? { operation: "class_mean", optionId, referenceClass: "c0" }
        : { operation: "mean", optionId };
  });
}

/** W·scores + b and its softmax, without looking at what was stored. */
function fromScratch(of: Bench, scores: readonly number[]) {
  const logits = of.head.weight.map((row, at) =>
    row.reduce(
      (sum, weight, column) => sum + weight * (scores[column] ?? 0),
      of.head.bias[at] ?? 0,
    ),
  );
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  return { logits, probabilities: logits.map((logit) => Math.exp(logit) / total) };
}

describe("the decision", () => {
  it("is exactly the stored one without an edit, and with an edit that changes nothing", () => {
    const none = decide(bench, applyEdits(bench, bench.scores, []));
    expect(none.probabilities).toBe(bench.probabilities);
    expect(none.logits).toBe(bench.logits);
    const same = applyEdits(bench, bench.scores, [
      { operation: "set", optionId: "border.fading", value: 1.5 },
    ]);
    expect(decide(bench, same).probabilities).toBe(bench.probabilities);
  });

  it("keeps a stored prediction even if it is not what the head would say in another precision", () => {
    const stored = { ...bench, logits: bench.logits.map((logit) => logit + 1e-6) };
    const scores = applyEdits(stored, stored.scores, [
      { operation: "set", optionId: "border.fading", value: 2.5 },
    ]);
    expect(decide(stored, scores).logits[0]).toBeCloseTo((stored.logits[0] ?? 0) + 0.4, 12);
  });

  it.each(SEEDS)("equals a computation from scratch (seed %i)", (seed) => {
    const random = benchOf(randomModel(seed));
    const scores = applyEdits(random, random.scores, randomEdits(random, seed, 6));
    const expected = fromScratch(random, scores);
    const decision = decide(random, scores);
    for (const [at, logit] of decision.logits.entries()) {
      expect(logit).toBeCloseTo(expected.logits[at] ?? Number.NaN, 9);
      expect(decision.probabilities[at]).toBeCloseTo(expected.probabilities[at] ?? Number.NaN, 9);
    }
    expect(decision.probabilities.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(decision.predicted).toBe(decision.logits.indexOf(Math.max(...decision.logits)));
  });

  it("survives logits that no exponential can take", () => {
    expect(softmax([1000, 0, -1000])).toEqual([1, 0, 0]);
  });
});

describe("edits", () => {
  it.each<[string, ScoreEdit, number[]]>([
    ["set", { operation: "set", optionId: "border.sharp", value: -7.5 }, [1.5, -7.5, 2, -1]],
    ["mean", { operation: "mean", optionId: "pattern.network" }, [1.5, -0.5, 0.1 * 3, 0.1 * 4]],
    [
      "class_mean",
      { operation: "class_mean", optionId: "border.sharp", referenceClass: "mel" },
      [1.5, 0.5, 2, -1],
    ],
    ["option", { operation: "option", optionId: "pattern.lacunae" }, [1.5, -0.5, -1, 2]],
    [
      "option that is present",
      { operation: "option", optionId: "pattern.network" },
      [1.5, -0.5, 2, -1],
    ],
  ])("%s does what it says to its group alone", (_, edit, expected) => {
    expect(applyEdits(bench, bench.scores, [edit])).toEqual(expected);
    expect(bench.scores).toEqual([1.5, -0.5, 2, -1]);
  });

  it("exchange scores only within what was seen of each option", () => {
    const narrow = benchOf({
      head: makeHead({
        ranges: [
          [0, 2],
          [-1, 1],
          [0.5, 3],
          [-2, 1.25],
        ],
      }),
      prediction: makePrediction(),
    });
    const scores = applyEdits(narrow, narrow.scores, [
      { operation: "option", optionId: "pattern.lacunae" },
    ]);
    expect(scores.slice(2)).toEqual([0.5, 1.25]);
  });

  it("take the measured scores of an option, and cap the others at it", () => {
    const measured = benchOf({
      head: makeHead({ option_means: { "pattern.lacunae": [1, 0.25] } }),
      prediction: makePrediction(),
    });
    const scores = applyEdits(measured, measured.scores, [
      { operation: "option", optionId: "pattern.lacunae" },
    ]);
    expect(scores.slice(2)).toEqual([0.25, 0.25]);
  });

  it("switch the only option of a group between the ends of its range", () => {
    const prediction = makePrediction();
    const [border, pattern] = prediction.groups;
    if (!border || !pattern) {
      throw new Error("fixture without groups");
    }
    const single = { ...border, options: border.options.slice(0, 1) };
    const alone = makePrediction({ groups: [single, pattern] });
    const one = benchOf({ head: makeHead({}, alone), prediction: alone });
    const edit = { operation: "option", optionId: "border.fading" } as const;
    expect(applyEdits(one, one.scores, [edit])[0]).toBe(-2);
    expect(applyEdits(one, one.scores, [edit, edit])[0]).toBe(3);
  });

  it.each(SEEDS)("make an option the present one (seed %i)", (seed) => {
    const random = benchOf(randomModel(seed));
    for (const group of random.groups.filter(({ options }) => options.length > 1)) {
      for (const { id, index } of group.options) {
        const scores = applyEdits(random, random.scores, [{ operation: "option", optionId: id }]);
        const present = presentColumn(group, scores);
        expect(scores[present ?? -1]).toBe(scores[index]);
      }
    }
  });

  it.each(SEEDS)("of different groups may come in any order (seed %i)", (seed) => {
    const random = benchOf(randomModel(seed));
    const edits = randomEdits(random, seed, 8);
    const byGroup = random.groups.flatMap(({ key }) =>
      edits.filter(({ optionId }) => optionId.startsWith(`${key}.`)),
    );
    expect(applyEdits(random, random.scores, byGroup)).toEqual(
      applyEdits(random, random.scores, edits),
    );
  });
});

describe("a head of another model", () => {
  it("recomputes nothing", () => {
    expect(makeBench(makePrediction({ model_version_id: "x" }), makeHead())).toBeNull();
    expect(makeBench(makePrediction({ groups: [] }), makeHead())).toBeNull();
  });
});
