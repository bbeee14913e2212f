import { screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { describe, expect, it } from "vitest";
import { DATASET_ID, makeDataset, PROCEDURAL } from "../../shared/testing/dataset-fixtures";
import { datasetState } from "../../shared/testing/dataset-server";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const PATH = `/datasets/${DATASET_ID}`;
const plain = (text: string | null | undefined) => (text ?? "").replace(/\u202f/g, " ");

function withDataset(overrides: Parameters<typeof makeDataset>[0] = {}) {
  datasetState.datasets = [makeDataset(overrides)];
}

describe("a data set's page", () => {
  it("says that it loads, and that there is no such data set", async () => {
    server.use(http.get("*/api/v1/datasets/:id", () => delay("infinite"), { once: true }));
    const loading = renderApp(PATH);
    expect(await screen.findByText("Loading the data set")).toBeInTheDocument();
    loading.unmount();
    renderApp(PATH);
    expect(await screen.findByText("There is no page at this address")).toBeInTheDocument();
  });

  it("says why it could not be read, and tries again", async () => {
    withDataset();
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/datasets/:id", broken, { once: true }));
    const { user } = renderApp(PATH);
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(
      await screen.findByRole("heading", { name: "Breast Ultrasound Images" }),
    ).toBeInTheDocument();
  });

  it("counts images of each class in each split, with shares", async () => {
    withDataset();
    renderApp(PATH);
    const table = await screen.findByRole("table", { name: /Images of each class/ });
    const rows = within(table)
      .getAllByRole("row")
      .map((row) => plain(row.textContent));
    expect(rows[1]).toBe("Benign lesion benign250 62.5 %50 62.5 %45 61.6 %345 62.4 %");
    expect(rows.at(-1)).toBe("All classes400 72.3 %80 14.5 %73 13.2 %553");
  });

  it("shows licence, citation and homepage as text", async () => {
    withDataset();
    renderApp(PATH);
    expect(await screen.findByText("https://example.org/busi")).toBeInTheDocument();
    expect(screen.queryByRole("link", { name: /example.org/ })).toBeNull();
    expect(screen.getByText(/Al-Dhabyani W/)).toBeInTheDocument();
    expect(screen.getByText("Research with citation")).toBeInTheDocument();
  });

  it("enlarges the contact sheet", async () => {
    withDataset();
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: /Contact sheet of Breast/ }));
    const dialog = await screen.findByRole("dialog", { name: /contact sheet/ });
    expect(within(dialog).getByRole("img")).toHaveAttribute(
      "src",
      "/api/v1/datasets/busi/contact-sheet",
    );
  });

  it("tells what is known of a procedural set, which nobody can delete", async () => {
    datasetState.datasets = [PROCEDURAL];
    datasetState.detail = { counts: null, sizes: null, card: null, leakage: null };
    renderApp(`/datasets/${PROCEDURAL.id}`);
    expect(await screen.findByText("Synthetic images")).toBeInTheDocument();
    expect(screen.getByText("Benign lesion, Malignant lesion, Normal tissue")).toBeInTheDocument();
    expect(screen.getByText(/no image has a copy/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Delete/ })).toBeNull();
  });

  it("shows how far an import is, and the report once it ended", async () => {
    withDataset({
      status: "importing",
      progress: { stage: "comparing", done: 1, total: 4 },
    });
    renderApp(PATH);
    expect(await screen.findByText(/Looking for copies of images, 25.%/)).toBeInTheDocument();
    withDataset();
    expect(await screen.findByText(/of near-identical images/)).toBeInTheDocument();
  });

  it("shows why an import failed, and tries again with the same settings", async () => {
    withDataset({ status: "failed", error: "The disk is full." });
    const { user, router } = renderApp(PATH);
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("The disk is full.");
    await user.click(within(alert).getByRole("button", { name: "Try again …" }));
    await user.click(await screen.findByRole("button", { name: "Start the import" }));
    expect(await screen.findByText("Reading the images, 120 of 553")).toBeInTheDocument();
    expect(router.state.location.pathname).toBe(PATH);
  });

  it("is deleted only after a second yes", async () => {
    withDataset();
    const { user, router } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: "Delete …" }));
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveTextContent("The files it was imported from stay where they are");
    expect(datasetState.datasets).toHaveLength(1);
    await user.click(within(dialog).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/datasets"));
    expect(datasetState.datasets).toHaveLength(0);
  });

  it("stays when it could not be deleted, with the reason", async () => {
    withDataset();
    const used = () => problem(409, "dataset_in_use", "A training run reads it.");
    server.use(http.delete("*/api/v1/datasets/:id", used));
    const { user, router } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: "Delete …" }));
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getByRole("button", { name: "Delete" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("A training run reads it.");
    expect(router.state.location.pathname).toBe(PATH);
  });
});

describe("the leakage report", () => {
  it("says how many groups there are, what disagrees, and why it matters", async () => {
    withDataset();
    renderApp(PATH);
    const report = await screen.findByRole("region", { name: "The same image more than once" });
    expect(report).toHaveTextContent(
      "12 groups of near-identical images (30 images) were found and kept in one split each.",
    );
    expect(report).toHaveTextContent("2 pairs carry different labels");
    expect(within(report).getByText("Why this matters")).toBeInTheDocument();
    expect(report).not.toHaveTextContent("both sides of the split that the publisher made");
  });

  it("shows copies side by side with label, split and similarity", async () => {
    withDataset();
    renderApp(PATH);
    const name = "2 images, Benign lesion and Normal tissue";
    const [group] = await screen.findAllByRole("article", { name });
    expect(group).toHaveTextContent("labels disagree");
    expect(group).toHaveTextContent("similarity 0.990 · Training");
    const sources = [...(group?.querySelectorAll("img") ?? [])].map((image) =>
      image.getAttribute("src"),
    );
    expect(sources).toEqual([
      "/api/v1/datasets/busi/images/0/thumbnail?size=256",
      "/api/v1/datasets/busi/images/1/thumbnail?size=256",
    ]);
  });

  it("turns pages, and shows only what disagrees when asked", async () => {
    withDataset();
    const { user } = renderApp(PATH);
    expect(await screen.findAllByRole("article")).toHaveLength(10);
    const above = screen.getByRole("navigation", { name: /above/ });
    expect(above).toHaveTextContent("Groups 1 to 10 of 12");
    await user.click(within(above).getByRole("button", { name: "Next" }));
    await waitFor(() => expect(screen.getAllByRole("article")).toHaveLength(2));
    expect(within(above).getByRole("button", { name: "Next" })).toBeDisabled();
    await user.click(screen.getByRole("checkbox", { name: "Only where labels disagree" }));
    await waitFor(() => expect(screen.getAllByText("labels disagree")).toHaveLength(2));
    expect(screen.getAllByRole("article")).toHaveLength(2);
  });

  it("enlarges a group to judge it", async () => {
    withDataset();
    const { user } = renderApp(PATH);
    const [first] = await screen.findAllByRole("button", { name: /^Enlarge: 2 images/ });
    await user.click(first as HTMLElement);
    const dialog = await screen.findByRole("dialog", { name: /different labels/ });
    expect(within(dialog).getByText("A: Benign lesion")).toBeInTheDocument();
    expect(within(dialog).getByText("B: Normal tissue")).toBeInTheDocument();
    expect(dialog).toHaveTextContent("A and B 0.990");
  });

  it("says when the groups could not be read", async () => {
    withDataset();
    const gone = () => problem(404, "report_missing", "The report was removed.");
    server.use(http.get("*/api/v1/datasets/:id/clusters", gone));
    renderApp(PATH);
    expect(await screen.findByText("The groups could not be read")).toBeInTheDocument();
    expect(screen.getByText("The report was removed.")).toBeInTheDocument();
  });

  it("warns of an import that was told to let test images leak", async () => {
    withDataset();
    const some = { clusters: 2, images_in_clusters: 4, disagreements: 0 };
    datasetState.detail = { leakage: { ...some, published_split_crossings: 0, leaking: 3 } };
    renderApp(PATH);
    const report = await screen.findByRole("region", { name: "The same image more than once" });
    expect(report).toHaveTextContent("were found and not kept in one split.");
    expect(report).toHaveTextContent("3 test images have a near-identical image in training");
    expect(report).not.toHaveTextContent("kept in one split each");
  });

  it("says that nothing was found, and asks for no groups then", async () => {
    withDataset();
    const none = { clusters: 0, images_in_clusters: 0, disagreements: 0 };
    datasetState.detail = { leakage: { ...none, published_split_crossings: 0, leaking: null } };
    server.use(http.get("*/api/v1/datasets/:id/clusters", () => problem(500, "no", "never")));
    renderApp(PATH);
    expect(await screen.findByText("No near-identical images were found.")).toBeInTheDocument();
    expect(screen.queryByRole("checkbox")).toBeNull();
  });

  it("tells of patients on both sides of the publisher's split where no image has a copy", async () => {
    withDataset();
    const none = { clusters: 0, images_in_clusters: 0, disagreements: 0 };
    datasetState.detail = { leakage: { ...none, published_split_crossings: 3, leaking: null } };
    renderApp(PATH);
    expect(await screen.findByText(/3 groups lie on both sides of the split/)).toBeInTheDocument();
    expect(screen.queryByText(/carry different labels/)).toBeNull();
  });

  it("tells of the publisher's split and of unreadable files", async () => {
    withDataset();
    datasetState.detail = {
      leakage: {
        clusters: 1,
        images_in_clusters: 2,
        disagreements: 0,
        published_split_crossings: 1,
        leaking: null,
      },
      unreadable: [{ key: "benign/benign (9).png", reason: "The file ends early." }],
    };
    renderApp(PATH);
    expect(await screen.findByText(/1 group lies on both sides of the split/)).toBeInTheDocument();
    expect(screen.getByText(/In no pair do the two images carry/)).toBeInTheDocument();
    const files = screen.getByRole("region", { name: "Files that could not be read" });
    expect(files).toHaveTextContent("1 file could not be used.");
    expect(within(files).getByRole("cell", { name: "The file ends early." })).toBeInTheDocument();
  });
});
