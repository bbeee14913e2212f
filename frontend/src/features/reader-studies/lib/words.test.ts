import { describe, expect, it } from "vitest";
import { makeCaseRef, makeDesign } from "../../../shared/testing/study-fixtures";
import { GRRAS_FIELDS } from "./grras";
import { armsOf, pictureOf } from "./order-picture";
import { minutesWords } from "./words";

const suggest = (key: string, design = makeDesign()) =>
  GRRAS_FIELDS.find((field) => field.key === key)?.suggest(design);

describe("suggested texts", () => {
  it("cover every GRRAS field of a design", () => {
    expect(GRRAS_FIELDS.map(({ key }) => key).sort()).toEqual(
      Object.keys(makeDesign().grras).sort(),
    );
    for (const { suggest: make } of GRRAS_FIELDS) {
      expect(make(makeDesign())).toMatch(/\.$/);
    }
  });

  it("follow from the design", () => {
    const sampling = {
      method: "stratified_random" as const,
      source: "busi",
      strata: "class" as const,
      seed: 5,
      population: 90,
    };
    expect(suggest("subject_sampling", makeDesign({ sampling }))).toBe(
      "1 of 90 images were drawn at random from busi, evenly over the classes (seed 5).",
    );
    expect(suggest("independence")).toContain("after 1 practice image.");
    const order = { ...makeDesign().order, repeats: 0 };
    expect(suggest("repeat_interval", makeDesign({ order }))).toBe("No item was shown twice.");
    const cases = [makeCaseRef({ clinical_information: "54 years" })];
    expect(suggest("clinical_information", makeDesign({ cases }))).toMatch(/^Beside the image/);
  });
});

describe("the picture of the order", () => {
  it("shows every image under every arm at once", () => {
    const [first] = pictureOf("mixed", 2);
    expect(first?.sessions).toEqual([
      [
        [0, 1],
        [0, 1],
        [0, 1],
        [0, 1],
      ],
    ]);
  });

  it("gives each image each arm once over the sessions, turned from reader to reader", () => {
    const [first, second] = pictureOf("sessions", 2);
    expect(first?.sessions).toEqual([
      [[0], [1], [0], [1]],
      [[1], [0], [1], [0]],
    ]);
    expect(second?.sessions[0]).toEqual([[1], [0], [1], [0]]);
    for (const { sessions } of pictureOf("sessions", 3)) {
      expect(sessions.map((images) => images[0]?.[0]).sort()).toEqual([0, 1, 2]);
    }
  });

  it("splits the images over the arms", () => {
    const rows = pictureOf("split", 3);
    expect(rows.map(({ sessions }) => sessions[0]?.[0])).toEqual([[0], [1], [2]]);
    expect(rows.every(({ sessions }) => sessions.length === 1)).toBe(true);
  });

  it("has as many arms as the task with the most", () => {
    expect(armsOf([])).toBe(0);
    expect(armsOf([{ arm_keys: ["a"] }, { arm_keys: ["a", "b"] }])).toBe(2);
  });
});

describe("minutes", () => {
  it("are told in hours when there are many", () => {
    expect(minutesWords(45)).toBe("45 min");
    expect(minutesWords(80)).toBe("1 h 20 min");
  });
});
