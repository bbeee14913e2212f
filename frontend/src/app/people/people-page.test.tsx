import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { GROUP_ID, makePerson, READER, READER_ID } from "../../shared/testing/account-fixtures";
import { accounts, signInAs } from "../../shared/testing/account-server";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const ben = () =>
  makePerson({
    id: READER_ID,
    name: "Ben Okafor",
    email: "ben@hospital.example",
    role: "reader",
    groups: [],
    last_sign_in_at: null,
  });

describe("people", () => {
  it("are listed with role, groups, status and last sign-in", async () => {
    accounts.people.push({ ...ben(), status: "invited", single_sign_on: true });
    renderApp("/people");
    const row = (await screen.findByRole("rowheader", { name: /Ben Okafor/ })).closest("tr");
    for (const text of ["ben@hospital.example", "Reader", "invited", "never", "single sign-on"]) {
      expect(row).toHaveTextContent(text);
    }
    expect(screen.getByText("you")).toBeInTheDocument();
  });

  it("are not for everybody, which is said in words", async () => {
    signInAs(READER);
    renderApp("/people");
    expect(await screen.findByText("People and groups: not for your role")).toBeInTheDocument();
    expect(screen.getByText(/Your role here is “Reader”/)).toBeInTheDocument();
  });

  it("are invited with a link that is shown once", async () => {
    const { user } = renderApp("/people");
    await user.click(await screen.findByRole("button", { name: "Invite somebody" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Invite somebody" }));
    expect(sheet.getByText(/Sees no data sets/)).toBeInTheDocument();
    await user.type(sheet.getByLabelText("E-mail"), "anna@hospital.example");
    await user.type(sheet.getByLabelText("Name"), "Ben Okafor");
    await user.click(sheet.getByRole("button", { name: "Create the invitation" }));
    expect(await sheet.findByText("Another account has this e-mail address.")).toBeInTheDocument();
    await user.clear(sheet.getByLabelText("E-mail"));
    await user.type(sheet.getByLabelText("E-mail"), "ben@hospital.example");
    await user.click(sheet.getByLabelText("Study coordinator"));
    await user.click(sheet.getByRole("button", { name: "Create the invitation" }));
    const link = `${window.location.origin}/welcome#token=t0ken`;
    expect(await sheet.findByLabelText("Invitation link")).toHaveValue(link);
    expect(sheet.getByText("Shown only once")).toBeInTheDocument();
    await user.click(sheet.getByRole("button", { name: "Done" }));
    const row = await screen.findByRole("rowheader", { name: /Ben Okafor/ });
    expect(row.closest("tr")).toHaveTextContent("Study coordinator");
    expect(screen.queryByDisplayValue(link)).toBeNull();
  });

  it("are changed: name, role, groups", async () => {
    accounts.people.push(ben());
    const { user } = renderApp("/people");
    await user.click(await screen.findByRole("button", { name: "Change Ben Okafor" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Change Ben Okafor" }));
    await user.click(sheet.getByLabelText("Researcher"));
    await user.click(sheet.getByRole("button", { name: "Save" }));
    await waitFor(() => expect(accounts.people[1]?.role).toBe("researcher"));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });

  it("are deactivated after words that say what happens", async () => {
    accounts.people.push(ben());
    const { user } = renderApp("/people");
    await user.click(await screen.findByRole("button", { name: "Deactivate Ben Okafor" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Deactivate Ben Okafor?" }));
    expect(sheet.getByText(/signed out everywhere at once/)).toBeInTheDocument();
    await user.click(sheet.getByRole("button", { name: "Deactivate" }));
    expect(await screen.findByRole("button", { name: "Activate Ben Okafor" })).toBeInTheDocument();
  });

  it("keep their last administrator", async () => {
    const { user } = renderApp("/people");
    await user.click(await screen.findByRole("button", { name: "Deactivate Anna Weber" }));
    const sheet = within(await screen.findByRole("dialog"));
    await user.click(sheet.getByRole("button", { name: "Deactivate" }));
    expect(await sheet.findByText("This is the last active administrator.")).toBeInTheDocument();
  });

  it("get a new link", async () => {
    accounts.people.push(ben());
    const { user } = renderApp("/people");
    await user.click(await screen.findByRole("button", { name: "New link for Ben Okafor" }));
    const sheet = within(await screen.findByRole("dialog"));
    await user.click(sheet.getByRole("button", { name: "Make a link" }));
    expect(await sheet.findByLabelText("Link to choose a password")).toBeInTheDocument();
  });

  it("say why they could not be read", async () => {
    server.use(
      http.get("*/api/v1/people", () => problem(500, "x", "The database is locked."), {
        once: true,
      }),
    );
    const { user } = renderApp("/people");
    expect(await screen.findByText("The database is locked.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("rowheader", { name: /Anna Weber/ })).toBeInTheDocument();
  });
});

describe("groups", () => {
  it("have a tab with an address", async () => {
    accounts.groups = [];
    const { user, router } = renderApp("/people");
    await user.click(await screen.findByRole("tab", { name: /^Groups/ }));
    expect(router.state.location.pathname).toBe("/people/groups");
    expect(await screen.findByText(/^No groups yet/)).toBeInTheDocument();
  });

  it("are created and renamed", async () => {
    const { user } = renderApp("/people/groups");
    await user.click(await screen.findByRole("button", { name: "New group" }));
    const sheet = within(await screen.findByRole("dialog", { name: "New group" }));
    await user.type(sheet.getByLabelText("Name"), "Pathology{Enter}");
    await user.click(await screen.findByRole("button", { name: "Change Pathology" }));
    const change = within(await screen.findByRole("dialog", { name: "Change “Pathology”" }));
    await user.type(change.getByLabelText("Name"), " 2{Enter}");
    expect(await screen.findByRole("rowheader", { name: "Pathology 2" })).toBeInTheDocument();
  });

  it("do not share a name", async () => {
    const taken = () =>
      HttpResponse.json(
        { error: "group_name_taken", detail: "Another group has it." },
        { status: 409 },
      );
    server.use(http.post("*/api/v1/groups", taken));
    const { user } = renderApp("/people/groups");
    await user.click(await screen.findByRole("button", { name: "New group" }));
    await user.type(within(await screen.findByRole("dialog")).getByLabelText("Name"), "X{Enter}");
    expect(await screen.findByText("Another group has it.")).toBeInTheDocument();
  });

  it("are deleted only after a second yes", async () => {
    const { user } = renderApp("/people/groups");
    await user.click(await screen.findByRole("button", { name: "Delete Dermatology" }));
    expect(accounts.groups[0]?.id).toBe(GROUP_ID);
    const sheet = within(await screen.findByRole("dialog"));
    await user.click(sheet.getByRole("button", { name: "Delete" }));
    expect(await screen.findByText(/^No groups yet/)).toBeInTheDocument();
  });
});
