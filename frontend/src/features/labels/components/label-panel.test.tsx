import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { ACCOUNT_ID, makeAccount } from "../../../shared/testing/account-fixtures";
import { CASE_ID, makeModel, makePrediction } from "../../../shared/testing/fixtures";
import { BEN, makeLabel } from "../../../shared/testing/label-fixtures";
import { labelState } from "../../../shared/testing/label-server";
import { renderWithQueries } from "../../../shared/testing/render-with-queries";
import { problem, server } from "../../../shared/testing/server";
import { LabelPanel } from "./label-panel";

const DIGEST = makeModel().concept_set.digest;
const KEY = `vitrine.label.${ACCOUNT_ID}.${CASE_ID}.${DIGEST}`;
const PUT = "*/api/v1/predictions/:id/label";

async function open(account = makeAccount()) {
  const view = renderWithQueries(<LabelPanel prediction={makePrediction()} />, account);
  await screen.findByRole("heading", { name: "What you see" });
  return view;
}

const group = (name: string) => screen.getByRole("radiogroup", { name });
const radio = (name: string, option: string) =>
  within(group(name)).getByRole("radio", { name: option });

describe("what a person sees", () => {
  it("is saved a moment after it was marked, without a trace on this computer", async () => {
    const { user } = await open();
    expect(screen.getByText("Saved as you mark.")).toBeInTheDocument();
    await user.click(radio("Border", "sharply cut edge"));
    await user.click(radio("Class", "Melanoma"));
    expect(localStorage.getItem(KEY)).toContain("border.sharp");
    expect(await screen.findByText("Saved")).toBeInTheDocument();
    expect(labelState.puts).toEqual([{ class_key: "mel", options: { border: "border.sharp" } }]);
    expect(localStorage.getItem(KEY)).toBeNull();
    expect(screen.getByText(/1 of 2 groups marked; the model agrees in 0/)).toBeInTheDocument();
  });

  it("is not swayed: the model's answer comes after one's own", async () => {
    const { user } = await open();
    expect(screen.queryByText(/The model (says|agrees)/)).toBeNull();
    await user.click(radio("Border", "sharply cut edge"));
    expect(screen.getByText("The model says: edge that fades gradually")).toBeInTheDocument();
    await user.click(radio("Dermoscopic pattern", "regular network"));
    expect(screen.getByText("The model agrees")).toBeInTheDocument();
    expect(screen.queryByText(/Melanocytic nevus/, { selector: "p, p *" })).toBeNull();
    await user.click(screen.getByRole("switch", { name: "Show the model's answers" }));
    expect(screen.getByText("The model says: Melanocytic nevus")).toBeInTheDocument();
  });

  it("is marked without a mouse; moving alone marks nothing", async () => {
    const { user } = await open();
    radio("Border", "edge that fades gradually").focus();
    await user.keyboard("{ArrowDown}{ArrowRight}");
    expect(radio("Border", "not marked")).toHaveFocus();
    await user.keyboard("{Home}{ArrowRight}{Enter}");
    expect(radio("Border", "sharply cut edge")).toBeChecked();
    await user.keyboard("1");
    expect(radio("Border", "edge that fades gradually")).toBeChecked();
    expect(radio("Border", "edge that fades gradually")).toHaveFocus();
    await user.keyboard("9");
    expect(radio("Border", "edge that fades gradually")).toBeChecked();
    await user.keyboard("0");
    expect(radio("Border", "not marked")).toBeChecked();
  });

  it("is what was stored, and can be taken back", async () => {
    labelState.labels = [makeLabel({ class_key: "mel", options: { pattern: "pattern.lacunae" } })];
    const { user } = await open();
    expect(radio("Dermoscopic pattern", "red to purple lacunae")).toBeChecked();
    expect(radio("Class", "Melanoma")).toBeChecked();
    expect(radio("Border", "not marked")).toBeChecked();
    await user.click(radio("Class", "not marked"));
    await waitFor(() =>
      expect(labelState.puts.at(-1)).toEqual({
        class_key: null,
        options: { pattern: "pattern.lacunae" },
      }),
    );
  });

  it("is kept and sent again when saving fails", async () => {
    server.use(http.put(PUT, () => HttpResponse.error(), { once: true }));
    const { user } = await open();
    await user.click(radio("Border", "sharply cut edge"));
    expect(await screen.findByText(/Kept on this computer and sent again/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Save now" }));
    expect(await screen.findByText("Saved")).toBeInTheDocument();
    expect(labelState.puts).toHaveLength(1);
  });

  it("is sent when the page is left, and comes back when that failed", async () => {
    server.use(http.put(PUT, () => problem(500, "internal", "no"), { once: true }));
    const first = await open();
    await first.user.click(radio("Border", "sharply cut edge"));
    first.unmount();
    await waitFor(() => expect(localStorage.getItem(KEY)).toContain("border.sharp"));
    await open();
    expect(radio("Border", "sharply cut edge")).toBeChecked();
    await waitFor(() =>
      expect(labelState.puts.at(-1)?.options).toEqual({ border: "border.sharp" }),
    );
  });
});

describe("labels", () => {
  it("of colleagues are there where the server sends them, closed at first", async () => {
    const other = { ...makeModel().concept_set, digest: "other" };
    labelState.labels = [
      makeLabel({ id: "6", author: BEN, mine: false, options: { border: "border.sharp" } }),
      makeLabel({ id: "7", author: BEN, mine: false, concept_set: other }),
    ];
    const { user } = await open();
    expect(screen.queryByText("Ben Okafor")).toBeNull();
    await user.click(screen.getByRole("button", { name: "Show what 1 colleague marked" }));
    const table = screen.getByRole("table", { name: "What colleagues marked" });
    expect(within(table).getByRole("row", { name: "Border sharply cut edge" })).toBeInTheDocument();
    expect(within(table).getByRole("row", { name: "Class not marked" })).toBeInTheDocument();
    expect(screen.getByText(/another concept set are not shown here: 1/)).toBeInTheDocument();
  });

  it("are only read by whom the role does not let mark", async () => {
    labelState.labels = [makeLabel({ options: { border: "border.sharp" } })];
    await open(makeAccount({ permissions: ["cases:read"] }));
    expect(screen.getByText(/not included in your role/)).toBeInTheDocument();
    expect(screen.queryByRole("radio")).toBeNull();
    expect(screen.getByRole("cell", { name: "sharply cut edge" })).toBeInTheDocument();
  });

  it("say so when they could not be read", async () => {
    const refused = () => problem(500, "internal", "The disk is full.");
    server.use(http.get("*/api/v1/cases/:id/labels", refused));
    renderWithQueries(<LabelPanel prediction={makePrediction()} />);
    expect(await screen.findByText("The labels could not be read")).toBeInTheDocument();
  });
});
