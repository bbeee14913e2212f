import { useLocalStorage } from "@mantine/hooks";
import { useCallback, useMemo, useState } from "react";
import { COLORMAPS, type ColormapName } from "../../../shared/imaging/colormap";
import { confineWindow, IDENTITY, type WindowLevel } from "../../../shared/imaging/window-level";
import type { Layout } from "../lib/panes";

/** What a person sets once and keeps, on this computer. */
export interface ViewerPreferences {
  layout: Layout;
  colormap: ColormapName;
  /** 0 to 1. */
  opacity: number;
  fadeLow: boolean;
}

/** What dragging with the left button does. */
export type Tool = "pan" | "window" | "ruler";

const DEFAULTS: ViewerPreferences = {
  layout: "stacked",
  colormap: "viridis",
  opacity: 0.6,
  fadeLow: true,
};

export interface ViewerSettings extends ViewerPreferences {
  tool: Tool;
  window: WindowLevel;
  setPreferences: (change: Partial<ViewerPreferences>) => void;
  setTool: (tool: Tool) => void;
  setWindow: (change: Partial<WindowLevel>) => void;
  resetWindow: () => void;
  nextColormap: () => void;
}

/** What a link says. It is not checked yet, and not kept on this computer; null: nothing. */
export interface LinkedPreferences {
  layout: string | null;
  colormap: string | null;
  opacity: number | null;
  fadeLow: boolean | null;
}

/**
 * `firstWindow` is what window and level begin with, for instance those of a link. A link's preferences go before
 * those of this computer until the person changes them.
 */
export function useViewerSettings(
  firstWindow: WindowLevel = IDENTITY,
  link: LinkedPreferences | null = null,
): ViewerSettings {
  const [stored, setStored] = useLocalStorage<ViewerPreferences>({
    key: "vitrine.viewer",
    defaultValue: DEFAULTS,
    getInitialValueInEffect: false,
  });
  const [linked, setLinked] = useState(() => saidBy(link));
  const preferences = useMemo(() => withDefaults({ ...stored, ...linked }), [stored, linked]);
  const [tool, setTool] = useState<Tool>("pan");
  const [window, replaceWindow] = useState<WindowLevel>(firstWindow);

  const setPreferences = useCallback(
    (change: Partial<ViewerPreferences>) => {
      setStored((before) => ({ ...withDefaults(before), ...change }));
      setLinked((before) =>
        Object.fromEntries(Object.entries(before).filter(([name]) => !(name in change))),
      );
    },
    [setStored],
  );
  const setWindow = useCallback(
    (change: Partial<WindowLevel>) =>
      replaceWindow((before) => confineWindow({ ...before, ...change })),
    [],
  );
  const resetWindow = useCallback(() => replaceWindow(IDENTITY), []);
  const nextColormap = useCallback(
    () => setPreferences({ colormap: following(preferences.colormap) }),
    [setPreferences, preferences.colormap],
  );
  return useMemo(
    () => ({
      ...preferences,
      tool,
      window,
      setPreferences,
      setTool,
      setWindow,
      resetWindow,
      nextColormap,
    }),
    [preferences, tool, window, setPreferences, setWindow, resetWindow, nextColormap],
  );
}

/** `withDefaults` lets go of what makes no sense. */
function saidBy(link: LinkedPreferences | null): Partial<ViewerPreferences> {
  return Object.fromEntries(Object.entries(link ?? {}).filter(([, value]) => value !== null));
}

/** Stored by an older release, or by hand: take only what still means something. */
function withDefaults(stored: Partial<ViewerPreferences>): ViewerPreferences {
  const { layout, colormap, opacity, fadeLow } = { ...DEFAULTS, ...stored };
  return {
    layout: layout === "side-by-side" ? layout : "stacked",
    colormap: COLORMAPS.some(({ name }) => name === colormap) ? colormap : DEFAULTS.colormap,
    opacity: opacity >= 0 && opacity <= 1 ? opacity : DEFAULTS.opacity,
    fadeLow: fadeLow !== false,
  };
}

function following(colormap: ColormapName): ColormapName {
  const at = COLORMAPS.findIndex(({ name }) => name === colormap);
  return COLORMAPS[(at + 1) % COLORMAPS.length]?.name ?? DEFAULTS.colormap;
}
