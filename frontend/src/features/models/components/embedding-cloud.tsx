import { Button } from "@mantine/core";
import { IconMinus, IconPlus, IconRotate } from "@tabler/icons-react";
import { type KeyboardEvent, useCallback, useId, useMemo, useState } from "react";
import type { Embedding } from "../../../shared/api/types";
import { formatCount, formatPercent } from "../../../shared/lib/format";
import { useCloudCanvas } from "../hooks/use-cloud-canvas";
import { sampleOf } from "../lib/codes";
import { cloudOf } from "../lib/draw-cloud";
import { FIRST_VIEW, type View, viewAfterKey, zoomBy } from "../lib/projection";
import { CloudLegend } from "./cloud-legend";
import classes from "./embedding-cloud.module.css";
import { SampleTable } from "./sample-table";

interface EmbeddingCloudProps {
  embedding: Embedding;
  /** Rows and columns of the patches. */
  grid: readonly [number, number];
  colorOf: (code: number) => string;
  /** What a code is called where it has a name: "Border (phi +0.62)". */
  nameOf: (code: number) => string | null;
}

const NO_CODES: ReadonlySet<number> = new Set();

/** Tokens and codes in three dimensions, to be turned. Nothing in it moves by itself. */
export function EmbeddingCloud({ embedding, grid, colorOf, nameOf }: EmbeddingCloudProps) {
  const [view, setView] = useState<View>(FIRST_VIEW);
  const [hidden, setHidden] = useState(NO_CODES);
  const [chosen, setChosen] = useState<number | null>(null);
  const cloud = useMemo(() => cloudOf(embedding), [embedding]);
  const axes = useMemo(() => axesOf(embedding), [embedding]);
  const scene = useMemo(
    () => ({ cloud, view, hidden, chosen, colorOf, axes }),
    [cloud, view, hidden, chosen, colorOf, axes],
  );
  const { canvas } = useCloudCanvas(scene, setView, setChosen);
  const ids = { keys: useId(), token: useId() };
  const sample = useMemo(() => sampleOf(embedding), [embedding]);

  const step = useCallback(
    (by: 1 | -1) => {
      const shown = embedding.codes_of.flatMap((code, at) => (hidden.has(code) ? [] : [at]));
      const at = chosen === null ? (by === 1 ? -1 : 0) : shown.indexOf(chosen);
      setChosen(shown[(at + by + shown.length) % shown.length] ?? null);
    },
    [embedding, hidden, chosen],
  );

  function onKeyDown(event: KeyboardEvent) {
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const next = viewAfterKey(event.key, view);
    if (next) {
      event.preventDefault();
      setView(next);
    } else if (event.key === "n" || event.key === "p") {
      event.preventDefault();
      step(event.key === "n" ? 1 : -1);
    } else if (event.key === "Escape" && chosen !== null) {
      event.stopPropagation();
      setChosen(null);
    }
  }

  function toggle(code: number) {
    const next = new Set(hidden);
    next.has(code) ? next.delete(code) : next.add(code);
    setHidden(next);
    setChosen(null);
  }

  return (
    <div className={classes.cloud}>
      <div className={classes.stage}>
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: arrow keys turn it, and a screen reader has to let them through */}
        <canvas
          ref={canvas}
          className={classes.canvas}
          role="application"
          tabIndex={0}
          aria-label={`Sample of ${formatCount(embedding.places.length)} tokens and ${embedding.codes.length} codes in three dimensions`}
          aria-describedby={`${ids.keys} ${ids.token}`}
          onKeyDown={onKeyDown}
        />
        <ViewButtons onChange={setView} />
        <p id={ids.token} className={classes.token} role="status">
          {chosen === null ? "" : tokenWords(embedding, chosen, grid)}
        </p>
        <p id={ids.keys} className={classes.keys}>
          Drag or arrow keys turn it, + and − or the wheel (once clicked) zoom, 0 resets, n and p
          step through the tokens.
        </p>
      </div>
      <div className={classes.side}>
        <CloudLegend
          sample={sample}
          hidden={hidden}
          colorOf={colorOf}
          nameOf={nameOf}
          onToggle={toggle}
        />
        <details className={classes.details}>
          <summary>The same as a table</summary>
          <SampleTable sample={sample} axes={axes} nameOf={nameOf} />
        </details>
        <p className={classes.note}>{methodWords(embedding)}</p>
      </div>
    </div>
  );
}

function ViewButtons({ onChange }: { onChange: (change: (view: View) => View) => void }) {
  return (
    <div className={classes.buttons} role="group" aria-label="View">
      <Button
        size="compact-xs"
        variant="default"
        aria-label="Zoom in"
        onClick={() => onChange((view) => zoomBy(view, 1.25))}
      >
        <IconPlus size={14} aria-hidden />
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        aria-label="Zoom out"
        onClick={() => onChange((view) => zoomBy(view, 0.8))}
      >
        <IconMinus size={14} aria-hidden />
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconRotate size={14} aria-hidden />}
        onClick={() => onChange(() => FIRST_VIEW)}
      >
        Reset
      </Button>
    </div>
  );
}

function axesOf({ method }: Embedding): [string, string, string] {
  return method === "pca" ? ["PC1", "PC2", "PC3"] : ["1", "2", "3"];
}

function tokenWords({ keys, patches, codes_of }: Embedding, at: number, grid: readonly number[]) {
  const patch = patches[at] ?? 0;
  const columns = grid[1] ?? 1;
  const row = Math.floor(patch / columns) + 1;
  const column = (patch % columns) + 1;
  return `Image ${keys[at]}, patch ${patch} (row ${row}, column ${column}); nearest code ${codes_of[at]}`;
}

function methodWords({ method, explained }: Embedding): string {
  if (method !== "pca") {
    return "UMAP keeps neighbours together. Its axes and the distances between far groups mean nothing, and another seed gives another picture.";
  }
  const shares = explained?.map(formatPercent).join(", ");
  return `The axes are the principal axes of the tokens${shares ? `; they hold ${shares} of the variance` : ""}. Distances are true as far as these axes reach.`;
}
