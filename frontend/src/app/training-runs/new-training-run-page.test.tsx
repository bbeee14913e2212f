import { screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { describe, expect, it } from "vitest";
import { COORDINATOR } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { FIRST_REVISION_ID, SET_ID } from "../../shared/testing/concept-set-fixtures";
import { makeDataset, PROCEDURAL } from "../../shared/testing/dataset-fixtures";
import { datasetState } from "../../shared/testing/dataset-server";
import { MODEL_ID, makeModel } from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import { makeEstimate } from "../../shared/testing/training-fixtures";
import { trainingState } from "../../shared/testing/training-server";
import { renderApp } from "../testing/render-app";

const PATH = "/training/new";
const plain = (text: string | null | undefined) => (text ?? "").replace(/\u202f/g, " ");
const panel = () => screen.findByRole("region", { name: "What this would take and mean" });
const start = () => screen.findByRole("button", { name: "Start the training" });
// The list of what can be chosen has the same label.
const INPUT = { selector: "input" };
const field = (name: string) => screen.getByLabelText<HTMLInputElement>(name, INPUT);
const lastAsked = () => trainingState.estimated.at(-1);

describe("a new training run", () => {
  it("says that it loads, and why what can be trained could not be read", async () => {
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/concept-sets", () => delay("infinite"), { once: true }));
    const loading = renderApp(PATH);
    expect(await screen.findByText("Loading what can be trained")).toBeInTheDocument();
    loading.unmount();
    server.use(http.get("*/api/v1/concept-sets", broken, { once: true }));
    const { user } = renderApp(PATH);
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByLabelText("Parent model", INPUT)).toBeInTheDocument();
  });

  it("begins with the active model, its concepts and its data, and estimates that", async () => {
    state.models = [makeModel({ active: true, dataset: PROCEDURAL.id })];
    renderApp(PATH);
    expect(await screen.findByLabelText("Parent model", INPUT)).toHaveValue(
      "dermoscopy-small (synthetic-dermoscopy, active)",
    );
    expect(field("Concept set")).toHaveValue("Skin lesions (isic2018)");
    expect(screen.getByText(/2 classes, 2 groups, 4 options/)).toBeInTheDocument();
    expect(field("Revision")).toHaveValue("Newest (revision 2)");
    expect(field("Data set")).toHaveValue("Procedural dermoscopy (synthetic-dermoscopy)");
    expect(screen.getByRole("radio", { name: "Quick" })).toBeChecked();
    const figures = await panel();
    expect(await within(figures).findByText(/about 40/)).toBeInTheDocument();
    const text = plain(figures.textContent);
    expect(text).toContain("Likely between 30 s and 65 s.");
    expect(text).toContain("From 3 earlier quick runs on this machine.");
    expect(text).toContain("Nothing comes first");
    expect(text).toContain("34 options keep the parent’s weights.");
    expect(screen.getByText(/14 reviewed cases/)).toBeInTheDocument();
    expect(lastAsked()).toMatchObject({
      dataset_id: PROCEDURAL.id,
      concept_set_id: SET_ID,
      parent_model_version_id: MODEL_ID,
    });
  });

  it("takes from the address what the concept editor hands over", async () => {
    state.models = [makeModel({ active: true, dataset: PROCEDURAL.id })];
    datasetState.datasets = [PROCEDURAL, makeDataset()];
    const query = `parent=${MODEL_ID}&concept_set=${SET_ID}&revision=${FIRST_REVISION_ID}&dataset=busi`;
    renderApp(`${PATH}?${query}`);
    await waitFor(() =>
      expect(lastAsked()).toMatchObject({
        dataset_id: "busi",
        concept_set_id: SET_ID,
        concept_set_revision_id: FIRST_REVISION_ID,
        parent_model_version_id: MODEL_ID,
      }),
    );
    await waitFor(() => expect(field("Revision").value).toMatch(/^Revision 1,/));
    expect(field("Test data set")).toBeInTheDocument();
    expect(screen.queryByRole("group", { name: "Images to draw" })).toBeNull();
  });

  it("starts, with what was filled in, and shows the run", async () => {
    state.models = [makeModel({ active: true, dataset: PROCEDURAL.id })];
    const { user, router } = renderApp(PATH);
    await user.click(await screen.findByRole("radio", { name: "Full" }));
    await user.type(screen.getByLabelText("Name of the new version"), "better-2");
    await user.click(screen.getByRole("button", { name: "More settings" }));
    await user.type(screen.getByLabelText("Epochs"), "20");
    await user.click(screen.getByRole("checkbox", { name: /Include corrected labels/ }));
    await waitFor(async () => expect(await start()).toBeEnabled());
    await user.click(await start());
    await waitFor(() => expect(router.state.location.pathname).toBe(`/training/${"1".repeat(32)}`));
    expect(trainingState.started).toHaveLength(1);
    expect(trainingState.started[0]).toMatchObject({
      name: "better-2",
      settings: { mode: "full", epochs: 20, include_labels: true },
    });
  });

  it("is held back by problems, each in words", async () => {
    const problems = ["The data set has no classes of this concept set. Choose another one."];
    const basis = "Not known until what stands in the way is settled.";
    trainingState.estimate = makeEstimate({ problems, seconds: 0, stages: [], basis });
    state.models = [makeModel({ active: true, dataset: PROCEDURAL.id })];
    renderApp(PATH);
    expect(await screen.findByText("It cannot be started as it is")).toBeInTheDocument();
    expect(screen.getByText(problems[0] as string)).toBeInTheDocument();
    expect(screen.getByText(basis)).toBeInTheDocument();
    expect(screen.queryByText(/^about/)).toBeNull();
    expect(await start()).toBeDisabled();
    expect(await start()).toHaveAccessibleDescription("The estimate says what is in the way.");
  });

  it("says what is missing, and asks for no estimate then", async () => {
    state.models = [];
    datasetState.datasets = [PROCEDURAL, makeDataset()];
    renderApp(PATH);
    expect(await screen.findByRole("radio", { name: "Quick" })).toBeDisabled();
    expect(screen.getByRole("radio", { name: "Full" })).toBeChecked();
    expect(await start()).toBeDisabled();
    expect(await start()).toHaveAccessibleDescription("Choose a data set.");
    expect(await panel()).toHaveTextContent("Choose a data set and a concept set");
    expect(trainingState.estimated).toHaveLength(0);
  });

  it("asks for all three numbers of images or none", async () => {
    state.models = [makeModel({ active: true, dataset: PROCEDURAL.id })];
    const { user } = renderApp(PATH);
    const images = await screen.findByRole("group", { name: "Images to draw" });
    await user.type(within(images).getByLabelText("Training"), "500");
    expect(within(images).getByText(/Give all three numbers/)).toBeInTheDocument();
    expect(await start()).toBeDisabled();
    await user.type(within(images).getByLabelText("Validation"), "100");
    await user.type(within(images).getByLabelText("Test"), "100");
    await waitFor(() =>
      expect(lastAsked()?.settings.images).toEqual({ train: 500, validation: 100, test: 100 }),
    );
  });

  it("can be started without an estimate, and says why it was not", async () => {
    state.models = [makeModel({ active: true, dataset: PROCEDURAL.id })];
    const broken = () => problem(500, "unexpected", "The estimate broke.");
    const refused = () => problem(400, "bad_training_run", "The classes differ.");
    server.use(
      http.post("*/api/v1/training-runs/estimate", broken),
      http.post("*/api/v1/training-runs", refused),
    );
    const { user, router } = renderApp(PATH);
    expect(await screen.findByText("The estimate broke.")).toBeInTheDocument();
    await user.click(await start());
    expect(await screen.findByText("The training was not started")).toBeInTheDocument();
    expect(screen.getByText("The classes differ.")).toBeInTheDocument();
    expect(router.state.location.pathname).toBe(PATH);
  });

  it("is not for those who may only read", async () => {
    signInAs(COORDINATOR);
    renderApp(PATH);
    expect(await screen.findByText("New training run: not for your role")).toBeInTheDocument();
  });
});
