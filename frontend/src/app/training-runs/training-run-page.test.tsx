import { act, cleanup, screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { FakeEventSource, stubEventSource } from "../../shared/testing/fake-event-source";
import { MODEL_ID, makeModel } from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import {
  makeEpoch,
  makeRunDetail,
  makeSucceeded,
  RUN_ID,
  TRAINED_MODEL_ID,
} from "../../shared/testing/training-fixtures";
import { trainingState } from "../../shared/testing/training-server";
import { renderApp } from "../testing/render-app";

const PATH = `/training/${RUN_ID}`;
const plain = (text: string | null | undefined) => (text ?? "").replace(/\u202f/g, " ");
const source = () => FakeEventSource.opened.at(-1) as FakeEventSource;
const log = () => screen.getByRole("log", { name: "Log of the run" });

function withRun(overrides: Parameters<typeof makeRunDetail>[0] = {}) {
  trainingState.runs = [makeRunDetail(overrides)];
}

beforeEach(() => {
  stubEventSource();
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("a training run's page", () => {
  it("says that it loads, and that there is no such run", async () => {
    server.use(http.get("*/api/v1/training-runs/:id", () => delay("infinite"), { once: true }));
    const loading = renderApp(PATH);
    expect(await screen.findByText("Loading the training run")).toBeInTheDocument();
    loading.unmount();
    renderApp(PATH);
    expect(await screen.findByText("There is no page at this address")).toBeInTheDocument();
  });

  it("says why it could not be read, and tries again", async () => {
    withRun();
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/training-runs/:id", broken, { once: true }));
    const { user } = renderApp(PATH);
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: "dermoscopy-small-2" })).toBeInTheDocument();
  });

  it("shows how far it is, three charts, epochs, figures, meaning and log", async () => {
    withRun();
    const { user } = renderApp(PATH);
    const bar = await screen.findByRole("progressbar", { name: /Training of/ });
    expect(plain(bar.getAttribute("aria-valuetext"))).toBe("Epoch 3 of 12, 640 of 2 000");
    expect(screen.getByText(/of epochs left/)).toBeInTheDocument();
    for (const name of ["Loss: total", /^Balanced accuracy/, /^Effective rank/]) {
      expect(screen.getByRole("heading", { name })).toBeInTheDocument();
    }
    expect(screen.getByRole("button", { name: /Parent, classes 0.915/ })).toBeInTheDocument();
    expect(screen.getByRole("button", { name: /Parent, training 26.0/ })).toBeInTheDocument();
    await user.selectOptions(screen.getByRole("combobox", { name: "Part of the loss" }), "concept");
    const loss = screen.getByRole("figure", { name: "Loss: concepts" });
    expect(within(loss).getByRole("button", { name: /Validation/ })).toBeInTheDocument();

    const epochs = screen.getByRole("table", { name: /Epochs, the latest first/ });
    const rows = within(epochs).getAllByRole("row");
    expect(rows).toHaveLength(3);
    expect(plain(rows[1]?.textContent)).toContain("0.820");
    expect(screen.getByText(/“scalloped edge” is new/)).toBeInTheDocument();
    expect(log()).toHaveTextContent("2000 images for training.");
  });

  it("holds its figures against the parent's, and says when the data differ", async () => {
    withRun();
    const { unmount } = renderApp(PATH);
    const table = await screen.findByRole("table", { name: /Figures of this run/ });
    const rows = within(table)
      .getAllByRole("row")
      .map((row) => plain(row.textContent));
    expect(rows).toContain("Class balanced accuracy (BMAC)0.8200.915−0.095");
    expect(rows).toContain("Class balanced accuracy (BMAC)–0.908–");
    expect(screen.queryByText("Not of the same data")).toBeNull();
    unmount();
    const { parent_figures } = makeRunDetail();
    withRun({ parent_figures: parent_figures && { ...parent_figures, same_data: false } });
    renderApp(PATH);
    expect(await screen.findByText("Not of the same data")).toBeInTheDocument();
  });

  it("says its place while it waits, and asks for it again", async () => {
    withRun({ status: "queued", position: 3, progress: null, epochs: [], validation: null });
    renderApp(PATH);
    expect(await screen.findByText("queued, place 3")).toBeInTheDocument();
    expect(screen.getByText(/2 training runs come before it/)).toBeInTheDocument();
    expect(screen.getAllByText(/curve begins when the first epoch/)).toHaveLength(2);
    withRun({ status: "queued", position: 1, progress: null, epochs: [], validation: null });
    expect(await screen.findByText("queued, next")).toBeInTheDocument();
  });

  it("tells of a worker that was lost", async () => {
    withRun({ attempts: 2 });
    renderApp(PATH);
    expect(await screen.findByText("Attempt 2: a worker was lost")).toBeInTheDocument();
    withRun({ status: "queued", attempts: 2, position: 1, progress: null });
    cleanup();
    renderApp(PATH);
    expect(await screen.findByText("Attempt 3: a worker was lost")).toBeInTheDocument();
  });

  it("says why it failed, and is resumed", async () => {
    withRun({ status: "failed", error: "The disk is full.", progress: null });
    const { user } = renderApp(PATH);
    expect(await screen.findByRole("alert")).toHaveTextContent("The disk is full.");
    expect(FakeEventSource.opened).toHaveLength(0);
    await user.click(screen.getByRole("button", { name: /Resume the training/ }));
    expect(await screen.findByText("queued, next")).toBeInTheDocument();
    await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
  });

  it("says why it could not be resumed", async () => {
    withRun({ status: "cancelled", progress: null });
    const full = () => problem(429, "queue_full", "Too many training runs wait already.");
    server.use(http.post("*/api/v1/training-runs/:id/resume", full));
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: /Resume the training/ }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Too many training runs");
  });

  it("says when an earlier run has made the same weights already", async () => {
    const same = makeSucceeded();
    trainingState.runs = [{ ...same, model: { id: MODEL_ID, name: "dermoscopy-small" } }];
    renderApp(PATH);
    expect(await screen.findByText("The same weights as dermoscopy-small")).toBeInTheDocument();
    cleanup();
    trainingState.runs = [same];
    renderApp(PATH);
    expect(await screen.findByRole("link", { name: "Open model" })).toBeInTheDocument();
    expect(screen.queryByText(/The same weights as/)).toBeNull();
  });

  it("leads on once it has succeeded", async () => {
    trainingState.runs = [makeSucceeded()];
    state.models = [makeModel({ active: true, dataset: "synthetic-dermoscopy" })];
    renderApp(PATH);
    const compare = await screen.findByRole("link", { name: "Compare with the active version" });
    expect(compare).toHaveAttribute(
      "href",
      `/models/compare?a=${MODEL_ID}&b=${TRAINED_MODEL_ID}&dataset=synthetic-dermoscopy`,
    );
    expect(screen.getByRole("link", { name: "Diagnose" })).toHaveAttribute(
      "href",
      `/models/${TRAINED_MODEL_ID}/codebook`,
    );
    expect(screen.getByRole("link", { name: "Open model" })).toHaveAttribute(
      "href",
      `/models/${TRAINED_MODEL_ID}`,
    );
    expect(screen.getByText("kept")).toBeInTheDocument();
    expect(screen.getByText(/version 0.6.0, commit 1842b2d/)).toBeInTheDocument();
    expect(FakeEventSource.opened).toHaveLength(0);
  });
});

describe("a run that goes on", () => {
  it("is listened to from where it was read, and shows what comes in", async () => {
    withRun();
    renderApp(PATH);
    await screen.findByRole("progressbar");
    await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
    expect(source().address).toBe(`/api/v1/training-runs/${RUN_ID}/events?after=5`);
    act(() => source().connect());
    expect(await screen.findByText("Live")).toBeInTheDocument();
    act(() => {
      source().send(6, "epoch", makeEpoch(3));
      source().send(7, "log", { text: "Epoch 3 has ended." });
      source().send(7, "log", { text: "Epoch 3 has ended." });
      source().send(0, "progress", { stage: "Epoch 4 of 12", done: 200, total: 2000 });
    });
    const epochs = screen.getByRole("table", { name: /Epochs, the latest first/ });
    expect(within(epochs).getAllByRole("row")).toHaveLength(4);
    expect(screen.getAllByText("Epoch 3 has ended.")).toHaveLength(1);
    expect(plain(screen.getByRole("progressbar").getAttribute("aria-valuetext"))).toBe(
      "Epoch 4 of 12, 200 of 2 000",
    );
  });

  it("is read anew when an event is missing", async () => {
    withRun();
    renderApp(PATH);
    await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
    act(() => source().connect());
    const { log: before } = makeRunDetail();
    const missed = { sequence: 6, at: "2026-11-21T09:31:00Z", text: "Missed by the stream." };
    withRun({ log: [...before, missed], last_sequence: 6 });
    act(() => source().send(7, "log", { text: "After the hole." }));
    expect(await screen.findByText("Missed by the stream.")).toBeInTheDocument();
    expect(screen.getAllByText("After the hole.")).toHaveLength(1);
  });

  it("closes the connection at its end, and is read anew with its model", async () => {
    withRun();
    renderApp(PATH);
    await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
    act(() => source().connect());
    trainingState.runs = [makeSucceeded()];
    act(() => source().send(6, "status", { status: "succeeded" }));
    expect(await screen.findByRole("link", { name: "Open model" })).toBeInTheDocument();
    expect(source().readyState).toBe(2);
    expect(screen.queryByText("Live")).toBeNull();
    expect(FakeEventSource.opened).toHaveLength(1);
  });

  it("says when the connection is lost, and asks after three failures", async () => {
    withRun();
    renderApp(PATH);
    await waitFor(() => expect(FakeEventSource.opened).toHaveLength(1));
    act(() => {
      source().connect();
      source().fail();
    });
    expect(await screen.findByText("Reconnecting")).toBeInTheDocument();
    withRun({
      last_sequence: 8,
      log: [{ sequence: 8, at: "2026-11-21T09:31:00Z", text: "Asked." }],
    });
    act(() => {
      source().fail();
      source().fail();
    });
    expect(await screen.findByText(/No live connection/)).toBeInTheDocument();
    expect(await screen.findByText("Asked.")).toBeInTheDocument();
  });

  it("works where the browser has no event source", async () => {
    vi.stubGlobal("EventSource", undefined);
    withRun();
    renderApp(PATH);
    expect(await screen.findByText(/No live connection/)).toBeInTheDocument();
    withRun({ progress: { stage: "Epoch 9 of 12", done: 0, total: 0 } });
    expect(await screen.findByText("Epoch 9 of 12")).toBeInTheDocument();
  });

  it("is cancelled after a question", async () => {
    withRun();
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: /Cancel the training/ }));
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getByRole("button", { name: "Cancel the training" }));
    expect(await screen.findByText("The training was cancelled")).toBeInTheDocument();
    await waitFor(() => expect(source().readyState).toBe(2));
  });

  it("has a log that can be copied, and says where the browser refuses", async () => {
    withRun();
    const { user } = renderApp(PATH);
    const copy = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValueOnce();
    await user.click(await screen.findByRole("button", { name: "Copy" }));
    expect(await screen.findByRole("button", { name: "Copied" })).toBeInTheDocument();
    expect(copy.mock.calls[0]?.[0]).toMatch(/Device cpu, 2 threads\.\n.*2000 images/);
    copy.mockRejectedValueOnce(new Error("refused"));
    await user.click(screen.getByRole("button", { name: "Copied" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("press Ctrl+C");
  });
});
