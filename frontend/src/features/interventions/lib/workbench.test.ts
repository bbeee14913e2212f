import { describe, expect, it, vi } from "vitest";
import { makePrediction } from "../../../shared/testing/fixtures";
import { makeHead } from "../../../shared/testing/intervention-fixtures";
import { makeIntervention, resetInterventions } from "../../../shared/testing/intervention-server";
import { makeBench } from "./bench";
import { changeWords, editWords, namesOf } from "./words";
import { isUnsaved, shownIntervention, Workbench } from "./workbench";

resetInterventions();

function make(): Workbench {
  const bench = makeBench(makePrediction(), makeHead());
  if (!bench) {
    throw new Error("Head and prediction do not belong together.");
  }
  return new Workbench(bench);
}

describe("a workbench", () => {
  it("tells those who listen, and only of changes", () => {
    const workbench = make();
    const listener = vi.fn();
    const stop = workbench.subscribe(listener);
    workbench.add({ operation: "option", optionId: "border.sharp" });
    workbench.add({ operation: "option", optionId: "border.sharp" });
    expect(listener).toHaveBeenCalledTimes(1);
    workbench.undo();
    workbench.undo();
    expect(listener).toHaveBeenCalledTimes(2);
    workbench.redo();
    stop();
    workbench.resetAll();
    expect(listener).toHaveBeenCalledTimes(3);
    expect(workbench.edits.scores).toEqual([]);
  });

  it("shows a stored intervention until something is changed, and keeps what was there", () => {
    const workbench = make();
    const stored = makeIntervention([{ operation: "option", option_id: "pattern.lacunae" }]);
    workbench.add({ operation: "mean", optionId: "border.sharp" });
    expect(isUnsaved(workbench.getState())).toBe(true);
    workbench.open(stored);
    expect(shownIntervention(workbench.getState())).toBe(stored);
    expect(isUnsaved(workbench.getState())).toBe(false);
    workbench.add({ operation: "set", optionId: "border.sharp", value: 1 });
    expect(shownIntervention(workbench.getState())).toBeNull();
    workbench.undo();
    expect(shownIntervention(workbench.getState())).toBe(stored);
    workbench.undo();
    expect(workbench.edits.scores).toEqual([{ operation: "mean", optionId: "border.sharp" }]);
  });

  it("paints one group at a time, and undoes a stroke with the common undo", () => {
    const workbench = make();
    workbench.paint("border");
    workbench.setPainting({ tool: "rectangle", radius: 2 });
    workbench.setRegion("border", "inside", [0, 1]);
    workbench.setKeep("border", "outside");
    expect(workbench.edits.regions[0]).toMatchObject({ keep: "outside", patches: [0, 1] });
    workbench.undo();
    workbench.undo();
    expect(workbench.edits.regions).toEqual([]);
    workbench.paint("pattern");
    expect(workbench.getState().painting).toMatchObject({ groupKey: "pattern", radius: 2 });
    workbench.paint(null);
    expect(workbench.getState().painting).toBeNull();
  });
});

describe("words", () => {
  const stored = makeIntervention([
    { operation: "region", group_key: "border", keep: "outside", patches: [1] },
    { operation: "set", option_id: "border.sharp", value: -1.5 },
    { operation: "option", option_id: "pattern.lacunae" },
    { operation: "class_mean", option_id: "border.sharp", reference_class: "mel" },
    { operation: "mean", option_id: "border.sharp" },
  ]);

  it("say what each edit does", () => {
    expect(stored.edits.map((edit) => editWords(edit, namesOf(stored)))).toEqual([
      "Border: only what lies outside 1 painted patch",
      "Border: sharply cut edge set to −1.50",
      "Dermoscopic pattern: red to purple lacunae",
      "Border: as in Melanoma",
      "Border: unknown",
    ]);
  });

  it("say how the decision changed", () => {
    expect(changeWords(stored).replace(/\u202f/g, " ")).toMatch(
      /^Melanocytic nevus \d+\.\d % → Melanoma \d+\.\d %$/,
    );
  });
});
