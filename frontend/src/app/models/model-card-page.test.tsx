import { screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { COORDINATOR, READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { PROCEDURAL } from "../../shared/testing/dataset-fixtures";
import { datasetState } from "../../shared/testing/dataset-server";
import {
  makeConceptEvidence,
  makeEvidence,
  makeMeasurement,
  measured,
  notMeasured,
} from "../../shared/testing/evidence-fixtures";
import { evidenceState } from "../../shared/testing/evidence-server";
import { MODEL_ID, makeModel } from "../../shared/testing/fixtures";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const PAGE = `/models/${MODEL_ID}/card`;
const plain = (text: string | null | undefined) => (text ?? "").replace(/\u202f/g, " ");
const conceptTable = async () =>
  within(await screen.findByRole("table", { name: "Concepts by reliability" }));

beforeEach(() => {
  datasetState.datasets = [{ ...PROCEDURAL, classes: makeModel().classes }];
});

describe("model card", () => {
  it("says first what the figures do not say, and how many concepts deserve trust", async () => {
    renderApp(PAGE);
    const summary = await screen.findByRole("region", { name: "Summary" });
    expect(summary).toHaveTextContent("4 concepts1 good1 limited1 poor?1 unverified");
    expect(summary).toHaveTextContent("1 holds in part");
    expect(summary).toHaveTextContent("500 drawn images of synthetic-dermoscopy (test)");
    expect(summary).toHaveTextContent("What these figures do not say");
    expect(summary).toHaveTextContent("All images are drawn by a program.");
    const table = screen.getByRole("table", { name: "Decision" });
    const follows = summary.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING;
    expect(follows).toBeTruthy();
    expect(screen.getByText("Research use only. Not for diagnosis.")).toBeInTheDocument();
  });

  it("gives every figure of the decision with interval, images and what it is held against", async () => {
    renderApp(PAGE);
    const table = within(await screen.findByRole("table", { name: "Decision" }));
    const row = table.getByRole("row", { name: /^Balanced accuracy/ });
    expect(plain(row.textContent)).toContain("0.91 (0.88 to 0.94)n = 500");
    expect(row).toHaveTextContent("0.50, chance");
    expect(
      within(row).getByRole("img", { name: "The interval lies above the mark" }),
    ).toBeInTheDocument();
    expect(table.getByRole("row", { name: /^Expected calibration error/ })).toHaveTextContent(
      "(lower is better)",
    );
  });

  it("lists the concepts by reliability, with why and the figures behind it", async () => {
    renderApp(PAGE);
    const table = await conceptTable();
    const names = table.getAllByRole("rowheader").map((cell) => cell.textContent);
    expect(names).toEqual([
      "Dermoscopic patterngood",
      "Borderlimited",
      "Shapepoor",
      "Colour?unverified",
    ]);
    const border = table.getByRole("row", { name: /^Border/ });
    expect(border).toHaveTextContent("Read better than by chance, but not surely well");
    expect(plain(border.textContent)).toContain("0.71 (0.60 to 0.82)n = 59 · chance 0.50");
    expect(plain(border.textContent)).toContain("0.64 (0.51 to 0.76)n = 59 · centre 0.58");
    expect(border).toHaveTextContent("not measured");
    expect(within(border).getAllByRole("img")).toHaveLength(3);
    expect(table.getByRole("row", { name: /^Colour/ })).toHaveTextContent("nobody read them");
  });

  it("shows the options of a concept on demand", async () => {
    const { user } = renderApp(PAGE);
    const table = await conceptTable();
    const button = table.getByRole("button", { name: "2 options of Border" });
    expect(button).toHaveAttribute("aria-expanded", "false");
    await user.click(button);
    const options = within(screen.getByRole("table", { name: "AUROC of the options of Border" }));
    const row = options.getByRole("row", { name: /^edge that fades gradually/ });
    expect(plain(row.textContent)).toContain("AUROC; 21 with it, 38 without");
    expect(plain(row.textContent)).toContain("0.78 (0.64 to 0.90)n = 59");
    expect(options.getByRole("row", { name: /^sharply cut edge/ })).toHaveTextContent(
      "not measured",
    );
    await user.click(button);
    expect(screen.queryByRole("table", { name: "AUROC of the options of Border" })).toBeNull();
  });

  it("says so where there are no masks, instead of empty columns", async () => {
    const none = { pointing_gradcam: notMeasured(), iou_gradcam: notMeasured() };
    const concepts = [makeConceptEvidence(none)];
    evidenceState.evidence = makeEvidence({ concepts });
    renderApp(PAGE);
    const table = await conceptTable();
    expect(table.getAllByRole("columnheader")).toHaveLength(3);
    expect(screen.getByText(/No image has a mask of a concept/)).toBeInTheDocument();
  });

  it("marks the concept that a link led to", async () => {
    renderApp(`${PAGE}#concept-shape`);
    const table = await conceptTable();
    expect(table.getByRole("row", { name: /^Shape/ })).toHaveAttribute("data-linked", "true");
    expect(table.getByRole("row", { name: /^Border/ })).toHaveAttribute("data-linked", "false");
  });

  it("answers the questions, with a verdict and the figures on demand", async () => {
    const { user } = renderApp(PAGE);
    const question = await screen.findByRole("heading", {
      name: "Do the maps point at the finding?",
    });
    const test = within(question.closest("li") as HTMLElement);
    expect(test.getByText("holds in part")).toBeInTheDocument();
    expect(test.getByText(/Grad-CAM does in 0.64/)).toBeInTheDocument();
    await user.click(test.getByText("1 figure"));
    const row = test.getByRole("row", { name: /^Grad-CAM less the centre/ });
    expect(plain(row.textContent)).toContain("+0.06 (−0.08 to +0.19)n = 59");
    expect(row).toHaveTextContent("0, no difference");
    expect(
      within(row).getByRole("img", { name: "The interval includes the mark" }),
    ).toBeInTheDocument();
    expect(screen.getByText("not measured", { selector: "li span" })).toBeInTheDocument();
  });

  it("writes a figure without an interval as one", async () => {
    const value = { ...measured(0.31, 0, 0), low: null, high: null };
    const [figure] = makeEvidence().decision;
    evidenceState.evidence = makeEvidence({
      decision: figure ? [{ ...figure, measured: value }] : [],
    });
    renderApp(PAGE);
    const table = within(await screen.findByRole("table", { name: "Decision" }));
    expect(table.getByRole("row", { name: /^Balanced/ })).toHaveTextContent("0.31 (no interval)");
  });

  it("has the command, and the card that came with the model", async () => {
    renderApp(PAGE);
    expect(await screen.findByLabelText("Command")).toHaveValue(makeEvidence().command);
    expect(screen.getByRole("region", { name: "Model card" })).toHaveTextContent("BMAC");
  });
});

describe("measuring", () => {
  it("starts one where nothing is known, follows it and cancels it", async () => {
    evidenceState.evidence = null;
    const { user } = renderApp(PAGE);
    expect(await screen.findByText("Not measured yet")).toBeInTheDocument();
    expect(screen.getByText("Nobody has measured this model yet.")).toBeInTheDocument();
    const button = screen.getByRole("button", { name: "Measure" });
    await waitFor(() => expect(button).toBeEnabled());
    await user.click(button);
    expect(await screen.findByRole("progressbar")).toHaveAttribute(
      "aria-valuetext",
      "Images, 120 of 500",
    );
    expect(evidenceState.started[0]).toMatchObject({
      dataset_id: "synthetic-dermoscopy",
      split: "test",
    });
    expect(screen.queryByRole("button", { name: "Measure" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Cancel the measurement" }));
    expect(await screen.findByText("The newest measurement was cancelled")).toBeInTheDocument();
  });

  it("shows what was found once it has ended", async () => {
    evidenceState.evidence = null;
    evidenceState.measurements = [makeMeasurement({ status: "running" })];
    renderApp(PAGE);
    expect(await screen.findByRole("progressbar")).toBeInTheDocument();
    evidenceState.measurements = [makeMeasurement()];
    evidenceState.evidence = makeEvidence({ measured_here: true });
    expect(await screen.findByText(/^Measured here on 2026-11-22/)).toBeInTheDocument();
    expect(screen.queryByText("Not measured yet")).toBeNull();
  });

  it("warns before images that the model has learnt from", async () => {
    const { user } = renderApp(PAGE);
    await user.click(await screen.findByRole("combobox", { name: "Split" }));
    await user.click(await screen.findByRole("option", { name: "All images", hidden: true }));
    expect(
      await screen.findByText("The model has learnt from some of these images"),
    ).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Measure again" })).toBeInTheDocument();
  });

  it("says why it failed, and why it could not be started", async () => {
    evidenceState.measurements = [
      makeMeasurement({ status: "failed", error: "The disk is full." }),
    ];
    const refused = () => problem(409, "queue_full", "Too much waits already.");
    server.use(http.post("*/api/v1/models/:id/evidence", refused));
    const { user } = renderApp(PAGE);
    expect(await screen.findByText("The disk is full.")).toBeInTheDocument();
    const button = await screen.findByRole("button", { name: "Measure again" });
    await waitFor(() => expect(button).toBeEnabled());
    await user.click(button);
    expect(await screen.findByText("Too much waits already.")).toBeInTheDocument();
  });

  it("is for those who may; others are told whom to ask", async () => {
    signInAs(COORDINATOR);
    renderApp(PAGE);
    expect(await screen.findByText(/Your role does not start a measurement/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Measure again" })).toBeNull();
  });

  it("asks nothing of data sets for readers, who see the figures", async () => {
    signInAs(READER);
    const refused = () => problem(403, "not_allowed", "Not for your role.");
    server.use(http.get("*/api/v1/models/:id/evidence/measurements", refused));
    renderApp(PAGE);
    expect(await screen.findByRole("table", { name: "Decision" })).toBeInTheDocument();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.queryByRole("heading", { name: "Measure again" })).toBeNull();
  });
});

describe("model card that cannot be shown", () => {
  it("does not show figures of other weights as those of this version", async () => {
    evidenceState.evidence = makeEvidence({ is_of_these_weights: false });
    renderApp(PAGE);
    expect(await screen.findByText("Measured with other weights")).toBeInTheDocument();
    expect(screen.queryByRole("table", { name: "Decision" })).toBeNull();
    expect(await screen.findByRole("button", { name: "Measure" })).toBeInTheDocument();
  });

  it("says that it loads", async () => {
    server.use(http.get("*/api/v1/models/:id/evidence", () => delay("infinite")));
    renderApp(PAGE);
    expect(await screen.findByText("Loading what was measured")).toBeInTheDocument();
    expect(screen.getByRole("region", { name: "Model card" })).toBeInTheDocument();
  });

  it.each([
    ["What was measured", "*/api/v1/models/:id/evidence"],
    ["The measurements", "*/api/v1/models/:id/evidence/measurements"],
    ["The model", "*/api/v1/models/:id"],
  ])("says why this could not be read: %s", async (what, path) => {
    server.use(http.get(path, () => problem(500, "database", "Locked.")));
    renderApp(PAGE);
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent(`${what} could not be read`);
    expect(alert).toHaveTextContent("Locked.");
  });
});
