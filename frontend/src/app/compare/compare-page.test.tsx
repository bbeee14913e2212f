import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, it, vi } from "vitest";
import type { Intervention } from "../../shared/api/types";
import {
  CASE_ID,
  makeCase,
  makeModel,
  makePrediction,
  PREDICTION_ID,
  ULTRASOUND_MODEL,
} from "../../shared/testing/fixtures";
import {
  fullEdit,
  interventionState,
  makeIntervention,
} from "../../shared/testing/intervention-server";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const PATH = `/cases/${CASE_ID}/compare`;
const INTERVENTION_ID = "4".repeat(32);
const BOTH = `${PATH}?left=prediction:${PREDICTION_ID}&right=intervention:${INTERVENTION_ID}`;
const plain = (element: HTMLElement) => (element.textContent ?? "").replace(/\u202f/g, " ");

const NETWORK = { operation: "set", option_id: "pattern.network", value: 0 } as const;

function made(overrides: Partial<Intervention> = {}): Intervention {
  const note = "The network is a hair.";
  return makeIntervention([NETWORK], { id: INTERVENTION_ID, note, ...overrides });
}

function withSides(interventions = [made()], predictions = [makePrediction()]) {
  state.cases = [makeCase()];
  state.predictions = predictions;
  interventionState.interventions = interventions;
}

const side = (place: "Left" | "Right") =>
  within(screen.getByRole("region", { name: new RegExp(`^${place}:`) }));

async function open(path = BOTH) {
  const app = renderApp(path);
  await screen.findByRole("heading", { name: /^Compare: / });
  const query = () => new URLSearchParams(app.router.state.location.search);
  return { ...app, query };
}

describe("compare page", () => {
  it("puts an intervention beside its prediction", async () => {
    withSides();
    await open();
    expect(side("Left").getByRole("heading", { name: "Prediction" })).toBeInTheDocument();
    const right = side("Right");
    expect(right.getByRole("heading", { name: "Intervention" })).toBeInTheDocument();
    expect(right.getByText(/^By Anna Weber, /)).toBeInTheDocument();
    expect(right.getByText("Dermoscopic pattern: regular network set to 0.00")).toBeInTheDocument();
    expect(right.getByText("The network is a hair.")).toBeInTheDocument();
    const after = screen.getByRole("table", { name: "Class probabilities on the right" });
    const mel = within(after).getByRole("row", { name: /^Melanoma/ });
    expect(plain(mel)).toContain("13.0 % →75.0 %");
    expect(screen.getByText(/its maps are those of its prediction/)).toBeInTheDocument();
    expect(screen.getByText("Not for diagnosis")).toBeInTheDocument();
  });

  it("lists the differences, the largest first, and shows an option's map", async () => {
    withSides();
    const { user, query } = await open();
    const concepts = screen.getByRole("table", { name: "Differences of concepts" });
    expect(plain(within(concepts).getByRole("row", { name: /^regular network/ }))).toMatch(
      /2\.00.*0\.00.*−2\.00/,
    );
    expect(screen.getByText("The same on both sides: Border.")).toBeInTheDocument();
    const outcome = screen.getByRole("table", { name: "Differences of class probabilities" });
    expect(within(outcome).getByText("predicted left")).toBeInTheDocument();
    await user.click(within(concepts).getByRole("button", { name: "regular network" }));
    expect(query().get("map")).toBe("gradcam:pattern.network");
  });

  it("shows the same map on both sides until it is told not to", async () => {
    withSides();
    const { user, query } = await open(`${BOTH}&map=gradcam:border.sharp`);
    await waitFor(() => expect(screen.getAllByTestId("legend")).toHaveLength(2));
    for (const legend of screen.getAllByTestId("legend")) {
      expect(legend).toHaveTextContent("Border: sharply cut edge");
    }
    await user.click(screen.getByLabelText("Same map on both sides"));
    expect(query().get("maps")).toBe("apart");
    const own = within(screen.getByRole("radiogroup", { name: "Map on the right" }));
    await user.click(own.getByText("Index map"));
    expect(query().get("map-right")).toBe("index:border.sharp");
    expect(screen.getAllByTestId("legend")[0]).toHaveTextContent("Grad-CAM");
    expect(screen.getAllByTestId("legend")[1]).toHaveTextContent("Index map");
    await user.keyboard("b");
    expect(query().get("maps")).toBeNull();
    expect(screen.getAllByTestId("legend")[1]).toHaveTextContent("Grad-CAM");
  });

  it("changes maps, windows and sides by key", async () => {
    withSides();
    const { user, query } = await open();
    await user.keyboard("m");
    for (const legend of screen.getAllByTestId("legend")) {
      expect(legend).toHaveTextContent("Magnet");
    }
    await user.keyboard("o");
    expect(screen.queryByTestId("legend")).toBeNull();
    await user.keyboard("o");
    expect(screen.getAllByTestId("legend")[1]).toHaveTextContent("Magnet");
    await user.keyboard("i");
    expect(screen.getAllByText(/inverted/)).toHaveLength(2);
    await waitFor(() => expect(query().get("window")).toBe("128,256,inverted"));
    await user.keyboard("t");
    expect(query().get("left")).toBe(`intervention:${INTERVENTION_ID}`);
    expect(side("Left").getByRole("heading", { name: "Intervention" })).toBeInTheDocument();
    // Side by side with itself is not offered here.
    await user.keyboard("s");
    expect(screen.queryByText("With map")).toBeNull();
    expect(screen.queryByRole("button", { name: /side by side/ })).toBeNull();
  });

  it("moves both images together, and keeps that in the address", async () => {
    withSides();
    const { user, query } = await open(`${BOTH}&view=320,240,2&window=90,120`);
    expect(screen.getAllByText("Level 90, width 120")).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: "Zoom in" }));
    await waitFor(() => expect(query().get("view")).toBe("320,240,2.5"));
    const [, second] = screen.getAllByRole("img", { name: /^Image of/ });
    fireEvent.keyDown(second as HTMLElement, { key: "ArrowRight" });
    await waitFor(() => expect(query().get("view")).not.toBe("320,240,2.5"));
    await user.keyboard("f");
    await waitFor(() => expect(query().get("view")).toBeNull());
    expect(query().get("window")).toBe("90,120");
  });

  it("has everything in the address, so that a link opens the same", async () => {
    localStorage.setItem("vitrine.viewer", JSON.stringify({ opacity: 0.25 }));
    withSides();
    const { query } = await open(`${PATH}?colormap=inferno`);
    await waitFor(() => expect(query().get("opacity")).toBe("0.25"));
    expect(Object.fromEntries(query())).toEqual({
      left: `prediction:${PREDICTION_ID}`,
      right: `intervention:${INTERVENTION_ID}`,
      map: "gradcam:pattern.network",
      "map-right": "gradcam:pattern.network",
      colormap: "inferno",
      opacity: "0.25",
      fade: "on",
    });
  });

  it("copies the link", async () => {
    withSides();
    const { user } = await open();
    const write = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
    await user.click(screen.getByRole("button", { name: "Copy the link" }));
    expect(write).toHaveBeenCalledWith(window.location.href);
    expect(await screen.findByText("Copied")).toBeInTheDocument();
  });

  it("shows the link where the browser does not allow copying", async () => {
    withSides();
    const { user } = await open();
    vi.spyOn(navigator.clipboard, "writeText").mockRejectedValue(new Error("not allowed"));
    await user.click(screen.getByRole("button", { name: "Copy the link" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByLabelText("Link to what is on screen")).toHaveValue(window.location.href);
  });

  it("puts anything of the case on a side", async () => {
    const earlier = makePrediction({ id: "9".repeat(32), created_at: "2026-11-20T08:00:00Z" });
    withSides([made()], [makePrediction(), earlier]);
    const { user, query } = await open();
    await user.click(screen.getByRole("combobox", { name: "On the left" }));
    const options = await screen.findAllByRole("option", { hidden: true });
    expect(options.filter(({ textContent }) => textContent?.includes("·"))).toHaveLength(6);
    await user.click(
      screen.getAllByRole("option", { name: /2026-11-20/, hidden: true })[0] as HTMLElement,
    );
    expect(query().get("left")).toBe(`prediction:${earlier.id}`);
  });

  it("says what is marked by a painted region", async () => {
    const region = { operation: "region", group_key: "border", keep: "inside" } as const;
    withSides([made({ edits: [fullEdit({ ...region, patches: [0, 2] })] })]);
    await open();
    expect(
      screen.getByText("Region for Border: 2 of 4 patches painted; only these count"),
    ).toBeInTheDocument();
    expect(screen.getByRole("img", { name: /A region is marked: 2 of 4/ })).toBeInTheDocument();
  });

  it("compares two models with different concepts in words", async () => {
    const [border] = makePrediction().groups;
    const other = makePrediction({
      id: "9".repeat(32),
      model: { id: ULTRASOUND_MODEL.id, name: "breast-ultrasound", synthetic: false },
      groups: border ? [{ ...border, options: border.options.map(renamed) }] : [],
      classes: [{ key: "benign", name: "Benign lesion", bias: 0, logit: 1, probability: 1 }],
      predicted_class: "benign",
    });
    withSides([], [makePrediction(), other]);
    await open(`${PATH}?left=prediction:${PREDICTION_ID}&right=prediction:${other.id}`);
    expect(screen.getByText("The two models have no class in common.")).toBeInTheDocument();
    expect(screen.getByLabelText("Same map on both sides")).toBeDisabled();
    expect(screen.getByText(/Scores of two models need not be on one scale/)).toBeInTheDocument();
  });

  it("says what a link names and the case does not have", async () => {
    withSides();
    await open(`${PATH}?left=prediction:gone&right=intervention:${INTERVENTION_ID}`);
    expect(screen.getByText("What the link names on the left is not here")).toBeInTheDocument();
    expect(side("Left").getByRole("heading", { name: "Prediction" })).toBeInTheDocument();
  });

  it("says that both sides are the same", async () => {
    withSides();
    await open(`${PATH}?left=prediction:${PREDICTION_ID}&right=prediction:${PREDICTION_ID}`);
    expect(screen.getByText(/Both sides show the same/)).toBeInTheDocument();
  });

  it("explains how to get a second thing to compare", async () => {
    withSides([], [makePrediction({ id: "8".repeat(32) })]);
    state.models = [makeModel(), ULTRASOUND_MODEL];
    const { user } = renderApp(PATH);
    expect(await screen.findByText("Nothing to compare in Case 0123AB yet")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Open the case" })).toHaveAttribute(
      "href",
      `/cases/${CASE_ID}`,
    );
    await user.click(await screen.findByRole("button", { name: "Explain with …" }));
    await user.click(await screen.findByRole("button", { name: /breast-ultrasound/ }));
    expect(
      await screen.findByRole("heading", { name: "Compare: Case 0123AB" }),
    ).toBeInTheDocument();
  });

  it("says why it could not be read", async () => {
    withSides();
    server.use(
      http.get("*/api/v1/cases/:id/interventions", () => problem(400, "broken", "It is broken."), {
        once: true,
      }),
    );
    const { user } = renderApp(BOTH);
    expect(await screen.findByText("It is broken.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: /^Compare: / })).toBeInTheDocument();
  });

  it("is not there for a case that is not", async () => {
    renderApp(`/cases/${"e".repeat(32)}/compare`);
    expect(await screen.findByText("There is no page at this address")).toBeInTheDocument();
  });
});

function renamed<T extends { id: string }>(option: T): T {
  return { ...option, id: `other.${option.id}` };
}
