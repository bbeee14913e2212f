import { screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { GROUP_ID, READER, READER_ID } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { CASE_ID, makeCase, makeModel, ULTRASOUND_MODEL } from "../../shared/testing/fixtures";
import { server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const PATH = `/cases/${CASE_ID}`;

async function openTab() {
  const app = renderApp(PATH);
  await app.user.click(await screen.findByRole("tab", { name: "Case and notes" }));
  const part = within(await screen.findByRole("region", { name: "Who sees this case" }));
  return { ...app, part };
}

describe("sharing", () => {
  it("begins private, and can be opened to everybody", async () => {
    state.cases = [makeCase()];
    const { user, part } = await openTab();
    expect(part.getByText("the owner and administrators")).toBeInTheDocument();
    expect(part.getByText("Owner: Anna Weber")).toBeInTheDocument();
    await user.click(part.getByRole("button", { name: "Share …" }));
    await user.click(part.getByLabelText("Everybody here"));
    await user.click(part.getByRole("button", { name: "Save" }));
    expect(await part.findByText("Everybody here")).toBeInTheDocument();
    expect(state.cases[0]?.visibility).toBe("open");
  });

  it("with groups needs one at least", async () => {
    state.cases = [makeCase()];
    const { user, part } = await openTab();
    await user.click(part.getByRole("button", { name: "Share …" }));
    await user.click(part.getByLabelText("Groups"));
    expect(part.getByRole("button", { name: "Save" })).toBeDisabled();
    await user.click(part.getByPlaceholderText("Choose at least one"));
    await user.click(await screen.findByRole("option", { name: "Dermatology", hidden: true }));
    await user.click(part.getByRole("button", { name: "Save" }));
    await waitFor(() =>
      expect(state.cases[0]?.groups).toEqual([{ id: GROUP_ID, name: "Dermatology" }]),
    );
    expect(await part.findByText("Dermatology")).toBeInTheDocument();
  });

  it("says why it was not changed", async () => {
    state.cases = [makeCase()];
    const refused = () =>
      HttpResponse.json(
        { error: "unknown_group", detail: "That is no group of yours." },
        { status: 400 },
      );
    server.use(http.put("*/api/v1/cases/:id/sharing", refused));
    const { user, part } = await openTab();
    await user.click(part.getByRole("button", { name: "Share …" }));
    await user.click(part.getByRole("button", { name: "Save" }));
    expect(await part.findByText("That is no group of yours.")).toBeInTheDocument();
  });
});

describe("somebody else's case", () => {
  const shared = () =>
    makeCase({ may_change: false, visibility: "open", notes: "seen in March", dataset: null });

  it("is to be read, not changed, with the reason", async () => {
    signInAs(READER);
    state.cases = [shared()];
    const { part } = await openTab();
    expect(part.getByText(/belongs to Anna Weber/)).toBeInTheDocument();
    expect(part.queryByRole("button")).toBeNull();
    const notes = screen.getByLabelText("Notes");
    expect(notes).toHaveValue("seen in March");
    expect(notes).toHaveAttribute("readonly");
    expect(screen.getByLabelText("Pseudonym of the case")).toHaveAttribute("readonly");
    expect(screen.getByText("Read only")).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Delete this case/ })).toBeNull();
    expect(screen.getByText("Only the owner can delete this case.")).toBeInTheDocument();
  });

  it("keeps what it is when it is explained with another model", async () => {
    signInAs(READER);
    state.cases = [shared()];
    state.models = [makeModel(), ULTRASOUND_MODEL];
    const { user } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: "Explain with …" }));
    await user.click(await screen.findByRole("button", { name: /breast-ultrasound/ }));
    await waitFor(() => expect(state.asked).toHaveLength(1));
    expect(state.updates).toEqual([]);
  });

  it("is marked in the list; one's own private one is not", async () => {
    state.cases = [
      makeCase({ pseudonym: "Mine" }),
      makeCase({
        id: "b".repeat(32),
        pseudonym: "Ben's",
        owner: { id: READER_ID, name: "Ben Okafor" },
        visibility: "groups",
        groups: [{ id: GROUP_ID, name: "Dermatology" }],
      }),
    ];
    renderApp("/");
    const row = (await screen.findByRole("link", { name: "Ben's" })).closest("tr");
    expect(row).toHaveTextContent("Seen by: Dermatology");
    expect(row).toHaveTextContent("Belongs to Ben Okafor");
    const mine = screen.getByRole("link", { name: "Mine" }).closest("tr");
    expect(mine).not.toHaveTextContent("Private");
    expect(mine).not.toHaveTextContent("Anna");
  });
});
