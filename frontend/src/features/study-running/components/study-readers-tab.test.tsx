import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { HttpResponse, http } from "msw";
import { useState } from "react";
import { describe, expect, it } from "vitest";
import { makeAccount, READER_ID } from "../../../shared/testing/account-fixtures";
import { renderWithQueries } from "../../../shared/testing/render-with-queries";
import { problem, server } from "../../../shared/testing/server";
import {
  makeOpenStudy,
  makeStudy,
  makeStudyMember,
  makeStudyReader,
} from "../../../shared/testing/study-fixtures";
import { studyState } from "../../../shared/testing/study-server";
import { StudyReadersTab } from "./study-readers-tab";

const API = "*/api/v1/reader-studies/:id";
const BEN = makeStudyReader();
const rowOf = async (name: RegExp) =>
  (await screen.findByRole("rowheader", { name })).closest("tr");

/** Bodies that a route was sent, answered with `answer`. */
function record(path: string, answer: () => object) {
  const bodies: unknown[] = [];
  server.use(
    http.post(`${API}${path}`, async ({ request }) => {
      bodies.push(await request.json());
      return HttpResponse.json(answer());
    }),
  );
  return bodies;
}

describe("readers of a study", () => {
  it("are nobody at first", async () => {
    renderWithQueries(<StudyReadersTab study={makeStudy()} />);
    expect(await screen.findByText(/^Nobody reads yet/)).toBeInTheDocument();
    expect(screen.getByText(/Readers can be invited now/)).toBeInTheDocument();
  });

  it("stand in a table with how far and how fast they are", async () => {
    studyState.readers = [
      makeStudyReader({
        sessions: [
          { number: 1, done: 5, total: 5, opens_at: null },
          { number: 2, done: 0, total: 5, opens_at: "2099-12-20T12:00:00Z" },
        ],
      }),
      makeStudyReader({
        id: "5".repeat(32),
        code: "R2",
        name: "Anna Weber",
        email: "anna@hospital.example",
        status: "invited",
        pending_account: true,
        sessions: [],
      }),
    ];
    renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />);
    const row = await rowOf(/Ben Okafor/);
    for (const text of [
      "R1",
      "reading",
      "5 of 5",
      "0 of 5",
      "opens 2099-12-20",
      "3 in 7 days",
      "about 2026-11-26",
    ]) {
      expect(row).toHaveTextContent(text);
    }
    const own = await rowOf(/Anna Weber.*anna@/);
    expect(own).toHaveTextContent("you");
    expect(own).toHaveTextContent("no password yet");
    expect(own).toHaveTextContent("order not drawn yet");
  });

  it("say why they could not be read", async () => {
    server.use(
      http.get(`${API}/readers`, () => problem(500, "x", "The database is locked."), {
        once: true,
      }),
    );
    const { user } = renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />);
    expect(await screen.findByText("The database is locked.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText(/^Nobody reads yet/)).toBeInTheDocument();
  });

  it("can only be looked at by an observer", async () => {
    studyState.readers = [BEN];
    renderWithQueries(<StudyReadersTab study={makeOpenStudy({ role: "observer" })} />);
    await rowOf(/Ben Okafor/);
    expect(await screen.findByRole("table", { name: "Members" })).toBeInTheDocument();
    expect(screen.queryByRole("button")).toBeNull();
  });
});

describe("inviting a reader", () => {
  it("chooses an account, and says where they read", async () => {
    const { user } = renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />);
    const invite = await screen.findByRole("button", { name: "Invite a reader" });
    await waitFor(() => expect(invite).toBeEnabled());
    await user.click(invite);
    const sheet = within(await screen.findByRole("dialog", { name: "Invite a reader" }));
    expect(sheet.getByText(/drawn at once/)).toBeInTheDocument();
    const account = sheet.getByRole("combobox", { name: "Account" });
    await user.click(account);
    await user.type(account, "Ben{ArrowDown}{Enter}");
    await user.click(sheet.getByRole("button", { name: "Invite" }));
    const done = within(await screen.findByRole("dialog", { name: "Reader invited" }));
    expect(done.getByLabelText("Where they read")).toHaveValue(
      `${window.location.origin}/readings`,
    );
    expect(done.queryByLabelText("Invitation link")).toBeNull();
    expect(await rowOf(/Ben Okafor/)).toHaveTextContent("R1");
  });

  it("makes an account for somebody new, whose link is shown once", async () => {
    const { user } = renderWithQueries(<StudyReadersTab study={makeStudy()} />);
    const invite = await screen.findByRole("button", { name: "Invite a reader" });
    await waitFor(() => expect(invite).toBeEnabled());
    await user.click(invite);
    const sheet = within(await screen.findByRole("dialog", { name: "Invite a reader" }));
    await user.click(sheet.getByRole("radio", { name: "Somebody new" }));
    expect(sheet.getByText(/when the study is published/)).toBeInTheDocument();
    await user.type(sheet.getByLabelText("Name"), "Dora Lind");
    await user.type(sheet.getByLabelText("E-mail"), "dora@hospital.example");
    await user.click(sheet.getByRole("button", { name: "Invite" }));
    const done = within(await screen.findByRole("dialog", { name: "Reader invited" }));
    expect(done.getByLabelText("Invitation link")).toHaveValue(
      `${window.location.origin}/welcome#token=t0ken`,
    );
    await user.click(done.getByRole("button", { name: "Done" }));
    expect(await rowOf(/Dora Lind/)).toHaveTextContent("no password yet");
  });

  it("says in place why it is not possible", async () => {
    server.use(
      http.post(`${API}/readers`, () => problem(409, "email_taken", "Another account has it.")),
    );
    studyState.readerCandidates = [];
    const { user } = renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />);
    const invite = await screen.findByRole("button", { name: "Invite a reader" });
    await waitFor(() => expect(invite).toBeEnabled());
    await user.click(invite);
    const sheet = within(await screen.findByRole("dialog"));
    await user.type(sheet.getByLabelText("Name"), "Dora Lind");
    await user.type(sheet.getByLabelText("E-mail"), "dora@hospital.example");
    await user.click(sheet.getByRole("button", { name: "Invite" }));
    expect(await sheet.findByText("Another account has it.")).toBeInTheDocument();
    expect(sheet.getByLabelText("Name")).toHaveValue("Dora Lind");
  });
});

describe("accounts to choose from", () => {
  it("say why they could not be read", async () => {
    server.use(
      http.get(
        "*/api/v1/reader-studies/reader-candidates",
        () => problem(500, "x", "The database is locked."),
        { once: true },
      ),
    );
    const { user } = renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />);
    expect(await screen.findByText("The database is locked.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(screen.queryByText("The database is locked.")).toBeNull());
  });
});

describe("a reader", () => {
  it("gets a new link while there is no password", async () => {
    studyState.readers = [makeStudyReader({ pending_account: true })];
    const { user } = renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />);
    await user.click(await screen.findByRole("button", { name: "New link for Ben Okafor" }));
    const sheet = within(await screen.findByRole("dialog"));
    await user.click(sheet.getByRole("button", { name: "Make a link" }));
    expect(await sheet.findByLabelText("Invitation link")).toHaveValue(
      `${window.location.origin}/welcome#token=n3w`,
    );
  });

  it("is reminded, with words for a mail", async () => {
    studyState.readers = [BEN];
    const { user } = renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />);
    await user.click(await screen.findByRole("button", { name: "Remind Ben Okafor" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Remind Ben Okafor" }));
    await user.click(sheet.getByRole("button", { name: "Remind" }));
    expect(await sheet.findByLabelText("Text")).toHaveValue(
      "Dear Ben Okafor,\n\nplease go on reading.",
    );
    expect(sheet.getByRole("link", { name: "Open a mail" })).toHaveAttribute(
      "href",
      expect.stringMatching(/^mailto:ben%40hospital\.example\?subject=Reader%20study&body=Dear/),
    );
    await user.click(sheet.getByRole("button", { name: "Copy the text" }));
    expect(await sheet.findByRole("button", { name: "Copied" })).toBeInTheDocument();
    expect(await navigator.clipboard.readText()).toContain("please go on reading");
    await user.click(sheet.getByRole("button", { name: "Done" }));
    expect(await rowOf(/Ben Okafor/)).toHaveTextContent("2026-11-22");
  });

  it("is withdrawn with a reason", async () => {
    studyState.readers = [BEN];
    const reasons = record("/readers/:reader/withdraw", () => ({
      items: [makeStudyReader({ status: "withdrawn" })],
    }));
    const { user } = renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />);
    await user.click(await screen.findByRole("button", { name: "Withdraw Ben Okafor" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Withdraw Ben Okafor?" }));
    expect(sheet.getByText(/cannot be undone/)).toBeInTheDocument();
    expect(sheet.getByRole("button", { name: "Withdraw" })).toBeDisabled();
    await user.type(sheet.getByLabelText("Reason"), "Left the clinic.");
    await user.click(sheet.getByRole("button", { name: "Withdraw" }));
    await waitFor(() => expect(reasons).toEqual([{ reason: "Left the clinic." }]));
    await waitFor(() => expect(screen.queryByRole("dialog")).toBeNull());
  });
});

describe("the state of a study", () => {
  it("is closed with a reason, after words that say what happens", async () => {
    const study = makeOpenStudy();
    const reasons = record("/close", () => ({ ...study, status: "closed" }));
    const { user } = renderWithQueries(<StudyReadersTab study={study} />);
    await user.click(await screen.findByRole("button", { name: "Close the study …" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Close the study?" }));
    expect(sheet.getByText(/5 answers are still missing/)).toBeInTheDocument();
    await user.type(sheet.getByLabelText("Reason"), "All we need.");
    await user.click(sheet.getByRole("button", { name: "Close the study" }));
    await waitFor(() => expect(reasons).toEqual([{ reason: "All we need." }]));
  });

  it("asks nothing more once it is closed", async () => {
    const { user } = renderWithQueries(<Closing />);
    await user.click(await screen.findByRole("button", { name: "Close the study …" }));
    await screen.findByRole("dialog", { name: "Close the study?" });
    // As when the closed study comes from the server before the dialog hears of it.
    fireEvent.click(screen.getByText("arrives closed"));
    expect(await screen.findByRole("button", { name: "Reopen the study …" })).toBeInTheDocument();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("is reopened with a reason", async () => {
    const study = makeOpenStudy({ status: "closed", results: "closed" });
    server.use(
      http.post(`${API}/reopen`, () => problem(409, "study_not_open", "It is open already.")),
    );
    const { user } = renderWithQueries(<StudyReadersTab study={study} />);
    expect(screen.queryByRole("button", { name: "Invite a reader" })).toBeNull();
    await user.click(await screen.findByRole("button", { name: "Reopen the study …" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Reopen the study?" }));
    await user.type(sheet.getByLabelText("Reason"), "R2 was ill.");
    await user.click(sheet.getByRole("button", { name: "Reopen the study" }));
    expect(await sheet.findByText("It is open already.")).toBeInTheDocument();
  });
});

function Closing() {
  const [status, setStatus] = useState<"open" | "closed">("open");
  return (
    <>
      <StudyReadersTab study={makeOpenStudy({ status })} />
      <button type="button" onClick={() => setStatus("closed")}>
        arrives closed
      </button>
    </>
  );
}

describe("members", () => {
  it("are added, and marked where they read too", async () => {
    studyState.readers = [BEN];
    const { user } = renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />);
    await user.click(await screen.findByRole("combobox", { name: "Add a member" }));
    await user.click(await screen.findByRole("option", { name: /Ben Okafor/, hidden: true }));
    await user.click(screen.getByRole("button", { name: "Add" }));
    const members = within(await screen.findByRole("table", { name: "Members" }));
    const row = (await members.findByRole("rowheader", { name: /Ben Okafor/ })).closest("tr");
    expect(row).toHaveTextContent("reads too, as R1");
    expect(row).toHaveTextContent("coordinator");
  });

  it("change their role, and are removed after a second yes", async () => {
    const ben = makeStudyMember({
      user: { id: READER_ID, name: "Ben Okafor" },
      role: "coordinator",
    });
    studyState.members = [makeStudyMember(), ben];
    const { user } = renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />);
    await user.click(await screen.findByRole("button", { name: "Make Ben Okafor observer" }));
    const sheet = within(await screen.findByRole("dialog"));
    await user.click(sheet.getByRole("button", { name: "Make observer" }));
    await user.click(await screen.findByRole("button", { name: "Make Ben Okafor coordinator" }));
    await user.click(within(await screen.findByRole("dialog")).getByText("Cancel"));
    await user.click(await screen.findByRole("button", { name: "Remove Ben Okafor" }));
    const second = within(await screen.findByRole("dialog", { name: "Remove Ben Okafor?" }));
    await user.click(second.getByRole("button", { name: "Remove" }));
    await waitFor(() => expect(screen.queryByRole("rowheader", { name: /Ben Okafor/ })).toBeNull());
    expect(studyState.members).toHaveLength(1);
  });

  it("are not asked for accounts where one may not invite", async () => {
    server.use(
      http.get("*/api/v1/reader-studies/reader-candidates", () => {
        throw new Error("asked for accounts");
      }),
    );
    const account = makeAccount({ permissions: ["studies:read"] });
    renderWithQueries(<StudyReadersTab study={makeOpenStudy()} />, account);
    expect(await screen.findByRole("table", { name: "Members" })).toBeInTheDocument();
    expect(screen.queryByRole("button")).toBeNull();
  });
});
