import { screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import type { StudyRead } from "../../shared/api/types";
import { makeDataset } from "../../shared/testing/dataset-fixtures";
import { datasetState } from "../../shared/testing/dataset-server";
import { problem, server } from "../../shared/testing/server";
import {
  makeCandidates,
  makeDesign,
  makeEmptyDesign,
  makeStudy,
} from "../../shared/testing/study-fixtures";
import { studyState } from "../../shared/testing/study-server";
import { nextStudyId, openDraft, savedDesign as saved, whenSaved } from "../testing/open-draft";

let studyId = "";
beforeEach(() => {
  studyId = nextStudyId();
});

const open = (step: string, study?: StudyRead) => openDraft(studyId, step, study);

describe("images", () => {
  it("are taken and put back by their thumbnails, also with the keyboard", async () => {
    studyState.candidates = makeCandidates(3);
    const { user } = await open("images", makeStudy({ design: makeEmptyDesign() }));
    const grid = await screen.findByRole("group", { name: "Thumbnails" });
    const [first, second] = within(grid).getAllByRole("button");
    (first as HTMLElement).focus();
    await user.keyboard(" {ArrowRight} ");
    expect(second).toHaveAttribute("aria-pressed", "true");
    await whenSaved(() => expect(saved()?.cases).toHaveLength(2));
    expect(saved()?.cases[1]).toMatchObject({ image: "image-2.png", truth_class: "malignant" });
    expect(saved()?.sampling).toMatchObject({ method: "hand_picked", source: "cases" });
    await user.click(first as HTMLElement);
    await whenSaved(() => expect(saved()?.cases).toHaveLength(1));
    const chosen = screen.getByRole("region", { name: "Chosen images" });
    expect(within(chosen).getByText("image-2.png")).toBeInTheDocument();
  });

  it("of a data set are filtered and drawn at random with a seed", async () => {
    datasetState.datasets = [makeDataset()];
    studyState.candidates = makeCandidates(6);
    const { user } = await open("images", makeStudy({ design: makeEmptyDesign() }));
    await user.selectOptions(screen.getByRole("combobox", { name: "From" }), "busi");
    await user.type(screen.getByRole("textbox", { name: "Name contains" }), "image");
    await waitFor(() =>
      expect(studyState.asked.at(-1)).toMatchObject({
        source: "dataset",
        dataset_id: "busi",
        split: "test",
        search: "image",
      }),
    );
    const draw = screen.getByRole("form", { name: "Draw at random" });
    const number = within(draw).getByRole("textbox", { name: "Images" });
    await user.clear(number);
    await user.type(number, "4");
    const seed = within(draw).getByRole("textbox", { name: "Seed" });
    await user.clear(seed);
    await user.type(seed, "11");
    await user.click(within(draw).getByRole("button", { name: "Draw at random" }));
    expect(await screen.findByText("4 images were drawn and added.")).toBeInTheDocument();
    expect(studyState.drawn[0]).toMatchObject({ count: 4, seed: 11, strata: "class" });
    expect(
      screen.getByText(
        "Drawn at random of 6 images from busi, evenly over the classes, with seed 11.",
      ),
    ).toBeInTheDocument();
    const counts = screen.getByLabelText("Images by class");
    expect(counts).toHaveTextContent("Benign lesion2");
    expect(counts).toHaveTextContent("Malignant lesion2");
    await whenSaved(() => expect(saved()?.sampling.seed).toBe(11));
  });

  it("say which strata had too few", async () => {
    server.use(
      http.post("*/api/v1/reader-studies/sample", () =>
        HttpResponse.json({
          items: makeCandidates(1),
          sampling: makeDesign().sampling,
          short: { malignant: 3 },
        }),
      ),
    );
    const { user } = await open("images", makeStudy({ design: makeEmptyDesign() }));
    await user.click(screen.getByRole("button", { name: "Draw at random" }));
    expect(await screen.findByText(/too few of: malignant \(3 missing\)/)).toBeInTheDocument();
  });

  it("have a true class, practice and clinical information", async () => {
    studyState.candidates = makeCandidates(2);
    const cases = studyState.candidates.map(({ ref }) => ref);
    const { user } = await open("images", makeStudy({ design: makeDesign({ cases }) }));
    await user.selectOptions(
      await screen.findByRole("combobox", { name: "True class of image-1.png" }),
      "Melanoma",
    );
    await user.click(screen.getByRole("checkbox", { name: "image-2.png is for practice" }));
    await user.type(
      screen.getByRole("textbox", { name: "Clinical information of image-1.png" }),
      "Aged 54",
    );
    await whenSaved(() =>
      expect(saved()?.cases).toMatchObject([
        { truth_class: "mel", practice: false, clinical_information: "Aged 54" },
        { truth_class: "malignant", practice: true },
      ]),
    );
    await user.click(screen.getByRole("button", { name: "Take image-1.png out" }));
    await whenSaved(() => expect(saved()?.cases).toHaveLength(1));
  });

  it("say that they load, that none matches, and why they could not be read", async () => {
    server.use(
      http.post("*/api/v1/reader-studies/candidates", () => delay("infinite"), { once: true }),
    );
    const { user } = await open("images", makeStudy({ design: makeEmptyDesign() }));
    expect(await screen.findByText("Looking for images")).toBeInTheDocument();
    await user.type(screen.getByRole("textbox", { name: "Name contains" }), "zzz");
    expect(await screen.findByText("No image matches the filter.")).toBeInTheDocument();
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.post("*/api/v1/reader-studies/candidates", broken, { once: true }));
    await user.type(screen.getByRole("textbox", { name: "Name contains" }), "y");
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
  });
});

describe("arms and tasks", () => {
  it("begin empty and are added with what can be said without asking", async () => {
    const { user } = await open("arms", makeStudy({ design: makeEmptyDesign() }));
    await user.click(screen.getByRole("button", { name: "Grad-CAM" }));
    await user.click(screen.getByRole("button", { name: "Sham" }));
    const sham = screen.getByRole("group", { name: "Real or sham: Sham" });
    await user.click(within(sham).getByRole("radio", { name: "Sham: shuffled map" }));
    expect(within(sham).getByText(/patches in random places/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "4. Tasks" }));
    await user.click(screen.getByRole("button", { name: "Semantic alignment" }));
    expect(screen.getByRole("checkbox", { name: "B: Sham" })).toBeChecked();
    await user.selectOptions(screen.getByRole("combobox", { name: "Distractors" }), "4");
    await whenSaved(() => expect(saved()?.tasks).toHaveLength(1));
    expect(saved()?.arms.map(({ key, sham }) => [key, sham])).toEqual([
      ["gradcam", null],
      ["sham", "shuffled"],
    ]);
    expect(saved()?.tasks[0]).toMatchObject({
      kind: "alignment",
      arm_keys: ["gradcam", "sham"],
      distractors: 4,
    });
  });

  it("take an arm out of the tasks with it", async () => {
    const { user } = await open("arms");
    await user.click(screen.getByRole("button", { name: "Take Sham out" }));
    await whenSaved(() => expect(saved()?.tasks[0]?.arm_keys).toEqual(["real"]));
  });

  it("have anchors in words, groups, and further questions", async () => {
    const { user } = await open("tasks");
    const anchor = screen.getByRole("textbox", { name: "What the ratings mean: 1" });
    await user.clear(anchor);
    await user.type(anchor, "Elsewhere");
    await user.click(screen.getByRole("button", { name: "Choice" }));
    await user.type(screen.getByRole("textbox", { name: "Question 1 (Choice)" }), "Helpful?");
    const first = screen.getByRole("textbox", { name: "Question 1: answer 1" });
    await user.clear(first);
    await user.type(first, "Very");
    await whenSaved(() => expect(saved()?.tasks[0]?.questions[0]?.options[0]?.text).toBe("Very"));
    expect(saved()?.tasks[0]?.anchors[0]).toBe("Elsewhere");
    await user.click(screen.getByRole("combobox", { name: /Only concepts of these groups/ }));
    await user.click(
      await screen.findByRole("option", { name: "Dermoscopic pattern", hidden: true }),
    );
    await whenSaved(() => expect(saved()?.tasks[0]?.group_keys).toEqual(["pattern"]));
  });

  it("change their order", async () => {
    const { user } = await open("tasks");
    await user.click(screen.getByRole("button", { name: "Diagnosis" }));
    await user.click(screen.getByRole("button", { name: "Move Diagnosis up" }));
    await whenSaved(() =>
      expect(saved()?.tasks.map(({ kind }) => kind)).toEqual(["diagnosis", "localization"]),
    );
  });
});

describe("order and access", () => {
  it("show who sees what when, and what it comes to", async () => {
    const { user } = await open("order");
    const table = () => screen.getByRole("table", { name: "Who sees which image under which arm" });
    expect(within(table()).getAllByRole("columnheader")).toHaveLength(1);
    await user.click(screen.getByRole("radio", { name: "A session for each arm" }));
    expect(within(table()).getByText("Session 2, 28 days later")).toBeInTheDocument();
    const days = screen.getByRole("textbox", { name: "Washout, days" });
    await user.clear(days);
    await user.type(days, "14");
    await whenSaved(() =>
      expect(saved()?.order).toMatchObject({ separation: "sessions", washout_days: 14 }),
    );
    const plan = screen.getByLabelText("For one reader");
    expect(plan).toHaveTextContent("Items2 items");
    expect(plan).toHaveTextContent("about 1 min");
  });

  it("say who sees results before closing", async () => {
    const { user } = await open("access");
    expect(screen.getByRole("link", { name: "Readers" })).toHaveAttribute(
      "href",
      `/studies/${studyId}/readers`,
    );
    await user.click(screen.getByRole("radio", { name: "Owner and coordinators" }));
    await user.click(screen.getByRole("checkbox", { name: /add a correction/ }));
    await whenSaved(() => expect(saved()?.access.live_results).toBe("coordinators"));
    expect(saved()?.reading.amend_answers).toBe(true);
  });
});
