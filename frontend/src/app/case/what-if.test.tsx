import { focusManager } from "@tanstack/react-query";
import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { afterEach, describe, expect, it, vi } from "vitest";
import { makeCase, makePrediction } from "../../shared/testing/fixtures";
import { interventionState, outcomeOf } from "../../shared/testing/intervention-server";
import { problem, server, state } from "../../shared/testing/server";
import {
  CASE_PATH,
  openWorkbench,
  optionOf,
  percent,
  plain,
  rowOf,
} from "../testing/open-workbench";
import { renderApp } from "../testing/render-app";

// What a popover shows counts as hidden without a layout.
const menuItem = (name: string | RegExp) => screen.findByRole("menuitem", { name, hidden: true });
const announced = () => document.querySelector("[data-announcement=decision]")?.textContent;

describe("the workbench", () => {
  it("shows the prediction as it is, and has nothing to undo, reset or save", async () => {
    const { panel } = await openWorkbench();
    expect(rowOf("Melanocytic nevus")).toContain("decision");
    expect(panel.getByText(/^Decision as predicted: Melanocytic nevus/)).toBeInTheDocument();
    for (const name of ["Undo", "Redo", "Reset all edits"]) {
      expect(panel.getByRole("button", { name })).toBeDisabled();
    }
    const save = panel.getByRole("button", { name: "Save …" });
    expect(save).toHaveAttribute("aria-disabled", "true");
    expect(optionOf("border.fading")).toHaveAttribute("aria-checked", "true");
    expect(interventionState.previews).toEqual([]);
  });

  it("makes an option present on a click, announces the flip, and back with undo", async () => {
    const { panel, user } = await openWorkbench();
    await user.click(optionOf("pattern.lacunae"));
    const expected = outcomeOf(makePrediction(), [
      { operation: "option", option_id: "pattern.lacunae" },
    ]);
    expect(expected.changed).toBe(true);
    const melanoma = expected.intervened[0]?.probability ?? 0;
    expect(rowOf("Melanoma")).toContain(percent(melanoma));
    expect(optionOf("pattern.lacunae")).toHaveAttribute("aria-checked", "true");
    expect(plain(announced())).toBe(
      `Decision changed: Melanocytic nevus → Melanoma, ${percent(melanoma)}`,
    );
    expect(screen.getByRole("tab", { name: "What if (1)" })).toBeInTheDocument();
    await user.keyboard("{Control>}z{/Control}");
    expect(announced()).toMatch(/^Decision back to the prediction: Melanoma → Melanocytic nevus/);
    await user.keyboard("{Control>}y{/Control}");
    expect(rowOf("Melanoma")).toContain(percent(melanoma));
    expect(panel.getByRole("button", { name: "Redo" })).toBeDisabled();
  });

  it("moves probabilities with a slider, without a request, as one step", async () => {
    const { panel, user } = await openWorkbench();
    const slider = panel.getByRole("slider", { name: "Score of regular network" });
    fireEvent.pointerDown(slider);
    for (const value of ["1.5", "0.5", "-1.25"]) {
      fireEvent.change(slider, { target: { value } });
    }
    const expected = outcomeOf(makePrediction(), [
      { operation: "set", option_id: "pattern.network", value: -1.25 },
    ]);
    expect(rowOf("Melanoma")).toContain(percent(expected.intervened[0]?.probability ?? 0));
    expect(panel.getByText("→ −1.25 set by hand")).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: "Undo" }));
    expect(panel.getByText(/^Decision as predicted/)).toBeInTheDocument();
    expect(panel.getByRole("button", { name: "Undo" })).toBeDisabled();
    expect(interventionState.previews).toEqual([]);
  });

  it("takes a typed number, and warns where validation saw none", async () => {
    const { panel, user } = await openWorkbench();
    const field = panel.getByRole("textbox", { name: "Score of sharply cut edge as a number" });
    await user.clear(field);
    await user.type(field, "9,5{Enter}");
    expect(field).toHaveValue("9.50");
    expect(panel.getByText(/validation saw −2.10 to 3.10/)).toBeInTheDocument();
    await user.clear(field);
    await user.type(field, "much");
    expect(field).toHaveAttribute("aria-invalid", "true");
    await user.keyboard("{Escape}");
    expect(field).toHaveValue("9.50");
    await user.keyboard("{Control>}z{/Control}");
    expect(field).toHaveValue("−0.50");
  });

  it("is worked by keys alone", async () => {
    state.cases = [makeCase({ synthetic: true })];
    state.predictions = [makePrediction()];
    const { user } = renderApp(CASE_PATH);
    await screen.findByRole("tab", { name: "What if", selected: false });
    await screen.findByRole("link", { name: "dermoscopy-small" });
    await user.keyboard("e");
    const panel = within(await screen.findByRole("region", { name: "What if" }));
    optionOf("border.fading").focus();
    await user.keyboard("{ArrowDown}{Enter}");
    expect(optionOf("border.sharp")).toHaveAttribute("aria-checked", "true");
    await user.keyboard("{PageDown}{ArrowRight}{ArrowRight}{Shift>}{ArrowRight}{/Shift}");
    expect(panel.getByText("→ 2.12 set by hand")).toBeInTheDocument();
    await user.keyboard("{Delete}");
    expect(panel.queryByText("→ 2.12 set by hand")).toBeNull();
    await user.keyboard("{ArrowUp}{Shift>}{Delete}{/Shift}");
    expect(optionOf("border.fading")).toHaveAttribute("aria-checked", "true");
    await user.keyboard("{Enter}");
    await user.keyboard("0");
    expect(panel.getByRole("button", { name: "Reset all edits" })).toBeDisabled();
  }, 60_000);

  it("sets a group as in a class and as unknown, and resets it", async () => {
    const { panel, user } = await openWorkbench();
    await user.click(panel.getByRole("button", { name: "Edit Border" }));
    // Not measured: the validation images of the fixture hold none of that class.
    expect(await menuItem(/As in Melanocytic/)).toBeDisabled();
    await user.click(await menuItem("As in Melanoma"));
    expect(panel.getByText("as in Melanoma, set by hand")).toBeInTheDocument();
    expect(panel.getByText("→ 0.50 set by hand")).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: "Edit Border" }));
    await user.click(await menuItem(/^Unknown/));
    expect(panel.getByText("unknown, set by hand")).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: "Edit Border" }));
    await user.click(await menuItem(/^Reset the scores/));
    expect(panel.getByText(/^Decision as predicted/)).toBeInTheDocument();
  });

  it("keeps edits when the tab changes", async () => {
    const { user } = await openWorkbench();
    await user.click(optionOf("border.sharp"));
    await user.click(screen.getByRole("tab", { name: "Concepts" }));
    await user.click(screen.getByRole("tab", { name: "What if (1)" }));
    expect(optionOf("border.sharp")).toHaveAttribute("aria-checked", "true");
  });

  it("says why it cannot recompute", async () => {
    const broken = () => problem(500, "storage", "The disk is gone.");
    server.use(http.get("*/api/v1/models/:id/head", broken, { once: true }));
    state.cases = [makeCase()];
    state.predictions = [makePrediction()];
    const { user } = renderApp(`${CASE_PATH}?tab=what-if`);
    expect(await screen.findByText("The disk is gone.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("region", { name: "What if" })).toBeInTheDocument();
  });
});

describe("contributions", () => {
  it("stand in a table that adds up, options included", async () => {
    const { panel, user } = await openWorkbench("?tab=what-if&part=contributions&class=mel");
    const table = within(panel.getByRole("table", { name: /^Contributions to Melanoma/ }));
    expect(table.getByRole("rowheader", { name: "Logit of Melanoma" })).toBeInTheDocument();
    await user.click(table.getByRole("button", { name: "Border" }));
    const fading = table.getByRole("rowheader", { name: "edge that fades gradually" });
    expect(fading.closest("tr")).toHaveTextContent("+0.60+0.600.00");
  });
});

describe("advice", () => {
  it("finds what would change the decision, from the edits on screen, and applies it", async () => {
    const { panel, user } = await openWorkbench("?tab=what-if&part=search&edits=1*m0");
    await user.click(panel.getByRole("button", { name: "Search" }));
    const apply = "Apply: Dermoscopic pattern: red to purple lacunae";
    await user.click(await panel.findByRole("button", { name: apply }));
    expect(panel.getByText("exact")).toBeInTheDocument();
    expect(interventionState.searches).toEqual([
      {
        wanted_class: "mel",
        edits: [{ operation: "mean", option_id: "border.fading" }],
        limit: 8,
      },
    ]);
    expect(announced()).toMatch(/^Decision changed/);
    expect(panel.getByText(/Search again for those on screen/)).toBeInTheDocument();
  });

  it("says when nothing realistic would", async () => {
    interventionState.found = { ...interventionState.found, reachable: false, results: [] };
    const { panel, user } = await openWorkbench("?tab=what-if&part=search");
    await user.click(panel.getByRole("button", { name: "Search" }));
    expect(await panel.findByText(/^No realistic set/)).toBeInTheDocument();
  });

  it("lists what to check first, with its limits", async () => {
    const { panel } = await openWorkbench("?tab=what-if&part=search");
    const row = (await panel.findByRole("rowheader", { name: "Dermoscopic pattern" })).closest(
      "tr",
    );
    expect(plain(row?.textContent)).toBe("Dermoscopic pattern21.0 %10.0 %");
    expect(panel.getByRole("button", { name: /sure and mistaken/ })).toBeInTheDocument();
  });
});

describe("edits that are not saved", () => {
  afterEach(() => focusManager.setFocused(undefined));

  it("stay on screen when the case cannot be read again", async () => {
    const { user } = await openWorkbench();
    await user.click(optionOf("pattern.lacunae"));
    const broken = vi.fn(() => problem(400, "broken", "It is broken."));
    server.use(http.get("*/api/v1/cases/:id", broken));
    vi.spyOn(Date, "now").mockReturnValue(Date.now() + 60_000);
    focusManager.setFocused(false);
    focusManager.setFocused(true);
    await waitFor(() => expect(broken).toHaveBeenCalled());
    await new Promise((resolve) => setTimeout(resolve, 100)); // for the answer to come
    expect(screen.queryByText("It is broken.")).toBeNull();
    expect(optionOf("pattern.lacunae")).toBeChecked();
  });
});
