import { screen, waitFor, within } from "@testing-library/react";
import { http } from "msw";
import { describe, expect, it } from "vitest";
import { CASE_ID, makeCase } from "../../shared/testing/fixtures";
import { intake, makeDeidentification } from "../../shared/testing/intake-server";
import { problem, server, state } from "../../shared/testing/server";
import { renderApp } from "../testing/render-app";

const NAME = { x: 10, y: 20, width: 120, height: 16, frame: 0 };
const DATE = { x: 10, y: 44, width: 80, height: 16, frame: 0 };
const TABLE = { x: 300, y: 400, width: 200, height: 16, frame: 2 };

async function openReview(found = [NAME, DATE], overrides = {}) {
  intake.removed = makeDeidentification({ found });
  state.cases = [makeCase({ review: "waiting", suspects: ["Text was found."], ...overrides })];
  const app = renderApp(`/cases/${CASE_ID}`);
  const part = within(await screen.findByRole("region", { name: "Text that was found" }));
  await waitFor(() => expect(screen.queryByText("Loading where text was found")).toBeNull());
  return { ...app, part };
}

const openFilm = () =>
  openReview([NAME, TABLE], { frames: 3, values_kept: true, source_format: "dicom" });

const outlines = () =>
  [...document.querySelectorAll("[data-found]")].map((each) => each.getAttribute("data-found"));
const regions = () =>
  screen.queryAllByRole("button", { name: /^Region \d/ }).map((each) => each.ariaLabel);

describe("text that was found", () => {
  it("is outlined and listed, and is said not to be all", async () => {
    const { part } = await openReview();
    expect(outlines()).toEqual(["1", "2"]);
    expect(document.querySelector<HTMLElement>("[data-found='1']")?.style.top).toBe(
      `${(100 * 20) / 480}%`,
    );
    expect(part.getByText(/2 lines look like text/)).toBeInTheDocument();
    expect(part.getByText(/does not find everything/)).toBeInTheDocument();
    expect(part.getAllByRole("listitem")[0]).toHaveTextContent("120 × 16 pixels at 10, 20");
    expect(screen.getByText(/2 lines that look like text are not covered/)).toBeInTheDocument();
  });

  it("is covered at once, in one step that can be taken back", async () => {
    const { user, part } = await openReview();
    await user.click(part.getByRole("button", { name: "Cover what was found" }));
    expect(regions()).toEqual([
      "Region 1: 120 × 16 pixels at 10, 20",
      "Region 2: 80 × 16 pixels at 10, 44",
    ]);
    expect(outlines()).toEqual([]);
    expect(part.getByRole("button", { name: "All of it is covered" })).toHaveFocus();
    expect(screen.queryByText(/not covered/)).toBeNull();
    await user.keyboard("{Control>}z{/Control}");
    expect(regions()).toEqual([]);
    expect(outlines()).toEqual(["1", "2"]);
    await user.click(part.getByRole("button", { name: "Cover what was found" }));
    await user.click(screen.getByRole("button", { name: "Black out 2 regions and confirm" }));
    expect(await screen.findByRole("radio", { name: /Melanocytic nevus/ })).toBeChecked();
    const inAllFrames = (box: object) => ({ ...box, frame: null });
    expect(intake.reviews).toEqual([{ regions: [NAME, DATE].map(inAllFrames) }]);
  });

  it("is covered one by one with the keyboard, whose focus stays in the list", async () => {
    const { user, part } = await openReview();
    part.getByRole("button", { name: "Cover: line 2" }).focus();
    await waitFor(() =>
      expect(document.querySelector("[data-found='2']")).toHaveAttribute("data-pointed"),
    );
    await user.keyboard("{Enter}");
    expect(regions()).toEqual(["Region 1: 80 × 16 pixels at 10, 44"]);
    expect(outlines()).toEqual(["1"]);
    const done = part.getByRole("button", { name: "Covered: line 2" });
    expect(done).toHaveFocus();
    await user.keyboard("{Enter}");
    expect(regions()).toHaveLength(1);
    expect(screen.getByText(/1 line that looks like text is not covered/)).toBeInTheDocument();
    await user.click(screen.getByRole("button", { name: "Remove region 1" }));
    expect(outlines()).toEqual(["1", "2"]);
  });

  it("of a film is shown in its frame, and covered in all of them", async () => {
    const { user, part } = await openFilm();
    expect(part.getByText(/the first, the middle and the last frame only/)).toBeInTheDocument();
    expect(outlines()).toEqual(["1"]);
    await user.click(part.getByRole("button", { name: /^Show line 2: .*frame 3$/ }));
    expect(await screen.findByRole("img", { name: /frame 3 of 3/ })).toBeInTheDocument();
    expect(outlines()).toEqual(["2"]);
    await user.click(part.getByRole("button", { name: "Cover: line 2" }));
    expect(regions()).toEqual(["Region 1: 200 × 16 pixels at 300, 400, all frames"]);
  });

  it("of a film is covered in its frame alone where somebody wants that", async () => {
    const { user, part } = await openFilm();
    await user.click(screen.getByRole("switch", { name: "New regions in this frame only" }));
    await user.click(part.getByRole("button", { name: "Cover what was found" }));
    expect(regions()).toEqual(["Region 1: 120 × 16 pixels at 10, 20, frame 1"]);
    const all = screen.getByRole("region", { name: "Regions to black out" });
    expect(all).toHaveTextContent("200 × 16 pixels at 300, 400, frame 3");
  });

  it("may be nothing, which proves nothing", async () => {
    const { part } = await openReview([]);
    expect(part.getByText(/found nothing that looks like text/)).toHaveTextContent(
      /does not find everything: look at the whole picture yourself/,
    );
    expect(part.queryByRole("button")).toBeNull();
  });

  it("says why it could not be read, while one can look all the same", async () => {
    const locked = () => problem(500, "database", "The database is locked.");
    server.use(http.get("*/api/v1/cases/:id/deidentification", locked, { once: true }));
    const { user, part } = await openReview();
    expect(part.getByText("The database is locked.")).toBeInTheDocument();
    expect(screen.getByRole("button", { name: "Nothing to hide here" })).toBeInTheDocument();
    await user.click(part.getByRole("button", { name: "Try again" }));
    expect(await part.findByText(/2 lines look like text/)).toBeInTheDocument();
  });
});
