import { describe, expect, it } from "vitest";
import { IDENTITY } from "../../shared/imaging/window-level";
import { formatCaseLink, type OnScreen, parseCaseLink } from "./case-link";

const nothing = () => undefined;

const SCREEN: OnScreen = {
  predictionId: "p",
  tab: "what-if",
  part: "search",
  classKey: "mel",
  selection: { layer: "magnet", optionId: "a.b", groupKey: "a", code: 3 },
  edits: "1*o3",
  interventionId: null,
  settings: {
    layout: "side-by-side",
    colormap: "viridis",
    opacity: 0.35,
    fadeLow: false,
    tool: "pan",
    window: { level: 100, width: 200, invert: true },
    setPreferences: nothing,
    setTool: nothing,
    setWindow: nothing,
    resetWindow: nothing,
    nextColormap: nothing,
  },
  rendering: {
    frame: 2,
    window: { center: -600, width: 1500.5 },
    voi_function: "linear",
    inverted: true,
  },
  view: { x: 320.5, y: 240, zoom: 2.25 },
};

describe("the address of a case", () => {
  it("comes back as it went", () => {
    const { settings, ...screen } = SCREEN;
    const link = parseCaseLink(formatCaseLink(SCREEN));
    expect(link).toEqual({
      ...screen,
      settings: { layout: "side-by-side", colormap: "viridis", opacity: 0.35, fadeLow: false },
      window: settings.window,
      rendering: { frame: 2, voi: { window: { center: -600, width: 1500.5 }, inverted: true } },
    });
  });

  it("names a stored intervention instead of its edits", () => {
    const search = formatCaseLink({ ...SCREEN, interventionId: "i" });
    expect(parseCaseLink(search)).toMatchObject({ interventionId: "i", edits: null });
  });

  it("says nothing where nothing is said, and begins at the concepts", () => {
    expect(parseCaseLink("?tab=gone&part=gone&view=a&window=b")).toEqual({
      predictionId: null,
      tab: "concepts",
      part: "edit",
      classKey: null,
      selection: { layer: null, optionId: null, groupKey: null, code: null },
      edits: null,
      interventionId: null,
      settings: { layout: null, colormap: null, opacity: null, fadeLow: null },
      window: IDENTITY,
      rendering: { frame: null, voi: null },
      view: null,
    });
  });
});
