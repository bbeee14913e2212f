import { describe, expect, it } from "vitest";
import { makePrediction } from "../../../shared/testing/fixtures";
import {
  makeHead,
  randomModel,
  randomNumbers,
} from "../../../shared/testing/intervention-fixtures";
import { makeBench } from "./bench";
import { applyEdits } from "./decide";
import {
  addScoreEdit,
  type Edits,
  fromWire,
  NO_EDITS,
  resetGroup,
  resetOption,
  type ScoreEdit,
  sameEdits,
  setRegion,
  toWire,
} from "./edits";

function orFail<Value>(value: Value | null): Value {
  if (value === null) {
    throw new Error("Head and prediction do not belong together.");
  }
  return value;
}

const bench = orFail(makeBench(makePrediction(), makeHead()));
const set = (optionId: string, value: number): ScoreEdit => ({ operation: "set", optionId, value });
const option = (optionId: string): ScoreEdit => ({ operation: "option", optionId });
const mean = (optionId: string): ScoreEdit => ({ operation: "mean", optionId });

const adding = (...edits: ScoreEdit[]) =>
  edits.reduce<Edits>((all, edit) => addScoreEdit(bench, all, edit), NO_EDITS).scores;

describe("the list of edits", () => {
  it("keeps the newest value of an option, in the older one's place", () => {
    const scores = adding(
      set("border.fading", 1),
      set("pattern.network", 2),
      set("border.fading", 3),
    );
    expect(scores).toEqual([set("border.fading", 3), set("pattern.network", 2)]);
  });

  it("lets an edit of the whole group replace all earlier ones of that group", () => {
    expect(
      adding(set("border.fading", 1), set("pattern.network", 2), mean("border.sharp")),
    ).toEqual([set("pattern.network", 2), mean("border.sharp")]);
    expect(adding(option("border.sharp"), option("border.fading"))).toEqual([
      option("border.fading"),
    ]);
  });

  it("keeps a value that was set after an edit of the whole group", () => {
    expect(adding(set("border.fading", 1), mean("border.fading"), set("border.fading", 2))).toEqual(
      [mean("border.fading"), set("border.fading", 2)],
    );
  });

  it("lets go of a switch that is switched again", () => {
    const prediction = makePrediction();
    const [border, ...others] = prediction.groups;
    const alone = makePrediction({
      groups: border ? [{ ...border, options: border.options.slice(0, 1) }, ...others] : [],
    });
    const single = orFail(makeBench(alone, makeHead({}, alone)));
    const once = addScoreEdit(single, NO_EDITS, option("border.fading"));
    expect(once.scores).toHaveLength(1);
    expect(addScoreEdit(single, once, option("border.fading")).scores).toEqual([]);
    const set1 = addScoreEdit(single, NO_EDITS, set("border.fading", 2.5));
    expect(addScoreEdit(single, set1, option("border.fading")).scores).toHaveLength(2);
  });

  it("takes no edit of an option that does not exist", () => {
    expect(adding(set("gone", 1))).toEqual([]);
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    "comes to the same as all edits one after the other (seed %i)",
    (seed) => {
      const random = randomNumbers(seed);
      const { head, prediction } = randomModel(seed);
      const of = orFail(makeBench(prediction, head));
      const all = Array.from({ length: 25 }, (): ScoreEdit => {
        const optionId = of.options[Math.floor(random() * of.options.length)]?.id ?? "";
        return random() < 0.7
          ? set(optionId, random())
          : random() < 0.5
            ? mean(optionId)
            : { operation: "class_mean", optionId, referenceClass: "c0" };
      });
      const short = all.reduce<Edits>((edits, edit) => addScoreEdit(of, edits, edit), NO_EDITS);
      expect(applyEdits(of, of.scores, short.scores)).toEqual(applyEdits(of, of.scores, all));
      expect(short.scores.length).toBeLessThanOrEqual(of.options.length + of.groups.length);
    },
  );

  it("is reset per option and per group", () => {
    const edits = { ...NO_EDITS, scores: adding(mean("border.sharp"), set("border.sharp", 2)) };
    expect(resetOption(edits, "border.sharp").scores).toEqual([mean("border.sharp")]);
    expect(resetOption(edits, "border.fading")).toBe(edits);
    expect(resetGroup(bench, edits, "border").scores).toEqual([]);
    expect(resetGroup(bench, edits, "pattern")).toBe(edits);
  });
});

describe("regions", () => {
  it("are one per group, in the order of the groups, and none without a patch", () => {
    const pattern = setRegion(bench, NO_EDITS, "pattern", "inside", [3, 1, 3]);
    const both = setRegion(bench, pattern, "border", "outside", [0]);
    expect(both.regions).toEqual([
      { groupKey: "border", keep: "outside", patches: [0] },
      { groupKey: "pattern", keep: "inside", patches: [1, 3] },
    ]);
    expect(setRegion(bench, both, "border", "inside", []).regions).toEqual(pattern.regions);
  });
});

describe("what is sent", () => {
  it("has regions first, and comes back as it went", () => {
    const scores = adding(set("border.fading", 1), option("pattern.lacunae"), {
      operation: "class_mean",
      optionId: "border.sharp",
      referenceClass: "mel",
    });
    const edits = setRegion(bench, { ...NO_EDITS, scores }, "pattern", "inside", [2]);
    const wire = toWire(edits);
    expect(wire[0]).toEqual({
      operation: "region",
      group_key: "pattern",
      keep: "inside",
      patches: [2],
    });
    const nothing = {
      option_id: null,
      value: null,
      reference_class: null,
      group_key: null,
      keep: null,
      patches: null,
    };
    const back = fromWire(wire.map((edit) => ({ ...nothing, ...edit })));
    expect(back.ignored).toBe(0);
    expect(sameEdits(back.edits, edits)).toBe(true);
    expect(fromWire([{ ...nothing, operation: "set" }]).ignored).toBe(1);
  });
});
