import { screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { describe, expect, it } from "vitest";
import { COORDINATOR, READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { problem, server } from "../../shared/testing/server";
import { makeRunDetail, makeSucceeded, RUN_ID } from "../../shared/testing/training-fixtures";
import { trainingState } from "../../shared/testing/training-server";
import { renderApp } from "../testing/render-app";

const plain = (text: string | null | undefined) => (text ?? "").replace(/\u202f/g, " ");
const rowOf = (name: string) => screen.getByRole("link", { name }).closest("tr") as HTMLElement;

describe("training runs", () => {
  it("are found from everywhere", async () => {
    const { user, router } = renderApp("/");
    await user.click(await screen.findByRole("link", { name: "Training" }));
    expect(await screen.findByRole("heading", { name: "Training" })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/training");
  });

  it("say that they load", async () => {
    server.use(http.get("*/api/v1/training-runs", () => delay("infinite")));
    renderApp("/training");
    expect(await screen.findByText("Loading the training runs")).toBeInTheDocument();
  });

  it("say what a run is and how to start one while there is none", async () => {
    const { user, router } = renderApp("/training");
    expect(await screen.findByText("No training run yet")).toBeInTheDocument();
    expect(screen.getByText(/makes a model version from a data set/)).toBeInTheDocument();
    await user.click(screen.getByRole("link", { name: "Start a training run" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/training/new"));
  });

  it("say why they could not be read, and try again", async () => {
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/training-runs", broken, { once: true }));
    const { user } = renderApp("/training");
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("No training run yet")).toBeInTheDocument();
  });

  it("stand with status, data, concepts, parent, figures, author and time", async () => {
    trainingState.runs = [
      makeSucceeded({ name: "done", started_at: "2026-11-21T09:30:00Z" }),
      makeRunDetail({
        id: "a".repeat(32),
        name: "going",
        parent: null,
        progress: { stage: "Epoch 3 of 12", done: 500, total: 2000 },
      }),
      makeRunDetail({ id: "b".repeat(32), name: "waiting", status: "queued", position: 2 }),
      makeRunDetail({ id: "c".repeat(32), name: "broken", status: "failed", error: "Disk full." }),
    ];
    renderApp("/training");
    await screen.findByRole("link", { name: "done" });
    const done = plain(rowOf("done").textContent);
    for (const words of [
      "Quick · from dermoscopy-small",
      "succeeded",
      "Dermoscopy, revision 3",
      "0.925",
      "0.860",
      "Anna Weber",
      "1 min 2 s",
    ]) {
      expect(done).toContain(words);
    }
    await waitFor(() => expect(rowOf("done")).toHaveTextContent("Procedural dermoscopy"));
    expect(within(rowOf("done")).getByRole("link", { name: /Open the model/ })).toHaveAttribute(
      "href",
      `/models/${"6".repeat(32)}`,
    );
    const bar = screen.getByRole("progressbar", { name: "Training of going" });
    expect(bar).toHaveAttribute("aria-valuenow", "25");
    expect(rowOf("going")).toHaveTextContent("without a parent");
    expect(rowOf("waiting")).toHaveTextContent("queued, place 2");
    expect(rowOf("broken")).toHaveTextContent("Disk full.");
  });

  it("are cancelled after a question, and resumed", async () => {
    trainingState.runs = [makeRunDetail({ name: "going" })];
    const { user } = renderApp("/training");
    await user.click(await screen.findByRole("button", { name: /Cancel the training of going/ }));
    const dialog = await screen.findByRole("dialog", { name: "Cancel the training of going?" });
    expect(dialog).toHaveTextContent("so that it can be resumed");
    expect(trainingState.runs[0]?.status).toBe("running");
    await user.click(within(dialog).getByRole("button", { name: "Cancel the training" }));
    const resume = await screen.findByRole("button", { name: "Resume the training of going" });
    expect(rowOf("going")).toHaveTextContent("cancelled");
    await user.click(resume);
    await waitFor(() => expect(rowOf("going")).toHaveTextContent("queued, next"));
  });

  it("stay as they are when cancelling fails, with the reason", async () => {
    trainingState.runs = [makeRunDetail({ name: "going" })];
    const ended = () => problem(409, "job_ended", "The run has ended meanwhile.");
    server.use(http.post("*/api/v1/training-runs/:id/cancel", ended));
    const { user } = renderApp("/training");
    await user.click(await screen.findByRole("button", { name: /Cancel the training of going/ }));
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getByRole("button", { name: "Cancel the training" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("ended meanwhile");
  });

  it("come in pages when there are many", async () => {
    trainingState.runs = Array.from({ length: 60 }, (_, at) =>
      makeSucceeded({ id: at.toString(16).padStart(32, "0"), name: `run-${at}` }),
    );
    const { user } = renderApp("/training");
    expect(await screen.findByRole("link", { name: "run-0" })).toBeInTheDocument();
    expect(screen.queryByRole("link", { name: "run-55" })).toBeNull();
    await user.click(screen.getByRole("button", { name: "Older" }));
    expect(await screen.findByRole("link", { name: "run-55" })).toBeInTheDocument();
    expect(screen.getByText("Page 2 of 2")).toBeInTheDocument();
  });

  it("can be read, and not changed, by a coordinator", async () => {
    signInAs(COORDINATOR);
    trainingState.runs = [makeRunDetail({ name: "going" })];
    renderApp("/training");
    expect(await screen.findByRole("link", { name: "going" })).toHaveAttribute(
      "href",
      `/training/${RUN_ID}`,
    );
    expect(screen.queryByRole("link", { name: "New training run" })).toBeNull();
    expect(screen.queryByRole("button", { name: /Cancel/ })).toBeNull();
  });

  it("are not for readers", async () => {
    signInAs(READER);
    renderApp("/training");
    expect(await screen.findByText("Training runs: not for your role")).toBeInTheDocument();
    expect(screen.queryByRole("link", { name: "Training" })).toBeNull();
  });
});
