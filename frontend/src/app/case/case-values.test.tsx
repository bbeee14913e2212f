import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { CASE_ID, makeCase, makePrediction } from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import { makeDisplay, makeRendering, values } from "../../shared/testing/value-server";
import { renderApp } from "../testing/render-app";

const PATH = `/cases/${CASE_ID}`;

beforeEach(() => {
  const size = { width: values.width, height: values.height };
  state.cases = [makeCase({ ...size, frames: 20, values_kept: true, source_format: "dicom" })];
  state.predictions = [makePrediction()];
});

const canvas = () => screen.findByLabelText(/^Image of Case 0123AB, frame/);
const frameLine = (text: string) => screen.findByText(text);

describe("a case with values", () => {
  it("shows its frames, and goes from one to the next by key", async () => {
    const { user } = renderApp(PATH);
    expect(await canvas()).toHaveAccessibleName(/frame 1 of 20, centre 40, width 400 HU, with/);
    await user.keyboard("{PageDown}{PageDown}");
    expect(await frameLine("Frame 3 of 20")).toBeInTheDocument();
    await user.keyboard("{PageUp}");
    expect(await frameLine("Frame 2 of 20")).toBeInTheDocument();
    screen.getByRole("slider", { name: "Frame" }).focus();
    await user.keyboard("{ArrowRight}{ArrowRight}");
    expect(await frameLine("Frame 4 of 20")).toBeInTheDocument();
    expect(values.frames.slice(0, 2)).toEqual([0, 1]);
    // Maps belong to the frame that the model saw.
    expect(await canvas()).toHaveAccessibleName(/frame 4 of 20.*without a map/);
  });

  it("says beside the image which frame the maps belong to, and goes there", async () => {
    state.predictions = [makePrediction({ rendering: makeRendering({ frame: 6 }) })];
    const { user } = renderApp(PATH);
    expect(await frameLine("Frame 7 of 20")).toBeInTheDocument();
    const words = "Maps and regions belong to frame 7, which the model saw.";
    expect(screen.queryByText(words)).not.toBeInTheDocument();
    await user.keyboard("vi{PageDown}{PageDown}");
    expect(await frameLine("Frame 9 of 20")).toBeInTheDocument();
    expect(screen.getByText(words)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Go to frame 7" }));
    expect(await frameLine("Frame 7 of 20")).toBeInTheDocument();
    expect(screen.queryByText(words)).not.toBeInTheDocument();
    // The window stays as it was set.
    expect(screen.getByTestId("window")).toHaveTextContent("Lung: centre −600, width 1500 HU");
  });

  it("plays, and pauses", async () => {
    const { user } = renderApp(PATH);
    await canvas();
    await user.keyboard("a");
    expect(await screen.findByRole("button", { name: "Pause" })).toBeInTheDocument();
    expect(await frameLine("Frame 3 of 20")).toBeInTheDocument();
    await user.keyboard("a");
    expect(await screen.findByRole("button", { name: "Play" })).toBeInTheDocument();
  });

  it("takes presets and inversion by key, and goes back", async () => {
    const { user } = renderApp(PATH);
    await canvas();
    const label = () => screen.getByTestId("window");
    expect(label()).toHaveTextContent("Soft tissue: centre 40, width 400 HU");
    await user.keyboard("vi");
    expect(label()).toHaveTextContent("Lung: centre −600, width 1500 HU, inverted");
    await user.keyboard("r");
    expect(label()).toHaveTextContent("Soft tissue: centre 40, width 400 HU");
    expect(label()).not.toHaveTextContent("inverted");
  });

  it("takes numbers", async () => {
    const { user } = renderApp(PATH);
    await canvas();
    await user.click(screen.getByRole("button", { name: /Window and level as numbers/ }));
    const width = await screen.findByLabelText("Width");
    await user.clear(width);
    await user.type(width, "80");
    expect(screen.getByTestId("window")).toHaveTextContent("centre 40, width 80 HU");
  });

  it("has the model look at the view on screen, and brings it back later", async () => {
    const { user } = renderApp(PATH);
    await canvas();
    expect(screen.getByText(/^The model saw this view: frame 1 of 20/)).toBeInTheDocument();
    await user.keyboard("v{PageDown}");
    expect(await screen.findByText("The model saw another view")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Explain this view" }));
    await waitFor(() =>
      expect(values.asked).toEqual([
        { frame: 1, window: { center: -600, width: 1500 }, inverted: false },
      ]),
    );
    expect(await screen.findByText(/^The model saw this view: frame 2 of 20/)).toBeInTheDocument();
    await user.keyboard("{PageDown}");
    await user.click(await screen.findByRole("button", { name: "Show what the model saw" }));
    expect(await frameLine("Frame 2 of 20")).toBeInTheDocument();
  });

  it("begins with what the prediction saw, unless the link says otherwise", async () => {
    state.predictions = [makePrediction({ rendering: makeRendering({ frame: 6 }) })];
    const { unmount } = renderApp(PATH);
    expect(await frameLine("Frame 7 of 20")).toBeInTheDocument();
    unmount();
    renderApp(`${PATH}?frame=3&voi=100,50,inverted`);
    expect(await frameLine("Frame 3 of 20")).toBeInTheDocument();
    expect(await screen.findByTestId("window")).toHaveTextContent(
      "centre 100, width 50 HU, inverted",
    );
  });

  it("opens links from before there were values", async () => {
    renderApp(`${PATH}?window=90,120,inverted&view=2,1,2`);
    expect(await canvas()).toHaveAccessibleName(/frame 1 of 20, centre 40, width 400 HU, with/);
  });

  it("says why a frame could not be read, and tries again", async () => {
    const broken = () => problem(500, "storage", "The disk is away.");
    server.use(http.get("*/api/v1/cases/:id/frames/0", broken, { once: true }));
    const { user } = renderApp(PATH);
    expect(await screen.findByText("The disk is away.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await canvas()).toBeInTheDocument();
  });

  it("says so when a frame comes incomplete", async () => {
    const short = () => HttpResponse.arrayBuffer(new ArrayBuffer(3));
    server.use(http.get("*/api/v1/cases/:id/frames/0", short));
    renderApp(PATH);
    expect(await screen.findByText(/Frame 1 came incomplete/)).toBeInTheDocument();
  });

  it("offers no window for colours, and no scrubber for one frame", async () => {
    state.cases = state.cases.map((entry) => ({ ...entry, frames: 1 }));
    values.answer = {
      display: makeDisplay({ values: "colour", bytes_per_value: 1, windows: [] }),
      rendering: makeRendering({ window: null }),
    };
    const { user } = renderApp(PATH);
    expect(await screen.findByLabelText(/^Image of Case 0123AB, as stored/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: /Window and level as numbers/ }));
    expect(await screen.findByText(/Colours have no window/)).toBeInTheDocument();
    expect(screen.queryByLabelText("Width")).toBeNull();
    expect(screen.queryByRole("slider", { name: "Frame" })).toBeNull();
  });
});
