import { describe, expect, it } from "vitest";
import {
  makeArm,
  makeDesign,
  makeProblem,
  makeStudy,
  makeTask,
} from "../../../shared/testing/study-fixtures";
import { allProblems, countWords, problemAt, problemsOf, STEPS, stepOf } from "./problems";
import { parseStored } from "./stored-design";

describe("problems", () => {
  it("belong to steps, those of readers and access to one", () => {
    const readers = makeProblem({ step: "readers" });
    const access = makeProblem({ step: "access" });
    expect(problemsOf(stepOf("access"), [readers, access, makeProblem()])).toEqual([
      readers,
      access,
    ]);
    const every = (
      ["question", "cases", "arms", "tasks", "order", "readers", "access"] as const
    ).map((step) => makeProblem({ step }));
    expect(STEPS.flatMap((step) => problemsOf(step, every))).toEqual(every);
  });

  it("stand at their field when they are errors", () => {
    const error = makeProblem({ field: "order.gap", text: "Too large." });
    const hint = makeProblem({ field: "order.gap", severity: "warning", text: "Unusual." });
    expect(problemAt([error, hint], "order.gap")).toBe("Too large.");
    expect(problemAt([hint], "order.gap")).toBeUndefined();
    expect(problemAt([error], "order")).toBeUndefined();
  });

  it("are counted in words", () => {
    const hint = makeProblem({ severity: "warning" });
    expect(countWords([])).toBeNull();
    expect(countWords([makeProblem(), hint, hint])).toBe("1 problem, 2 hints");
  });

  it("of names that are missing are said once saving has failed", () => {
    const design = makeDesign({
      title: " ",
      arms: [makeArm({ name: "" })],
      tasks: [makeTask({ arm_keys: [] })],
    });
    const study = makeStudy({ problems: [makeProblem({ step: "arms", field: "arms.0.name" })] });
    expect(allProblems(study, design, false)).toBe(study.problems);
    expect(allProblems(study, design, true).map(({ step, field }) => [step, field])).toEqual([
      ["question", "title"],
      ["arms", "arms.0.name"],
      ["tasks", "tasks.0.arm_keys"],
    ]);
  });

  it("know the first step where the address says nothing", () => {
    expect(stepOf(null).key).toBe("question");
    expect(stepOf("nonsense").key).toBe("question");
  });
});

describe("what is kept on this computer", () => {
  it("is read only when it is whole", () => {
    const stored = { revision: 2, base: makeDesign(), design: makeDesign({ title: "Mine" }) };
    expect(parseStored(JSON.stringify(stored))).toEqual(stored);
    for (const text of [null, "", "{", "null", "3", '{"revision":2}']) {
      expect(parseStored(text)).toBeNull();
    }
    expect(parseStored(JSON.stringify({ ...stored, design: { title: "x" } }))).toBeNull();
  });
});
