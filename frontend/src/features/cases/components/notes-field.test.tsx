import { screen, waitFor } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { ACCOUNT_ID } from "../../../shared/testing/account-fixtures";
import { CASE_ID, makeCase } from "../../../shared/testing/fixtures";
import { renderWithQueries } from "../../../shared/testing/render-with-queries";
import { problem, server, state } from "../../../shared/testing/server";
import { NotesField } from "./notes-field";

const KEY = `vitrine.notes.${ACCOUNT_ID}.${CASE_ID}`;

function open(notes = "") {
  const entry = makeCase({ notes });
  state.cases = [entry];
  return renderWithQueries(<NotesField entry={entry} />);
}

describe("notes", () => {
  it("save themselves a moment after the last key", async () => {
    const { user } = open();
    await user.type(screen.getByLabelText("Notes"), "new vessels");
    expect(screen.getByText("Not saved yet")).toBeInTheDocument();
    expect(localStorage.getItem(KEY)).toBe("new vessels");
    expect(await screen.findByText("Saved")).toBeInTheDocument();
    expect(state.updates.at(-1)).toEqual({ notes: "new vessels" });
    // Nothing about a patient stays on this computer once the server has it.
    expect(localStorage.getItem(KEY)).toBeNull();
  });

  it("are kept and sent again when saving fails", async () => {
    server.use(http.patch("*/api/v1/cases/:id", () => HttpResponse.error(), { once: true }));
    const { user } = open();
    await user.type(screen.getByLabelText("Notes"), "kept");
    await user.tab();
    expect(await screen.findByText(/Kept on this computer and sent again/)).toBeInTheDocument();
    expect(localStorage.getItem(KEY)).toBe("kept");
    expect(await screen.findByText("Saved")).toBeInTheDocument();
    expect(state.updates).toEqual([{ notes: "kept" }]);
  });

  it("are not sent again when that cannot help", async () => {
    const refused = () => problem(422, "validation_failed", "notes: too long");
    server.use(http.patch("*/api/v1/cases/:id", refused));
    const { user } = open();
    await user.type(screen.getByLabelText("Notes"), "x");
    await user.tab();
    expect(await screen.findByText(/Not saved. notes: too long/)).toBeInTheDocument();
    expect(screen.queryByText(/sent again/)).toBeNull();
    expect(localStorage.getItem(KEY)).toBe("x");
  });

  it("of an earlier visit that were not saved come back and go to the server", async () => {
    localStorage.setItem(KEY, "from yesterday");
    open("older");
    expect(screen.getByLabelText("Notes")).toHaveValue("from yesterday");
    await waitFor(() => expect(state.updates.at(-1)).toEqual({ notes: "from yesterday" }));
  });

  it("are sent when the page is left", async () => {
    const { user, unmount } = open();
    await user.type(screen.getByLabelText("Notes"), "leaving");
    unmount();
    await waitFor(() => expect(state.updates.at(-1)).toEqual({ notes: "leaving" }));
  });
});
