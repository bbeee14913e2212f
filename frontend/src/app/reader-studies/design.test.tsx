import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import type { StudyRead } from "../../shared/api/types";
import { ACCOUNT_ID } from "../../shared/testing/account-fixtures";
import { problem, server } from "../../shared/testing/server";
import {
  makeArm,
  makeCandidates,
  makeDesign,
  makeProblem,
  makeStudy,
} from "../../shared/testing/study-fixtures";
import { studyState } from "../../shared/testing/study-server";
import { nextStudyId, openDraft, savedDesign as saved, whenSaved } from "../testing/open-draft";

let studyId = "";
beforeEach(() => {
  studyId = nextStudyId();
});

const open = (step: string, study?: StudyRead) => openDraft(studyId, step, study);

const kept = () => `vitrine.study-design.${ACCOUNT_ID}.${studyId}`;

describe("a draft", () => {
  it("opens every step at any time", async () => {
    const { user, router } = await open("question");
    for (const name of [
      "Images",
      "Arms",
      "Tasks",
      "Order",
      "Readers & access",
      "Check & publish",
    ]) {
      const step = screen.getByRole("button", { name: new RegExp(`^\\d\\. ${name}`) });
      await user.click(step);
      expect(screen.getByRole("heading", { level: 2, name })).toBeInTheDocument();
      expect(step).toHaveAttribute("aria-current", "step");
    }
    await user.click(screen.getByRole("button", { name: "Readers & access" }));
    expect(router.state.location.search).toBe("?step=access");
  });

  it("saves itself with the revision that was changed", async () => {
    const { user } = await open("question");
    const title = screen.getByRole("textbox", { name: "Title" });
    await user.clear(title);
    await user.type(title, "Better title");
    await whenSaved(() => expect(saved()?.title).toBe("Better title"));
    expect(studyState.updates[0]?.revision).toBe(3);
    await user.type(title, "s");
    await whenSaved(() => expect(saved()?.title).toBe("Better titles"));
    expect(studyState.updates.at(-1)?.revision).toBe(
      (studyState.studies[0]?.revision as number) - 1,
    );
    expect(localStorage.getItem(kept())).toBeNull();
  });

  it("suggests texts that follow from the design", async () => {
    const { user } = await open("question");
    await user.click(
      screen.getByRole("button", { name: "Insert a suggestion: Time between repeats" }),
    );
    await whenSaved(() => expect(saved()?.grras.repeat_interval).toMatch(/^10 % of the items/));
    expect(
      screen.queryByRole("button", { name: "Insert a suggestion: Who reads" }),
    ).not.toBeInTheDocument();
  });

  it("is kept on this computer while the server is away, and sent again", async () => {
    server.use(http.put("*/api/v1/reader-studies/:id", () => HttpResponse.error(), { once: true }));
    const { user } = await open("question");
    await user.type(screen.getByRole("textbox", { name: "Question" }), "!");
    expect(await screen.findByText(/Kept on this computer and sent again/)).toBeInTheDocument();
    expect(localStorage.getItem(kept())).toContain("see them?!");
    await user.click(screen.getByRole("button", { name: "Save now" }));
    await whenSaved(() => expect(saved()?.question).toMatch(/!$/));
  });

  it("of an earlier visit goes to the server when it is opened again", async () => {
    const study = makeStudy();
    const design = makeDesign({ question: "From yesterday" });
    const stored = { revision: study.revision, base: study.design, design };
    localStorage.setItem(kept(), JSON.stringify(stored));
    await open("question", study);
    expect(screen.getByRole("textbox", { name: "Question" })).toHaveValue("From yesterday");
    await whenSaved(() => expect(saved()?.question).toBe("From yesterday"));
  });

  it("without a name for something is not sent, and says what is missing", async () => {
    const { user } = await open("arms");
    await user.clear(screen.getAllByRole("textbox", { name: "Name" })[0] as HTMLElement);
    expect(await screen.findByText(/^Not saved. Give the arm a name/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "3. Arms: 1 problem" })).toBeInTheDocument();
    expect(studyState.updates).toHaveLength(0);
  });
});

describe("two people at one draft", () => {
  async function conflict() {
    const view = await open("question");
    const [study] = studyState.studies;
    // Somebody else saves another part, then the same one.
    Object.assign(study as StudyRead, {
      revision: 4,
      design: makeDesign({ question: "Theirs?", instructions: "Theirs." }),
    });
    await view.user.type(screen.getByRole("textbox", { name: "Title" }), " Mine");
    await screen.findByText("Somebody else saved this draft after you opened it");
    return view;
  }

  it("lose nothing: who is second is told, and keeps the text", async () => {
    await conflict();
    expect(screen.getByText(/They changed: question, instructions/)).toBeInTheDocument();
    expect(screen.getByText(/You changed: title/)).toBeInTheDocument();
    expect(screen.getByRole("textbox", { name: "Title" })).toHaveValue(
      "Do experts agree with the maps? Mine",
    );
    expect(localStorage.getItem(kept())).toContain("Mine");
    expect(studyState.updates).toHaveLength(0);
  });

  it("have both their changes when the second puts theirs on the first’s", async () => {
    const { user } = await conflict();
    await user.click(screen.getByRole("button", { name: "Put my changes on theirs" }));
    await whenSaved(() => expect(studyState.updates).toHaveLength(1));
    expect(saved()).toMatchObject({
      title: "Do experts agree with the maps? Mine",
      question: "Theirs?",
      instructions: "Theirs.",
    });
    expect(screen.getByRole("textbox", { name: "Question" })).toHaveValue("Theirs?");
    expect(screen.queryByText(/Somebody else saved/)).toBeNull();
  });

  it("can go on with what the first saved", async () => {
    const { user } = await conflict();
    await user.click(screen.getByRole("button", { name: "Take theirs, drop mine" }));
    await whenSaved(() => expect(saved()?.title).toBe("Do experts agree with the maps?"));
    expect(screen.getByRole("textbox", { name: "Title" })).toHaveValue(
      "Do experts agree with the maps?",
    );
  });
});

describe("problems", () => {
  const PROBLEMS = [
    makeProblem({ step: "arms", field: "arms.0.name", text: "Two arms have this name." }),
    makeProblem({
      step: "order",
      field: "order.repeats",
      severity: "warning",
      text: "Few repeats say little.",
    }),
  ];

  it("stand at their step and at their field", async () => {
    const { user } = await open("arms", makeStudy({ problems: PROBLEMS }));
    expect(screen.getByRole("button", { name: "3. Arms: 1 problem" })).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "5. Order: 1 hint" })).toBeInTheDocument();
    const [name] = screen.getAllByRole("textbox", { name: "Name" });
    expect(name).toHaveAccessibleDescription(/Two arms have this name/);
    await user.click(screen.getByRole("button", { name: "Two arms have this name." }));
    expect(name).toHaveFocus();
  });

  it("are all listed before publishing, lead to their field, and block it", async () => {
    const { user } = await open("publish", makeStudy({ problems: PROBLEMS }));
    expect(screen.getByRole("button", { name: "Publish …" })).toBeDisabled();
    await user.click(screen.getByRole("button", { name: "Few repeats say little." }));
    expect(screen.getByRole("heading", { level: 2, name: "Order" })).toBeInTheDocument();
    await waitFor(() =>
      expect(screen.getByRole("textbox", { name: "Hidden repeats, %" })).toHaveFocus(),
    );
  });
});

describe("publishing", () => {
  it("says what it freezes, asks once, and shows how far it is", async () => {
    const { user } = await open("publish");
    expect(screen.getByText("What publishing freezes")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Publish …" }));
    const dialog = await screen.findByRole("dialog", { name: /^Publish/ });
    expect(studyState.studies[0]?.status).toBe("draft");
    await user.click(within(dialog).getByRole("button", { name: "Publish" }));
    expect(await screen.findByText("The study is being published")).toBeInTheDocument();
  });

  it("says why it was refused", async () => {
    const refused = () => problem(400, "study_incomplete", "The model is gone; choose another.");
    server.use(http.post("*/api/v1/reader-studies/:id/publish", refused));
    const { user } = await open("publish");
    await user.click(screen.getByRole("button", { name: "Publish …" }));
    await user.click(await screen.findByRole("button", { name: "Publish" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The model is gone");
  });

  it("that failed leaves a draft and the reason", async () => {
    await open("publish", makeStudy({ error: "The disk is full; make room and publish again." }));
    expect(screen.getByText(/The disk is full/)).toBeInTheDocument();
  });
});

describe("the preview", () => {
  it("shows an item as readers will see it, and what they are not told apart", async () => {
    studyState.candidates = makeCandidates(1);
    const { user } = await open("question");
    await user.click(screen.getByRole("button", { name: "Preview" }));
    const dialog = await screen.findByRole("dialog", { name: "As the reader will see it" });
    expect(await within(dialog).findByText(/Perfectly aligned/)).toBeInTheDocument();
    expect(studyState.previewed[0]).toEqual({
      task_key: "localization",
      arm_key: "real",
      case_index: 0,
    });
    await user.selectOptions(within(dialog).getByRole("combobox", { name: "Arm" }), "Sham");
    await user.click(within(dialog).getByRole("button", { name: "The next image" }));
    await waitFor(() =>
      expect(studyState.previewed.at(-1)).toEqual({
        task_key: "localization",
        arm_key: "sham",
        case_index: 1,
      }),
    );
    expect(within(dialog).getByText("What readers are not told")).toBeInTheDocument();
  });

  it("shows what is on the screen, saved first", async () => {
    const { user } = await open("tasks");
    await user.type(screen.getByRole("textbox", { name: "Title" }), "!");
    await user.click(screen.getByRole("button", { name: "Preview" }));
    await waitFor(() => expect(studyState.previewed).toHaveLength(1));
    expect(saved()?.tasks[0]?.title).toBe("Localization!");
  });

  it("says why an item cannot be shown", async () => {
    const refused = () => problem(400, "preview_impossible", "The image has no concept to ask of.");
    server.use(http.post("*/api/v1/reader-studies/:id/preview", refused));
    const { user } = await open("question");
    await user.click(screen.getByRole("button", { name: "Preview" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("no concept to ask of");
  });

  it("says what is needed first", async () => {
    const design = makeDesign({ tasks: [], arms: [makeArm()] });
    const { user } = await open("question", makeStudy({ design }));
    await user.click(screen.getByRole("button", { name: "Preview" }));
    expect(await screen.findByText("There is no item to show yet")).toBeInTheDocument();
  });
});
