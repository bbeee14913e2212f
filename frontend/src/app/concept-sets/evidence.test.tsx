import { configure, screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COORDINATOR } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { makeConceptSet, SET_ID } from "../../shared/testing/concept-set-fixtures";
import { conceptSetState } from "../../shared/testing/concept-set-server";
import { makeDiagnosis } from "../../shared/testing/diagnosis-fixtures";
import { diagnosisState } from "../../shared/testing/diagnosis-server";
import { MODEL_ID } from "../../shared/testing/fixtures";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const plain = (text: string | null | undefined) => (text ?? "").replace(/\u202f/g, " ");

// The page has many buttons, and whether each can be seen takes jsdom long to find out.
beforeAll(() => configure({ defaultHidden: true }));
afterAll(() => configure({ defaultHidden: false }));

async function openSet(search = "") {
  const view = renderApp(`/concept-sets/${SET_ID}${search}`);
  const tree = within(await screen.findByRole("region", { name: "Groups and options" }));
  const column = within(screen.getByRole("region", { name: "Evidence" }));
  return { ...view, tree, column };
}

const part = (name: string) => plain(screen.getByRole("region", { name }).textContent);

describe("evidence beside the options", () => {
  it("is summed up, marked in the tree with its number, and filtered", async () => {
    const { user, tree } = await openSet();
    expect(
      await screen.findByText("2 of 4 options flagged: 1 dormant, 1 redundant, 1 not localized"),
    ).toBeInTheDocument();
    const dormant = tree.getByRole("button", { name: /^red to purple lacunae/ });
    expect(dormant).toHaveTextContent("dormant 0.52");
    expect(dormant).toHaveTextContent("not localized 1.04 times");
    expect(tree.getByRole("button", { name: /^sharply/ })).toHaveTextContent("redundant +0.974");
    await user.click(screen.getByRole("button", { name: "redundant 1" }));
    expect(tree.queryByRole("button", { name: /lacunae/ })).toBeNull();
    expect(tree.getByRole("button", { name: /^sharply/ })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "All options" }));
    expect(tree.getByRole("button", { name: /lacunae/ })).toBeInTheDocument();
  });

  it("lists every flag with the rule, each a way to its option", async () => {
    const { user, column } = await openSet();
    expect(await column.findByText(/score does not tell the 48 images/)).toBeInTheDocument();
    expect(column.getByText(/its AUROC is below 0.6/)).toBeInTheDocument();
    await user.click(column.getAllByRole("button", { name: "pattern.lacunae" })[0] as HTMLElement);
    expect(await column.findByText("dormant: AUROC 0.52, below 0.60")).toBeInTheDocument();
  });

  it("says of an option what the diagnosis found, in words and with tables", async () => {
    conceptSetState.agreement = [
      {
        option_id: "border.fading",
        group_key: "border",
        labelled: 40,
        present: 18,
        agreed: 33,
        sensitivity: 0.8,
        specificity: null,
      },
    ];
    await openSet("?at=border.fading");
    await screen.findByRole("region", { name: "Scores by class" });
    expect(part("Can it be read from the score")).toContain("0.913 (0.884 to 0.942)220 / 280");
    expect(part("Patches and attention")).toContain("1 204, 96.3 % of an even assignment");
    expect(part("Patches and attention")).toContain("even is 50.0 %64.0 %");
    expect(part("Where it is seen (Grad-CAM)")).toContain("has no place in the image");
    expect(part("Where it is seen (Grad-CAM)")).toContain("2.83 times");
    expect(part("Weight in the decision")).toContain("1.42 (place 1 of 4)");
    await waitFor(() => expect(part("People's labels")).toContain("33 of 40 (82.5 %)"));
    expect(part("People's labels")).toContain("Specificitynot defined");
    const quantiles = within(
      screen.getByRole("table", { name: "Quantiles of the score by class" }),
    );
    expect(plain(quantiles.getByRole("row", { name: /^Melanoma/ }).textContent)).toBe(
      "Melanoma210−0.70−0.100.601.101.602.302.90",
    );
  });

  it("shows the images at both ends, plain or under their map, and larger", async () => {
    const { user } = await openSet("?at=border.fading");
    const top = await screen.findByRole("button", { name: /^Melanoma, score \+2.50/ });
    const picture = top.firstElementChild as HTMLElement;
    expect(picture.style.backgroundPosition).toBe("0px 0px");
    await user.click(screen.getByLabelText("Show where (Grad-CAM)"));
    expect(picture.style.backgroundPosition).toBe("0px -84px");
    await user.click(top);
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByRole("img", { name: /under the Grad-CAM map/ })).toBeInTheDocument();
    expect(dialog.getByText(/score \+2.50, among the largest/)).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "Next" }));
    expect(dialog.getByText(/Melanocytic nevus, score \+2.25/)).toBeInTheDocument();
  });

  it("says when the model knows an option in other words", async () => {
    const { column } = await openSet(`?at=border.fading&model=${"4".repeat(32)}`);
    expect(await column.findByText(/No evidence of dermoscopy-first yet/)).toBeInTheDocument();
    diagnosisState.diagnoses = [makeDiagnosis({ model_version_id: "4".repeat(32) })];
    const again = await openSet(`?at=border.fading&model=${"4".repeat(32)}`);
    expect(await screen.findByText("The model knows it in other words")).toBeInTheDocument();
    expect(again.column).toBeDefined();
  });

  it("says of a group what it takes of the attention", async () => {
    const { column } = await openSet("?at=border");
    const words = await column.findByText(/Magnet's attention/);
    expect(plain(words.textContent)).toContain("64.0 %");
    expect(column.getByRole("link", { name: "Look at the codebook" })).toHaveAttribute(
      "href",
      `/models/${MODEL_ID}/codebook`,
    );
  });
});

describe("without evidence", () => {
  it("says that no model uses the set", async () => {
    conceptSetState.sets = [makeConceptSet({ models: [] })];
    await openSet();
    expect(screen.getByText("No model uses this set")).toBeInTheDocument();
    expect(screen.queryByLabelText("Evidence of")).toBeNull();
  });

  it("says that it loads, and why it could not be read", async () => {
    server.use(http.get("*/api/v1/diagnoses", () => delay("infinite")));
    const loading = await openSet();
    expect(loading.column.getByText("Loading the evidence")).toBeInTheDocument();
    loading.unmount();
    server.use(http.get("*/api/v1/diagnoses", () => problem(500, "database", "It is locked.")));
    const { column } = await openSet();
    expect(await column.findByText("The evidence could not be read")).toBeInTheDocument();
  });

  it("starts a diagnosis, shows how far it is, and cancels it", async () => {
    diagnosisState.diagnoses = [];
    const { user, column } = await openSet();
    expect(await column.findByText(/No evidence of dermoscopy-small yet/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Diagnose …" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Diagnose dermoscopy-small" }));
    await user.selectOptions(dialog.getByLabelText("Split"), "test");
    await user.click(dialog.getByRole("button", { name: "Start" }));
    expect(await screen.findByRole("progressbar", { name: /Diagnosis of/ })).toHaveAttribute(
      "aria-valuenow",
      "24",
    );
    expect(diagnosisState.started).toEqual([
      {
        model_version_id: MODEL_ID,
        dataset_id: "synthetic-dermoscopy",
        split: "test",
        drawn: 500,
        seed: 0,
      },
    ]);
    await user.click(screen.getByRole("button", { name: "Cancel the diagnosis" }));
    expect(await screen.findByText("The last diagnosis was cancelled.")).toBeInTheDocument();
  });

  it("appears by itself when a running diagnosis is done", async () => {
    diagnosisState.diagnoses = [makeDiagnosis({ status: "queued", position: 2, flags: null })];
    await openSet();
    expect(await screen.findByText("Waiting, number 2 in the queue")).toBeInTheDocument();
    diagnosisState.diagnoses = [makeDiagnosis()];
    expect(await screen.findByText(/2 of 4 options flagged/)).toBeInTheDocument();
  });

  it("says why the last diagnosis failed, with the evidence of the one before", async () => {
    const failed = makeDiagnosis({
      id: "1".repeat(32),
      status: "failed",
      error: "The disk is full. Free some space, then start it again.",
    });
    diagnosisState.diagnoses = [failed, makeDiagnosis()];
    await openSet();
    expect(await screen.findByText(/The disk is full/)).toBeInTheDocument();
    expect(await screen.findByText(/2 of 4 options flagged/)).toBeInTheDocument();
  });

  it("is not started without the permission", async () => {
    signInAs(COORDINATOR);
    diagnosisState.diagnoses = [];
    const { column } = await openSet();
    expect(await column.findByText(/Researchers and administrators can start/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Diagnose/ })).toBeNull();
  });
});
