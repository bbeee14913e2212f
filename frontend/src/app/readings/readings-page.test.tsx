import { screen, waitFor, within } from "@testing-library/react";
import { type HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { makeReading } from "../../shared/testing/reading-fixtures";
import { readingState } from "../../shared/testing/reading-server";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const OTHER = "9".repeat(32);

function open() {
  signInAs(READER);
  return renderApp("/readings");
}

describe("what somebody has to read", () => {
  it("stands in a table with status, progress and the next step", async () => {
    readingState.readings = [
      makeReading({ status: "reading", done: 2, last_answer_at: "2026-11-21T09:30:00Z" }),
      makeReading({
        study_id: OTHER,
        title: "Two sessions",
        status: "washout",
        done: 5,
        total: 10,
        opens_at: "2026-12-19T09:30:00Z",
      }),
    ];
    open();
    const first = (await screen.findByRole("link", { name: /Go on/ })).closest("tr");
    expect(first).toHaveTextContent("In progress");
    expect(first).toHaveTextContent("2 of 5");
    const second = screen.getByRole("link", { name: "Two sessions" }).closest("tr") as HTMLElement;
    expect(second).toHaveTextContent(/Opens on 2026-12-19/);
    expect(within(second).queryByRole("link", { name: /Go on|Begin/ })).toBeNull();
  });

  it("leads invited readers to the instructions, not into the reading room", async () => {
    readingState.readings = [makeReading()];
    open();
    const begin = await screen.findByRole("link", { name: /^Begin/ });
    expect(begin).toHaveAttribute("href", `/readings/${makeReading().study_id}`);
  });

  it("shows a reminder and a reply until they were seen", async () => {
    readingState.readings = [
      makeReading({ status: "reading", reminded_at: "2026-11-20T08:00:00Z", new_replies: 1 }),
    ];
    const { user } = open();
    expect(await screen.findByText(/A reminder: “Do experts/)).toBeInTheDocument();
    expect(screen.getByText("1 new reply")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: /^Seen/ }));
    await waitFor(() => expect(screen.queryByText(/A reminder/)).toBeNull());
    expect(screen.queryByText("1 new reply")).toBeNull();
  });

  it("says that there is nothing", async () => {
    open();
    expect(await screen.findByRole("heading", { name: "Nothing to read" })).toBeInTheDocument();
  });

  it("says that it could not be loaded, and tries again", async () => {
    server.use(
      http.get("*/api/v1/readings", () => problem(500, "internal_error", "It broke."), {
        once: true,
      }),
    );
    const { user } = open();
    expect(await screen.findByText("It broke.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: "Nothing to read" })).toBeInTheDocument();
  });

  it("says that it loads", async () => {
    server.use(
      http.get("*/api/v1/readings", () => new Promise<HttpResponse<null>>(() => undefined)),
    );
    open();
    expect(await screen.findByText("Loading what you have to read")).toBeInTheDocument();
  });
});
