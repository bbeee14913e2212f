import { screen, waitFor, within } from "@testing-library/react";
import { delay, http } from "msw";
import { beforeEach, describe, expect, it } from "vitest";
import { COORDINATOR, READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import {
  CHILD_ID,
  makeActivation,
  makeChild,
  makeComparisonDetail,
  makeComparisonResult,
  PROMOTION,
  RUN_ID,
  WORSE_BMAC,
} from "../../shared/testing/comparison-fixtures";
import { comparisonState } from "../../shared/testing/comparison-server";
import { MODEL_ID, makeModel, ULTRASOUND_MODEL } from "../../shared/testing/fixtures";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const DATASET = "synthetic-dermoscopy";

beforeEach(() => {
  state.models = [makeModel(), { ...ULTRASOUND_MODEL }, makeChild()];
});

const row = async (name: RegExp) =>
  within(await screen.findByRole("table", { name: `Versions of ${DATASET}` })).findByRole("row", {
    name,
  });

/** The child has taken the place of the first. */
function promoted() {
  state.models = [
    makeChild({ active: true, can_roll_back: true }),
    makeModel({ active: false }),
    { ...ULTRASOUND_MODEL },
  ];
  comparisonState.activations = [PROMOTION, makeActivation()];
}

describe("models page", () => {
  it("lists the versions of each data set with figures, parent and training run", async () => {
    renderApp("/models");
    const child = await row(/^dermoscopy-edited/);
    expect(child).toHaveTextContent("0.925");
    expect(child).toHaveTextContent("0.861");
    expect(within(child).getByRole("link", { name: "dermoscopy-small" })).toHaveAttribute(
      "href",
      `/models/${MODEL_ID}`,
    );
    expect(within(child).getByRole("link", { name: "training run" })).toHaveAttribute(
      "href",
      `/training/${RUN_ID}`,
    );
    const first = await row(/^dermoscopy-small/);
    expect(within(first).getByText("active")).toBeInTheDocument();
    expect(first).toHaveTextContent("not trained here");
    expect(screen.getByRole("table", { name: "Versions of busi" })).toBeInTheDocument();
  });

  it("leads to comparison with the active version, codebook and retraining", async () => {
    renderApp("/models");
    const child = within(await row(/^dermoscopy-edited/));
    expect(
      child.getByRole("link", { name: "Compare dermoscopy-edited with dermoscopy-small" }),
    ).toHaveAttribute("href", `/models/compare?a=${MODEL_ID}&b=${CHILD_ID}&dataset=${DATASET}`);
    expect(child.getByRole("link", { name: /^Codebook/ })).toHaveAttribute(
      "href",
      `/models/${CHILD_ID}/codebook`,
    );
    expect(child.getByRole("link", { name: /^Retrain/ })).toHaveAttribute(
      "href",
      `/training/new?parent=${CHILD_ID}`,
    );
  });

  it("shows readers the versions, and nothing that they may not do", async () => {
    signInAs(READER);
    renderApp("/models");
    const child = within(await row(/^dermoscopy-edited/));
    expect(child.queryByRole("button")).toBeNull();
    expect(child.queryByRole("link", { name: /Compare|Codebook|Retrain|training run/ })).toBeNull();
  });

  it("lets those compare who see data sets, and not promote or retrain", async () => {
    signInAs(COORDINATOR);
    promoted();
    renderApp("/models");
    const first = within(await row(/^dermoscopy-small/));
    expect(first.getByRole("link", { name: /^Compare/ })).toBeInTheDocument();
    expect(first.queryByRole("button", { name: /Promote/ })).toBeNull();
    expect(first.queryByRole("link", { name: /Retrain/ })).toBeNull();
    expect(screen.queryByRole("button", { name: /Roll back/ })).toBeNull();
  });

  it("tells who put which version to use, and why", async () => {
    promoted();
    renderApp("/models");
    const history = within(
      await screen.findByRole("table", { name: `Activation history of ${DATASET}` }),
    );
    const latest = history.getByRole("row", { name: /Tells blurred borders apart/ });
    expect(latest).toHaveTextContent("dermoscopy-edited");
    expect(latest).toHaveTextContent("promoted");
    expect(latest).toHaveTextContent("Anna Weber");
    expect(history.getByRole("row", { name: /the server/ })).toHaveTextContent("first version");
    expect(screen.getByText(/No activation is recorded/)).toBeInTheDocument();
  });

  it("shows a long history on demand", async () => {
    comparisonState.activations = Array.from({ length: 5 }, (_, at) =>
      makeActivation({ id: String(at).repeat(32), reason: `Reason ${at}.` }),
    );
    const { user } = renderApp("/models");
    await user.click(await screen.findByRole("button", { name: "Show 2 earlier" }));
    expect(screen.getByText("Reason 4.")).toBeInTheDocument();
  });

  it("says that it loads", async () => {
    server.use(http.get("*/api/v1/models", () => delay("infinite")));
    renderApp("/models");
    expect(await screen.findByText("Loading the models")).toBeInTheDocument();
  });

  it("says what to do when there is none", async () => {
    state.models = [];
    renderApp("/models");
    expect(await screen.findByText("No model is installed")).toBeInTheDocument();
  });

  it("says why models could not be read", async () => {
    server.use(http.get("*/api/v1/models", () => problem(500, "database", "Locked.")));
    renderApp("/models");
    expect(await screen.findByRole("alert")).toHaveTextContent("Locked.");
  });

  it("shows the versions also where the history could not be read", async () => {
    server.use(http.get("*/api/v1/models/activations", () => problem(500, "database", "Locked.")));
    renderApp("/models");
    expect(await screen.findByRole("alert")).toHaveTextContent("Locked.");
    expect(await row(/^dermoscopy-edited/)).toBeInTheDocument();
  });
});

describe("promotion", () => {
  async function open() {
    const view = renderApp("/models");
    await view.user.click(await screen.findByRole("button", { name: "Promote dermoscopy-edited" }));
    const dialog = within(
      await screen.findByRole("dialog", { name: `Promote dermoscopy-edited for ${DATASET}` }),
    );
    return { ...view, dialog };
  }

  it("asks for a reason, and offers the way back", async () => {
    const { user, dialog } = await open();
    expect(dialog.getByText(/keep the version that made them/)).toBeInTheDocument();
    expect(await dialog.findByText(/Not compared with dermoscopy-small/)).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "Promote" }));
    expect(dialog.getByText("Say why this version is to be used.")).toBeInTheDocument();
    expect(comparisonState.activations).toHaveLength(1);
    await user.type(dialog.getByRole("textbox", { name: /Reason/ }), "Better borders.");
    await user.click(dialog.getByRole("button", { name: "Promote" }));
    expect(
      await screen.findByText(`Promoted: new predictions of ${DATASET} use dermoscopy-edited.`),
    ).toBeInTheDocument();
    expect(comparisonState.activations[0]).toMatchObject({ reason: "Better borders." });
    await waitFor(async () =>
      expect(within(await row(/^dermoscopy-edited/)).getByText("active")).toBeInTheDocument(),
    );

    const toast = screen.getByText(/^Promoted:/).parentElement as HTMLElement;
    await user.click(within(toast).getByRole("button", { name: "Roll back to dermoscopy-small" }));
    expect(await screen.findByText(/^Rolled back: .* dermoscopy-small again/)).toBeInTheDocument();
    expect(comparisonState.activations[0]).toMatchObject({
      kind: "rollback",
      reason: "Rolled back.",
    });
  });

  it("shows what a comparison found, and warns without forbidding", async () => {
    comparisonState.comparisons = [
      makeComparisonDetail({ result: makeComparisonResult({ figures: [WORSE_BMAC] }) }),
    ];
    const { user, dialog } = await open();
    expect(await dialog.findByText("Its balanced accuracy is worse")).toBeInTheDocument();
    expect(dialog.getByText(/B is worse by 0.041/)).toBeInTheDocument();
    await user.type(dialog.getByRole("textbox", { name: /Reason/ }), "For a study.");
    await user.click(dialog.getByRole("button", { name: "Promote" }));
    expect(await screen.findByText(/^Promoted:/)).toBeInTheDocument();
  });

  it("waits until the version is loaded", async () => {
    server.use(http.post("*/api/v1/models/:id/activate", () => delay("infinite")));
    const { user, dialog } = await open();
    await user.type(dialog.getByRole("textbox", { name: /Reason/ }), "Better borders.");
    await user.click(dialog.getByRole("button", { name: "Promote" }));
    expect(
      await dialog.findByText(/Loading dermoscopy-edited and warming it up/),
    ).toHaveTextContent("dermoscopy-small answers until then");
    expect(dialog.getByRole("button", { name: "Cancel" })).toBeDisabled();
    expect(dialog.queryByRole("button", { name: "Close" })).toBeNull();
  });

  it("says why it was refused, and keeps the reason", async () => {
    const refused = () => problem(503, "warm_up_too_slow", "It could not be loaded in time.");
    server.use(http.post("*/api/v1/models/:id/activate", refused));
    const { user, dialog } = await open();
    await user.type(dialog.getByRole("textbox", { name: /Reason/ }), "Better borders.");
    await user.click(dialog.getByRole("button", { name: "Promote" }));
    expect(await dialog.findByRole("alert")).toHaveTextContent("It could not be loaded in time.");
    expect(dialog.getByRole("textbox", { name: /Reason/ })).toHaveValue("Better borders.");
  });
});

describe("rollback", () => {
  it("puts the version before back in one click", async () => {
    promoted();
    const { user } = renderApp("/models");
    await user.click(await screen.findByRole("button", { name: "Roll back to dermoscopy-small" }));
    expect(await screen.findByText(/^Rolled back: new predictions/)).toBeInTheDocument();
    const first = await row(/^dermoscopy-small/);
    await waitFor(() => expect(within(first).getByText("active")).toBeInTheDocument());
    await user.click(screen.getByRole("button", { name: "Close this message" }));
    expect(screen.queryByText(/^Rolled back: new predictions/)).toBeNull();
  });

  it("says why it was refused", async () => {
    promoted();
    const refused = () => problem(409, "not_active", "This version is not the active one.");
    server.use(http.post("*/api/v1/models/:id/rollback", refused));
    const { user } = renderApp("/models");
    await user.click(await screen.findByRole("button", { name: "Roll back to dermoscopy-small" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("not the active one");
  });

  it("is not offered where there is nothing to go back to", async () => {
    renderApp("/models");
    await row(/^dermoscopy-edited/);
    expect(screen.queryByRole("button", { name: /Roll back/ })).toBeNull();
  });
});
