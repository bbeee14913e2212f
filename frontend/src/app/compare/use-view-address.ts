import { useEffect, useRef, useState } from "react";
import type {
  LinkedPreferences,
  ViewerSettings,
} from "../../features/viewer/hooks/use-viewer-settings";
import { formatView, formatWindow, parseView } from "../../features/viewer/lib/view-link";
import { ViewSync } from "../../features/viewer/lib/view-sync";
import type { AddressChanges } from "./use-address";

/** Browsers refuse too many changes of the address; it follows when a gesture has come to rest. */
const REST_MS = 300;

/** Colours of the maps in the address, by the names that the page of a case uses, too. */
export function parsePreferences(params: URLSearchParams): LinkedPreferences {
  const opacity = params.get("opacity");
  return {
    layout: null,
    colormap: params.get("colormap"),
    opacity: opacity ? Number(opacity) : null,
    fadeLow: params.has("fade") ? params.get("fade") !== "off" : null,
  };
}

/** How both images are seen, in the address: zoom and pan, window and level, the colours of the maps. */
export function useViewAddress(
  params: URLSearchParams,
  change: (changes: AddressChanges) => void,
  settings: ViewerSettings,
): ViewSync {
  const { window, colormap, opacity, fadeLow } = settings;
  const text = params.get("view");
  const [sync] = useState(() => new ViewSync(parseView(text)));
  /** What this page has put there, the last one seen and all after it; anything else comes from a link. */
  const written = useRef([text]);

  useEffect(() => {
    const at = written.current.indexOf(text);
    if (at >= 0) {
      written.current = written.current.slice(at);
    } else {
      written.current = [text];
      sync.set(parseView(text));
    }
  }, [sync, text]);

  useEffect(() => {
    let timer = 0;
    const write = () => {
      const view = formatView(sync.view());
      written.current = [...written.current, view];
      change({ view });
    };
    const stop = sync.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(write, REST_MS) as unknown as number;
    });
    return () => {
      clearTimeout(timer);
      stop();
    };
  }, [sync, change]);

  useEffect(() => {
    const write = () =>
      change({
        window: formatWindow(window),
        colormap,
        opacity: String(opacity),
        fade: fadeLow ? "on" : "off",
      });
    const timer = setTimeout(write, REST_MS);
    return () => clearTimeout(timer);
  }, [change, window, colormap, opacity, fadeLow]);

  return sync;
}
