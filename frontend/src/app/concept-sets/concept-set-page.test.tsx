import { configure, fireEvent, screen, within } from "@testing-library/react";
import { delay, http } from "msw";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { FIRST_REVISION_ID, REVISION_ID } from "../../shared/testing/concept-set-fixtures";
import { problem, server } from "../../shared/testing/server";
import { openConceptSet, SET_PATH, treeRows } from "../testing/open-concept-set";
import { renderApp } from "../testing/render-app";

// The page has many buttons, and whether each can be seen takes jsdom long to find out.
beforeAll(() => configure({ defaultHidden: true }));
afterAll(() => configure({ defaultHidden: false }));

describe("a concept set", () => {
  it("says that it loads, that it is not there, and why it could not be read", async () => {
    server.use(http.get(`*${SET_PATH}`, () => delay("infinite")));
    const loading = renderApp(SET_PATH);
    expect(await screen.findByText("Loading the concept set")).toBeInTheDocument();
    loading.unmount();
    server.resetHandlers();
    const missing = renderApp(`/concept-sets/${"0".repeat(32)}`);
    expect(await screen.findByRole("heading", { name: /not|no/i })).toBeInTheDocument();
    missing.unmount();
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get(`*/concept-set-revisions/${REVISION_ID}`, broken));
    renderApp(SET_PATH);
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
  });

  it("shows its groups and options, the words of the selected one, and all prompts of its group", async () => {
    const { user, tree } = await openConceptSet();
    expect(treeRows()).toEqual([
      "",
      "border",
      "border.fading",
      "border.sharp",
      "pattern",
      "pattern.network",
      "pattern.lacunae",
    ]);
    await user.click(tree.getByRole("button", { name: /^sharply cut edge/ }));
    expect(screen.getByLabelText("Words")).toHaveValue("sharply cut edge");
    expect(screen.getByText("Typical of Melanoma.")).toBeInTheDocument();
    const prompts = within(screen.getByRole("list", { name: "Prompts of Border" }));
    expect(prompts.getAllByRole("listitem").map(({ textContent }) => textContent)).toEqual([
      "a dermoscopic image, Border: edge that fades gradually",
      "a dermoscopic image, Border: sharply cut edge",
    ]);
  });

  it("is for looking only without the permission", async () => {
    signInAs(READER);
    const { user, tree } = await openConceptSet();
    await user.click(tree.getByRole("button", { name: /^regular network/ }));
    expect(screen.getByLabelText("Words")).toHaveAttribute("readonly");
    expect(screen.queryByRole("button", { name: /Save|Option$|Replace|Retrain/ })).toBeNull();
    expect(screen.getByText("Evidence is not for your role")).toBeInTheDocument();
  });

  it("shows an older revision without changing it, and what changed since", async () => {
    const { user, tree } = await openConceptSet(`?revision=${FIRST_REVISION_ID}`);
    expect(screen.getByText(/Revision 1 is not the newest/)).toBeInTheDocument();
    await user.click(tree.getByRole("button", { name: /^fading edge/ }));
    expect(screen.getByLabelText("Words")).toHaveAttribute("readonly");
    await user.click(screen.getByRole("button", { name: "What changed since" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(
      await dialog.findByText(/text was “fading edge”, now “edge that fades/),
    ).toBeInTheDocument();
  });
});

describe("editing", () => {
  it("moves by keyboard within the group and says so", async () => {
    const { user, tree } = await openConceptSet();
    const option = tree.getByRole("button", { name: /^sharply cut edge/ });
    option.focus();
    await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
    expect(treeRows().slice(1, 4)).toEqual(["border", "border.sharp", "border.fading"]);
    expect(screen.getByText("“sharply cut edge” moved to place 1 of 2.")).toBeInTheDocument();
    expect(document.activeElement).toHaveAttribute("data-id", "border.sharp");
    await user.keyboard("{Alt>}{ArrowUp}{/Alt}");
    expect(screen.getByText("“sharply cut edge” is first already.")).toBeInTheDocument();
  });

  it("moves a group from its menu, and by arrow keys goes from row to row", async () => {
    const { user, tree } = await openConceptSet();
    await user.click(tree.getByRole("button", { name: /^Border/ }));
    await user.click(tree.getByRole("button", { name: "Actions for Border" }));
    await user.click(await screen.findByRole("menuitem", { name: /Move down/ }));
    expect(treeRows().slice(1, 3)).toEqual(["pattern", "pattern.network"]);
    tree.getByRole("button", { name: /^Border/ }).focus();
    await user.keyboard("{ArrowDown}");
    expect(document.activeElement).toHaveAttribute("data-id", "border.fading");
  });

  it("drops an option behind another one of its group, not into another group", async () => {
    const { tree } = await openConceptSet();
    const rowOf = (name: RegExp) =>
      tree.getByRole("button", { name }).closest("[draggable]") as HTMLElement;
    const dataTransfer = { setData: () => undefined, effectAllowed: "", types: [] };
    const drag = (from: RegExp, to: RegExp) => {
      fireEvent.dragStart(rowOf(from), { dataTransfer });
      fireEvent.dragOver(rowOf(to), { dataTransfer });
      fireEvent.drop(rowOf(to), { dataTransfer });
      fireEvent.dragEnd(rowOf(from), { dataTransfer });
    };
    drag(/^red to purple/, /^sharply/);
    expect(treeRows().at(-1)).toBe("pattern.lacunae");
    drag(/^regular/, /^red to purple/);
    expect(treeRows().slice(-2)).toEqual(["pattern.lacunae", "pattern.network"]);
  });

  it("undoes and redoes, a field typed in as one step", async () => {
    const { user, tree } = await openConceptSet();
    await user.click(tree.getByRole("button", { name: /^regular network/ }));
    await user.type(screen.getByLabelText("Words"), " of lines");
    expect(screen.getByText(/not saved, kept on this computer/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(screen.getByLabelText("Words")).toHaveValue("regular network");
    await user.keyboard("{Control>}{Shift>}z{/Shift}{/Control}");
    expect(screen.getByLabelText("Words")).toHaveValue("regular network of lines");
    await user.click(screen.getByLabelText("Words"));
    await user.keyboard("{Control>}z{/Control}");
    expect(screen.getByLabelText("Words")).toHaveValue("regular network");
    expect(screen.queryByText(/not saved/)).toBeNull();
  });

  it("adds an option, says what it lacks, and calls it new for the model", async () => {
    const { user, tree } = await openConceptSet();
    await user.click(tree.getByRole("button", { name: /^Border/ }));
    await user.click(tree.getByRole("button", { name: "Option" }));
    expect(treeRows()).toContain("border.new_option");
    expect(screen.getAllByText("Must not be empty.")).toHaveLength(2);
    expect(
      await screen.findByText("New: no evidence before a training", { selector: "h2" }),
    ).toBeInTheDocument();
    await user.type(screen.getByLabelText("Words"), "sharply  CUT edge");
    expect(screen.getByText(/CUT edge” stands in “sharp” too/)).toBeInTheDocument();
    await user.clear(screen.getByLabelText("Words"));
    await user.type(screen.getByLabelText("Words"), "angular edge");
    await user.click(screen.getByRole("button", { name: "Change the key new_option" }));
    const dialog = within(await screen.findByRole("dialog"));
    expect(dialog.getByText(/new concept for a model/)).toBeInTheDocument();
    expect(dialog.getByRole("textbox")).toHaveValue("angular_edge");
    await user.click(dialog.getByRole("button", { name: "Change the key" }));
    expect(treeRows()).toContain("border.angular_edge");
  });

  it("keeps the table when a key changes, and empties it where an option goes", async () => {
    const { user, tree } = await openConceptSet();
    await user.click(tree.getByRole("button", { name: /^sharply cut edge/ }));
    await user.click(screen.getByRole("button", { name: "Change the key sharp" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.clear(dialog.getByRole("textbox"));
    await user.type(dialog.getByRole("textbox"), "fading");
    expect(dialog.getByText("Another one has this key already.")).toBeInTheDocument();
    await user.clear(dialog.getByRole("textbox"));
    await user.type(dialog.getByRole("textbox"), "cut");
    await user.click(dialog.getByRole("button", { name: "Change the key" }));
    await user.click(screen.getByRole("tab", { name: "Class table" }));
    expect(await screen.findByLabelText("Melanoma: Border")).toHaveValue("cut");
    await user.click(screen.getByRole("tab", { name: /Options/ }));
    await user.click(await screen.findByRole("button", { name: "Remove" }));
    await user.click(screen.getByRole("tab", { name: "Class table" }));
    expect(await screen.findByLabelText("Melanoma: Border")).toHaveValue("");
  });

  it("replaces an option by a new one in its place", async () => {
    const { user, tree } = await openConceptSet();
    await user.click(tree.getByRole("button", { name: /^edge that fades/ }));
    await user.click(screen.getByRole("button", { name: "Replace …" }));
    const dialog = within(await screen.findByRole("dialog"));
    await user.type(dialog.getByLabelText("Words of the new option"), "Fading");
    expect(dialog.getByLabelText("Key")).toHaveValue("fading_2");
    await user.type(dialog.getByLabelText("Source"), "Own words");
    await user.click(dialog.getByRole("button", { name: "Replace" }));
    expect(treeRows().slice(1, 4)).toEqual(["border", "border.fading_2", "border.sharp"]);
    expect(screen.getByText(/Typical of no class/)).toBeInTheDocument();
  });

  it("fills the class table by keyboard", async () => {
    const { user } = await openConceptSet("?tab=options");
    await user.click(screen.getByRole("tab", { name: "Class table" }));
    const cell = await screen.findByLabelText("Melanoma: Dermoscopic pattern");
    cell.focus();
    await user.keyboard("{Control>}{ArrowDown}{/Control}");
    const below = screen.getByLabelText("Melanocytic nevus: Dermoscopic pattern");
    expect(below).toHaveFocus();
    await user.selectOptions(below, "red to purple lacunae");
    expect(below).toHaveValue("lacunae");
    expect(screen.getByText(/not saved/)).toBeInTheDocument();
  });
});
