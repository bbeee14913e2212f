import { screen } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { MODEL_ID } from "../../shared/testing/fixtures";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

describe("models page", () => {
  it("lists models with their figures, and shows the card of the first as text", async () => {
    renderApp("/models");
    const entry = await screen.findByRole("link", { name: /dermoscopy-small/ });
    expect(entry).toHaveTextContent("Class balanced accuracy0.912");
    expect(entry).toHaveTextContent("Grad-CAM maximum on the finding0.870");
    expect(entry).toHaveTextContent("on 1000 test images");
    expect(entry).toHaveAttribute("href", `/models/${MODEL_ID}`);
    expect(await screen.findByRole("cell", { name: "BMAC" })).toBeInTheDocument();
    // A card is text of a third party: it must never become script.
    expect(document.querySelector("article script")).toBeNull();
  });

  it("says that it loads", async () => {
    server.use(http.get("*/api/v1/models", () => delay("infinite")));
    renderApp("/models");
    expect(await screen.findByText("Loading the models")).toBeInTheDocument();
  });

  it("says what to do when there is none", async () => {
    server.use(http.get("*/api/v1/models", () => HttpResponse.json({ items: [] })));
    renderApp("/models");
    expect(await screen.findByText(/No model is installed/)).toBeInTheDocument();
  });

  it("says why models could not be read", async () => {
    server.use(http.get("*/api/v1/models", () => problem(500, "database", "Locked.")));
    renderApp("/models");
    expect(await screen.findByRole("alert")).toHaveTextContent("Locked.");
  });

  it("says why a card could not be read", async () => {
    server.use(http.get("*/api/v1/models/:id", () => problem(404, "model_not_found", "Gone.")));
    renderApp(`/models/${MODEL_ID}`);
    expect(await screen.findByRole("alert")).toHaveTextContent("Gone.");
  });
});
