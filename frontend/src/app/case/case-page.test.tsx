import { act, screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import {
  CASE_ID,
  makeCase,
  makeModel,
  makePrediction,
  ULTRASOUND_MODEL,
} from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const PATH = `/cases/${CASE_ID}`;
const plain = (text: string | null) => (text ?? "").replace(/\u202f/g, " ");

function withPrediction(overrides = {}) {
  state.cases = [makeCase({ synthetic: true })];
  state.predictions = [makePrediction(overrides)];
}

describe("case page", () => {
  it("says that it loads, and that a case is not there", async () => {
    server.use(http.get("*/api/v1/cases/:id", () => delay("infinite"), { once: true }));
    const loading = renderApp(PATH);
    expect(await screen.findByText("Loading the case")).toBeInTheDocument();
    loading.unmount();
    renderApp(PATH);
    expect(await screen.findByText("There is no page at this address")).toBeInTheDocument();
  });

  it("says why a case could not be read", async () => {
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/cases/:id", broken, { once: true }));
    state.cases = [makeCase()];
    const { user } = renderApp(PATH);
    expect(await screen.findByText("The database is locked.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByLabelText("Pseudonym of the case")).toHaveValue("Case 0123AB");
  });

  it("shows prediction, model, times and what it is not for", async () => {
    withPrediction();
    renderApp(PATH);
    expect(await screen.findByText("Synthetic image")).toBeInTheDocument();
    expect(screen.getByText("Not for diagnosis")).toBeInTheDocument();
    expect(await screen.findByRole("link", { name: "dermoscopy-small" })).toBeInTheDocument();
    expect(screen.getByText("Nothing unusual found: percentile 43.2")).toBeInTheDocument();
    expect(plain(screen.getByText(/^27\sms$/).textContent)).toBe("27 ms");
    const live = document.querySelector("[aria-live=polite]");
    expect(live).toHaveTextContent("Melanocytic nevus");
  });

  it("warns of an image unlike the training images", async () => {
    withPrediction({ familiarity: { distance: 3, percentile: 99.2 } });
    renderApp(PATH);
    const texts = await screen.findAllByText("Unlike the training images: percentile 99.2");
    expect(texts).toHaveLength(2);
    expect(screen.getByText(/Its probabilities, concepts and maps may mean/)).toBeInTheDocument();
  });

  it("begins with the Grad-CAM of what speaks most for the prediction", async () => {
    withPrediction();
    renderApp(PATH);
    const legend = await screen.findByTestId("legend");
    expect(legend).toHaveTextContent("Grad-CAM");
    expect(legend).toHaveTextContent("Dermoscopic pattern: regular network");
    expect(legend).toHaveTextContent("On the path to the prediction");
    expect(screen.getByRole("img", { name: /with Grad-CAM of Dermoscopic pattern/ })).toBeVisible();
  });

  it("shows an option's map while it is pointed at, and keeps it after a click", async () => {
    withPrediction();
    const { user } = renderApp(PATH);
    const option = await screen.findByRole("button", { name: /^Border: sharply cut edge/ });
    const legend = await screen.findByTestId("legend");
    await user.hover(option);
    expect(legend).toHaveTextContent("Border: sharply cut edge");
    await user.unhover(option);
    expect(legend).toHaveTextContent("Dermoscopic pattern: regular network");
    await user.click(option);
    await user.unhover(option);
    act(() => option.blur());
    expect(legend).toHaveTextContent("Border: sharply cut edge");
    expect(option).toHaveAttribute("aria-pressed", "true");
  });

  it("shows a group's Magnet map, and the index map as auxiliary", async () => {
    withPrediction();
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: /^Border: Magnet map/ }));
    const legend = await screen.findByTestId("legend");
    await waitFor(() => expect(legend).toHaveTextContent(/Magnet.*Border/));
    await user.click(screen.getByRole("tab", { name: "Codebook" }));
    expect(screen.getByTestId("legend")).toHaveTextContent("Auxiliary: not on the path");
    expect(screen.getByText("Border · 0.62")).toBeInTheDocument();
    expect(screen.getByText("no measured association")).toBeInTheDocument();
    expect(screen.getByText("1 code is not used in this image.")).toBeInTheDocument();
    await user.hover(screen.getByRole("button", { name: /^Code 3/ }));
    expect(screen.getByTestId("legend")).toHaveTextContent("Patches of code 3");
  });

  it("changes layers by key, but not while somebody types", async () => {
    withPrediction();
    const { user } = renderApp(PATH);
    await screen.findByTestId("legend");
    await user.keyboard("o");
    expect(screen.queryByTestId("legend")).toBeNull();
    await user.keyboard("m");
    expect(await screen.findByTestId("legend")).toHaveTextContent("Magnet");
    await user.keyboard("s");
    expect(screen.getByText("With map")).toBeInTheDocument();
    await user.type(screen.getByLabelText("Pseudonym of the case"), "go");
    expect(screen.getByTestId("legend")).toHaveTextContent("Magnet");
  });

  it("refers contributions to the class that is chosen, and writes out the sum", async () => {
    withPrediction();
    const { user } = renderApp(PATH);
    const sum = () => screen.getByRole("group", { name: /How the logit of/ });
    await screen.findByRole("radio", { name: /Melanocytic nevus/ });
    expect(sum()).toHaveTextContent("−0.25bias++2.00▲ supporting+−0.65▼ opposing=+1.10logit");
    await user.click(screen.getByRole("radio", { name: /^Melanoma/ }));
    expect(sum()).toHaveAccessibleName("How the logit of Melanoma adds up");
    expect(
      screen.getByRole("button", { name: /regular network.*−1.00 against Melanoma/ }),
    ).toBeInTheDocument();
  });

  it("sorts by contribution", async () => {
    withPrediction();
    const { user } = renderApp(PATH);
    await user.click(await screen.findByText("By contribution"));
    const rows = [...document.querySelectorAll<HTMLElement>("[data-option]")];
    expect(rows.map((row) => row.dataset.option)).toEqual([
      "pattern.network",
      "border.sharp",
      "pattern.lacunae",
      "border.fading",
    ]);
  });

  it("goes from option to option with the arrow keys", async () => {
    withPrediction();
    const { user } = renderApp(PATH);
    const first = await screen.findByRole("button", { name: /^Border: edge that fades/ });
    act(() => first.focus());
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toHaveAttribute("data-option", "border.sharp");
    expect(await screen.findByTestId("legend")).toHaveTextContent("sharply cut edge");
    await user.keyboard("{End}");
    expect(document.activeElement).toHaveAttribute("data-option", "pattern.lacunae");
    await user.keyboard("{Home}");
    expect(document.activeElement).toHaveAttribute("data-group", "border");
  });

  it("says when the maps could not be read", async () => {
    withPrediction();
    const gone = () => problem(404, "map_not_found", "The maps were removed.");
    server.use(http.get("*/api/v1/predictions/:id/maps/:kind", gone));
    renderApp(PATH);
    expect(await screen.findByText("The maps could not be read")).toBeInTheDocument();
    expect(screen.getByText("The maps were removed.")).toBeInTheDocument();
  });
});

describe("prediction", () => {
  it("is asked for with a button when there is none", async () => {
    state.cases = [makeCase()];
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: "Explain this image" }));
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
  });

  it("waits for a model that is still loading, and says so", async () => {
    state.cases = [makeCase()];
    let attempts = 0;
    server.use(
      http.post("*/api/v1/cases/:id/predictions", () => {
        attempts += 1;
        return attempts === 1
          ? problem(503, "model_starting", "The model is still loading.", { "Retry-After": "1" })
          : undefined;
      }),
    );
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: "Explain this image" }));
    expect(await screen.findByText("The model is still loading.")).toBeInTheDocument();
    expect(screen.getByText(/asked again every 1 s/)).toBeInTheDocument();
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
    expect(attempts).toBe(2);
  });

  it("shows a failure in the server's words and can be asked for again", async () => {
    state.cases = [makeCase()];
    const failing = () => problem(500, "prediction_failed", "The model failed on this image.");
    server.use(http.post("*/api/v1/cases/:id/predictions", failing, { once: true }));
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: "Explain this image" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("The model failed on this image.");
    await user.click(within(alert).getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
  });

  it("offers no other model where there is none", async () => {
    withPrediction();
    state.models = [makeModel(), { ...ULTRASOUND_MODEL, active: false }];
    renderApp(PATH);
    expect(await screen.findByRole("link", { name: "dermoscopy-small" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Explain with …" })).toBeNull();
  });

  it("is made by another active model when the reader chooses it", async () => {
    withPrediction();
    state.models = [makeModel(), ULTRASOUND_MODEL];
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: "Explain with …" }));
    const list = within(await screen.findByRole("dialog", { name: "Explain with …" }));
    expect(list.getByRole("button", { name: /dermoscopy-small/ })).toHaveAttribute(
      "aria-current",
      "true",
    );
    await user.click(list.getByRole("button", { name: /breast-ultrasound/ }));
    expect(await screen.findByRole("link", { name: "breast-ultrasound" })).toBeInTheDocument();
    expect(state.asked).toEqual([ULTRASOUND_MODEL.id]);
    expect(state.predictions).toHaveLength(2);
  });

  it("says when the model was only guessed, and keeps the reader's choice", async () => {
    state.cases = [makeCase()];
    state.predictions = [makePrediction({ model_choice: "image" })];
    state.models = [makeModel(), ULTRASOUND_MODEL];
    const { user } = renderApp(PATH);
    const title = await screen.findByText("Taken for: Skin lesions");
    const note = within(title.parentElement as HTMLElement);
    await user.click(note.getByRole("button", { name: "Explain with …" }));
    await user.click(await screen.findByRole("button", { name: /breast-ultrasound/ }));
    expect(await screen.findByRole("link", { name: "breast-ultrasound" })).toBeInTheDocument();
    expect(screen.queryByText(/^Taken for/)).toBeNull();
    expect(state.updates).toEqual([{ dataset: "busi" }]);
  });

  it("leaves an example what it is, whichever model looks at it", async () => {
    withPrediction();
    state.models = [makeModel(), ULTRASOUND_MODEL];
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: "Explain with …" }));
    await user.click(await screen.findByRole("button", { name: /breast-ultrasound/ }));
    await waitFor(() => expect(state.asked).toEqual([ULTRASOUND_MODEL.id]));
    expect(state.updates).toEqual([]);
  });

  it("can be asked of a chosen model at once, also by keyboard", async () => {
    state.cases = [makeCase()];
    state.models = [makeModel(), ULTRASOUND_MODEL];
    const { user } = renderApp(PATH);
    const choice = await screen.findByRole("button", { name: "Explain with …" });
    act(() => choice.focus());
    await user.keyboard("{Enter}");
    await screen.findByRole("dialog", { name: "Explain with …" });
    await user.tab();
    await user.keyboard("{Enter}");
    await waitFor(() => expect(state.asked).toHaveLength(1));
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
  });

  it("suggests no model against the header, and lets somebody choose the only one", async () => {
    state.cases = [makeCase({ source_format: "dicom", modality: "CT", body_part: "CHEST" })];
    const sentence = "The header says CT of the chest, and no active model is for that.";
    const refused = () => problem(409, "model_choice_needed", sentence);
    server.use(http.post("*/api/v1/cases/:id/predictions", refused, { once: true }));
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: "Explain this image" }));
    const title = await screen.findByText("No model is suggested");
    const note = within(title.closest("[role=status]") as HTMLElement);
    expect(note.getByText(/The header says CT of the chest/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Try again" })).toBeNull();
    await user.click(note.getByRole("button", { name: "Explain with …" }));
    await user.click(await screen.findByRole("button", { name: /dermoscopy-small/ }));
    expect(await screen.findByRole("link", { name: "dermoscopy-small" })).toBeInTheDocument();
    expect(state.asked).toEqual([makeModel().id]);
  });

  it("warns where the header names something else than what the model is for", async () => {
    withPrediction({ header_note: "The header says CT; the model is for dermoscopy." });
    renderApp(PATH);
    const title = await screen.findByText("The image's header says otherwise");
    expect(title.parentElement).toHaveTextContent("The header says CT; the model is for derm");
  });

  it("keeps earlier predictions to look at", async () => {
    withPrediction();
    const earlier = makePrediction({ id: "9".repeat(32), predicted_class: "mel" });
    state.predictions = [makePrediction(), earlier];
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("tab", { name: "Case and notes" }));
    const history = screen.getByRole("region", { name: "Predictions of this case" });
    await user.click(within(history).getByRole("button", { name: /Melanoma/ }));
    expect(document.querySelector("[aria-live=polite]")).toHaveTextContent("Melanoma");
  });
});

describe("case", () => {
  it("is renamed in place, and keeps the old name when saving fails", async () => {
    state.cases = [makeCase()];
    const { user } = renderApp(PATH);
    const field = await screen.findByLabelText("Pseudonym of the case");
    await user.clear(field);
    await user.type(field, "Patient 7{Enter}");
    await waitFor(() => expect(state.updates).toEqual([{ pseudonym: "Patient 7" }]));
    const full = () => problem(507, "storage_full", "The server's disk is full.");
    server.use(http.patch("*/api/v1/cases/:id", full));
    await user.type(field, "8{Enter}");
    expect(await screen.findByText(/Not saved: The server's disk is full/)).toBeInTheDocument();
    await user.type(field, "{Escape}");
    expect(field).toHaveValue("Patient 7");
  });

  it("is deleted only after a second yes", async () => {
    state.cases = [makeCase()];
    const { user, router } = renderApp(PATH);
    await user.click(await screen.findByRole("tab", { name: "Case and notes" }));
    await user.click(screen.getByRole("button", { name: /Delete this case/ }));
    const dialog = await screen.findByRole("dialog");
    expect(state.cases).toHaveLength(1);
    await user.click(within(dialog).getByRole("button", { name: "Delete" }));
    await waitFor(() => expect(router.state.location.pathname).toBe("/"));
    expect(state.cases).toHaveLength(0);
  });

  it("still shows its image's error", async () => {
    state.cases = [makeCase()];
    server.use(http.get("*/api/v1/cases/:id/image", () => new HttpResponse(null, { status: 410 })));
    renderApp(PATH);
    expect(await screen.findByText("The image could not be read")).toBeInTheDocument();
  });
});
