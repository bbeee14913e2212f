import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, it } from "vitest";
import { COORDINATOR, READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { CASE_ID, MODEL_ID, PREDICTION_ID } from "../../shared/testing/fixtures";
import { makeAgreement, noAgreement } from "../../shared/testing/label-fixtures";
import { labelState } from "../../shared/testing/label-server";
import { problem, server } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const table = (name: RegExp | string) => screen.findByRole("table", { name });

describe("agreement", () => {
  it("says how often people and the model say the same, never without the number", async () => {
    renderApp("/agreement");
    expect(await screen.findByText("3 labels of 2 cases")).toBeInTheDocument();
    expect(screen.getByText("Synthetic images")).toBeInTheDocument();
    const groups = await table("Agreement by group and in the class");
    const words = (name: RegExp) =>
      within(groups).getByRole("row", { name }).textContent?.replaceAll("\u202f", " ");
    expect(words(/^Border/)).toBe("Border1 of 2 (50.0 %)0.00");
    expect(words(/^Blue-white/)).toBe("Blue-white veilnone marked—");
    expect(words(/^Class/)).toBe("Class2 of 3 (66.7 %)0.40");
  });

  it("shows who says what, with sums", async () => {
    renderApp("/agreement");
    const confusion = await table("Border 2 marked");
    const row = within(confusion).getByRole("row", { name: /^sharply cut edge/ });
    expect(
      within(row)
        .getAllByRole("cell")
        .map((cell) => cell.textContent),
    ).toEqual(["1", "0", "1"]);
    expect(
      within(confusion).getByRole("columnheader", { name: "Model: sharply cut edge" }),
    ).toBeInTheDocument();
    const sums = within(confusion).getByRole("row", { name: /^Sum/ });
    expect(
      within(sums)
        .getAllByRole("cell")
        .map((cell) => cell.textContent),
    ).toEqual(["2", "0", "2"]);
    // Nobody marked it.
    expect(screen.queryByRole("table", { name: /Blue-white veil/ })).toBeNull();
  });

  it("compares before and after interventions", async () => {
    renderApp("/agreement");
    const changes = await table(/before and after interventions/);
    const row = within(changes).getByRole("row", { name: /With what people marked/ });
    expect(row).toHaveTextContent(/2 of 3 .*3 of 3 .*1 more/);
    expect(within(changes).getByRole("row", { name: /As people intervened/ })).toHaveTextContent(
      /none yet/,
    );
  });

  it("leads to the prediction of each disagreement", async () => {
    renderApp("/agreement");
    const listed = await table("Disagreements");
    const row = within(listed).getByRole("row", { name: /sharply cut edge/ });
    expect(row).toHaveTextContent("Ben Okafor");
    expect(within(row).getByRole("link", { name: "Case 0123AB" })).toHaveAttribute(
      "href",
      `/cases/${CASE_ID}?prediction=${PREDICTION_ID}`,
    );
  });

  it("keeps the group in the address", async () => {
    const { user, router } = renderApp("/agreement?group=*class");
    const listed = await table("Disagreements");
    expect(within(listed).getAllByRole("row")).toHaveLength(2);
    expect(listed).toHaveTextContent("Melanoma");
    expect(screen.queryByRole("table", { name: "Border 2 marked" })).toBeNull();
    await user.click(screen.getByRole("link", { name: "Blue-white veil" }));
    expect(router.state.location.search).toBe("?group=veil");
    expect(await screen.findByText("None in this group.")).toBeInTheDocument();
    expect(screen.getByText("Nobody has marked this group yet.")).toBeInTheDocument();
    await user.click(screen.getByRole("link", { name: "Blue-white veil" }));
    expect(router.state.location.search).toBe("");
  });

  it("asks for another model and for one's own labels, and keeps both in the address", async () => {
    const { user, router } = renderApp("/agreement");
    await user.click(await screen.findByRole("radio", { name: "My labels" }));
    await waitFor(() => expect(labelState.questions.at(-1)?.get("mine")).toBe("true"));
    expect(router.state.location.search).toBe("?mine=true");
    await user.click(screen.getByRole("combobox", { name: "Model" }));
    await user.click(
      await screen.findByRole("option", { name: "breast-ultrasound, 1 label", hidden: true }),
    );
    await waitFor(() =>
      expect(labelState.questions.at(-1)?.get("model_version_id")).toBe("3".repeat(32)),
    );
    expect(router.state.location.search).toContain("model=3333");
  });

  it("gives the labels as files", async () => {
    renderApp("/agreement");
    expect(await screen.findByRole("link", { name: "Labels, CSV" })).toHaveAttribute(
      "href",
      `/api/v1/agreement/labels?model_version_id=${MODEL_ID}&format=csv`,
    );
  });

  it("says how labels come about where there are none", async () => {
    labelState.agreement = noAgreement();
    renderApp("/agreement");
    expect(await screen.findByRole("heading", { name: "No labels yet" })).toBeInTheDocument();
    expect(screen.getByText(/labels of everybody/)).toBeInTheDocument();
  });

  it("says when only one's own are missing", async () => {
    labelState.agreement = { ...noAgreement(), models: makeAgreement().models };
    renderApp("/agreement?mine=true");
    expect(await screen.findByText(/You have marked nothing/)).toBeInTheDocument();
    expect(screen.getByRole("radio", { name: "Everybody's labels" })).toBeInTheDocument();
  });

  it("says when not all disagreements are listed", async () => {
    labelState.agreement = makeAgreement({ disagreement_count: 431 });
    renderApp("/agreement");
    expect(await screen.findByText(/^2 of 431 are listed/)).toBeInTheDocument();
  });

  it("says when labels are left out", async () => {
    labelState.agreement = makeAgreement({ left_out: 1 });
    renderApp("/agreement");
    expect(await screen.findByText(/^Left out: 1 more label of these cases/)).toBeInTheDocument();
  });

  it("says so when it could not be read", async () => {
    const gone = () => problem(404, "model_not_found", "There is no model version with this id.");
    server.use(http.get("*/api/v1/agreement", gone));
    renderApp("/agreement?model=gone");
    expect(await screen.findByText("The agreement could not be read")).toBeInTheDocument();
    expect(screen.getByRole("link", { name: "Begin again with all labels" })).toHaveAttribute(
      "href",
      "/agreement",
    );
  });
});

describe("readers", () => {
  it("see their own labels, without a choice", async () => {
    signInAs(READER);
    renderApp("/agreement");
    const listed = await table("Disagreements");
    expect(within(listed).queryByRole("columnheader", { name: "Marked by" })).toBeNull();
    expect(screen.queryByRole("radio", { name: "My labels" })).toBeNull();
  });
});

describe("study coordinators", () => {
  it("choose whose labels", async () => {
    signInAs(COORDINATOR);
    const { user } = renderApp("/");
    await user.click(await screen.findByRole("link", { name: "Agreement" }));
    expect(await screen.findByRole("radio", { name: "My labels" })).toBeInTheDocument();
  });
});
