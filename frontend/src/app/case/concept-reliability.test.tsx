import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { makeEvidence } from "../../shared/testing/evidence-fixtures";
import { evidenceState } from "../../shared/testing/evidence-server";
import { CASE_ID, MODEL_ID, makeCase, makePrediction } from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const PATH = `/cases/${CASE_ID}`;
const line = async () =>
  (await screen.findByRole("link", { name: "How reliable is this model?" })).parentElement;
const marks = () => screen.queryAllByRole("button", { name: /: reliability / });

beforeEach(() => {
  state.cases = [makeCase()];
  state.predictions = [makePrediction()];
});

describe("reliability in the case view", () => {
  it("stands beside each concept group, with the counts above and the way to the card", async () => {
    renderApp(PATH);
    expect(
      await screen.findByRole("button", { name: "Border: reliability limited" }),
    ).toBeVisible();
    expect(
      screen.getByRole("button", { name: "Dermoscopic pattern: reliability good" }),
    ).toHaveTextContent("good");
    expect(await line()).toHaveTextContent("1 good1 limited1 poor?1 unverified");
    expect(await line()).toHaveTextContent("on 500 drawn images of synthetic-dermoscopy");
    expect(screen.getByRole("link", { name: "How reliable is this model?" })).toHaveAttribute(
      "href",
      `/models/${MODEL_ID}/card`,
    );
  });

  it("says why, and leads to the concept on the card", async () => {
    const { user, router } = renderApp(PATH);
    await user.click(await screen.findByRole("button", { name: "Border: reliability limited" }));
    const reason = within(await screen.findByRole("dialog"));
    expect(reason.getByText(/^Read better than by chance, but not surely well/)).toBeVisible();
    await user.click(reason.getByRole("link", { name: "See the figures on the model card" }));
    await waitFor(() =>
      expect(router.state.location).toMatchObject({
        pathname: `/models/${MODEL_ID}/card`,
        hash: "#concept-border",
      }),
    );
  });

  it("is reached with the Tab key from its group, and is no stop of its own before", async () => {
    const { user } = renderApp(PATH);
    const mark = await screen.findByRole("button", { name: "Border: reliability limited" });
    expect(mark).toHaveAttribute("tabindex", "-1");
    screen.getByRole("button", { name: /^Border: Magnet map/ }).focus();
    await user.tab();
    expect(mark).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog")).toBeVisible();
  });

  it("goes with the options where they stand without their group", async () => {
    const { user } = renderApp(PATH);
    await screen.findByRole("button", { name: "Border: reliability limited" });
    await user.click(screen.getByText("By contribution"));
    expect(
      screen.getByRole("button", { name: /^Border: sharply cut edge.*reliability limited$/ }),
    ).toBeVisible();
    expect(marks()).toHaveLength(0);
  });

  it.each([
    ["not measured", () => null, "Not measured yet."],
    [
      "measured with other weights",
      () => makeEvidence({ is_of_these_weights: false }),
      "Not measured with these weights.",
    ],
  ])("is not shown where it was %s", async (_, evidence, words) => {
    evidenceState.evidence = evidence();
    renderApp(PATH);
    expect(await screen.findByText(words)).toBeInTheDocument();
    expect(marks()).toHaveLength(0);
  });

  it("disturbs nobody where it could not be read", async () => {
    const broken = () => problem(500, "database", "Locked.");
    server.use(http.get("*/api/v1/models/:id/evidence", broken));
    renderApp(PATH);
    expect(await screen.findByText("This could not be read.")).toBeInTheDocument();
    expect(screen.queryByRole("alert")).toBeNull();
    expect(screen.getByRole("button", { name: /^Border: Magnet map/ })).toBeInTheDocument();
  });
});
