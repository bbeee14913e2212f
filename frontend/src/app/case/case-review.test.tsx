import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { delay, HttpResponse, http } from "msw";
import { describe, expect, it, vi } from "vitest";
import { READER } from "../../shared/testing/account-fixtures";
import { signInAs } from "../../shared/testing/account-server";
import { CASE_ID, makeCase } from "../../shared/testing/fixtures";
import { intake } from "../../shared/testing/intake-server";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const PATH = `/cases/${CASE_ID}`;
const REASON = "The header says that text is burnt into the pixels.";

const waiting = (overrides = {}) =>
  makeCase({ review: "waiting", suspects: [REASON], ...overrides });

const film = () =>
  waiting({ frames: 3, values_kept: true, source_format: "dicom", width: 640, height: 480 });

async function openReview(entry = waiting()) {
  state.cases = [entry];
  const app = renderApp(PATH);
  const panel = within(await screen.findByRole("complementary", { name: "Review of the pixels" }));
  await waitFor(() => expect(screen.queryByText("Loading the picture")).toBeNull());
  return { ...app, panel };
}

/** The picture is 640 by 480, and as large on the screen. */
function layer() {
  const element = screen.getByTestId("drawing-layer");
  element.getBoundingClientRect = () => new DOMRect(0, 0, 640, 480);
  return element;
}

function drag(target: Element, from: [number, number], to: [number, number]) {
  const at = ([clientX, clientY]: [number, number]) => ({ clientX, clientY, button: 0 });
  fireEvent.pointerDown(target, at(from));
  fireEvent.pointerMove(target, at([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]));
  fireEvent.pointerMove(target, at(to));
  fireEvent.pointerUp(target, at(to));
}

const region = (name: RegExp) => screen.getByRole("button", { name });

describe("a case that waits", () => {
  it("shows the picture and why it waits, in place of the explanation", async () => {
    const { panel } = await openReview();
    expect(panel.getByText(REASON)).toBeInTheDocument();
    expect(screen.getByRole("img", { name: "Picture of Case 0123AB" })).toBeInTheDocument();
    expect(screen.queryByRole("tab", { name: "Concepts" })).toBeNull();
    expect(panel.getByText(/cannot be undone/)).toBeInTheDocument();
    expect(panel.getByText(/cannot be shared before its pixels were looked at/)).toBeVisible();
    expect(panel.queryByRole("button", { name: "Share …" })).toBeNull();
  });

  it("is explained once somebody has found nothing to hide", async () => {
    const { user, panel } = await openReview();
    await user.click(panel.getByRole("button", { name: "Nothing to hide here" }));
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
    expect(intake.reviews).toEqual([{ regions: [] }]);
    expect(state.asked).toEqual([null]);
  });

  it("leads to the next one that waits, and says when there is none", async () => {
    const { user, panel, router } = await openReview();
    const next = "b".repeat(32);
    state.cases.push(waiting({ id: next, pseudonym: "Ultrasound 8" }));
    await user.click(panel.getByRole("button", { name: "Nothing to hide here" }));
    const link = await screen.findByRole("link", { name: "Next waiting case" });
    expect(link.parentElement).toHaveTextContent("Next waiting case (1 left)");
    await user.click(link);
    await waitFor(() => expect(router.state.location.pathname).toBe(`/cases/${next}`));
    const confirm = await screen.findByRole("button", { name: "Nothing to hide here" });
    await waitFor(() => expect(confirm).toBeEnabled());
    await user.click(confirm);
    expect(await screen.findByText("No other case waits for a look")).toBeInTheDocument();
  });

  it("is asked for by its version, so that the browser shows none of before", async () => {
    const asked: (string | null)[] = [];
    server.use(
      http.get("*/api/v1/cases/:id/image", ({ request }) => {
        asked.push(new URL(request.url).searchParams.get("v"));
        return new HttpResponse(new Uint8Array([1]), { headers: { "Content-Type": "image/png" } });
      }),
    );
    const { user, panel } = await openReview(waiting({ image_version: "before" }));
    await user.click(panel.getByRole("button", { name: "Nothing to hide here" }));
    await waitFor(() => expect(asked).toEqual(["before", "reviewed"]));
  });

  it("cannot be confirmed before there is anything to see", async () => {
    state.cases = [waiting()];
    server.use(http.get("*/api/v1/cases/:id/image", () => delay("infinite")));
    renderApp(PATH);
    expect(await screen.findByText("Loading the picture")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Nothing to hide here" })).toBeDisabled();
  });

  it("says why the picture could not be read, and tries again", async () => {
    const gone = () => problem(410, "file_missing", "The file is missing on the server.");
    server.use(http.get("*/api/v1/cases/:id/image", gone, { once: true }));
    const { user, panel } = await openReview();
    expect(await screen.findByText("The file is missing on the server.")).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    await waitFor(() =>
      expect(panel.getByRole("button", { name: "Nothing to hide here" })).toBeEnabled(),
    );
  });

  it("tells those who may not change it for whom it waits, without the picture", async () => {
    signInAs(READER);
    const asked = vi.fn();
    server.use(http.get("*/api/v1/cases/:id/image", asked));
    state.cases = [waiting({ may_change: false })];
    renderApp(PATH);
    expect(await screen.findByText("This case waits for a look at its pixels")).toBeInTheDocument();
    expect(screen.getByText(/Anna Weber or an administrator has to look first/)).toBeVisible();
    expect(screen.getByText(REASON)).toBeInTheDocument();
    expect(screen.queryByRole("button", { name: "Nothing to hide here" })).toBeNull();
    expect(asked).not.toHaveBeenCalled();
  });

  it("is marked in the list, with the way to it", async () => {
    state.cases = [waiting({ pseudonym: "Ultrasound 7" }), makeCase({ id: "b".repeat(32) })];
    renderApp("/");
    const row = (await screen.findByRole("link", { name: "Ultrasound 7" })).closest("tr");
    expect(row).toHaveTextContent("Needs a look");
    expect(row).toHaveTextContent("explained after a look at its pixels");
    expect(
      screen.getByRole("link", { name: "1 image waits for a look at its pixels" }),
    ).toHaveAttribute("href", "/?review=waiting");
    const other = screen.getByRole("link", { name: "Case 0123AB" }).closest("tr");
    expect(other).not.toHaveTextContent("Needs a look");
  });
});

describe("regions", () => {
  it("are drawn, moved and resized with the mouse, and taken back", async () => {
    const { user, panel } = await openReview();
    drag(layer(), [100, 50], [200, 90]);
    const drawn = region(/^Region 1: 100 × 40 pixels at 100, 50$/);
    drag(drawn, [150, 70], [160, 75]);
    drag(
      region(/^Region 1: .* at 110, 55/).querySelector("[data-corner=se]") as Element,
      [210, 95],
      [230, 100],
    );
    expect(region(/^Region 1: 120 × 45 pixels at 110, 55/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Undo" }));
    await user.click(screen.getByRole("button", { name: "Undo" }));
    expect(region(/^Region 1: 100 × 40 pixels at 100, 50/)).toBeInTheDocument();
    drag(layer(), [5, 5], [6, 6]);
    // Else the browser selects text and drags the selection the next time, and the drawing breaks off.
    expect(fireEvent.mouseDown(layer())).toBe(false);
    expect(panel.getByRole("button", { name: "Black out 1 region and confirm" })).toBeEnabled();
  });

  it("are drawn and confirmed with the keyboard alone", async () => {
    const { user, panel } = await openReview();
    screen.getByRole("button", { name: "Add a region" }).focus();
    await user.keyboard("{Enter}");
    expect(region(/^Region 1: 160 × 40 pixels at 240, 220/)).toHaveFocus();
    await user.keyboard("{ArrowRight}{ArrowUp}{ArrowUp}");
    await user.keyboard("{Shift>}{ArrowDown}{ArrowLeft}{/Shift}");
    expect(region(/^Region 1: 154 × 46 pixels at 246, 208/)).toHaveFocus();
    panel.getByRole("button", { name: "Black out 1 region and confirm" }).focus();
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
    expect(intake.reviews).toEqual([
      { regions: [{ x: 246, y: 208, width: 154, height: 46, frame: null }] },
    ]);
  });

  it("are removed by key, and come back with Ctrl and Z", async () => {
    const { user, panel } = await openReview();
    await user.click(screen.getByRole("button", { name: "Add a region" }));
    await user.keyboard("{Delete}");
    expect(panel.getByText(/None yet/)).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Add a region" })).toHaveFocus();
    await user.keyboard("{Control>}z{/Control}");
    expect(region(/^Region 1: 160/)).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: "Remove region 1" }));
    expect(panel.getByRole("button", { name: "Nothing to hide here" })).toBeInTheDocument();
  });

  it("take exact numbers", async () => {
    const { user, panel } = await openReview();
    await user.click(screen.getByRole("button", { name: "Add a region" }));
    const left = panel.getByLabelText("Left");
    await user.clear(left);
    await user.type(left, "12");
    expect(region(/^Region 1: 160 × 40 pixels at 12, 220/)).toBeInTheDocument();
  });

  it("are previewed as black", async () => {
    const { user } = await openReview();
    await user.click(screen.getByRole("button", { name: "Add a region" }));
    expect(region(/^Region 1/)).not.toHaveAttribute("data-black");
    await user.click(screen.getByRole("switch", { name: "Preview as black" }));
    expect(region(/^Region 1/)).toHaveAttribute("data-black");
  });

  it("stay when the server refuses, with its reason, and can be sent again", async () => {
    const full = () => problem(507, "storage_full", "The server's disk is full.");
    server.use(http.post("*/api/v1/cases/:id/review", full, { once: true }));
    const { user, panel } = await openReview();
    drag(layer(), [100, 50], [200, 90]);
    await user.click(panel.getByRole("button", { name: "Black out 1 region and confirm" }));
    expect(await panel.findByRole("alert")).toHaveTextContent("The server's disk is full.");
    expect(region(/^Region 1: 100 × 40/)).toBeInTheDocument();
    expect(state.asked).toEqual([]);
    await user.click(panel.getByRole("button", { name: "Black out 1 region and confirm" }));
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
    expect(intake.reviews).toHaveLength(1);
  });

  it("outlive a reload, until they are confirmed", async () => {
    const before = await openReview();
    drag(layer(), [100, 50], [200, 90]);
    before.unmount();
    const { user, panel } = await openReview();
    expect(region(/^Region 1: 100 × 40 pixels at 100, 50$/)).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: "Black out 1 region and confirm" }));
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
    expect(Object.keys(localStorage).filter((key) => key.includes("review"))).toEqual([]);
  });

  it("say when somebody else was faster, and show the case", async () => {
    const { user, panel } = await openReview();
    server.use(
      http.post("*/api/v1/cases/:id/review", () => {
        state.cases = [makeCase({ review: "done" })];
        return problem(409, "nothing_to_review", "The pixels do not wait for a look.");
      }),
    );
    await user.click(panel.getByRole("button", { name: "Nothing to hide here" }));
    expect(await panel.findByText(/The pixels do not wait for a look/)).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: "Open the case as it is now" }));
    expect(await screen.findByRole("button", { name: "Explain this image" })).toBeInTheDocument();
  });
});

describe("a film", () => {
  it("counts the frames that were looked at, and asks once more where some were not", async () => {
    const { user, panel } = await openReview(film());
    const frames = within(screen.getByRole("group", { name: "Frames" }));
    expect(await frames.findByText("1 of 3 frames looked at")).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: "Nothing to hide here" }));
    const dialog = await screen.findByRole("dialog", { name: "2 frames were not looked at" });
    await user.click(within(dialog).getByRole("button", { name: "Look at the rest" }));
    expect(intake.reviews).toEqual([]);
    await user.click(frames.getByRole("button", { name: "Next frame" }));
    await user.click(frames.getByRole("button", { name: "Next frame" }));
    expect(await frames.findByText("All 3 frames looked at")).toBeInTheDocument();
    expect(screen.getByRole("img", { name: /frame 3 of 3/ })).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: "Nothing to hide here" }));
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
  });

  it("is confirmed without all frames after a second yes", async () => {
    const { user, panel } = await openReview(film());
    await screen.findAllByText(/1 of 3 frames looked at/);
    await user.click(panel.getByRole("button", { name: "Nothing to hide here" }));
    const dialog = await screen.findByRole("dialog");
    await user.click(within(dialog).getByRole("button", { name: "Nothing to hide here" }));
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
    expect(intake.reviews).toHaveLength(1);
  });

  it("plays through all frames", async () => {
    const asked: (string | null)[] = [];
    server.use(
      http.get("*/api/v1/cases/:id/image", ({ request }) => {
        asked.push(new URL(request.url).searchParams.get("frame"));
        return new HttpResponse(new Uint8Array([1]), { headers: { "Content-Type": "image/png" } });
      }),
    );
    const { user } = await openReview(film());
    await user.click(screen.getByRole("button", { name: "Play all frames" }));
    expect(await screen.findByText("All 3 frames looked at")).toBeInTheDocument();
    expect(await screen.findByRole("button", { name: "Play all frames" })).toBeInTheDocument();
    expect(asked).toEqual(["0", "1", "2"]);
  });

  it("has regions of all frames and of one", async () => {
    const { user, panel } = await openReview(film());
    await user.click(screen.getByRole("button", { name: "Add a region" }));
    await user.click(screen.getByRole("switch", { name: "New regions in this frame only" }));
    const frames = within(screen.getByRole("group", { name: "Frames" }));
    await user.click(frames.getByRole("button", { name: "Next frame" }));
    drag(layer(), [100, 50], [200, 90]);
    expect(region(/^Region 2: .*, frame 2$/)).toBeInTheDocument();
    await user.click(frames.getByRole("button", { name: "Next frame" }));
    expect(screen.queryByRole("button", { name: /^Region 2/ })).toBeNull();
    expect(region(/^Region 1: .*, all frames$/)).toBeInTheDocument();
    await user.click(panel.getByRole("button", { name: /100 × 40 pixels at 100, 50/ }));
    expect(region(/^Region 2/)).toBeInTheDocument();
    await user.click(panel.getByRole("radio", { name: "All frames" }));
    expect(region(/^Region 2: .*, all frames$/)).toBeInTheDocument();
  });
});
