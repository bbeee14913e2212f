import { configure, screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { editOption } from "../../features/concept-sets/lib/content";
import {
  FIRST_REVISION_ID,
  makeContent,
  REVISION_ID,
  SET_ID,
} from "../../shared/testing/concept-set-fixtures";
import { addRevision, conceptSetState } from "../../shared/testing/concept-set-server";
import { MODEL_ID } from "../../shared/testing/fixtures";
import { problem, server } from "../../shared/testing/server";
import { openConceptSet, SET_PATH } from "../testing/open-concept-set";

// The page has many buttons, and whether each can be seen takes jsdom long to find out.
beforeAll(() => configure({ defaultHidden: true }));
afterAll(() => configure({ defaultHidden: false }));

const keptDrafts = () => Object.keys(localStorage).filter((key) => key.includes("draft"));

describe("a draft", () => {
  async function change() {
    const view = await openConceptSet();
    await view.user.click(view.tree.getByRole("button", { name: /^regular network/ }));
    await view.user.type(screen.getByLabelText("Words"), " of lines");
    return view;
  }

  it("survives leaving the page, and is gone once discarded", async () => {
    const first = await change();
    first.unmount();
    const { user, tree } = await openConceptSet();
    expect(screen.getByText("Your draft of an earlier visit")).toBeInTheDocument();
    expect(tree.getByRole("button", { name: /^regular network of lines/ })).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Discard the draft …" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.click(dialog.getByRole("button", { name: "Discard" }));
    expect(tree.queryByRole("button", { name: /of lines/ })).toBeNull();
    expect(keptDrafts()).toEqual([]);
  });

  it("is saved with a reason, after its changes and warnings were shown", async () => {
    conceptSetState.warnings = ["group 'border': no class shows 'x'"];
    const { user } = await change();
    await user.click(screen.getByRole("button", { name: "Save …" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(
      await dialog.findByText(
        "Option 'pattern.network': text was “regular network”, now “regular network of lines”.",
      ),
    ).toBeInTheDocument();
    expect(dialog.getByText("group 'border': no class shows 'x'")).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "Save" }));
    expect(dialog.getByText("Say why, so that others can follow it.")).toBeInTheDocument();
    expect(conceptSetState.revised).toHaveLength(0);
    await user.type(dialog.getByLabelText("Why"), "Clearer{Enter}");
    await waitFor(() => expect(conceptSetState.revised).toHaveLength(1));
    expect(conceptSetState.revised[0]).toMatchObject({
      reason: "Clearer",
      parent_revision_id: REVISION_ID,
    });
    expect(await screen.findByText("Revision 3 of 3")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Save …" })).toBeDisabled();
    expect(keptDrafts()).toEqual([]);
  });

  it("cannot be saved with problems, and says which", async () => {
    conceptSetState.problems = ["groups 2, options 1, text: is empty"];
    const { user } = await change();
    expect(await screen.findByText("It cannot be saved like this yet")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Save …" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(await dialog.findByText("groups 2, options 1, text: is empty")).toBeInTheDocument();
    expect(dialog.queryByRole("button", { name: "Save" })).toBeNull();
  });

  it("goes onto a revision that somebody saved meanwhile, and loses nothing", async () => {
    const { user } = await change();
    await user.click(screen.getByRole("button", { name: "Save …" }));
    const saving = within(await screen.findByRole("dialog"));
    await user.type(await saving.findByLabelText("Why"), "Clearer");
    const other = editOption(makeContent(), "border", "sharp", { text: "abrupt edge" });
    addRevision(other, { author: { id: "b".repeat(32), name: "Ben Okafor" }, reason: "Better" });
    await user.click(saving.getByRole("button", { name: "Save" }));
    const dialog = within(
      await screen.findByRole("dialog", { name: "Revision 3 was saved meanwhile" }),
    );
    expect(await dialog.findByText(/now “abrupt edge”/)).toBeInTheDocument();
    expect(dialog.getByText(/Ben Okafor saved it/)).toBeInTheDocument();
    expect(conceptSetState.revised).toHaveLength(0);
    await user.click(dialog.getByRole("button", { name: "Take my draft onto revision 3" }));
    expect(document.querySelector("[data-id='border.sharp']")).toHaveTextContent("abrupt edge");
    expect(document.querySelector("[data-id='pattern.network']")).toHaveTextContent("of lines");
    const again = within(await screen.findByRole("dialog", { name: "Save a revision" }));
    await user.type(await again.findByLabelText("Why"), "Clearer");
    await user.click(again.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(conceptSetState.revised).toHaveLength(1));
    const saved = JSON.stringify(conceptSetState.revised[0]?.content);
    expect(saved).toContain("abrupt edge");
    expect(saved).toContain("regular network of lines");
  });

  it("of an earlier visit is held against what was saved since, and asks where both changed", async () => {
    const first = await change();
    first.unmount();
    addRevision(editOption(makeContent(), "pattern", "network", { text: "even network" }));
    const { user } = await openConceptSet();
    await user.click(screen.getByRole("button", { name: "Take my draft onto it …" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(await dialog.findByText("Words of pattern.network")).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "Take theirs" }));
    await user.click(dialog.getByRole("button", { name: /Take my draft onto/ }));
    expect(await screen.findByText(/Nothing differs from the newest revision/)).toBeInTheDocument();
  });

  it("is not trained with: that needs a revision", async () => {
    const { user, tree } = await openConceptSet();
    expect(await screen.findByRole("link", { name: "Retrain with this revision" })).toHaveAttribute(
      "href",
      `/training/new?concept_set=${SET_ID}&revision=${REVISION_ID}&parent=${MODEL_ID}`,
    );
    await user.click(tree.getByRole("button", { name: /^regular network/ }));
    await user.type(screen.getByLabelText("Words"), "s");
    expect(screen.queryByRole("link", { name: "Retrain with this revision" })).toBeNull();
  });
});

describe("history and file", () => {
  it("says who saved what and why, and compares any two", async () => {
    const { user } = await openConceptSet();
    await user.click(screen.getByRole("tab", { name: "History (2)" }));
    const list = within(await screen.findByRole("region", { name: "Revisions" }));
    expect(list.getByText("Clearer words")).toBeInTheDocument();
    expect(list.getByRole("list", { name: "Changes of revision 2" })).toHaveTextContent(
      "edge that fades gradually",
    );
    const difference = within(screen.getByRole("region", { name: /Difference/ }));
    expect(
      await difference.findByRole("list", { name: "Changes from revision 1 to revision 2" }),
    ).toBeInTheDocument();
    await user.selectOptions(difference.getByLabelText("From"), "Revision 2");
    expect(difference.getByText("Choose two revisions.")).toBeInTheDocument();
    expect(list.getByRole("link", { name: "Look at revision 1" })).toHaveAttribute(
      "href",
      `${SET_PATH}?revision=${FIRST_REVISION_ID}`,
    );
  });

  it("says why the history could not be read", async () => {
    server.use(
      http.get(`*${SET_PATH}/revisions`, () => problem(500, "database", "The database is locked.")),
    );
    const { user } = await openConceptSet();
    await user.click(screen.getByRole("tab", { name: /History/ }));
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
  });

  it("is exported, and the draft replaced by a file after its changes were shown", async () => {
    const { user, tree } = await openConceptSet();
    conceptSetState.fromYaml = editOption(makeContent(), "border", "sharp", { text: "cut" });
    await user.click(screen.getByRole("tab", { name: "YAML" }));
    expect(await screen.findByRole("link", { name: "Download" })).toHaveAttribute(
      "href",
      `/api/v1/concept-set-revisions/${REVISION_ID}/yaml`,
    );
    await user.click(screen.getByRole("button", { name: "Show" }));
    expect(await screen.findByText(/title: Skin lesions/)).toBeInTheDocument();
    await user.type(screen.getByLabelText("Text of the file"), "name: isic2018");
    await user.click(screen.getByRole("button", { name: "Check it" }));
    expect(await screen.findByText(/now “cut”/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Replace the draft" }));
    await user.click(screen.getByRole("tab", { name: /Options/ }));
    expect(await screen.findByRole("button", { name: /^cut/ })).toBeInTheDocument();
    expect(tree).toBeDefined();
  });

  it("does not take a file of another set", async () => {
    const { user } = await openConceptSet();
    conceptSetState.fromYaml = makeContent({ name: "busi" });
    await user.click(screen.getByRole("tab", { name: "YAML" }));
    await user.type(await screen.findByLabelText("Text of the file"), "name: busi");
    await user.click(screen.getByRole("button", { name: "Check it" }));
    expect(await screen.findByText(/is 'busi', but this set is 'isic2018'/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Replace the draft" })).toBeNull();
  });
});
