import { describe, expect, it } from "vitest";
import { MODEL_ID } from "../../../shared/testing/fixtures";
import { makeArm, makeCaseRef, makeDesign } from "../../../shared/testing/study-fixtures";
import {
  classCounts,
  emptyDesign,
  fits,
  freeKey,
  moved,
  newArm,
  newQuestion,
  newTask,
  referenceModel,
  withCases,
  withoutArm,
} from "./design";
import { designFrom } from "./templates";
import { classesOf } from "./truth";

describe("arms", () => {
  it("get keys that are free", () => {
    expect(freeKey("sham", [])).toBe("sham");
    expect(freeKey("sham", [{ key: "sham" }, { key: "sham-2" }])).toBe("sham-3");
  });

  it("follow the first real one: its model, and its map in a sham", () => {
    const magnet = makeArm({ key: "m", map: "magnet", model_version_id: "one" });
    expect(newArm("sham", [magnet], "other")).toMatchObject({
      model_version_id: "one",
      map: "magnet",
      sham: "other_concept",
    });
    expect(newArm("gradcam", [], "other").model_version_id).toBe("other");
    expect(newArm("image", [magnet], "other")).toMatchObject({ model_version_id: null, map: null });
  });

  it("that are shams or show nothing do not decide which concepts are asked about", () => {
    const arms = [
      makeArm({ model_version_id: null, map: null }),
      makeArm({ model_version_id: "sham", sham: "shuffled" }),
      makeArm({ model_version_id: "real" }),
    ];
    expect(referenceModel(arms)).toBe("real");
    expect(referenceModel(arms.slice(0, 2))).toBeNull();
  });

  it("leave the tasks when they go", () => {
    const next = withoutArm(makeDesign(), "sham");
    expect(next.arms.map(({ key }) => key)).toEqual(["real"]);
    expect(next.tasks[0]?.arm_keys).toEqual(["real"]);
  });
});

describe("tasks", () => {
  it("about maps take only arms that have one", () => {
    const alone = makeArm({ key: "alone", model_version_id: null, map: null });
    const design = makeDesign({ arms: [makeArm(), alone], tasks: [] });
    expect(newTask("alignment", design).arm_keys).toEqual(["real"]);
    expect(newTask("diagnosis", design).arm_keys).toEqual(["real", "alone"]);
    expect(fits("localization", alone)).toBe(false);
  });

  it("of questions alone begin with one", () => {
    expect(newTask("questions", makeDesign()).questions).toHaveLength(1);
    expect(newTask("localization", makeDesign()).key).toBe("localization-2");
  });

  it("have questions with what their kind needs", () => {
    const likert = newQuestion("likert", []);
    expect(likert.anchors).toHaveLength(5);
    const choice = newQuestion("choice", [likert]);
    expect(choice.key).toBe("question-2");
    expect(choice.options).toHaveLength(2);
    expect(newQuestion("text", [])).toMatchObject({ required: false, options: [], anchors: [] });
  });
});

describe("images", () => {
  it("are taken once", () => {
    const one = makeCaseRef({ case_id: "1" });
    const image = makeCaseRef({ case_id: null, dataset_id: "d", split: "test", image: "a" });
    const other = { ...image, split: "train" as const };
    expect(withCases([one], [one, image, other, image])).toEqual([one, image, other]);
  });

  it("are counted by class, without those for practice", () => {
    const counts = classCounts([
      makeCaseRef(),
      makeCaseRef({ case_id: "2" }),
      makeCaseRef({ case_id: "3", truth_class: null }),
      makeCaseRef({ case_id: "4", practice: true }),
    ]);
    expect([...counts]).toEqual([
      ["mel", 2],
      ["", 1],
    ]);
  });

  it("can have the classes of models, of data sets, and those given already", () => {
    const cases = [makeCaseRef({ truth_class: "rare" })];
    const models = [{ id: MODEL_ID, classes: [{ key: "mel", name: "Melanoma" }] }];
    const known = classesOf(makeDesign({ cases }), { models: models as never, datasets: [] });
    expect(known).toEqual([
      { key: "mel", name: "Melanoma" },
      { key: "rare", name: "rare" },
    ]);
  });
});

describe("lists", () => {
  it("are put in another order, and stay whole at their ends", () => {
    expect(moved(["a", "b", "c"], 0, 2)).toEqual(["b", "c", "a"]);
    expect(moved(["a", "b"], 0, -1)).toEqual(["a", "b"]);
    expect(moved(["a", "b"], 1, 2)).toEqual(["a", "b"]);
  });
});

describe("templates", () => {
  it("ask for the concept before they name it, under a real and a sham arm", () => {
    const { tasks, arms } = designFrom("maps", "T", "model");
    expect(tasks.map(({ kind }) => kind)).toEqual(["alignment", "localization"]);
    expect(arms.map(({ sham }) => sham)).toEqual([null, "other_concept"]);
    expect(tasks.every(({ arm_keys }) => arm_keys.length === 2)).toBe(true);
  });

  it("compare diagnoses in sessions of their own", () => {
    const { order, arms, tasks } = designFrom("diagnosis", "T", "model");
    expect(order.separation).toBe("sessions");
    expect(arms.map((arm) => arm.model_version_id)).toEqual([null, "model"]);
    expect(tasks[0]?.arm_keys).toEqual(["image", "prediction"]);
  });

  it("can be empty, with a seed of their own", () => {
    expect(designFrom("empty", "T", "model")).toMatchObject({ title: "T", arms: [], tasks: [] });
    expect(emptyDesign("T", 5).order.seed).toBe(5);
  });
});
