/** The address that reopens a case as it is on screen. Whatever it says that makes no sense here is left out. */

import { isWorkbenchView, type WorkbenchView } from "../../features/interventions/lib/view";
import type { LinkedSelection } from "../../features/predictions/lib/selection";
import type {
  LinkedPreferences,
  ViewerSettings,
} from "../../features/viewer/hooks/use-viewer-settings";
import {
  formatFrame,
  formatView,
  formatVoi,
  formatWindow,
  type LinkedRendering,
  parseFrame,
  parseView,
  parseVoi,
  parseWindow,
} from "../../features/viewer/lib/view-link";
import type { Rendering } from "../../shared/api/types";
import type { View } from "../../shared/imaging/transform";
import type { WindowLevel } from "../../shared/imaging/window-level";
import { PANEL_TABS, type PanelTab } from "./panel-tab";

export interface CaseLink {
  predictionId: string | null;
  tab: PanelTab;
  /** Part of the workbench. */
  part: WorkbenchView;
  /** Whose contributions are shown; null: the predicted one. */
  classKey: string | null;
  selection: LinkedSelection;
  /** As `encodeEdits` writes them. */
  edits: string | null;
  interventionId: string | null;
  settings: LinkedPreferences;
  window: WindowLevel;
  /** Of a case that keeps values. */
  rendering: LinkedRendering;
  view: View | null;
}

export function parseCaseLink(search: string): CaseLink {
  const params = new URLSearchParams(search);
  const text = (name: string) => params.get(name) || null;
  const number = (name: string) => (text(name) === null ? null : Number(text(name)));
  const tab = PANEL_TABS.find((known) => known === text("tab"));
  const part = text("part");
  return {
    predictionId: text("prediction"),
    tab: tab ?? "concepts",
    part: isWorkbenchView(part) ? part : "edit",
    classKey: text("class"),
    selection: {
      layer: text("layer"),
      optionId: text("option"),
      groupKey: text("group"),
      code: number("code"),
    },
    edits: text("edits"),
    interventionId: text("intervention"),
    settings: {
      layout: text("layout"),
      colormap: text("colormap"),
      opacity: number("opacity"),
      fadeLow: text("fade") === null ? null : text("fade") !== "off",
    },
    window: parseWindow(text("window")),
    rendering: { frame: parseFrame(text("frame")), voi: parseVoi(text("voi")) },
    view: parseView(text("view")),
  };
}

export interface OnScreen {
  predictionId: string | null;
  tab: PanelTab;
  part: WorkbenchView;
  classKey: string | null;
  selection: LinkedSelection;
  edits: string | null;
  interventionId: string | null;
  settings: ViewerSettings;
  /** Of a case that keeps values, where somebody has chosen it; null: it follows the prediction. */
  rendering: Rendering | null;
  view: View | null;
}

export function formatCaseLink(screen: OnScreen): string {
  const { selection, settings } = screen;
  const parts: [name: string, value: string | number | null][] = [
    ["prediction", screen.predictionId],
    ["tab", screen.tab],
    ["part", screen.tab === "what-if" && screen.part !== "edit" ? screen.part : null],
    ["class", screen.classKey],
    ["layer", selection.layer],
    ["option", selection.optionId],
    ["group", selection.groupKey],
    ["code", selection.code],
    ["intervention", screen.interventionId],
    ["edits", screen.interventionId ? null : screen.edits],
    ["layout", settings.layout],
    ["colormap", settings.colormap],
    ["opacity", settings.opacity],
    ["fade", settings.fadeLow ? null : "off"],
    ["window", formatWindow(settings.window)],
    ["frame", formatFrame(screen.rendering)],
    ["voi", formatVoi(screen.rendering)],
    ["view", formatView(screen.view)],
  ];
  const params = new URLSearchParams();
  for (const [name, value] of parts) {
    if (value !== null) {
      params.set(name, String(value));
    }
  }
  return `?${params}`;
}
