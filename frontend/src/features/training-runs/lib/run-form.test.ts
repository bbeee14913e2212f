import { describe, expect, it } from "vitest";
import { makeConceptSet } from "../../../shared/testing/concept-set-fixtures";
import { makeDataset, PROCEDURAL } from "../../../shared/testing/dataset-fixtures";
import { makeModel } from "../../../shared/testing/fixtures";
import { type Choices, findProblems, formFrom, requestOf, resolve } from "./run-form";

const MODEL = makeModel({ id: "a", dataset: PROCEDURAL.id, active: true });
const OTHER = makeModel({ id: "b", dataset: "busi", active: false });
const user = (id: string, active: boolean) => ({
  id,
  name: id,
  dataset: "x",
  active,
  digest: "d",
});
const SET = makeConceptSet({ id: "set-a", models: [user("a", true)] });
const OTHER_SET = makeConceptSet({ id: "set-b", models: [user("b", false)] });
const CHOICES: Choices = {
  models: [MODEL, OTHER],
  conceptSets: [SET, OTHER_SET],
  datasets: [PROCEDURAL, makeDataset()],
};
const from = (address: string) => formFrom(new URLSearchParams(address));
const chosen = (address: string, choices = CHOICES) => {
  const { parent, conceptSet, dataset, mode } = resolve(from(address), choices);
  return [parent?.id, conceptSet?.id, dataset?.id, mode];
};

describe("what a new run begins with", () => {
  it("is the active model with the concepts and the data that it was trained with", () => {
    expect(chosen("")).toEqual(["a", "set-a", PROCEDURAL.id, "quick"]);
  });

  it("is what the address says, and what fits that", () => {
    expect(chosen("parent=b")).toEqual(["b", "set-b", "busi", "quick"]);
    expect(chosen("concept_set=set-b&revision=r")).toEqual(["b", "set-b", "busi", "quick"]);
    expect(chosen("parent=&concept_set=set-b&dataset=")).toEqual(["b", "set-b", "busi", "quick"]);
    expect(chosen("dataset=busi")).toEqual(["b", "set-b", "busi", "quick"]);
    expect(chosen("parent=a&concept_set=set-b&dataset=busi")).toEqual([
      "a",
      "set-b",
      "busi",
      "quick",
    ]);
  });

  it("is a full training where there is no model yet", () => {
    const bare = { models: [], conceptSets: [SET], datasets: [PROCEDURAL] };
    expect(chosen("", bare)).toEqual([undefined, "set-a", PROCEDURAL.id, "full"]);
  });

  it("leaves open what several could be, without a parent", () => {
    const form = { ...from(""), parent: null };
    const resolved = resolve(form, CHOICES);
    expect(resolved.conceptSet).toBeNull();
    expect(findProblems(form, resolved)).toEqual({
      conceptSet: "Choose a concept set.",
      dataset: "Choose a data set.",
    });
    expect(requestOf(form, resolved)).toBeNull();
  });

  it("says when the model in the address is gone", () => {
    const form = from("parent=gone&concept_set=set-a&dataset=busi");
    expect(findProblems(form, resolve(form, CHOICES)).parent).toMatch(/no such model/);
    expect(requestOf(form, resolve(form, CHOICES))).toBeNull();
  });
});

describe("the request", () => {
  it("leaves to the server what was left empty", () => {
    const form = from("parent=a&revision=r1");
    expect(requestOf(form, resolve(form, CHOICES))).toEqual({
      dataset_id: PROCEDURAL.id,
      test_dataset_id: null,
      concept_set_id: "set-a",
      concept_set_revision_id: "r1",
      parent_model_version_id: "a",
      name: null,
      settings: {
        mode: "quick",
        epochs: null,
        patience: null,
        learning_rate: null,
        images: null,
        include_labels: false,
        seed: 0,
      },
    });
  });

  it("has what was filled in", () => {
    const form = {
      ...from("parent=a"),
      mode: "full" as const,
      images: { train: 2000, validation: 500, test: 1000 },
      epochs: 20,
      patience: 5,
      learningRate: 0.01,
      seed: 7,
      includeLabels: true,
      name: "better-2",
    };
    expect(requestOf(form, resolve(form, CHOICES))).toMatchObject({
      name: "better-2",
      settings: {
        mode: "full",
        epochs: 20,
        patience: 5,
        learning_rate: 0.01,
        images: { train: 2000, validation: 500, test: 1000 },
        include_labels: true,
        seed: 7,
      },
    });
  });

  it("needs all three numbers of images or none, and only of a procedural set", () => {
    const images = { train: 2000, validation: "" as const, test: 1000 };
    const form = { ...from("parent=a"), images };
    expect(findProblems(form, resolve(form, CHOICES)).images).toMatch(/all three/);
    expect(requestOf(form, resolve(form, CHOICES))).toBeNull();
    const few = { ...form, images: { train: 2000, validation: 10, test: 1000 } };
    expect(findProblems(few, resolve(few, CHOICES)).images).toMatch(/64 or more/);
    const imported = { ...form, dataset: "busi" };
    expect(requestOf(imported, resolve(imported, CHOICES))?.settings.images).toBeNull();
  });

  it("is not made with a name that cannot be one", () => {
    const form = { ...from("parent=a"), name: "Better one" };
    expect(findProblems(form, resolve(form, CHOICES)).name).toMatch(/Small letters/);
    expect(requestOf(form, resolve(form, CHOICES))).toBeNull();
  });

  it("is not made with numbers that nobody can train with, and each is named", () => {
    const wrong = { epochs: 0, patience: 1.5, learningRate: 5, seed: -1 } as const;
    const form = { ...from(""), ...wrong };
    const problems = findProblems(form, resolve(form, CHOICES));
    expect(Object.values(problems).map((words) => words.split(":")[0])).toEqual([
      "Epochs",
      "Patience",
      "Learning rate",
      "Seed",
    ]);
    expect(requestOf(form, resolve(form, CHOICES))).toBeNull();
    const zero = { ...from(""), learningRate: 0, epochs: 1000 } as const;
    expect(Object.keys(findProblems(zero, resolve(zero, CHOICES)))).toEqual(["learningRate"]);
  });
});
