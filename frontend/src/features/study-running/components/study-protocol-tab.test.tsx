import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, it } from "vitest";
import { renderWithQueries } from "../../../shared/testing/render-with-queries";
import { problem, server } from "../../../shared/testing/server";
import {
  makeDesign,
  makeOpenStudy,
  makeStudy,
  makeStudyItem,
  makeStudyProtocol,
  makeTruth,
} from "../../../shared/testing/study-fixtures";
import { studyState } from "../../../shared/testing/study-server";
import { StudyProtocolTab } from "./study-protocol-tab";

const API = "*/api/v1/reader-studies/:id";
const FIRST = makeStudyProtocol();
const SECOND = makeStudyProtocol({
  version: 2,
  hash: "cd".repeat(32),
  previous_hash: FIRST.hash,
  reason: "Readers asked what the scale means.",
  changes: [
    { field: "tasks.0.instructions", before: "", after: "5 means that the map fits." },
    { field: "access.live_results", before: "nobody", after: "members" },
  ],
});

describe("the protocol", () => {
  it("does not exist before publication", () => {
    renderWithQueries(<StudyProtocolTab study={makeStudy()} />);
    expect(screen.getByText(/^There is no protocol yet/)).toBeInTheDocument();
  });

  it("has versions with their hashes, and what each changed", async () => {
    studyState.protocols = [FIRST, SECOND];
    const { user } = renderWithQueries(<StudyProtocolTab study={makeOpenStudy()} />);
    const headings = await screen.findAllByRole("heading", { name: /^Version \d/ });
    expect(headings[0]).toHaveTextContent(/^Version 2 holds now/);
    expect(headings[1]).toHaveTextContent(/^Version 1 *2026/);
    const changes = within(screen.getByRole("table", { name: "Changes of version 2" }));
    const row = changes.getByRole("rowheader", { name: "Instructions of “Localization”" });
    expect(row.closest("tr")).toHaveTextContent("(empty)5 means that the map fits.");
    expect(changes.getByText("All members, at any time")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Copy the hash of version 2" }));
    expect(await navigator.clipboard.readText()).toBe(SECOND.hash);
  });

  it("is amended: only what was changed is sent, with a reason", async () => {
    studyState.studies = [makeOpenStudy()];
    studyState.protocols = [FIRST];
    const { user } = renderWithQueries(<StudyProtocolTab study={makeOpenStudy()} />);
    await user.click(await screen.findByRole("button", { name: "Amend …" }));
    const sheet = within(await screen.findByRole("dialog", { name: "Amend the protocol" }));
    await user.click(sheet.getByLabelText("Reason"));
    await user.paste("As agreed on Monday.");
    expect(sheet.getByRole("button", { name: "Nothing changed yet" })).toBeDisabled();
    await user.click(sheet.getByLabelText("Instructions of “Localization”"));
    await user.paste("Rate the map.");
    await user.click(sheet.getByRole("checkbox", { name: /Readers may add a correction/ }));
    expect(sheet.queryByLabelText("Washout, days")).toBeNull();
    await user.click(sheet.getByText("Fields for reporting (GRRAS)"));
    await user.click(await sheet.findByLabelText("Who does not know what"));
    await user.paste("The arms.");
    await user.click(sheet.getByRole("button", { name: "Make the amendment" }));
    await waitFor(() =>
      expect(studyState.amended).toEqual([
        {
          reason: "As agreed on Monday.",
          task_instructions: { localization: "Rate the map." },
          grras: { blinding: "The arms." },
          amend_answers: true,
        },
      ]),
    );
    expect(await screen.findByText("As agreed on Monday.")).toBeInTheDocument();
    expect(screen.queryByRole("dialog")).toBeNull();
  });

  it("has a washout to amend where readers come back", async () => {
    const design = makeDesign();
    design.order.separation = "sessions";
    const { user } = renderWithQueries(<StudyProtocolTab study={makeOpenStudy({ design })} />);
    await user.click(await screen.findByRole("button", { name: "Amend …" }));
    const sheet = within(await screen.findByRole("dialog"));
    expect(sheet.getByLabelText("Washout, days")).toHaveValue("28");
  });

  it("says why it was not amended", async () => {
    server.use(
      http.post(`${API}/amendments`, () => problem(409, "study_not_open", "It was closed.")),
    );
    const { user } = renderWithQueries(<StudyProtocolTab study={makeOpenStudy()} />);
    await user.click(await screen.findByRole("button", { name: "Amend …" }));
    const sheet = within(await screen.findByRole("dialog"));
    await user.type(sheet.getByLabelText("Title"), "!");
    await user.click(sheet.getByLabelText("Reason"));
    await user.paste("A better title.");
    await user.click(sheet.getByRole("button", { name: "Make the amendment" }));
    expect(await sheet.findByText("It was closed.")).toBeInTheDocument();
  });

  it("cannot be amended once closed, or by an observer", async () => {
    studyState.protocols = [FIRST];
    const closed = makeOpenStudy({ status: "closed", results: "closed" });
    const view = renderWithQueries(<StudyProtocolTab study={closed} />);
    await screen.findByRole("heading", { name: /^Version 1/ });
    expect(screen.queryByRole("button", { name: "Amend …" })).toBeNull();
    view.unmount();
    renderWithQueries(<StudyProtocolTab study={makeOpenStudy({ role: "observer" })} />);
    await screen.findByRole("heading", { name: /^Version 1/ });
    expect(screen.queryByRole("button", { name: "Amend …" })).toBeNull();
  });

  it("says why it could not be read", async () => {
    server.use(http.get(`${API}/protocols`, () => problem(500, "x", "Broken.")));
    renderWithQueries(<StudyProtocolTab study={makeOpenStudy()} />);
    expect(await screen.findByText("Broken.")).toBeInTheDocument();
  });
});

describe("the items of a protocol", () => {
  it("stand with their truth, and are found by task and arm", async () => {
    studyState.items = [
      makeStudyItem(),
      makeStudyItem({ number: 2, arm_key: "sham", truth: makeTruth({ sham: "shuffled" }) }),
    ];
    const { user } = renderWithQueries(<StudyProtocolTab study={makeOpenStudy()} />);
    const items = within(await screen.findByRole("table", { name: "Items" }));
    const row = items.getByRole("rowheader", { name: "2" }).closest("tr");
    for (const text of ["Sham", "sham", "shuffled map", "class mel"]) {
      expect(row).toHaveTextContent(text);
    }
    await user.click(screen.getByRole("combobox", { name: "Arm" }));
    await user.click(await screen.findByRole("option", { name: "Grad-CAM", hidden: true }));
    expect(await screen.findByText("1 of 2 items")).toBeInTheDocument();
    expect(items.queryByRole("rowheader", { name: "2" })).toBeNull();
  });

  it("come two hundred at a time", async () => {
    studyState.items = Array.from({ length: 230 }, (_, at) => makeStudyItem({ number: at + 1 }));
    const { user } = renderWithQueries(<StudyProtocolTab study={makeOpenStudy()} />);
    await user.click(await screen.findByRole("button", { name: "Show all 230" }));
    expect(await screen.findByText("230", { selector: "th" })).toBeInTheDocument();
  });

  it("are hidden from whoever still reads, and not asked for", async () => {
    server.use(
      http.get(`${API}/items`, () => {
        throw new Error("asked for items");
      }),
    );
    renderWithQueries(<StudyProtocolTab study={makeOpenStudy({ results: "reading" })} />);
    expect(screen.getByText(/the items stay hidden/)).toBeInTheDocument();
    expect(await screen.findByText("Versions")).toBeInTheDocument();
  });
});
