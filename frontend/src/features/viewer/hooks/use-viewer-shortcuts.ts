import { useShortcuts } from "../../../shared/hooks/use-shortcuts";
import type { LayerChoice } from "../lib/layer-choice";
import type { Stage } from "../lib/stage";
import type { ViewerSettings } from "./use-viewer-settings";

const OPACITY_STEP = 0.1;

interface ShortcutOptions {
  stage: Stage | null;
  settings: ViewerSettings;
  onLayer: (layer: LayerChoice) => void;
  onToggleOriginal: () => void;
  /** Whether original and map may stand side by side. */
  layouts?: boolean;
}

/** The single-key shortcuts listed in `lib/shortcuts.ts`. */
export function useViewerShortcuts(options: ShortcutOptions): void {
  const { stage, settings, onLayer, onToggleOriginal, layouts = true } = options;
  const changeOpacity = (step: number) => {
    const opacity = Math.round((settings.opacity + step) * 20) / 20;
    settings.setPreferences({ opacity: Math.min(1, Math.max(0, opacity)) });
  };
  const toggleLayout = () => {
    const layout = settings.layout === "stacked" ? "side-by-side" : "stacked";
    settings.setPreferences({ layout });
  };
  useShortcuts({
    f: () => stage?.fit(),
    "1": () => stage?.oneToOne(),
    "+": () => stage?.zoom(1.25),
    "=": () => stage?.zoom(1.25),
    "-": () => stage?.zoom(1 / 1.25),
    w: () => settings.setTool(settings.tool === "window" ? "pan" : "window"),
    i: () => settings.setWindow({ invert: !settings.window.invert }),
    r: settings.resetWindow,
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
