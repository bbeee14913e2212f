import { screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { makeConceptSet } from "../../shared/testing/concept-set-fixtures";
import { conceptSetState } from "../../shared/testing/concept-set-server";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

describe("concept sets", () => {
  it("are found from everywhere", async () => {
    const { user, router } = renderApp("/");
    await user.click(await screen.findByRole("link", { name: "Concept sets" }));
    expect(await screen.findByRole("heading", { name: "Concept sets" })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/concept-sets");
  });

  it("say that they load", async () => {
    server.use(http.get("*/api/v1/concept-sets", () => delay("infinite")));
    renderApp("/concept-sets");
    expect(await screen.findByText("Loading the concept sets")).toBeInTheDocument();
  });

  it("say what they are while there is none", async () => {
    conceptSetState.sets = [];
    renderApp("/concept-sets");
    expect(await screen.findByText("No concept set yet")).toBeInTheDocument();
  });

  it("say why they could not be read, and try again", async () => {
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/concept-sets", broken, { once: true }));
    const { user } = renderApp("/concept-sets");
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("link", { name: "Skin lesions" })).toBeInTheDocument();
  });

  it("show figures, who saved last, and the models with the revision that they have", async () => {
    renderApp("/concept-sets");
    const row = (await screen.findByRole("link", { name: "Skin lesions" })).closest("tr");
    expect(row).toHaveTextContent("isic2018");
    expect(row).toHaveTextContent("Anna Weber");
    expect(
      within(row as HTMLElement)
        .getAllByRole("cell")
        .slice(1, 5),
    ).toMatchObject(["2", "2", "4", "2"].map((textContent) => ({ textContent })));
    const active = screen.getByRole("link", { name: "dermoscopy-small" }).closest("li");
    expect(active).toHaveTextContent("active");
    const first = screen.getByRole("link", { name: "dermoscopy-first" }).closest("li");
    expect(first).toHaveTextContent("earlier revision");
  });

  it("can be looked at, but not made, without the permission", async () => {
    signInAs(READER);
    renderApp("/concept-sets");
    expect(await screen.findByRole("link", { name: "Skin lesions" })).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "New concept set" })).toBeNull();
  });
});

describe("a new concept set", () => {
  async function openDialog() {
    const view = renderApp("/concept-sets");
    await screen.findByRole("link", { name: "Skin lesions" });
    await view.user.click(screen.getByRole("button", { name: "New concept set" }));
    return { ...view, dialog: within(await screen.findByRole("dialog")) };
  }

  it("is made as a copy under a name of its own", async () => {
    const { user, dialog, router } = await openDialog();
    await user.type(dialog.getByLabelText("Name"), "isic2018");
    expect(dialog.getByText("There is a concept set of this name already.")).toBeInTheDocument();
    await user.clear(dialog.getByLabelText("Name"));
    await user.type(dialog.getByLabelText("Name"), "My set");
    expect(dialog.getByText(/Begin with a small letter/)).toBeInTheDocument();
    await user.clear(dialog.getByLabelText("Name"));
    await user.type(dialog.getByLabelText("Name"), "my-set");
    expect(dialog.getByRole("button", { name: "Make the set" })).toBeDisabled();
    await user.type(dialog.getByLabelText("Title"), "Mine");
    await user.click(dialog.getByRole("button", { name: "Make the set" }));
    await waitFor(() => expect(conceptSetState.created).toHaveLength(1));
    expect(conceptSetState.created[0]).toMatchObject({
      content: { name: "my-set", title: "Mine", groups: [{ key: "border" }, { key: "pattern" }] },
      reason: "Copy of isic2018, revision 2",
    });
    await waitFor(() =>
      expect(router.state.location.pathname).toBe(`/concept-sets/${"e".repeat(32)}`),
    );
  });

  it("is made from a file, and says what is wrong with it line by line", async () => {
    const { user, dialog } = await openDialog();
    await user.click(dialog.getByText("From a YAML file"));
    const file = new File(["name: other\n"], "other.yaml", { type: "application/yaml" });
    // What jsdom's files lack.
    Object.assign(file, { text: async () => "name: other\n" });
    await user.upload(document.querySelector("input[type=file]") as HTMLInputElement, file);
    expect(await dialog.findByDisplayValue(/name: other/)).toBeInTheDocument();
    const refusal = () => problem(400, "bad_concept_set", "title: is missing\nprompt: is missing");
    server.use(http.post("*/api/v1/concept-sets", refusal, { once: true }));
    await user.click(dialog.getByRole("button", { name: "Make the set" }));
    expect(await dialog.findByText("prompt: is missing")).toBeInTheDocument();
    conceptSetState.fromYaml = { ...conceptSetState.fromYaml, name: "other" };
    await user.click(dialog.getByRole("button", { name: "Make the set" }));
    await waitFor(() => expect(conceptSetState.created).toHaveLength(1));
    expect(conceptSetState.created[0]).toMatchObject({ yaml: "name: other\n" });
  });

  it("begins with a file where there is nothing to copy", async () => {
    conceptSetState.sets = [];
    const { user } = renderApp("/concept-sets");
    await user.click(await screen.findByRole("button", { name: "New concept set" }));
    expect(await screen.findByLabelText("Text of the file")).toBeInTheDocument();
    expect(screen.queryByText("As a copy of another set")).toBeNull();
    server.use(
      http.get("*/api/v1/concept-sets", () => HttpResponse.json({ items: [makeConceptSet()] })),
    );
  });
});
