import { screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { COORDINATOR, READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import {
  CHILD_ID,
  makeChild,
  makeComparisonDetail,
  makeComparisonResult,
  WORSE_BMAC,
} from "../../shared/testing/comparison-fixtures";
import { comparisonState } from "../../shared/testing/comparison-server";
import { PROCEDURAL } from "../../shared/testing/dataset-fixtures";
import { datasetState } from "../../shared/testing/dataset-server";
import { MODEL_ID, makeModel, ULTRASOUND_MODEL } from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const PAGE = `/models/compare?a=${MODEL_ID}&b=${CHILD_ID}&dataset=synthetic-dermoscopy`;

beforeEach(() => {
  state.models = [makeModel(), makeChild()];
  datasetState.datasets = [{ ...PROCEDURAL, classes: makeModel().classes }];
});

function compared(overrides: Parameters<typeof makeComparisonDetail>[0] = {}) {
  comparisonState.comparisons = [makeComparisonDetail(overrides)];
}

describe("comparison that is not there yet", () => {
  it("says what it does, starts it, shows the progress and cancels it", async () => {
    const { user } = renderApp(PAGE);
    expect(await screen.findByText(/were not compared like this yet/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Compare" }));
    expect(await screen.findByRole("progressbar")).toHaveAttribute(
      "aria-valuetext",
      "Scoring A, 120 of 500",
    );
    expect(comparisonState.started).toEqual([
      {
        a: MODEL_ID,
        b: CHILD_ID,
        dataset_id: "synthetic-dermoscopy",
        split: "test",
        drawn: 500,
        seed: 0,
      },
    ]);
    await user.click(screen.getByRole("button", { name: "Cancel the comparison" }));
    expect(await screen.findByText("The comparison was cancelled")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Compare again" })).toBeInTheDocument();
  });

  it("takes the number of images to draw, within bounds", async () => {
    const { user } = renderApp(PAGE);
    const field = await screen.findByRole("textbox", { name: "Images to draw" });
    await user.clear(field);
    await user.type(field, "20");
    expect(screen.getByRole("button", { name: "Compare" })).toBeDisabled();
    await user.clear(field);
    await user.type(field, "800");
    await user.click(screen.getByRole("button", { name: "Compare" }));
    await waitFor(() => expect(comparisonState.started[0]?.drawn).toBe(800));
  });

  it("says why it could not be started", async () => {
    const refused = () => problem(409, "queue_full", "Too much waits already.");
    server.use(http.post("*/api/v1/models/compare", refused));
    const { user } = renderApp(PAGE);
    await user.click(await screen.findByRole("button", { name: "Compare" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Too much waits already.");
  });

  it("is not started by those who may only read", async () => {
    signInAs(COORDINATOR);
    renderApp(PAGE);
    expect(await screen.findByText(/Your role does not start comparisons/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Compare" })).toBeNull();
  });

  it("says its place in the queue", async () => {
    compared({ status: "queued", position: 2, result: null });
    renderApp(PAGE);
    expect(await screen.findByText("Waiting: number 2 in the queue")).toBeInTheDocument();
  });

  it("says why it failed", async () => {
    compared({ status: "failed", error: "The disk is full; make room.", result: null });
    renderApp(PAGE);
    expect(await screen.findByText("The disk is full; make room.")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Compare again" })).toBeInTheDocument();
  });
});

describe("comparison", () => {
  it("begins with the sentence and its cautions", async () => {
    compared();
    renderApp(PAGE);
    const summary = await screen.findByRole("region", { name: "Summary" });
    expect(summary).toHaveTextContent(/B is better by 0.013/);
    expect(summary).toHaveTextContent("nothing here is about patients");
    expect(summary).toHaveTextContent("Research use only");
  });

  it("shows key figures with interval, p and verdict in words", async () => {
    compared();
    renderApp(PAGE);
    const figures = within(await screen.findByRole("table", { name: "Key figures" }));
    const bmac = figures.getByRole("row", { name: /^Balanced accuracy/ });
    for (const text of ["0.912", "0.925", "+0.013", "+0.002 to +0.026", "0.021", "B better"]) {
      expect(bmac).toHaveTextContent(text);
    }
    const ece = figures.getByRole("row", { name: /^ECE.*lower is better/ });
    expect(ece).toHaveTextContent("undecided");
    expect(figures.queryByRole("row", { name: /Sensitivity|Border/ })).toBeNull();
    expect(screen.getByText(/McNemar's test of accuracy \(exact\)/)).toHaveTextContent(
      "A alone is right on 4 images, B alone on 11 images; p = 0.118",
    );
    expect(screen.getByText(/^Permutation test/)).toHaveTextContent("p = 0.021");
  });

  it("shows classes with Wilson intervals and both confusion matrices", async () => {
    compared();
    renderApp(PAGE);
    const classes = within(await screen.findByRole("table", { name: "Figures of each class" }));
    const melanoma = classes.getByRole("row", { name: /^Melanoma/ });
    expect(melanoma).toHaveTextContent("0.9000.860 to 0.930180 of 200");
    expect(melanoma).toHaveTextContent("B better");
    const matrix = within(screen.getByRole("table", { name: "B dermoscopy-edited" }));
    const cells = within(matrix.getByRole("row", { name: /^Melanoma/ })).getAllByRole("cell");
    expect(cells.map((cell) => cell.textContent)).toEqual(["186", "14"]);
  });

  it("shows concepts, and what only one of the two has", async () => {
    compared();
    renderApp(PAGE);
    const concepts = within(await screen.findByRole("table", { name: "Concept groups of both" }));
    expect(concepts.getByRole("row", { name: /^Border/ })).toHaveTextContent("+0.050");
    expect(screen.getByText(/Only A has pattern \(concept BMAC 0.700\)/)).toBeInTheDocument();
    expect(screen.getByText(/only B has border.blurred/)).toBeInTheDocument();
  });

  it("shows changed predictions with both explanations, by what the change means", async () => {
    compared();
    const { user } = renderApp(PAGE);
    const item = within(await screen.findByRole("article", { name: "Image image-0007" }));
    expect(item.getByText("broken: A alone is right")).toBeInTheDocument();
    expect(item.getByRole("img")).toHaveAttribute(
      "src",
      expect.stringMatching(/^\/api\/v1\/comparisons\/8+\/changed\/0$/),
    );
    const b = within(item.getByRole("group", { name: "B says" }));
    expect(b.getByRole("heading")).toHaveTextContent("Melanocytic nevus");
    expect(b.getByText(/Melanoma \(true\)/)).toBeInTheDocument();
    expect(b.getByText("edge that fades gradually").nextSibling).toHaveTextContent("+0.31");
    expect(screen.getAllByRole("article")).toHaveLength(3);
    await user.click(screen.getByRole("button", { name: "fixed, 2" }));
    expect(screen.getAllByRole("article")).toHaveLength(2);
    expect(screen.queryByRole("article", { name: "Image image-0007" })).toBeNull();
    expect(screen.getByText("2 shown.")).toBeInTheDocument();
  });

  it("says so when nothing changed", async () => {
    compared({ result: makeComparisonResult({ changed: [] }, { changed: [] }) });
    renderApp(PAGE);
    expect(await screen.findByText(/predict the same class for each of the 500/)).toBeVisible();
  });

  it("shows the rank curves of both", async () => {
    compared();
    renderApp(PAGE);
    const ranks = within(await screen.findByRole("table", { name: /Effective rank/ }));
    expect(ranks.getByRole("columnheader", { name: /A dermoscopy-small, training/ })).toBeVisible();
    expect(
      ranks.getByRole("columnheader", { name: /B dermoscopy-edited, training/ }),
    ).toBeVisible();
    // Not recorded there.
    expect(ranks.queryByRole("columnheader", { name: /B .*, validation/ })).toBeNull();
  });

  it("promotes B, with the verdicts before it", async () => {
    compared({ result: makeComparisonResult({ figures: [WORSE_BMAC] }) });
    const { user } = renderApp(PAGE);
    await user.click(await screen.findByRole("button", { name: "Promote dermoscopy-edited…" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(await dialog.findByText("Its balanced accuracy is worse")).toBeInTheDocument();
    expect(within(dialog.getByRole("list", { name: "Verdicts" })).getByText("1")).toBeVisible();
    await user.type(dialog.getByRole("textbox", { name: /Reason/ }), "For a study.");
    await user.click(dialog.getByRole("button", { name: "Promote" }));
    expect(await screen.findByText(/^Promoted:/)).toBeInTheDocument();
    expect(
      screen.getByRole("button", { name: "Roll back to dermoscopy-small" }),
    ).toBeInTheDocument();
  });
});

describe("question of the comparison", () => {
  it("is completed: the active version, the other one, their data set", async () => {
    renderApp("/models/compare");
    expect(await screen.findByRole("combobox", { name: /^A/ })).toHaveValue(
      "dermoscopy-small (active)",
    );
    expect(screen.getByRole("combobox", { name: "B" })).toHaveValue("dermoscopy-edited");
    expect(screen.getByRole("combobox", { name: "Data set" })).toHaveValue("Procedural dermoscopy");
  });

  it("swaps the two, and keeps them in the address", async () => {
    const { user, router } = renderApp(PAGE);
    await user.click(await screen.findByRole("button", { name: "Swap A and B" }));
    expect(router.state.location.search).toContain(`a=${CHILD_ID}&b=${MODEL_ID}`);
  });

  it("says when there is only one version", async () => {
    state.models = [makeModel()];
    renderApp("/models/compare");
    expect(await screen.findByText(/there is only one/)).toBeInTheDocument();
  });

  it.each([
    [`/models/compare?a=${MODEL_ID}&b=${MODEL_ID}`, /are the same version/],
    [`/models/compare?a=${MODEL_ID}&b=${"0".repeat(32)}`, /not registered here/],
    [`/models/compare?a=${MODEL_ID}&b=${ULTRASOUND_MODEL.id}`, /tell other classes apart/],
  ])("says why %s cannot be asked", async (address, words) => {
    const other = { ...ULTRASOUND_MODEL, classes: [{ key: "benign", name: "Benign lesion" }] };
    state.models = [makeModel(), makeChild(), other];
    renderApp(address);
    expect(await screen.findByText(words)).toBeInTheDocument();
  });

  it("is not for readers", async () => {
    signInAs(READER);
    renderApp(PAGE);
    expect(await screen.findByText("Comparison of models: not for your role")).toBeInTheDocument();
  });

  it("says that it loads", async () => {
    server.use(http.get("*/api/v1/models/compare", () => delay("infinite")));
    renderApp(PAGE);
    expect(await screen.findByText("Looking for a comparison")).toBeInTheDocument();
  });

  it("says why it could not be read", async () => {
    server.use(http.get("*/api/v1/models/compare", () => problem(500, "database", "Locked.")));
    renderApp(PAGE);
    expect(await screen.findByRole("alert")).toHaveTextContent("Locked.");
  });

  it("says why models and data sets could not be read", async () => {
    server.use(http.get("*/api/v1/datasets", () => problem(500, "database", "Locked.")));
    renderApp(PAGE);
    expect(await screen.findByRole("alert")).toHaveTextContent("Locked.");
  });
});
