/** Heads and predictions that belong together: logits are weight times score plus bias. */

import type { GroupPrediction, ModelHead, Prediction } from "../api/types";
import { MODEL_ID, makePrediction } from "./fixtures";

/** The head behind `makePrediction`; all averages and ranges can be told apart. */
export function makeHead(
  overrides: Partial<ModelHead> = {},
  prediction = makePrediction(),
): ModelHead {
  const options = prediction.groups.flatMap((group) => group.options);
  return {
    model_version_id: MODEL_ID,
    supports_regions: true,
    validation_images: 300,
    classes: prediction.classes.map(({ key, name }) => ({ key, name })),
    groups: prediction.groups.map(({ key, name, localizable, options: own }) => ({
      key,
      name,
      localizable,
      options: own.map(({ id, text }) => ({ id, text })),
    })),
    weight: prediction.classes.map(({ key }) =>
      options.map(({ score, contributions }) => (contributions[key] ?? 0) / score),
    ),
    bias: prediction.classes.map(({ bias }) => bias),
    means: options.map((_, at) => 0.1 * (at + 1)),
    class_means: { mel: options.map((_, at) => 1.5 - at), nv: null },
    option_means: Object.fromEntries(options.map(({ id }) => [id, null])),
    ranges: options.map((_, at) => [-2 - 0.1 * at, 3 + 0.1 * at]),
    ...overrides,
  };
}

/** The same numbers for the same seed (mulberry32). */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A model of any shape, with groups of one to four options, and a prediction of it. */
export function randomModel(seed: number): { head: ModelHead; prediction: Prediction } {
  const random = randomNumbers(seed);
  const number = () => 6 * random() - 3;
  const groups: GroupPrediction[] = Array.from(
    { length: 1 + Math.floor(4 * random()) },
    (_, group) => ({
      key: `g${group}`,
      name: `Group ${group}`,
      localizable: random() < 0.5,
      options: Array.from({ length: 1 + Math.floor(4 * random()) }, (_, option) => ({
        id: `g${group}.o${option}`,
        text: `option ${option}`,
        score: number(),
        probability: 0.5,
        contributions: {},
      })),
    }),
  );
  const options = groups.flatMap((group) => group.options);
  const keys = Array.from({ length: 2 + Math.floor(4 * random()) }, (_, at) => `c${at}`);
  const weight = keys.map(() => options.map(number));
  const bias = keys.map(number);
  const logits = weight.map((row, at) =>
    options.reduce((sum, { score }, column) => sum + score * (row[column] ?? 0), bias[at] ?? 0),
  );
  const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
  const prediction = makePrediction({
    groups,
    classes: keys.map((key, at) => ({
      key,
      name: `Class ${key}`,
      bias: bias[at] ?? 0,
      logit: logits[at] ?? 0,
      probability: Math.exp(logits[at] ?? 0) / total,
    })),
    predicted_class: keys[logits.indexOf(Math.max(...logits))] ?? "",
    grid: [3, 5],
  });
  const head = makeHead(
    {
      weight,
      bias,
      means: options.map(number),
      class_means: Object.fromEntries(
        keys.map((key, at) => [key, at === 1 ? null : options.map(number)]),
      ),
      option_means: Object.fromEntries(
        groups.flatMap((group) =>
          group.options.map(({ id }) => [id, random() < 0.5 ? group.options.map(number) : null]),
        ),
      ),
      ranges: options.map(() => {
        const low = number();
        return [low, low + 3 * random()];
      }),
    },
    prediction,
  );
  return { head, prediction };
}
