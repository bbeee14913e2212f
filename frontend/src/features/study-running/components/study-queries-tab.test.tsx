import { screen, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, it } from "vitest";
import { renderWithQueries } from "../../../shared/testing/render-with-queries";
import { problem, server } from "../../../shared/testing/server";
import { makeOpenStudy, makeStudyQuery } from "../../../shared/testing/study-fixtures";
import { studyState } from "../../../shared/testing/study-server";
import { StudyQueriesTab } from "./study-queries-tab";

const QUERIES = "*/api/v1/reader-studies/:id/queries";
const REPLIED = makeStudyQuery({
  id: "9".repeat(32),
  item_number: null,
  task_title: null,
  case_label: null,
  text: "May I pause?",
  reply: "Yes, at any time.",
  replied_by: { id: "a".repeat(32), name: "Anna Weber" },
  replied_at: "2026-11-21T10:00:00Z",
});

describe("readers' questions", () => {
  it("are none at first", async () => {
    renderWithQueries(<StudyQueriesTab study={makeOpenStudy()} />);
    expect(await screen.findByText(/^No questions yet/)).toBeInTheDocument();
  });

  it("are replied to, with a warning not to unblind", async () => {
    studyState.queries = [makeStudyQuery(), REPLIED];
    const { user } = renderWithQueries(<StudyQueriesTab study={makeOpenStudy()} />);
    const [open, replied] = await screen.findAllByRole("listitem");
    expect(screen.getByText("1 without a reply.")).toBeInTheDocument();
    expect(open).toHaveTextContent("item 2, Localization, Case 0123AB");
    expect(replied).toHaveTextContent("about the study");
    expect(replied).toHaveTextContent("Yes, at any time.");
    expect(screen.getByText(/Tell nothing that unblinds/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Send the reply" })).toBeDisabled();
    await user.type(screen.getByLabelText("Reply to R1"), "Ignore the ruler.");
    await user.click(screen.getByRole("button", { name: "Send the reply" }));
    expect(await screen.findByText("All questions have a reply.")).toBeInTheDocument();
    expect(screen.getByText("Ignore the ruler.")).toBeInTheDocument();
    expect(studyState.queries[0]?.reply).toBe("Ignore the ruler.");
  });

  it("keep the words where the reply could not be sent", async () => {
    studyState.queries = [makeStudyQuery()];
    server.use(
      http.post(`${QUERIES}/:query/reply`, () => problem(500, "x", "The database is locked.")),
    );
    const { user } = renderWithQueries(<StudyQueriesTab study={makeOpenStudy()} />);
    await user.type(await screen.findByLabelText("Reply to R1"), "Ignore it.");
    await user.click(screen.getByRole("button", { name: "Send the reply" }));
    expect(await screen.findByText("The database is locked.")).toBeInTheDocument();
    expect(screen.getByLabelText("Reply to R1")).toHaveValue("Ignore it.");
  });

  it("cannot be replied to by an observer", async () => {
    studyState.queries = [makeStudyQuery()];
    renderWithQueries(<StudyQueriesTab study={makeOpenStudy({ role: "observer" })} />);
    const [open] = await screen.findAllByRole("listitem");
    expect(within(open as HTMLElement).queryByRole("textbox")).toBeNull();
  });

  it("are hidden from whoever still reads", async () => {
    server.use(http.get(QUERIES, () => problem(403, "still_reading", "You read yourself.")));
    renderWithQueries(<StudyQueriesTab study={makeOpenStudy()} />);
    expect(await screen.findByText("You read in this study yourself")).toBeInTheDocument();
    expect(screen.getByText(/the questions stay hidden/)).toBeInTheDocument();
  });

  it("say why they could not be read", async () => {
    server.use(http.get(QUERIES, () => problem(500, "x", "Broken."), { once: true }));
    const { user } = renderWithQueries(<StudyQueriesTab study={makeOpenStudy()} />);
    expect(await screen.findByText("Broken.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText(/^No questions yet/)).toBeInTheDocument();
  });
});
