import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";
import { makeToken, PASSWORD, READER } from "../../shared/testing/account-fixtures";
import { accounts, signInAs } from "../../shared/testing/account-server";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const section = async (name: string) => within(await screen.findByRole("region", { name }));

describe("the account page", () => {
  it("is found in the menu", async () => {
    const { user, router } = renderApp("/");
    await user.click(await screen.findByRole("button", { name: "Account of Anna Weber" }));
    await user.click(await screen.findByRole("menuitem", { name: "Account" }));
    expect(await screen.findByRole("heading", { name: "Account" })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/account");
    expect(screen.getByText(/Administrator, in Dermatology/)).toBeInTheDocument();
  });

  it("changes the name, which the header shows at once", async () => {
    const { user } = renderApp("/account");
    const part = await section("Name and e-mail");
    await user.type(part.getByLabelText("Name"), " MD");
    await user.click(part.getByRole("button", { name: "Save" }));
    expect(await part.findByText("Saved")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Account of Anna Weber MD" })).toBeInTheDocument();
  });

  it("changes the e-mail only with the password", async () => {
    const { user } = renderApp("/account");
    const part = await section("Name and e-mail");
    expect(part.queryByLabelText("Current password")).toBeNull();
    await user.clear(part.getByLabelText("E-mail"));
    await user.type(part.getByLabelText("E-mail"), "weber@hospital.example");
    await user.type(part.getByLabelText("Current password"), "wrong{Enter}");
    expect(await part.findByText("The current password is not right.")).toBeInTheDocument();
    await user.clear(part.getByLabelText("Current password"));
    await user.type(part.getByLabelText("Current password"), `${PASSWORD}{Enter}`);
    expect(await part.findByText("Saved")).toBeInTheDocument();
    expect(accounts.session.account?.email).toBe("weber@hospital.example");
  });

  it("changes the password", async () => {
    const { user } = renderApp("/account");
    const part = await section("Password");
    await user.type(part.getByLabelText("Current password"), PASSWORD);
    await user.type(part.getByLabelText("New password"), "short{Enter}");
    expect(await part.findByText("This is shorter than 12 characters.")).toBeInTheDocument();
    await user.type(part.getByLabelText("New password"), " but now longer{Enter}");
    expect(await part.findByText(/^Changed/)).toBeInTheDocument();
    expect(accounts.password).toBe("short but now longer");
    expect(part.getByLabelText("New password")).toHaveValue("");
  });
});

describe("sessions", () => {
  it("are listed in words, and ended one by one or all at once", async () => {
    const { user } = renderApp("/account");
    const part = await section("Where you are signed in");
    expect(await part.findByText("this one")).toBeInTheDocument();
    expect(part.getAllByText(/Firefox on Linux/)).toHaveLength(2);
    await user.click(part.getByRole("button", { name: "Sign out Firefox on Linux, 10.0.0.7" }));
    await waitFor(() => expect(accounts.ownSessions).toHaveLength(1));
    await waitFor(() => expect(part.queryByText("Sign out everywhere else")).toBeNull());
  });

  it("say why they could not be read", async () => {
    server.use(http.get("*/api/v1/account/sessions", () => problem(500, "x", "Locked.")));
    renderApp("/account");
    expect(await screen.findByText("Where you are signed in could not be read")).toBeVisible();
  });
});

describe("API tokens", () => {
  it("are listed with what they may do, and marked when they have run out", async () => {
    accounts.tokens = [makeToken({ expired: true })];
    renderApp("/account");
    const part = await section("API tokens");
    const row = (await part.findByRole("rowheader", { name: "Nightly export" })).closest("tr");
    expect(row).toHaveTextContent("Read cases and their predictions");
    expect(row).toHaveTextContent("expired");
    expect(row).toHaveTextContent("never");
  });

  it("show their secret once, with an example", async () => {
    const { user } = renderApp("/account");
    await user.click(await screen.findByRole("button", { name: "New token" }));
    const sheet = within(await screen.findByRole("dialog", { name: "New API token" }));
    expect(sheet.queryByLabelText("Manage people and groups")).toBeNull();
    await user.type(sheet.getByLabelText("Name"), "Study export");
    await user.click(sheet.getByLabelText("Read data sets and their reports"));
    await user.click(sheet.getByRole("button", { name: "Create the token" }));
    expect(await sheet.findByLabelText("Token “Study export”")).toHaveValue("vitrine_secret");
    expect(sheet.getByText(/curl -H "Authorization: Bearer vitrine_secret"/)).toBeInTheDocument();
    const write = vi.spyOn(navigator.clipboard, "writeText");
    await user.click(sheet.getByRole("button", { name: "Copy" }));
    expect(write).toHaveBeenCalledWith("vitrine_secret");
    expect(await sheet.findByText("Copied")).toBeInTheDocument();
    await user.click(sheet.getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByText(/vitrine_secret/)).toBeNull());
    await user.click(screen.getByRole("button", { name: "New token" }));
    await screen.findByRole("button", { name: "Create the token" });
    expect(screen.queryByDisplayValue("vitrine_secret")).toBeNull();
    expect(accounts.tokens[0]?.scopes).toEqual(["cases:read", "datasets:read"]);
  });

  it("offer only what the role has", async () => {
    signInAs(READER);
    const { user } = renderApp("/account");
    await user.click(await screen.findByRole("button", { name: "New token" }));
    const sheet = within(await screen.findByRole("dialog"));
    expect(sheet.getAllByRole("checkbox")).toHaveLength(7);
    expect(sheet.queryByLabelText(/data sets/)).toBeNull();
  });

  it("are revoked only after a second yes", async () => {
    const { user } = renderApp("/account");
    await user.click(await screen.findByRole("button", { name: "Revoke Nightly export" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Revoke “Nightly export”?" }));
    await user.click(sheet.getByRole("button", { name: "Revoke" }));
    expect(await screen.findByText(/^No tokens/)).toBeInTheDocument();
  });

  it("say why they could not be created", async () => {
    const full = () =>
      HttpResponse.json({ error: "too_many_tokens", detail: "There are 50." }, { status: 409 });
    server.use(http.post("*/api/v1/account/tokens", full));
    const { user } = renderApp("/account");
    await user.click(await screen.findByRole("button", { name: "New token" }));
    const sheet = within(await screen.findByRole("dialog"));
    await user.type(sheet.getByLabelText("Name"), "x{Enter}");
    expect(await sheet.findByText("There are 50.")).toBeInTheDocument();
  });
});
