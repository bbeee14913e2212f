import { screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { describe, expect, it } from "vitest";
import { COORDINATOR } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { problem, server } from "../../shared/testing/server";
import {
  makeOpenStudy,
  makeStudy,
  makeStudyReader,
  OTHER_STUDY_ID,
  STUDY_ID,
} from "../../shared/testing/study-fixtures";
import { studyState } from "../../shared/testing/study-server";
import { renderApp } from "../testing/render-app";

const PAGE = `/studies/${STUDY_ID}`;

describe("a study", () => {
  it("says that it loads", async () => {
    server.use(http.get("*/api/v1/reader-studies/:id", () => delay("infinite")));
    renderApp(PAGE);
    expect(await screen.findByText("Loading the study")).toBeInTheDocument();
  });

  it("that is not there is not found", async () => {
    renderApp(PAGE);
    expect(await screen.findByText("There is no page at this address")).toBeInTheDocument();
  });

  it("says why it could not be read, and tries again", async () => {
    studyState.studies = [makeOpenStudy()];
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/reader-studies/:id", broken, { once: true }));
    const { user } = renderApp(PAGE);
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("The design is frozen")).toBeInTheDocument();
  });

  it("once published, is read and not changed", async () => {
    studyState.studies = [makeOpenStudy()];
    renderApp(PAGE);
    const design = await screen.findByRole("region", { name: "The design" });
    for (const words of [
      "Do the maps of the concepts lie where experts see them?",
      "dermoscopy-small, Grad-CAM, sham: shuffled map",
      "1 Completely misaligned",
      "10 % hidden repeats",
      "Dermatologists of one clinic",
      "Nobody, until the study is closed",
    ]) {
      expect(design).toHaveTextContent(words);
    }
    expect(within(design).queryByRole("textbox")).toBeNull();
    expect(screen.getByRole("progressbar", { name: /^Answers of/ })).toHaveAttribute(
      "aria-valuenow",
      "50",
    );
  });

  it("has its parts at addresses of their own", async () => {
    studyState.studies = [makeOpenStudy()];
    studyState.readers = [makeStudyReader()];
    const { user, router } = renderApp(PAGE);
    await user.click(await screen.findByRole("tab", { name: "Readers (2)" }));
    expect(router.state.location.pathname).toBe(`${PAGE}/readers`);
    expect(await screen.findByText("Ben Okafor")).toBeInTheDocument();
    for (const name of ["Questions (1 open)", "Results", "Protocol", "Design"]) {
      await user.click(screen.getByRole("tab", { name }));
      expect(screen.getByRole("tab", { name })).toHaveAttribute("aria-selected", "true");
    }
    expect(router.state.location.pathname).toBe(PAGE);
  });

  it("shows how far publishing is, and opens by itself", async () => {
    const study = makeStudy({
      status: "publishing",
      progress: { stage: "Maps", done: 1, total: 4 },
    });
    studyState.studies = [study];
    renderApp(PAGE);
    const bar = await screen.findByRole("progressbar", { name: `Publishing ${study.title}` });
    expect(bar).toHaveAttribute("aria-valuenow", "25");
    study.progress = { stage: "Maps", done: 3, total: 4 };
    await waitFor(() => expect(bar).toHaveAttribute("aria-valuenow", "75"));
    study.status = "open";
    expect(await screen.findByText("The design is frozen")).toBeInTheDocument();
  });

  it("is a draft again when publishing is stopped", async () => {
    studyState.studies = [makeStudy({ status: "publishing" })];
    const { user } = renderApp(PAGE);
    await user.click(await screen.findByRole("button", { name: /Stop/ }));
    expect(await screen.findByRole("heading", { name: "Question & GRRAS" })).toBeInTheDocument();
    expect(studyState.studies[0]?.status).toBe("draft");
  });

  it("says why publishing was not stopped", async () => {
    studyState.studies = [makeStudy({ status: "publishing" })];
    const over = () => problem(409, "study_not_open", "It has opened meanwhile.");
    server.use(http.post("*/api/v1/reader-studies/:id/cancel", over));
    const { user } = renderApp(PAGE);
    await user.click(await screen.findByRole("button", { name: /Stop/ }));
    expect(await screen.findByRole("alert")).toHaveTextContent("It has opened meanwhile.");
  });

  it("is copied to a new draft", async () => {
    studyState.studies = [makeOpenStudy()];
    const { user, router } = renderApp(PAGE);
    await user.click(await screen.findByRole("button", { name: "Copy to a new draft …" }));
    const dialog = await screen.findByRole("dialog", { name: "New study" });
    expect(within(dialog).getByRole("radio", { name: "Copy of another study" })).toBeChecked();
    expect(within(dialog).getByRole("textbox", { name: "Title" })).toHaveValue(
      "Do experts agree with the maps? (copy)",
    );
    const make = within(dialog).getByRole("button", { name: "Make the draft" });
    await waitFor(() => expect(make).toBeEnabled());
    await user.click(make);
    await waitFor(() => expect(router.state.location.pathname).toBe(`/studies/${OTHER_STUDY_ID}`));
    expect(studyState.created[0]?.copy_of).toBe(STUDY_ID);
  });

  it("as a draft, can only be looked at by observers", async () => {
    signInAs(COORDINATOR);
    studyState.studies = [makeStudy({ role: "observer" })];
    renderApp(PAGE);
    expect(await screen.findByText(/owner and coordinators can change it/)).toBeInTheDocument();
    expect(screen.queryByRole("textbox")).toBeNull();
    expect(screen.queryByRole("button", { name: /^Delete/ })).toBeNull();
  });

  it("says when what can be chosen could not be read", async () => {
    studyState.studies = [makeStudy()];
    const broken = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/datasets", broken, { once: true }));
    const { user } = renderApp(PAGE);
    expect(await screen.findByRole("alert")).toHaveTextContent("The database is locked.");
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("heading", { name: "Question & GRRAS" })).toBeInTheDocument();
  });
});
