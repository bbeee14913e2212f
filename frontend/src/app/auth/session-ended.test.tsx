import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, it, vi } from "vitest";
import { browser } from "../../shared/lib/navigation";
import { makeSession, PASSWORD, READER } from "../../shared/testing/account-fixtures";
import { accounts, endSession, signInAs } from "../../shared/testing/account-server";
import { CASE_ID, makeCase } from "../../shared/testing/fixtures";
import { state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const dialog = () => screen.findByRole("dialog", { name: "Your session has ended" });
const gone = () =>
  waitFor(() => expect(screen.queryByRole("dialog", { name: /session has ended/ })).toBeNull());

async function typeNotes() {
  state.cases = [makeCase()];
  const app = renderApp(`/cases/${CASE_ID}`);
  await app.user.click(await screen.findByRole("tab", { name: "Case and notes" }));
  const notes = await screen.findByLabelText("Notes");
  endSession();
  await app.user.type(notes, "new vessels");
  return { ...app, notes };
}

describe("a session that ends", () => {
  it("is taken up again over the page, and what was typed is saved", async () => {
    const { user, notes } = await typeNotes();
    const sheet = within(await dialog());
    expect(sheet.getByText(/nothing you typed is lost/)).toBeInTheDocument();
    expect(sheet.getByLabelText("E-mail")).toHaveValue("anna@hospital.example");
    expect(sheet.getByLabelText("E-mail")).toHaveAttribute("readonly");
    expect(state.updates).toEqual([]);
    await user.type(sheet.getByLabelText("Password"), `${PASSWORD}{Enter}`);
    await gone();
    await waitFor(() => expect(state.updates.at(-1)).toEqual({ notes: "new vessels" }));
    expect(notes).toHaveValue("new vessels");
    expect(await screen.findByText("Saved")).toBeInTheDocument();
  });

  it("cannot be closed away, and says when the password is wrong", async () => {
    const { user } = await typeNotes();
    const sheet = within(await dialog());
    await user.keyboard("{Escape}");
    await user.type(sheet.getByLabelText("Password"), "wrong{Enter}");
    expect(await sheet.findByRole("alert")).toHaveTextContent("E-mail or password is wrong.");
    expect(sheet.queryByRole("button", { name: "Close" })).toBeNull();
  });

  it("leaves a sheet below as it is, with what was typed into it", async () => {
    const { user } = renderApp("/people");
    await user.click(await screen.findByRole("button", { name: "Invite somebody" }));
    const below = within(await screen.findByRole("dialog", { name: "Invite somebody" }));
    await user.type(below.getByLabelText("E-mail"), "ben@hospital.example");
    await user.type(below.getByLabelText("Name"), "Ben Okafor");
    endSession();
    await user.click(below.getByRole("button", { name: "Create the invitation" }));
    const sheet = within(await dialog());
    await user.type(sheet.getByLabelText("Password"), "{Escape}");
    expect(below.getByLabelText("Name")).toHaveValue("Ben Okafor");
    await user.type(sheet.getByLabelText("Password"), `${PASSWORD}{Enter}`);
    expect(await below.findByLabelText("Invitation link")).toBeInTheDocument();
  });

  it("goes on by itself after single sign-on in another tab", async () => {
    accounts.session = makeSession(undefined, { single_sign_on: "Hospital ID" });
    const { notes } = await typeNotes();
    const link = within(await dialog()).getByRole("link", { name: /Sign in with Hospital ID/ });
    expect(link).toHaveAttribute("target", "_blank");
    signInAs(makeSession().account);
    await gone();
    await waitFor(() => expect(state.updates.at(-1)).toEqual({ notes: "new vessels" }));
    expect(notes).toHaveValue("new vessels");
  });

  it("holds all requests until somebody is back, and asks for each once", async () => {
    const { user } = renderApp("/");
    await screen.findByText("No cases yet");
    endSession();
    await user.click(screen.getByRole("link", { name: "Models" }));
    const sheet = within(await dialog());
    expect(screen.queryByRole("alert")).toBeNull();
    await user.type(sheet.getByLabelText("Password"), `${PASSWORD}{Enter}`);
    expect(await screen.findByRole("rowheader", { name: /^dermoscopy-small/ })).toBeInTheDocument();
  });

  it("sends an upload again", async () => {
    const { user, router } = renderApp("/");
    await screen.findByText("No cases yet");
    endSession();
    const file = new File([new Uint8Array(2000)], "mole.png", { type: "image/png" });
    fireEvent.drop(window, { dataTransfer: { files: [file], types: ["Files"] } });
    const sheet = within(await dialog());
    expect(state.cases).toHaveLength(0);
    await user.type(sheet.getByLabelText("Password"), `${PASSWORD}{Enter}`);
    await waitFor(() => expect(router.state.location.pathname).toMatch(/^\/cases\//));
    expect(state.cases).toHaveLength(1);
  });

  it("is noticed when the page is looked at again", async () => {
    renderApp("/");
    await screen.findByText("No cases yet");
    endSession();
    fireEvent.focus(window);
    expect(await dialog()).toBeInTheDocument();
  });

  it("begins anew when somebody else comes back", async () => {
    const reload = vi.spyOn(browser, "reload").mockImplementation(() => undefined);
    await typeNotes();
    await dialog();
    signInAs(READER);
    await waitFor(() => expect(reload).toHaveBeenCalled());
    expect(state.updates).toEqual([]);
  });

  it("can be left to somebody else, who sees neither caches nor notes", async () => {
    const { user, router } = await typeNotes();
    const sheet = within(await dialog());
    await user.click(sheet.getByRole("button", { name: /somebody else/ }));
    expect(sheet.getByRole("status")).toHaveTextContent("Notes are not saved yet");
    await user.click(sheet.getByRole("button", { name: "Leave" }));
    const email = await screen.findByLabelText("E-mail");
    expect(email).toHaveValue("");
    expect(router.state.location.pathname).toBe("/");
    signInAs(READER);
    accounts.session = makeSession(null);
    await user.type(email, READER.email);
    await user.type(screen.getByLabelText("Password"), `${PASSWORD}{Enter}`);
    await user.click(await screen.findByRole("link", { name: "Case 0123AB" }));
    await user.click(await screen.findByRole("tab", { name: "Case and notes" }));
    expect(await screen.findByLabelText("Notes")).toHaveValue("");
    expect(state.updates).toEqual([]);
  });
});
