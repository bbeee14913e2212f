import { screen, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, it } from "vitest";
import { CASE_ID, makeCase } from "../../shared/testing/fixtures";
import { intake, makeDeidentification } from "../../shared/testing/intake-server";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const REGION = { x: 10, y: 20, width: 120, height: 40, frame: null };

async function openRemoved(overrides = {}) {
  state.cases = [makeCase(overrides)];
  const app = renderApp(`/cases/${CASE_ID}`);
  await app.user.click(await screen.findByRole("tab", { name: "Case and notes" }));
  await app.user.click(screen.getByRole("button", { name: "What was removed …" }));
  const dialog = within(await screen.findByRole("dialog", { name: "What was removed" }));
  return { ...app, dialog };
}

describe("what was removed", () => {
  it("lists profile, methods and elements of a DICOM header, and can be filtered", async () => {
    const { user, dialog } = await openRemoved({ source_format: "dicom", frames: 30 });
    expect(await dialog.findByText(/PS3.15 Basic/)).toBeInTheDocument();
    expect(dialog.getByText("113107").closest("li")).toHaveTextContent("Modified Dates");
    expect(dialog.getByText(/37 private elements of the manufacturer were/)).toBeInTheDocument();
    const row = dialog.getByText("Study Date").closest("tr");
    expect(row).toHaveTextContent("(0008,0020)Study DateDate shifted3");
    expect(dialog.getByText("4 of 4")).toBeInTheDocument();
    await user.type(dialog.getByRole("searchbox", { name: "Filter" }), "birth");
    expect(dialog.getByText("1 of 4")).toBeInTheDocument();
    expect(dialog.queryByText("Study Date")).toBeNull();
    await user.type(dialog.getByRole("searchbox", { name: "Filter" }), "zzz");
    expect(dialog.getByText("Nothing matches “birthzzz”.")).toBeInTheDocument();
  });

  it("says what was blacked out, and whether the original is kept", async () => {
    intake.removed = makeDeidentification({ regions: [REGION], original_kept: true });
    const { dialog } = await openRemoved({ review: "done", frames: 3 });
    expect(await dialog.findByText("120 × 40 pixels at 10, 20, all frames")).toBeInTheDocument();
    expect(dialog.getByText(/Kept, encrypted/)).toBeInTheDocument();
  });

  it("has words for pictures", async () => {
    const report = {
      profile: "Only the pixels were kept.",
      methods: [],
      elements: [
        { tag: "EXIF", name: "Camera, place and time", action: "removed" as const, occurrences: 1 },
      ],
      private_removed: 0,
    };
    intake.removed = makeDeidentification({ report });
    const { dialog } = await openRemoved({ source_format: "jpeg" });
    const blocks = within(await dialog.findByRole("region", { name: "Blocks of the file" }));
    expect(blocks.getByText("EXIF")).toBeInTheDocument();
    expect(dialog.queryByText(/private elements/)).toBeNull();
    expect(dialog.getByText(/was not kept/)).toBeInTheDocument();
  });

  it("has words for cases from before it was written down, and for drawn ones", async () => {
    intake.removed = makeDeidentification({ report: null });
    const { dialog, unmount } = await openRemoved();
    expect(await dialog.findByText(/from before this was written down/)).toBeInTheDocument();
    expect(dialog.queryByRole("table")).toBeNull();
    unmount();
    const drawn = await openRemoved({ synthetic: true });
    expect(await drawn.dialog.findByText(/drawn by a program/)).toBeInTheDocument();
  });

  it("says why it could not be read, and tries again", async () => {
    const locked = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/cases/:id/deidentification", locked, { once: true }));
    const { user, dialog } = await openRemoved({ source_format: "dicom" });
    expect(await dialog.findByText("The database is locked.")).toBeInTheDocument();
    await user.click(dialog.getByRole("button", { name: "Try again" }));
    expect(await dialog.findByText("Study Date")).toBeInTheDocument();
  });

  it("stands beside format, frames and the look at the pixels", async () => {
    state.cases = [
      makeCase({
        source_format: "dicom",
        frames: 30,
        values_kept: true,
        review: "done",
        modality: "US",
        body_part: "BREAST",
        filename: null,
      }),
    ];
    const { user } = renderApp(`/cases/${CASE_ID}`);
    await user.click(await screen.findByRole("tab", { name: "Case and notes" }));
    expect(screen.getByText("DICOM")).toBeInTheDocument();
    expect(screen.getByText("Ultrasound (US)")).toBeInTheDocument();
    expect(screen.getByText("Breast")).toBeInTheDocument();
    expect(screen.getByText(/name not kept/)).toBeInTheDocument();
    expect(screen.getByText("640 × 480 pixels, 30 frames")).toBeInTheDocument();
    expect(screen.getByText("a person has looked for it")).toBeInTheDocument();
  });
});
