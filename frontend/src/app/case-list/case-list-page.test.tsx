import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { makeCase, PREDICTION_ID } from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

function image(name: string): File {
  return new File([new Uint8Array(2000)], name, { type: "image/png" });
}

function drop(files: File[]) {
  fireEvent.drop(window, { dataTransfer: { files, types: ["Files"] } });
}

describe("case list", () => {
  it("says that it loads", async () => {
    server.use(http.get("*/api/v1/cases", () => delay("infinite")));
    renderApp("/");
    expect(await screen.findByText("Loading the cases")).toBeInTheDocument();
  });

  it("offers the examples where there is nothing yet, and opens one with a prediction", async () => {
    const { user, router } = renderApp("/");
    expect(await screen.findByText("No cases yet")).toBeInTheDocument();
    await user.click(await screen.findByRole("button", { name: /Melanoma, example 1/ }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/cases\//));
    expect(await screen.findByText("Synthetic image")).toBeInTheDocument();
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
  });

  it("shows examples by modality", async () => {
    renderApp("/");
    const dermoscopy = await screen.findByRole("region", { name: "Dermoscopy" });
    expect(within(dermoscopy).getAllByRole("button")).toHaveLength(2);
    const ultrasound = screen.getByRole("region", { name: "Ultrasound" });
    expect(within(ultrasound).getByRole("button")).toHaveTextContent("Benign lesion, example 1");
  });

  it("lists cases with their prediction, probability and model", async () => {
    const latest_prediction = {
      id: PREDICTION_ID,
      predicted_class: "nv",
      predicted_class_name: "Melanocytic nevus",
      probability: 0.873,
      model_version_id: "22222222222222222222222222222222",
    };
    state.cases = [
      makeCase({ latest_prediction, synthetic: true }),
      makeCase({ id: "b".repeat(32), pseudonym: "Other" }),
    ];
    renderApp("/");
    const row = (await screen.findByRole("link", { name: "Case 0123AB" })).closest("tr");
    expect(row).toHaveTextContent("Melanocytic nevus");
    expect(row).toHaveTextContent("87.3");
    expect(row).toHaveTextContent("Synthetic image");
    await waitFor(() => expect(row).toHaveTextContent("dermoscopy-small"));
    expect(screen.getByRole("link", { name: "Other" }).closest("tr")).toHaveTextContent(
      "no prediction yet",
    );
    expect(screen.getByText("2 of 2")).toBeInTheDocument();
  });

  it("searches, and says when nothing matches", async () => {
    state.cases = [makeCase(), makeCase({ id: "b".repeat(32), pseudonym: "Other" })];
    const { user } = renderApp("/");
    await screen.findByRole("link", { name: "Other" });
    await user.type(screen.getByRole("searchbox"), "oth");
    await waitFor(() => expect(screen.queryByRole("link", { name: "Case 0123AB" })).toBeNull());
    expect(screen.getByText("1 found")).toBeInTheDocument();
    await user.type(screen.getByRole("searchbox"), "zzz");
    expect(await screen.findByText(/No case matches “othzzz”/)).toBeInTheDocument();
  });

  it("asks for thumbnails by the version of the image", async () => {
    state.cases = [makeCase({ image_version: "a1" })];
    renderApp("/");
    const row = (await screen.findByRole("link", { name: "Case 0123AB" })).closest("tr");
    expect(row?.querySelector("img")?.getAttribute("src")).toMatch(/thumbnail\?size=88&v=a1$/);
  });

  it("says how many wait for a look, and shows those alone, by the address", async () => {
    const waiting = (at: number) =>
      makeCase({ id: String(at).repeat(32), pseudonym: `Waiting ${at}`, review: "waiting" });
    state.cases = [makeCase({ filename: null }), waiting(1), waiting(2)];
    const { user, router } = renderApp("/");
    await user.click(
      await screen.findByRole("link", { name: "2 images wait for a look at their pixels" }),
    );
    expect(router.state.location.search).toBe("?review=waiting");
    await waitFor(() => expect(screen.queryByRole("link", { name: "Case 0123AB" })).toBeNull());
    expect(screen.getByRole("link", { name: "Waiting 2" })).toBeInTheDocument();
    expect(screen.getByText("2 waiting")).toBeInTheDocument();
    await user.click(screen.getByRole("link", { name: "Show all cases" }));
    expect(await screen.findByRole("link", { name: "Case 0123AB" })).toBeInTheDocument();
  });

  it("says when nothing waits, in an installation without cases too", async () => {
    renderApp("/?review=waiting");
    expect(await screen.findByText("No case waits for a look at its pixels.")).toBeInTheDocument();
  });

  it("shows more, page after page", async () => {
    state.cases = Array.from({ length: 60 }, (_, at) =>
      makeCase({ id: String(at).padStart(32, "0"), pseudonym: `Case ${at}` }),
    );
    const { user } = renderApp("/");
    expect(await screen.findByText("50 of 60")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Show more" }));
    expect(await screen.findByText("60 of 60")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Show more" })).toBeNull();
  });

  it("says why the list could not be read, and tries again", async () => {
    server.use(
      http.get("*/api/v1/cases", () => problem(500, "database", "The database is locked."), {
        once: true,
      }),
    );
    state.cases = [makeCase()];
    const { user } = renderApp("/");
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("link", { name: "Case 0123AB" })).toBeInTheDocument();
  });
});

describe("uploads", () => {
  it("go straight to the case when it is one file, and have it explained", async () => {
    const { router } = renderApp("/");
    await screen.findByText("No cases yet");
    drop([image("mole.png")]);
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/cases\//));
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
    expect(state.predictions).toHaveLength(1);
  });

  it("stay on the list when they are several, each with its own result", async () => {
    let count = 0;
    server.use(
      http.post("*/api/v1/cases", () => {
        count += 1;
        return count === 2
          ? problem(415, "unsupported_image", "This is a PDF. Send PNG, JPEG, TIFF, WebP or BMP.")
          : HttpResponse.json(makeCase({ id: String(count).padStart(32, "0") }), { status: 201 });
      }),
    );
    const { router } = renderApp("/");
    await screen.findByText("No cases yet");
    drop([image("one.png"), image("two.pdf"), image("three.png")]);
    const tray = await screen.findByRole("complementary", { name: "Uploads" });
    expect(await within(tray).findByText(/This is a PDF/)).toBeInTheDocument();
    expect(await within(tray).findByText("3 files, finished, 1 failed")).toBeInTheDocument();
    expect(within(tray).getAllByText("explained")).toHaveLength(2);
    expect(within(tray).getByRole("link", { name: "one.png" })).toHaveAttribute(
      "href",
      `/cases/${"1".padStart(32, "0")}`,
    );
    expect(router.state.location.pathname).toBe("/");
  });

  it("can be sent again after the server was away", async () => {
    server.use(http.post("*/api/v1/cases", () => HttpResponse.error(), { once: true }));
    const { user, router } = renderApp("/");
    await screen.findByText("No cases yet");
    drop([image("mole.png")]);
    expect(await screen.findByText(/server does not answer/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Send again" }));
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/cases\//));
  });

  it("wait for a busy server by themselves", async () => {
    const busy = () => problem(503, "server_busy", "Busy.", { "Retry-After": "0" });
    server.use(http.post("*/api/v1/cases", busy, { once: true }));
    const { router } = renderApp("/");
    await screen.findByText("No cases yet");
    drop([image("mole.png")]);
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/cases\//));
  });

  it("show where files may be dropped while they are dragged", async () => {
    renderApp("/");
    await screen.findByText("No cases yet");
    const dataTransfer = { types: ["Files"], files: [] };
    fireEvent.dragEnter(window, { dataTransfer });
    expect(await screen.findByText("Drop images to add them as cases")).toBeInTheDocument();
    fireEvent.dragLeave(window, { dataTransfer });
    await waitFor(() => expect(screen.queryByText("Drop images to add them as cases")).toBeNull());
  });
});
