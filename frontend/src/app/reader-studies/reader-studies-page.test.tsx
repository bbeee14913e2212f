import { screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, it } from "vitest";
import { COORDINATOR, makeAccount, READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { MODEL_ID } from "../../shared/testing/fixtures";
import { problem, server } from "../../shared/testing/server";
import {
  makeDesign,
  makeOpenStudy,
  makeStudy,
  OTHER_STUDY_ID,
  STUDY_ID,
} from "../../shared/testing/study-fixtures";
import { studyState } from "../../shared/testing/study-server";
import { renderApp } from "../testing/render-app";

const rowOf = (name: string) => screen.getByRole("link", { name }).closest("tr") as HTMLElement;

describe("studies", () => {
  it("are found from everywhere", async () => {
    const { user, router } = renderApp("/");
    await user.click(await screen.findByRole("link", { name: "Studies" }));
    expect(await screen.findByRole("heading", { name: "Studies" })).toBeInTheDocument();
    expect(router.state.location.pathname).toBe("/studies");
  });

  it("say that they load", async () => {
    server.use(http.get("*/api/v1/reader-studies", () => delay("infinite")));
    renderApp("/studies");
    expect(await screen.findByText("Loading the studies")).toBeInTheDocument();
  });

  it("say why they could not be read, and try again", async () => {
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/reader-studies", broken, { once: true }));
    const { user } = renderApp("/studies");
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("No study yet")).toBeInTheDocument();
  });

  it("explain themselves while there is none, and open the demonstration", async () => {
    const { user, router } = renderApp("/studies");
    expect(await screen.findByText("No study yet")).toBeInTheDocument();
    expect(screen.getByText(/know neither model nor arm nor truth/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Open the demonstration" }));
    await waitFor(() => expect(router.state.location.pathname).toBe(`/studies/${OTHER_STUDY_ID}`));
    expect(await screen.findByRole("heading", { name: "Demonstration" })).toBeInTheDocument();
  });

  it("say why the demonstration was not made", async () => {
    const full = () => problem(503, "queue_full", "Too many jobs wait already.");
    server.use(http.post("*/api/v1/reader-studies/demonstration", full));
    const { user } = renderApp("/studies");
    await user.click(await screen.findByRole("button", { name: "Open the demonstration" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Too many jobs wait already.");
  });

  it("stand with status, role, progress and questions", async () => {
    studyState.studies = [
      makeOpenStudy({ title: "Open one", role: "coordinator" }),
      makeStudy({ id: "a".repeat(32), title: "Draft one" }),
      makeOpenStudy({
        id: "b".repeat(32),
        title: "Closed one",
        status: "closed",
        demonstration: true,
        role: "observer",
        open_queries: 0,
        answered: 10,
      }),
    ];
    renderApp("/studies");
    await screen.findByRole("link", { name: "Open one" });
    const open = rowOf("Open one");
    for (const words of ["open", "coordinator", "of Anna Weber", "5 of 10 answers", "version 1"]) {
      expect(open).toHaveTextContent(words);
    }
    const bar = within(open).getByRole("progressbar", { name: "Answers of Open one" });
    expect(bar).toHaveAttribute("aria-valuenow", "50");
    expect(within(open).getByRole("link", { name: "1 without a reply" })).toHaveAttribute(
      "href",
      `/studies/${STUDY_ID}/questions`,
    );
    expect(rowOf("Draft one")).toHaveTextContent("Not published");
    expect(within(rowOf("Draft one")).queryByRole("progressbar")).toBeNull();
    expect(rowOf("Closed one")).toHaveTextContent("Demonstration");
    expect(rowOf("Closed one")).toHaveTextContent("closed");
    // Published ones stay, and who looks on deletes nothing.
    expect(screen.getAllByRole("button", { name: /^Delete/ })).toHaveLength(1);
    expect(screen.queryByRole("button", { name: "Open the demonstration" })).toBeNull();
  });

  it("follow one that is being published", async () => {
    const study = makeStudy({ title: "Going", status: "publishing" });
    studyState.studies = [study];
    renderApp("/studies");
    expect(await screen.findByText("being published")).toBeInTheDocument();
    study.status = "open";
    expect(await screen.findByText("open")).toBeInTheDocument();
  });

  it("are deleted after a question, while they are drafts", async () => {
    studyState.studies = [makeStudy({ title: "Draft one" })];
    const { user } = renderApp("/studies");
    await user.click(await screen.findByRole("button", { name: "Delete Draft one …" }));
    const dialog = await screen.findByRole("dialog", { name: "Delete Draft one?" });
    expect(studyState.studies).toHaveLength(1);
    await user.click(within(dialog).getByRole("button", { name: "Delete the study" }));
    expect(await screen.findByText("No study yet")).toBeInTheDocument();
    expect(studyState.studies).toHaveLength(0);
  });

  it("stay when deleting fails, with the reason", async () => {
    studyState.studies = [makeStudy({ title: "Draft one" })];
    const frozen = () => problem(409, "study_frozen", "It is published meanwhile.");
    server.use(http.delete("*/api/v1/reader-studies/:id", frozen));
    const { user } = renderApp("/studies");
    await user.click(await screen.findByRole("button", { name: "Delete Draft one …" }));
    await user.click(await screen.findByRole("button", { name: "Delete the study" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("published meanwhile");
  });
});

describe("a new study", () => {
  it("begins with arms and tasks for maps, with the model that explains", async () => {
    const { user, router } = renderApp("/studies");
    await user.click(await screen.findByRole("button", { name: "New study" }));
    const dialog = await screen.findByRole("dialog", { name: "New study" });
    const make = within(dialog).getByRole("button", { name: "Make the draft" });
    expect(make).toBeDisabled();
    expect(within(dialog).queryByRole("radio", { name: /Copy/ })).toBeNull();
    await user.type(within(dialog).getByRole("textbox", { name: "Title" }), "Maps");
    await waitFor(() => expect(make).toBeEnabled());
    await user.click(make);
    await waitFor(() => expect(router.state.location.pathname).toBe(`/studies/${OTHER_STUDY_ID}`));
    const [body] = studyState.created;
    expect(body?.design.title).toBe("Maps");
    expect(body?.design.arms.map((arm) => [arm.model_version_id, arm.map, arm.sham])).toEqual([
      [MODEL_ID, "gradcam", null],
      [MODEL_ID, "gradcam", "other_concept"],
    ]);
    expect(body?.design.tasks.map(({ kind }) => kind)).toEqual(["alignment", "localization"]);
    expect(body?.copy_of).toBeNull();
  });

  it("can be a copy of another one", async () => {
    studyState.studies = [makeStudy({ design: makeDesign({ question: "Why?" }) })];
    const { user } = renderApp("/studies");
    await user.click(await screen.findByRole("button", { name: "New study" }));
    const dialog = await screen.findByRole("dialog", { name: "New study" });
    await user.type(within(dialog).getByRole("textbox", { name: "Title" }), "Again");
    await user.click(within(dialog).getByRole("radio", { name: "Copy of another study" }));
    const make = within(dialog).getByRole("button", { name: "Make the draft" });
    await waitFor(() => expect(make).toBeEnabled());
    await user.click(make);
    await waitFor(() => expect(studyState.created).toHaveLength(1));
    expect(studyState.created[0]).toMatchObject({
      copy_of: STUDY_ID,
      design: { title: "Again", question: "Why?" },
    });
  });

  it("is kept on the screen when it was not made", async () => {
    server.use(
      http.post("*/api/v1/reader-studies", () => problem(500, "disk", "The disk is full.")),
    );
    const { user } = renderApp("/studies");
    await user.click(await screen.findByRole("button", { name: "New study" }));
    const dialog = await screen.findByRole("dialog", { name: "New study" });
    await user.type(within(dialog).getByRole("textbox", { name: "Title" }), "Maps");
    await user.click(within(dialog).getByRole("radio", { name: "Empty" }));
    await user.click(within(dialog).getByRole("button", { name: "Make the draft" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("The disk is full.");
    expect(within(dialog).getByRole("textbox", { name: "Title" })).toHaveValue("Maps");
  });
});

describe("who may do what", () => {
  it("lets coordinators design", async () => {
    signInAs(COORDINATOR);
    renderApp("/studies");
    expect(await screen.findByRole("button", { name: "New study" })).toBeInTheDocument();
  });

  it("lets those who only read studies look", async () => {
    const permissions = COORDINATOR.permissions.filter((each) => each !== "studies:write");
    signInAs(makeAccount({ role: "coordinator", permissions }));
    renderApp("/studies");
    expect(await screen.findByText(/asked to observe/)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "New study" })).toBeNull();
  });

  it("shows readers only what they read", async () => {
    signInAs(READER);
    server.use(http.get("*/api/v1/readings", () => HttpResponse.json({ items: [] })));
    renderApp("/studies");
    expect(await screen.findByText("Reader studies: not for your role")).toBeInTheDocument();
    expect(screen.queryByRole("link", { name: "Studies" })).toBeNull();
    expect(screen.getByRole("link", { name: "Reading" })).toHaveAttribute("href", "/readings");
  });
});
