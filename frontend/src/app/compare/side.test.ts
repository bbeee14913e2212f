import { describe, expect, it } from "vitest";
import { makePrediction, PREDICTION_ID } from "../../shared/testing/fixtures";
import {
  fullEdit,
  makeIntervention,
  resetInterventions,
} from "../../shared/testing/intervention-server";
import { classRows, coverageWords, groupDifferences } from "./differences";
import {
  chooseLayer,
  chooseMap,
  chooseOption,
  parseMap,
  resolveMaps,
  shareOptions,
  shownRegionOf,
} from "./map-choice";
import { allSides, firstSides, type Side, sideOfIntervention, sideOfPrediction } from "./side";

resetInterventions();
/** Melanoma is predicted instead of nevus. */
const intervention = makeIntervention([
  { operation: "set", option_id: "pattern.network", value: 0 },
]);
const prediction = makePrediction();
const left = sideOfPrediction(prediction);
const right = sideOfIntervention(intervention, [prediction]);

/** Of a model with one class and one group in common with the fixture's, and others of its own. */
function otherModel(): Side {
  const [border] = prediction.groups;
  const [mel] = prediction.classes;
  if (!border || !mel) {
    throw new Error("fixture without groups");
  }
  const option = (id: string, score: number) => ({
    ...{ id, text: id, score, probability: 0.2, contributions: {} },
  });
  return sideOfPrediction(
    makePrediction({
      id: "5".repeat(32),
      model: { id: "6".repeat(32), name: "other", synthetic: false },
      predicted_class: "bcc",
      classes: [mel, { ...mel, key: "bcc", name: "Basal cell carcinoma" }],
      groups: [
        border,
        {
          key: "vessels",
          name: "Vessels",
          localizable: true,
          options: [option("vessels.seen", -1)],
        },
      ],
    }),
  );
}

describe("sides", () => {
  it("say what is present by the scores after the edits, as a prediction does", () => {
    expect(left.groups.map(({ presentId }) => presentId)).toEqual([
      "border.fading",
      "pattern.network",
    ]);
    expect(right.groups.map(({ presentId }) => presentId)).toEqual([
      "border.fading",
      "pattern.network",
    ]);
    const single = (after: number) =>
      sideOfIntervention(
        makeIntervention([], {
          groups: [
            {
              ...{ key: "vessels", name: "Vessels", region: false, attention: null },
              options: [
                {
                  ...{ id: "vessels.seen", text: "seen", before: 1, after_region: 1, after },
                  contributions: {},
                },
              ],
            },
          ],
        }),
        [],
      ).groups[0]?.presentId;
    expect(single(0.1)).toBe("vessels.seen");
    expect(single(-0.1)).toBeNull();
  });

  it("tell the edits in words, who made them, and before and after", () => {
    expect(right).toMatchObject({
      kind: "intervention",
      createdBy: "Anna Weber",
      edits: ["Dermoscopic pattern: regular network set to 0.00"],
      predictedClass: "mel",
      baselineClass: "nv",
    });
    expect(right.classes[0]?.key).toBe("mel");
    expect(right.classes[0]?.before).toBeCloseTo(0.13, 3);
    expect(right.classes[0]?.probability).toBeCloseTo(0.75, 3);
    expect(left.classes[0]?.before).toBeNull();
  });

  it("keep painted regions on the prediction's grid", () => {
    const edits = [
      fullEdit({ operation: "region", group_key: "border", keep: "outside", patches: [1, 3] }),
    ];
    const side = sideOfIntervention({ ...intervention, edits }, [prediction]);
    const region = shownRegionOf(side, "pattern.network");
    expect(region?.name).toBe("Border");
    expect(region?.painted).toEqual({
      grid: prediction.grid,
      region: prediction.region,
      keep: "outside",
      patches: new Set([1, 3]),
    });
    expect(sideOfIntervention({ ...intervention, edits }, []).regions.size).toBe(0);
  });

  it("are listed newest first", () => {
    const refs = allSides([prediction], [intervention]).map(({ ref }) => ref);
    expect(refs).toEqual([`intervention:${intervention.id}`, `prediction:${PREDICTION_ID}`]);
  });

  it("begin with an intervention beside its prediction, else with the two newest", () => {
    const later = { ...makePrediction(), id: "7".repeat(32), created_at: "2026-11-21T09:45:00Z" };
    const refs = (sides: Side[]) => firstSides(sides)?.map(({ ref }) => ref);
    expect(refs(allSides([later, prediction], [intervention]))).toEqual([left.ref, right.ref]);
    expect(refs(allSides([later, prediction], []))).toEqual([left.ref, `prediction:${later.id}`]);
    expect(firstSides([left])).toBeNull();
    expect(firstSides([])).toBeNull();
  });
});

describe("differences", () => {
  it("of classes are signed, right minus left, the largest first", () => {
    const rows = classRows({ ...left, classes: right.classes.map(before) }, right);
    expect(rows.map(({ key }) => key)).toEqual(["mel", "nv"]);
    expect(rows[0]?.difference).toBeCloseTo(0.62, 2);
    expect(rows[1]?.difference).toBeCloseTo(-0.62, 2);
  });

  it("of concepts leave out what is the same", () => {
    const { rows, same } = groupDifferences(left, right);
    expect(same).toEqual(["Border"]);
    expect(rows).toHaveLength(1);
    expect(rows[0]).toMatchObject({ name: "Dermoscopic pattern", presentDiffers: false, size: 2 });
    expect(rows[0]?.options).toEqual([
      { id: "pattern.network", text: "regular network", left: 2, right: 0, difference: -2 },
    ]);
    expect(groupDifferences(left, left)).toMatchObject({ rows: [] });
  });

  it("name the present option on each side", () => {
    const groups = right.groups.map((group) =>
      group.key === "pattern" ? { ...group, presentId: "pattern.lacunae" } : group,
    );
    expect(groupDifferences(left, { ...right, groups }).rows[0]).toMatchObject({
      left: "regular network",
      right: "red to purple lacunae",
      presentDiffers: true,
    });
  });

  it("between models say what only one of them knows", () => {
    const other = otherModel();
    const words = coverageWords(left, other);
    expect(words).toContain("Only the model on the left knows the class: Melanocytic nevus.");
    expect(words).toContain("Only the model on the right knows the class: Basal cell carcinoma.");
    expect(words).toContain(
      "Only the model on the right knows the concept option: Vessels: vessels.seen.",
    );
    expect(coverageWords(left, right)).toEqual([]);
    const rows = classRows(left, other);
    expect(rows.at(-1)).toMatchObject({ difference: null });
    const groups = groupDifferences(left, other);
    expect(groups.right).toEqual([{ key: "vessels", name: "Vessels", present: "not present" }]);
    expect(groups.left.map(({ key }) => key)).toEqual(["pattern"]);
    expect(groups).toMatchObject({ rows: [], same: ["Border"] });
  });

  it("take groups for the same only if they share an option in one wording, and give both names", () => {
    const groups = left.groups.map((group) => ({
      ...group,
      name: `${group.name} 2`,
      options: group.options.map((option, at) =>
        group.key === "border" && at > 0
          ? { ...option, score: 0 }
          : { ...option, text: `${option.text} 2`, score: 0 },
      ),
    }));
    const found = groupDifferences(left, { ...left, groups });
    expect(found.rows.map(({ name }) => name)).toEqual(["Border / Border 2"]);
    expect(found.rows[0]?.options.map(({ text }) => text)).toContain(
      "edge that fades gradually / edge that fades gradually 2",
    );
    expect(found.left.map(({ name }) => name)).toEqual(["Dermoscopic pattern"]);
    expect(found.right.map(({ name }) => name)).toEqual(["Dermoscopic pattern 2"]);
  });

  it("say once that two models have nothing in common", () => {
    const classes = left.classes.map((entry) => ({ ...entry, key: `x.${entry.key}` }));
    expect(coverageWords({ ...left, classes }, left)).toEqual([
      "The two models have no class in common.",
    ]);
  });
});

describe("maps", () => {
  const sides = [left, right] as const;
  const nothing = { map: null, mapRight: null };

  it("are read from the address, if this side has them", () => {
    expect(parseMap("magnet:border.sharp", left)).toEqual({
      layer: "magnet",
      optionId: "border.sharp",
    });
    expect(parseMap("index", left)).toEqual({ layer: "index", optionId: "pattern.network" });
    expect(parseMap("gradcam:gone", left)).toBeNull();
    expect(parseMap("heat:border.sharp", left)).toBeNull();
    expect(parseMap(null, left)).toBeNull();
  });

  it("are the same on both sides, where both have them", () => {
    const linked = resolveMaps(sides, { map: "gradcam:border.sharp", mapRight: null }, true);
    expect(linked.right).toEqual({ layer: "gradcam", optionId: "border.sharp" });
    const other = resolveMaps([left, otherModel()], nothing, true);
    expect(other.left.optionId).toBe("pattern.network");
    expect(other.right.optionId).toMatch(/^(border|vessels)/);
    expect(other.right.layer).toBe(other.left.layer);
  });

  it("are each side's own when they are not linked", () => {
    const texts = { map: "index:border.sharp", mapRight: "gradcam:border.fading" };
    expect(resolveMaps(sides, texts, false)).toEqual({
      left: { layer: "index", optionId: "border.sharp" },
      right: { layer: "gradcam", optionId: "border.fading" },
    });
  });

  it("follow a choice on either side", () => {
    const now = resolveMaps(sides, nothing, true);
    const sharp = { layer: "gradcam", optionId: "border.sharp" } as const;
    expect(chooseMap(sides, now, "left", sharp, true)).toEqual({ map: "gradcam:border.sharp" });
    expect(chooseMap(sides, now, "right", sharp, true)).toEqual({ map: "gradcam:border.sharp" });
    expect(chooseMap(sides, now, "right", sharp, false)).toEqual({
      "map-right": "gradcam:border.sharp",
    });
    const own = { layer: "magnet", optionId: "vessels.seen" } as const;
    expect(chooseMap([left, otherModel()], now, "right", own, true)).toEqual({
      "map-right": "magnet:vessels.seen",
      map: "magnet:pattern.network",
    });
    expect(chooseLayer(now, "none")).toEqual({
      map: "none:pattern.network",
      "map-right": "none:pattern.network",
    });
  });

  it("of an option are shown wherever it is known", () => {
    expect(chooseOption([left, otherModel()], "vessels.seen")).toEqual({
      "map-right": "gradcam:vessels.seen",
    });
    expect(chooseOption(sides, "border.sharp")).toEqual({
      map: "gradcam:border.sharp",
      "map-right": "gradcam:border.sharp",
    });
  });

  it("can be linked only where something is shared", () => {
    expect(shareOptions(left, otherModel())).toBe(true);
    expect(shareOptions(left, { ...left, groups: [] })).toBe(false);
  });
});

function before(entry: Side["classes"][number]) {
  return { ...entry, probability: entry.before ?? 0, before: null };
}
