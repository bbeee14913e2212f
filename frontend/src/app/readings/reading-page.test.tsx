import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, it } from "vitest";
import type { ReadingRead } from "../../shared/api/types";
import { READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import {
  makeReading,
  makeReadingItem,
  makeReadingQuery,
  makeResponse,
} from "../../shared/testing/reading-fixtures";
import { readingState } from "../../shared/testing/reading-server";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const ADDRESS = `/readings/${makeReading().study_id}`;

function open(overrides: Partial<ReadingRead> = {}) {
  signInAs(READER);
  readingState.readings = [makeReading(overrides)];
  return renderApp(ADDRESS);
}

describe("a study before it is begun", () => {
  it("shows instructions, tasks, keys and the coordinator", async () => {
    open();
    expect(await screen.findByText("Look at the image first.")).toBeInTheDocument();
    expect(screen.getByText("Rate where the map lies.")).toBeInTheDocument();
    expect(screen.getByText(/^Anna Weber coordinates this study/)).toBeInTheDocument();
    expect(screen.getByText("I cannot judge this, and back")).toBeInTheDocument();
    expect(screen.getByText(/first item is practice and does not count/)).toBeInTheDocument();
  });

  it("begins once the instructions are confirmed and the profile is given", async () => {
    const { user, router } = open();
    const begin = await screen.findByRole("button", { name: "Begin reading" });
    expect(begin).toBeDisabled();
    await user.click(screen.getByLabelText("I have read the instructions"));
    expect(begin).toBeDisabled();
    await user.type(screen.getByLabelText(/^Profession/), "Dermatologist");
    await user.type(screen.getByLabelText(/^Years of practice/), "12");
    await user.click(begin);
    await waitFor(() => expect(router.state.location.pathname).toBe(`${ADDRESS}/read`));
    expect(readingState.started).toEqual([
      { agreed: true, profile: { profession: "Dermatologist", years: 12, experience: "" } },
    ]);
  });

  it("asks for no profile where the study does not", async () => {
    const { user } = open({ ask_profile: false });
    await user.click(await screen.findByLabelText("I have read the instructions"));
    expect(screen.queryByLabelText(/^Profession/)).toBeNull();
    await user.click(screen.getByRole("button", { name: "Begin reading" }));
    await waitFor(() => expect(readingState.started).toEqual([{ agreed: true, profile: null }]));
  });

  it("says why it could not be begun", async () => {
    server.use(
      http.post("*/api/v1/readings/:id/start", () =>
        problem(409, "reading_not_open", "The study was closed."),
      ),
    );
    const { user } = open({ ask_profile: false });
    await user.click(await screen.findByLabelText("I have read the instructions"));
    await user.click(screen.getByRole("button", { name: "Begin reading" }));
    expect(await screen.findByText("The study was closed.")).toBeInTheDocument();
  });
});

describe("a study that is being read", () => {
  it("leads to the reading room", async () => {
    const { user, router } = open({ status: "reading", done: 3 });
    expect(await screen.findByText("3 of 5 items read")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Go on reading" }));
    expect(router.state.location.pathname).toBe(`${ADDRESS}/read`);
  });

  it("says when the next session opens", async () => {
    const sessions = [
      { number: 1, done: 5, total: 5, opens_at: null },
      { number: 2, done: 0, total: 5, opens_at: "2026-12-19T09:30:00Z" },
      { number: 3, done: 0, total: 5, opens_at: null },
    ];
    open({ status: "washout", opens_at: "2026-12-19T09:30:00Z", sessions });
    expect(await screen.findByText(/The next session opens on 2026-12-19/)).toBeInTheDocument();
    const rows = screen.getAllByRole("row").map((row) => row.textContent);
    expect(rows).toContainEqual(expect.stringMatching(/^15 of 5Done$/));
    expect(rows).toContainEqual(expect.stringMatching(/^20 of 5On 2026-12-19/));
    expect(rows).toContainEqual(expect.stringMatching(/^30 of 5Some time after/));
    expect(screen.queryByRole("button", { name: "Go on reading" })).toBeNull();
  });

  it.each([
    ["finished", "Thank you. You have read every item"],
    ["closed", "The study is closed for you"],
  ] as const)("says that it is %s", async (status, words) => {
    open({ status });
    expect(await screen.findByText(words)).toBeInTheDocument();
  });

  it("says that it could not be loaded", async () => {
    signInAs(READER);
    renderApp("/readings/nothing");
    expect(await screen.findByText("This study could not be loaded")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "What you have to read" })).toBeInTheDocument();
  });
});

describe("own answers", () => {
  it("are listed, locked, with what was given", async () => {
    readingState.responses = [
      makeResponse({ id: "1".repeat(32), number: 2, answers: {}, cannot_judge: true }),
      makeResponse({ id: "2".repeat(32), practice: true, comment: "Blurred." }),
    ];
    open({ status: "reading" });
    const answers = await screen.findByRole("region", { name: "Your answers" });
    expect(await within(answers).findByText("Could not be judged")).toBeInTheDocument();
    const [, , practice] = within(answers).getAllByRole("row");
    expect(practice).toHaveTextContent(/1 \(practice\)Rating: 4Comment: Blurred\./);
    expect(within(answers).queryByRole("button", { name: /Correct/ })).toBeNull();
  });

  it("can be corrected with a reason where the study allows it", async () => {
    const response = makeResponse();
    readingState.responses = [response];
    readingState.answeredItems.set(response.id, makeReadingItem());
    const { user } = open({ status: "reading", amend_answers: true });
    await user.click(await screen.findByRole("button", { name: "Correct the answer to item 1" }));
    const dialog = await screen.findByRole("dialog");
    await user.click(await within(dialog).findByRole("radio", { name: /Mostly misaligned/ }));
    const save = within(dialog).getByRole("button", { name: "Save correction" });
    expect(save).toBeDisabled();
    await user.type(within(dialog).getByLabelText(/^Reason/), "Slipped.");
    await user.click(save);
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
    expect(readingState.amended).toEqual([
      { answers: { rating: 2 }, cannot_judge: false, reason: "Slipped." },
    ]);
  });
});

describe("questions to the coordinator", () => {
  it("are shown with their replies", async () => {
    readingState.queries = [
      makeReadingQuery({ reply: "No, it is not.", replied_at: "2026-11-21T10:00:00Z" }),
      makeReadingQuery({ id: "55".repeat(16), text: "How long?", session: null, number: null }),
    ];
    open({ status: "reading" });
    expect(await screen.findByText("No, it is not.")).toBeInTheDocument();
    expect(screen.getByText(/^Session 1, item 1, asked/)).toBeInTheDocument();
    expect(screen.getByText("No reply yet.")).toBeInTheDocument();
  });

  it("can be asked about the study", async () => {
    const { user } = open({ status: "reading" });
    expect(await screen.findByText("You have asked nothing yet.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Ask …" }));
    await user.type(await screen.findByLabelText(/Your question to Anna Weber/), "Until when?");
    await user.click(screen.getByRole("button", { name: "Send" }));
    expect(await screen.findByText("Question sent")).toBeInTheDocument();
    expect(readingState.asked).toEqual([{ text: "Until when?", assignment_id: null }]);
    await user.click(screen.getByRole("button", { name: "Go on" }));
    expect(await screen.findByText("Until when?")).toBeInTheDocument();
  });
});
