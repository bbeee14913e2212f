import { useShortcuts } from "../../../shared/hooks/use-shortcuts";
import type { LayerChoice } from "../lib/layer-choice";
import type { Stage } from "../lib/stage";
import type { ValueView } from "../lib/value-view";
import type { Tool, ViewerSettings } from "./use-viewer-settings";

const OPACITY_STEP = 0.1;

interface ShortcutOptions {
  stage: Stage | null;
  settings: ViewerSettings;
  onLayer: (layer: LayerChoice) => void;
  onToggleOriginal: () => void;
  /** Whether original and map may stand side by side. */
  layouts?: boolean;
  /** Of a case that keeps values: window, level and inversion are its own. */
  values?: ValueView | null;
}

/** The single-key shortcuts listed in `lib/shortcuts.ts`. */
export function useViewerShortcuts(options: ShortcutOptions): void {
  const { stage, settings, onLayer, onToggleOriginal, layouts = true, values } = options;
  const changeOpacity = (step: number) => {
    const opacity = Math.round((settings.opacity + step) * 20) / 20;
    settings.setPreferences({ opacity: Math.min(1, Math.max(0, opacity)) });
  };
  const toggleLayout = () => {
    const layout = settings.layout === "stacked" ? "side-by-side" : "stacked";
    settings.setPreferences({ layout });
  };
  const invert = () => settings.setWindow({ invert: !settings.window.invert });
  const toggleTool = (tool: Tool) => settings.setTool(settings.tool === tool ? "pan" : tool);
  useShortcuts({
    f: () => stage?.fit(),
    "1": () => stage?.oneToOne(),
    "+": () => stage?.zoom(1.25),
    "=": () => stage?.zoom(1.25),
    "-": () => stage?.zoom(1 / 1.25),
    w: () => toggleTool("window"),
    d: () => toggleTool("ruler"),
    i: () => (values ? values.invert() : invert()),
    r: () => (values ? values.reset() : settings.resetWindow()),
    v: () => values?.nextPreset(),
    g: () => onLayer("gradcam"),
    m: () => onLayer("magnet"),
    x: () => onLayer("index"),
    o: onToggleOriginal,
    s: () => layouts && toggleLayout(),
    c: settings.nextColormap,
    "[": () => changeOpacity(-OPACITY_STEP),
    "]": () => changeOpacity(OPACITY_STEP),
  });
}
