import { screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { COORDINATOR, READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { CHILD_ID, makeChild } from "../../shared/testing/comparison-fixtures";
import { comparisonState } from "../../shared/testing/comparison-server";
import { PROCEDURAL } from "../../shared/testing/dataset-fixtures";
import { datasetState } from "../../shared/testing/dataset-server";
import { DIAGNOSIS_ID, makeDiagnosis } from "../../shared/testing/diagnosis-fixtures";
import { diagnosisState } from "../../shared/testing/diagnosis-server";
import { MODEL_ID, makeModel } from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const PAGE = `/models/${MODEL_ID}/codebook`;

beforeEach(() => {
  datasetState.datasets = [{ ...PROCEDURAL, classes: makeModel().classes }];
});

describe("codebook", () => {
  it("says first that the index map is not on the path to the prediction", async () => {
    renderApp(PAGE);
    expect(
      await screen.findByText("Auxiliary: not on the path to the prediction"),
    ).toBeInTheDocument();
    expect(await screen.findByText(/not on the path to the prediction, so/)).toBeInTheDocument();
  });

  it("shows how much each code is used, with a name only above the floor", async () => {
    renderApp(PAGE);
    const usage = within(await screen.findByRole("table", { name: "Use of the codes" }));
    await waitFor(() =>
      expect(usage.getByRole("row", { name: /^0/ })).toHaveTextContent("Border (phi +0.62)"),
    );
    expect(usage.getByRole("row", { name: /^0/ })).toHaveTextContent("480 of 500");
    expect(usage.getByRole("row", { name: /^3/ })).toHaveTextContent("no group");
    expect(usage.getByRole("row", { name: /^5/ })).toHaveTextContent("unused");
    expect(screen.getByText("1 of 3 codes is not used on these images.")).toBeInTheDocument();
  });

  it("shows phi, p and the mask's phi of each code and group", async () => {
    renderApp(PAGE);
    const table = within(
      await screen.findByRole("table", { name: "Association of codes and concept groups" }),
    );
    const cells = within(table.getByRole("row", { name: /^0/ })).getAllByRole("cell");
    expect(cells.map((cell) => cell.textContent)).toEqual([
      "+0.62 namep <0.01mask +0.41, p <0.01",
      "−0.20p 0.11",
    ]);
    expect(screen.getByText(/1 of 3 do, framed/)).toBeInTheDocument();
  });

  it("shows the nearest patches, and one of them larger", async () => {
    const { user } = renderApp(PAGE);
    const code = within(await screen.findByRole("region", { name: "Code 0" }));
    const tiles = code.getAllByRole("button");
    expect(tiles).toHaveLength(2);
    expect(tiles[1]).toHaveAccessibleName("Image image-0001, patch 3, distance 0.140: enlarge");
    expect(tiles[1]?.firstElementChild).toHaveStyle({ backgroundPosition: "-72px 0px" });
    await user.click(tiles[0] as HTMLElement);
    await user.keyboard("{Escape}");
    await user.keyboard("{ArrowRight}{Enter}");
    const dialog = within(await screen.findByRole("dialog", { name: "Code 0, crop 2" }));
    expect(dialog.getByText("image-0001")).toBeInTheDocument();
    expect(dialog.getByText("3 (row 2, column 2 of 2 × 2)")).toBeInTheDocument();
    const unused = screen.getByRole("region", { name: "Code 5" });
    expect(unused).toHaveTextContent("No patch has this code.");
  });

  it("shows the tokens in three dimensions, by keyboard too", async () => {
    const { user } = renderApp(PAGE);
    const cloud = await screen.findByRole("application", {
      name: "Sample of 4 tokens and 3 codes in three dimensions",
    });
    cloud.focus();
    await user.keyboard("n");
    expect(
      screen.getByText("Image image-0000, patch 0 (row 1, column 1); nearest code 0"),
    ).toBeInTheDocument();
    await user.keyboard("p");
    expect(screen.getByText(/^Image image-0002, patch 2/)).toBeInTheDocument();
    await user.click(screen.getByRole("checkbox", { name: /Code 0/ }));
    expect(screen.queryByText(/^Image image-0002, patch 2/)).toBeNull();
    cloud.focus();
    await user.keyboard("n");
    expect(screen.getByText(/^Image image-0001.*nearest code 3/)).toBeInTheDocument();
    await user.keyboard("n");
    expect(screen.getByText(/^Image image-0001.*nearest code 3/)).toBeInTheDocument();
  });

  it("has the cloud as a table, and in principal axes", async () => {
    const { user } = renderApp(PAGE);
    const table = within(
      await screen.findByRole("table", { name: "Codes of the sample", hidden: true }),
    );
    expect(table.getByRole("row", { name: /^0/, hidden: true })).toHaveTextContent("2, at 0.58");
    expect(screen.getByText(/UMAP keeps neighbours together/)).toBeInTheDocument();
    await user.click(screen.getByRole("radio", { name: "Principal axes" }));
    expect(await screen.findByText(/principal axes of the tokens/)).toBeInTheDocument();
  });

  it("shows the rank of its training, and of what it was retrained from", async () => {
    state.models = [makeModel(), makeChild()];
    diagnosisState.diagnoses = [makeDiagnosis({ model_version_id: CHILD_ID })];
    renderApp(`/models/${CHILD_ID}/codebook`);
    const ranks = within(await screen.findByRole("table", { name: /Effective rank/ }));
    expect(
      ranks.getByRole("columnheader", { name: "dermoscopy-edited, training" }),
    ).toBeInTheDocument();
    expect(
      await ranks.findByRole("columnheader", { name: "dermoscopy-small (ancestor), training" }),
    ).toBeInTheDocument();
  });

  it("says so where no rank was recorded", async () => {
    comparisonState.history = [];
    renderApp(PAGE);
    expect(await screen.findByText(/No rank was recorded/)).toBeInTheDocument();
  });

  it("shows the chosen diagnosis of several", async () => {
    diagnosisState.diagnoses = [
      makeDiagnosis(),
      makeDiagnosis({ id: "1".repeat(32), split: "test", created_at: "2026-11-20T10:00:00Z" }),
    ];
    const { user, router } = renderApp(PAGE);
    await user.click(await screen.findByRole("combobox", { name: "Diagnosis" }));
    await user.click(
      await screen.findByRole("option", { name: /^synthetic-dermoscopy, test/, hidden: true }),
    );
    expect(router.state.location.search).toBe(`?diagnosis=${"1".repeat(32)}`);
  });
});

describe("codebook without a diagnosis", () => {
  beforeEach(() => {
    diagnosisState.diagnoses = [];
  });

  it("starts one, follows it and cancels it", async () => {
    const { user } = renderApp(PAGE);
    expect(await screen.findByText("No diagnosis yet")).toBeInTheDocument();
    const button = screen.getByRole("button", { name: "Diagnose" });
    await waitFor(() => expect(button).toBeEnabled());
    await user.click(button);
    expect(await screen.findByRole("progressbar")).toHaveAttribute(
      "aria-valuetext",
      "Images, 120 of 500",
    );
    expect(diagnosisState.started[0]).toMatchObject({
      model_version_id: MODEL_ID,
      dataset_id: "synthetic-dermoscopy",
      split: "validation",
    });
    await user.click(screen.getByRole("button", { name: "Cancel the diagnosis" }));
    expect(await screen.findByText("The newest diagnosis was cancelled")).toBeInTheDocument();
  });

  it("says whom to ask where one may not start any", async () => {
    signInAs(COORDINATOR);
    renderApp(PAGE);
    expect(await screen.findByText(/Your role does not start one/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Diagnose" })).toBeNull();
  });

  it("says why it could not be started", async () => {
    const refused = () => problem(409, "queue_full", "Too much waits already.");
    server.use(http.post("*/api/v1/diagnoses", refused));
    const { user } = renderApp(PAGE);
    const button = await screen.findByRole("button", { name: "Diagnose" });
    await waitFor(() => expect(button).toBeEnabled());
    await user.click(button);
    expect(await screen.findByRole("alert")).toHaveTextContent("Too much waits already.");
  });
});

describe("codebook whose newest diagnosis failed", () => {
  it("says why, and shows the one before", async () => {
    diagnosisState.diagnoses = [
      makeDiagnosis({ id: "1".repeat(32), status: "failed", error: "The disk is full." }),
      makeDiagnosis(),
    ];
    renderApp(PAGE);
    expect(await screen.findByText("The disk is full.")).toBeInTheDocument();
    expect(await screen.findByRole("table", { name: "Use of the codes" })).toBeInTheDocument();
  });
});

describe("codebook that cannot be shown", () => {
  it("says that it loads", async () => {
    server.use(http.get("*/api/v1/diagnoses", () => delay("infinite")));
    renderApp(PAGE);
    expect(await screen.findByText("Looking for diagnoses")).toBeInTheDocument();
  });

  it.each([
    ["diagnoses", "*/api/v1/diagnoses"],
    ["diagnosis", `*/api/v1/diagnoses/${DIAGNOSIS_ID}`],
    ["tokens", "*/api/v1/diagnoses/:id/embedding"],
    ["model", "*/api/v1/models/:id"],
    ["training history", "*/api/v1/models/:id/history"],
  ])("says why the %s could not be read", async (what, path) => {
    server.use(http.get(path, () => problem(500, "database", "Locked.")));
    renderApp(PAGE);
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent(`The ${what} could not be read`);
    expect(alert).toHaveTextContent("Locked.");
  });

  it("is not for readers", async () => {
    signInAs(READER);
    renderApp(PAGE);
    expect(await screen.findByText("Codebook: not for your role")).toBeInTheDocument();
  });
});
