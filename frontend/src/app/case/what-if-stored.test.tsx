import { screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";
import { makeAccount, READER_PERMISSIONS } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { makeCase, makePrediction, PREDICTION_ID } from "../../shared/testing/fixtures";
import {
  interventionState,
  makeIntervention,
  outcomeOf,
} from "../../shared/testing/intervention-server";
import { problem, server, state } from "../../shared/testing/server";
import { CASE_PATH, openWorkbench, optionOf, percent, rowOf } from "../testing/open-workbench";
import { renderApp } from "../testing/render-app";

const saveButton = () => screen.getByRole("button", { name: "Save …" });

describe("regions", () => {
  const REGION = "?tab=what-if&edits=1*r1_i_8";

  it("are recomputed by the server; score edits act on top", async () => {
    const { panel, user } = await openWorkbench(REGION);
    expect(await panel.findByText("→ 0.50 from the region")).toBeInTheDocument();
    expect(interventionState.previews).toEqual([
      [{ operation: "region", group_key: "pattern", keep: "inside", patches: [0] }],
    ]);
    expect(panel.getByText(/The kept patches hold 43.0.% of its attention/)).toBeInTheDocument();
    await user.click(optionOf("pattern.lacunae"));
    const expected = outcomeOf(makePrediction(), [
      { operation: "region", group_key: "pattern", keep: "inside", patches: [0] },
      { operation: "option", option_id: "pattern.lacunae" },
    ]);
    expect(rowOf("Melanoma")).toContain(percent(expected.intervened[0]?.probability ?? 0));
    expect(interventionState.previews).toHaveLength(1);
  });

  it("are cleared, and come back with undo without another request", async () => {
    const { panel, user } = await openWorkbench(REGION);
    await panel.findByText("→ 0.50 from the region");
    await user.click(panel.getByRole("button", { name: "Clear" }));
    expect(panel.getByText(/^Decision as predicted/)).toBeInTheDocument();
    await user.keyboard("{Control>}z{/Control}");
    expect(await panel.findByText("→ 0.50 from the region")).toBeInTheDocument();
    expect(interventionState.previews).toHaveLength(1);
  });

  it("offer tools while they are painted, one group at a time", async () => {
    const { panel, user } = await openWorkbench();
    await user.click(panel.getByRole("button", { name: "Region of Border" }));
    const tools = within(panel.getByRole("group", { name: "Region of Border" }));
    await user.click(tools.getByText("Rectangle"));
    expect(document.querySelector("canvas")).toHaveAttribute("data-painting", "rectangle");
    optionOf("pattern.network").focus();
    await user.keyboard("p");
    expect(panel.queryByRole("group", { name: "Region of Border" })).toBeNull();
    expect(document.querySelector("canvas")).toHaveFocus();
    await user.keyboard("{Escape}");
    expect(document.querySelector("canvas")).not.toHaveAttribute("data-painting");
    expect(optionOf("pattern.network")).toHaveFocus();
    await user.click(panel.getByRole("button", { name: "Region of Border" }));
    expect(document.querySelector("canvas")).not.toHaveFocus();
    await user.click(panel.getByRole("button", { name: "Done" }));
    expect(document.querySelector("canvas")).not.toHaveAttribute("data-painting");
  });

  it("say in words that an older prediction cannot, and offer a new one", async () => {
    const refused = () => problem(409, "tokens_missing", "There are no tokens.");
    server.use(http.post("*/api/v1/predictions/:id/interventions/preview", refused));
    const { panel, user } = await openWorkbench(REGION);
    expect(await panel.findByText(/made by an earlier version of Vitrine/)).toBeInTheDocument();
    expect(saveButton()).toHaveAttribute("aria-disabled", "true");
    await user.click(panel.getByText("Contributions"));
    expect(panel.getByText("What is shown leaves the painted region out")).toBeInTheDocument();
    await user.click(panel.getByText("Edit"));
    await user.click(panel.getByRole("button", { name: "Explain again" }));
    await waitFor(() => expect(state.asked).toHaveLength(1));
  });

  it("cannot be saved before their scores are there", async () => {
    server.use(
      http.post("*/api/v1/predictions/:id/interventions/preview", () => delay("infinite")),
    );
    const { panel } = await openWorkbench(REGION);
    expect(panel.getByText("Recomputing …")).toBeInTheDocument();
    expect(panel.getByText("(the region is being recomputed)")).toBeInTheDocument();
    expect(saveButton()).toHaveAttribute("aria-disabled", "true");
  });
});

describe("saving", () => {
  it("stores edits with a note; the same cannot be saved twice", async () => {
    const { panel, user } = await openWorkbench();
    await user.click(optionOf("pattern.lacunae"));
    await user.keyboard("{Control>}s{/Control}");
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText("Dermoscopic pattern: red to purple lacunae")).toBeInTheDocument();
    await user.type(dialog.getByLabelText("Note (optional)"), "what if");
    await user.click(dialog.getByRole("button", { name: "Save" }));
    expect(await panel.findByText(/^Saved .* by Anna Weber/)).toBeInTheDocument();
    expect(panel.getByText("Saved as an intervention")).toHaveAttribute("role", "status");
    expect(interventionState.stored).toEqual([
      { edits: [{ operation: "option", option_id: "pattern.lacunae" }], note: "what if" },
    ]);
    expect(saveButton()).toHaveAttribute("aria-disabled", "true");
    expect(panel.getByRole("link", { name: "Compare" })).toHaveAttribute(
      "href",
      `${CASE_PATH}/compare?left=prediction:${PREDICTION_ID}&right=intervention:${"1".repeat(32)}`,
    );
    expect(panel.queryByText(/The server computed other/)).toBeNull();
  });

  it("stores a double click once", async () => {
    const { panel, user } = await openWorkbench();
    await user.click(optionOf("pattern.lacunae"));
    await user.click(panel.getByRole("button", { name: "Save …" }));
    await user.dblClick(await screen.findByRole("button", { name: "Save" }));
    await panel.findByText(/^Saved .* by Anna Weber/);
    await waitFor(() => expect(saveButton()).toHaveFocus());
    expect(interventionState.stored).toHaveLength(1);
  });

  it("says so when the server computes something else", async () => {
    const edits = [{ operation: "option", option_id: "pattern.lacunae" } as const];
    const other = makeIntervention(edits);
    const intervened = other.intervened.map((entry) => ({
      ...entry,
      probability: entry.probability + 2e-5,
    }));
    server.use(
      http.post("*/api/v1/predictions/:id/interventions", () =>
        HttpResponse.json({ ...other, intervened }, { status: 201 }),
      ),
    );
    const { panel, user } = await openWorkbench();
    await user.click(optionOf("pattern.lacunae"));
    await user.click(panel.getByRole("button", { name: "Save …" }));
    await user.click(await screen.findByRole("button", { name: "Save" }));
    expect(await panel.findByRole("alert")).toHaveTextContent("They differ by up to 2.0e-5");
  });

  it("says why it was not saved, and keeps the note", async () => {
    const refused = () => problem(400, "bad_edit", "edit 1: there is no option 'x'");
    server.use(http.post("*/api/v1/predictions/:id/interventions", refused));
    const { panel, user } = await openWorkbench("?tab=what-if&edits=1*o1");
    await user.click(panel.getByRole("button", { name: "Save …" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.type(dialog.getByLabelText("Note (optional)"), "kept");
    await user.click(dialog.getByRole("button", { name: "Save" }));
    expect(await dialog.findByText("edit 1: there is no option 'x'")).toBeInTheDocument();
    expect(dialog.getByLabelText("Note (optional)")).toHaveValue("kept");
    await user.click(dialog.getByRole("button", { name: "Cancel" }));
    await user.click(panel.getByRole("button", { name: "Save …" }));
    expect(await screen.findByLabelText("Note (optional)")).toHaveValue("kept");
  });

  it("is not offered to who may not", async () => {
    const permissions = READER_PERMISSIONS.filter((may) => may !== "interventions:write");
    signInAs(makeAccount({ permissions }));
    const { panel } = await openWorkbench();
    expect(panel.queryByRole("button", { name: "Save …" })).toBeNull();
  });
});

describe("the history of interventions", () => {
  const OLDER = "9".repeat(32);

  it("says that there is none", async () => {
    const { panel } = await openWorkbench("?tab=what-if&part=stored");
    expect(await panel.findByText(/^No intervention is stored/)).toBeInTheDocument();
  });

  it("lists who, when, edits and outcome, and opens one of another prediction", async () => {
    const older = makePrediction({ id: OLDER });
    interventionState.interventions = [
      makeIntervention(
        [{ operation: "set", option_id: "border.sharp", value: 2 }],
        { note: "smooth margin" },
        older,
      ),
    ];
    state.cases = [makeCase()];
    state.predictions = [makePrediction(), older];
    const { user } = renderApp(`${CASE_PATH}?tab=what-if&part=stored`);
    const list = within(await screen.findByRole("list", { name: "Interventions of this case" }));
    expect(list.getByText("Anna Weber")).toBeInTheDocument();
    expect(list.getByText("smooth margin")).toBeInTheDocument();
    expect(list.getByText("Border: sharply cut edge set to 2.00")).toBeInTheDocument();
    expect(list.getByText("another prediction")).toBeInTheDocument();
    expect(list.getByRole("link", { name: "PDF" })).toHaveAttribute(
      "href",
      `/api/v1/interventions/${"5".repeat(32)}/export?format=pdf`,
    );
    await user.click(list.getByRole("button", { name: /^Open the intervention/ }));
    expect(await screen.findByText("on screen")).toBeInTheDocument();
    expect(screen.getByRole("tab", { name: "What if (1)" })).toBeInTheDocument();
  });

  it("says why it could not be read", async () => {
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/cases/:id/interventions", broken, { once: true }));
    const { panel, user } = await openWorkbench("?tab=what-if&part=stored");
    expect(await panel.findByText("The database is locked.")).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: "Try again" }));
    expect(await panel.findByText(/^No intervention is stored/)).toBeInTheDocument();
  });
});

describe("the link", () => {
  it("reopens what was on screen", async () => {
    const { panel, user } = await openWorkbench();
    const copied = vi.spyOn(navigator.clipboard, "writeText");
    await user.click(optionOf("pattern.lacunae"));
    await user.click(panel.getByText("Contributions"));
    await user.click(panel.getByRole("button", { name: "Copy link" }));
    const link = new URL(copied.mock.calls.at(-1)?.[0] ?? "");
    expect(link.pathname).toBe(CASE_PATH);
    expect(Object.fromEntries(link.searchParams)).toMatchObject({
      prediction: PREDICTION_ID,
      tab: "what-if",
      part: "contributions",
      layer: "gradcam",
      option: "pattern.lacunae",
      edits: "1*o3",
      colormap: "viridis",
    });
    expect(panel.getByRole("button", { name: "Copied" })).toBeInTheDocument();
  });

  it("opens a stored intervention, of whichever prediction", async () => {
    const older = makePrediction({ id: "9".repeat(32) });
    interventionState.interventions = [
      makeIntervention([{ operation: "mean", option_id: "border.sharp" }], {}, older),
    ];
    state.cases = [makeCase()];
    state.predictions = [makePrediction(), older];
    renderApp(`${CASE_PATH}?tab=what-if&intervention=${"5".repeat(32)}`);
    expect(await screen.findByText(/^Saved .* by Anna Weber/)).toBeInTheDocument();
  });

  it("says what of it makes no sense", async () => {
    const { panel } = await openWorkbench(
      `?prediction=${PREDICTION_ID}&tab=what-if&part=nonsense&edits=1*o1*zz&opacity=7`,
    );
    expect(await panel.findByText(/^One edit of this link could not/)).toBeInTheDocument();
    expect(optionOf("border.sharp")).toHaveAttribute("aria-checked", "true");
  });

  it("says that an intervention is not there", async () => {
    const { panel } = await openWorkbench("?tab=what-if&intervention=gone");
    expect(await panel.findByText(/The intervention of this link/)).toBeInTheDocument();
  });

  it("says that its prediction is not there", async () => {
    const { panel } = await openWorkbench("?prediction=gone&tab=what-if&edits=1*o1");
    expect(await panel.findByText(/^The prediction of this link is not there/)).toBeInTheDocument();
    expect(optionOf("border.fading")).toHaveAttribute("aria-checked", "true");
  });
});
