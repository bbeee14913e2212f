import { screen, within } from "@testing-library/react";
import { delay, http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { CHILD_ID, makeChild } from "../../shared/testing/comparison-fixtures";
import { MODEL_ID, makeModel } from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

beforeEach(() => {
  state.models = [makeModel(), makeChild()];
});

describe("model page", () => {
  it("shows figures and the card as text", async () => {
    renderApp(`/models/${MODEL_ID}`);
    const figures = await screen.findByRole("region", { name: "Figures" });
    expect(figures).toHaveTextContent("Class balanced accuracy0.912");
    expect(figures).toHaveTextContent("1 000 test images");
    expect(await screen.findByRole("cell", { name: "BMAC" })).toBeInTheDocument();
    // A card is text of a third party: it must never become script.
    expect(document.querySelector("article script, section script")).toBeNull();
  });

  it("shows what a retrained version was made of", async () => {
    renderApp(`/models/${CHILD_ID}`);
    const lineage = within(await screen.findByRole("region", { name: "Lineage" }));
    expect(lineage.getByRole("link", { name: "dermoscopy-small" })).toHaveAttribute(
      "href",
      `/models/${MODEL_ID}`,
    );
    expect(lineage.getByText("quick retraining")).toBeInTheDocument();
    expect(lineage.getByText("33 options: from the parent")).toBeInTheDocument();
    expect(lineage.getByText("vitrine 0.5.0, commit 0123456789ab")).toBeInTheDocument();
    expect(lineage.getByText("Seed").nextSibling).toHaveTextContent("7");
    expect(lineage.getByText("Corrected labels").nextSibling).toHaveTextContent("none");
  });

  it("promotes from here too", async () => {
    const { user } = renderApp(`/models/${CHILD_ID}`);
    await user.click(await screen.findByRole("button", { name: "Promote dermoscopy-edited" }));
    expect(await screen.findByRole("dialog", { name: /^Promote dermoscopy-edited/ })).toBeVisible();
  });

  it("says that it loads", async () => {
    server.use(http.get("*/api/v1/models/:id", () => delay("infinite")));
    renderApp(`/models/${MODEL_ID}`);
    expect(await screen.findByText("Loading the model card")).toBeInTheDocument();
  });

  it("says why a model could not be read", async () => {
    server.use(http.get("*/api/v1/models/:id", () => problem(404, "model_not_found", "Gone.")));
    renderApp(`/models/${MODEL_ID}`);
    expect(await screen.findByRole("alert")).toHaveTextContent("Gone.");
    expect(screen.getByRole("link", { name: "All models" })).toHaveAttribute("href", "/models");
  });
});
