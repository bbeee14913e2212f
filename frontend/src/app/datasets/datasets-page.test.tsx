import { screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { IMPORT_ROOT, makeDataset } from "../../shared/testing/dataset-fixtures";
import { datasetState } from "../../shared/testing/dataset-server";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const plain = (text: string | null | undefined) => (text ?? "").replace(/\u202f/g, " ");
const rowOf = (name: string) => screen.getByRole("link", { name }).closest("tr");

describe("data sets", () => {
  it("are found from everywhere", async () => {
    const { user, router } = renderApp("/");
    await user.click(await screen.findByRole("link", { name: "Data sets" }));
    expect(await screen.findByRole("heading", { name: "Data sets" })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/datasets");
  });

  it("say that they load", async () => {
    server.use(http.get("*/api/v1/datasets", () => delay("infinite")));
    renderApp("/datasets");
    expect(await screen.findByText("Loading the data sets")).toBeInTheDocument();
  });

  it("say what to do while nothing is imported", async () => {
    renderApp("/datasets");
    expect(await screen.findByText("Nothing imported yet")).toBeInTheDocument();
    expect(rowOf("Procedural dermoscopy")).toHaveTextContent("Synthetic images");
  });

  it("say why they could not be read, and try again", async () => {
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/datasets", broken, { once: true }));
    const { user } = renderApp("/datasets");
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("link", { name: "Procedural dermoscopy" })).toBeInTheDocument();
  });

  it("stand with modality, status, number of images and classes", async () => {
    datasetState.datasets = [makeDataset({ images: 10_015 })];
    renderApp("/datasets");
    await screen.findByRole("link", { name: "Breast Ultrasound Images" });
    const text = plain(rowOf("Breast Ultrasound Images")?.textContent);
    expect(text).toContain("breast ultrasound");
    expect(text).toContain("ready");
    expect(text).toContain("10 015");
    expect(text).toContain("Benign lesion, Malignant lesion, Normal tissue");
    expect(screen.queryByText("Nothing imported yet")).toBeNull();
  });

  it("show how far an import is, and notice by themselves that it ended", async () => {
    const progress = { stage: "reading", done: 120, total: 553 } as const;
    datasetState.datasets = [makeDataset({ status: "importing", progress })];
    renderApp("/datasets");
    const bar = await screen.findByRole("progressbar", { name: /Breast Ultrasound/ });
    expect(bar).toHaveAttribute("aria-valuenow", "21");
    expect(screen.getByText("Reading the images, 120 of 553")).toBeInTheDocument();
    expect(screen.getByText("step 2 of 4")).toBeInTheDocument();
    datasetState.datasets = [makeDataset()];
    expect(await screen.findByText("ready")).toBeInTheDocument();
    expect(screen.queryByRole("progressbar")).toBeNull();
  });

  it("can be stopped while they are imported", async () => {
    datasetState.datasets = [makeDataset({ status: "importing" })];
    const { user } = renderApp("/datasets");
    await user.click(await screen.findByRole("button", { name: /Cancel the import/ }));
    expect(await screen.findByText("This import was cancelled")).toBeInTheDocument();
  });

  it("show a failure in full and try again with the same settings", async () => {
    const error = "No file HAM10000_metadata.csv in /data/import/isic.\nUnpack it there.";
    datasetState.datasets = [
      makeDataset({ name: "my-busi", status: "failed", error, images: null }),
    ];
    const { user } = renderApp("/datasets");
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("No file HAM10000_metadata.csv in /data/import/isic.");
    expect(alert).toHaveTextContent("Read from /data/import/busi");
    await user.click(within(alert).getByRole("button", { name: "Try again …" }));
    const dialog = await screen.findByRole("dialog", { name: "Import a data set" });
    expect(await within(dialog).findByLabelText("3. Name")).toHaveValue("my-busi");
    expect(within(dialog).getByRole("radio", { name: /BUSI/ })).toBeChecked();
    await user.click(within(dialog).getByRole("button", { name: "Start the import" }));
    await waitFor(() => expect(datasetState.imports).toHaveLength(1));
    expect(datasetState.imports[0]).toMatchObject({
      name: "my-busi",
      adapter: "busi",
      path: "/data/import/busi",
    });
  });
});

describe("the import dialog", () => {
  async function openDialog() {
    const view = renderApp("/datasets");
    await view.user.click(await screen.findByRole("button", { name: "Import a data set" }));
    const dialog = within(await screen.findByRole("dialog", { name: "Import a data set" }));
    await dialog.findByRole("radio", { name: /BUSI/ });
    return { ...view, dialog };
  }

  it("groups what can be imported and shows the expected layout as a tree", async () => {
    const { user, dialog } = await openDialog();
    for (const group of ["Medical data sets", "General images", "Your own images"]) {
      expect(dialog.getByText(group)).toBeInTheDocument();
    }
    await user.click(dialog.getByRole("radio", { name: /BUSI/ }));
    const folder = dialog.getByText("benign/").closest("li");
    expect(folder).toHaveTextContent("benign (1).png");
    expect(folder).toHaveTextContent("benign (1)_mask.png");
    expect(folder).not.toHaveTextContent("malignant");
    expect(dialog.getByText("Research with citation")).toBeInTheDocument();
  });

  it("imports the folder that was opened, under the data set's own name", async () => {
    const { user, dialog } = await openDialog();
    await user.click(dialog.getByRole("radio", { name: /BUSI/ }));
    await user.click(await dialog.findByRole("button", { name: "busi" }));
    expect(await dialog.findByText("/data/import/busi")).toBeInTheDocument();
    expect(dialog.getByLabelText("3. Name")).toHaveValue("busi");
    await user.click(dialog.getByRole("button", { name: "Start the import" }));
    expect(await screen.findByText("Reading the images, 120 of 553")).toBeInTheDocument();
    expect(screen.queryByRole("dialog")).toBeNull();
    expect(datasetState.imports).toEqual([
      {
        name: "busi",
        adapter: "busi",
        path: "/data/import/busi",
        settings: { fractions: [0.7, 0.15, 0.15], published_split: true },
      },
    ]);
  });

  it("says what is missing, and sends nothing before it is there", async () => {
    const { user, dialog } = await openDialog();
    await user.click(dialog.getByRole("button", { name: "Start the import" }));
    expect(await dialog.findByText(/Choose which data set it is/)).toBeInTheDocument();
    expect(dialog.getByText("Open the folder that holds the files.")).toBeInTheDocument();
    expect(dialog.getByText("Give it a name.")).toBeInTheDocument();
    await user.type(dialog.getByLabelText("3. Name"), "My data");
    expect(await dialog.findByText(/Small letters, digits and hyphens only/)).toBeInTheDocument();
    await user.clear(dialog.getByLabelText("Test %"));
    await user.type(dialog.getByLabelText("Test %"), "40");
    expect(
      await dialog.findByText("The shares add up to 125 %, not to 100 %."),
    ).toBeInTheDocument();
    expect(datasetState.imports).toEqual([]);
  });

  it("leads to what is wrong", async () => {
    const { user, dialog } = await openDialog();
    await user.click(dialog.getByRole("radio", { name: /BUSI/ }));
    await user.click(await dialog.findByRole("button", { name: "busi" }));
    await user.clear(dialog.getByLabelText("3. Name"));
    await user.click(dialog.getByRole("button", { name: "Start the import" }));
    await waitFor(() => expect(dialog.getByLabelText("3. Name")).toHaveFocus());
  });

  it("does not take a name twice", async () => {
    datasetState.datasets = [makeDataset()];
    const { user, dialog } = await openDialog();
    await user.click(dialog.getByRole("radio", { name: /BUSI/ }));
    expect(dialog.getByLabelText("3. Name")).toHaveValue("busi-2");
    await user.clear(dialog.getByLabelText("3. Name"));
    await user.type(dialog.getByLabelText("3. Name"), "busi");
    expect(await dialog.findByText(/There is a data set of this name already/)).toBeInTheDocument();
  });

  it("asks for columns when it is a table, and sends those that are named", async () => {
    const { user, dialog } = await openDialog();
    expect(dialog.queryByLabelText("Class column")).toBeNull();
    await user.click(dialog.getByRole("radio", { name: "A table of images" }));
    await user.click(await dialog.findByRole("button", { name: "busi" }));
    await user.type(dialog.getByLabelText("Class column"), "diagnosis");
    await user.selectOptions(dialog.getByLabelText("Concept set"), "busi");
    await user.click(dialog.getByRole("button", { name: "Start the import" }));
    await waitFor(() => expect(datasetState.imports).toHaveLength(1));
    expect(datasetState.imports[0]?.settings).toEqual({
      fractions: [0.7, 0.15, 0.15],
      published_split: true,
      concept_set: "busi",
      label_column: "diagnosis",
    });
  });

  it("goes through folders by keyboard, and up again", async () => {
    const { user, dialog } = await openDialog();
    const folder = await dialog.findByRole("button", { name: "busi" });
    folder.focus();
    await user.keyboard("{Enter}");
    const first = await dialog.findByRole("button", { name: "benign" });
    first.focus();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toHaveTextContent("malignant");
    await user.click(dialog.getByRole("button", { name: "Up" }));
    expect(await dialog.findByRole("button", { name: "busi" })).toBeInTheDocument();
    expect(dialog.getByText(/Directly in it: 0 image files, 1 other file/)).toBeInTheDocument();
  });

  it("takes the import folder itself only when told so", async () => {
    const { user, dialog } = await openDialog();
    await user.click(dialog.getByRole("radio", { name: /BUSI/ }));
    await user.click(await dialog.findByRole("button", { name: "Use this folder" }));
    await user.click(dialog.getByRole("button", { name: "Start the import" }));
    await waitFor(() => expect(datasetState.imports).toHaveLength(1));
    expect(datasetState.imports[0]?.path).toBe("/data/import");
  });

  it("begins with the list of import folders when there are several", async () => {
    const several = { ...IMPORT_ROOT, root: "", path: "", other_files: 0 };
    server.use(
      http.get("*/api/v1/import-folders", ({ request }) =>
        new URL(request.url).searchParams.has("path") ? undefined : HttpResponse.json(several),
      ),
    );
    const { user, dialog } = await openDialog();
    expect(await dialog.findByRole("button", { name: "busi" })).toBeInTheDocument();
    expect(dialog.queryByRole("button", { name: "Use this folder" })).toBeNull();
    await user.click(dialog.getByRole("button", { name: "Start the import" }));
    expect(await dialog.findByText("Open the folder that holds the files.")).toBeInTheDocument();
  });

  it("says where files belong when there are none", async () => {
    const empty = { ...IMPORT_ROOT, folders: [], other_files: 0 };
    server.use(http.get("*/api/v1/import-folders", () => HttpResponse.json(empty)));
    const { dialog } = await openDialog();
    const notice = await dialog.findByText("Nothing to import yet");
    expect(notice.parentElement).toHaveTextContent("/data/import");
    expect(notice.parentElement).toHaveTextContent("VITRINE_IMPORT_DIRS");
  });

  it("says why a folder, or the list of layouts, could not be read", async () => {
    server.use(
      http.get("*/api/v1/import-folders", () => problem(403, "forbidden", "Not readable.")),
    );
    const { dialog, unmount } = await openDialog();
    expect(await dialog.findByRole("alert")).toHaveTextContent("Not readable.");
    unmount();
    server.use(http.get("*/api/v1/dataset-adapters", () => problem(500, "broken", "Broken.")));
    const { user } = renderApp("/datasets");
    await user.click(await screen.findByRole("button", { name: "Import a data set" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Broken.");
  });

  it("shows the server's refusal and keeps what was chosen", async () => {
    const refusal = () => problem(409, "name_taken", "There is a data set called busi.");
    server.use(http.post("*/api/v1/datasets", refusal));
    const { user, dialog } = await openDialog();
    await user.click(dialog.getByRole("radio", { name: /BUSI/ }));
    await user.click(await dialog.findByRole("button", { name: "busi" }));
    await user.click(dialog.getByRole("button", { name: "Start the import" }));
    expect(await dialog.findByRole("alert")).toHaveTextContent("There is a data set called busi.");
    expect(dialog.getByLabelText("3. Name")).toHaveValue("busi");
  });
});
