import { Button, Switch } from "@mantine/core";
import { useState } from "react";
import type { OptionSheet } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { Notice } from "../../../shared/components/notice";
import { formatSigned } from "../../../shared/lib/format";
import { sheetUrl } from "../api/get-diagnosis";
import { cutOut, type SheetShape } from "../lib/sheet";
import classes from "./evidence-images.module.css";

interface EvidenceImagesProps {
  sheet: OptionSheet;
  nameOf: (classKey: string) => string;
}

const SIDE = 84;
const LARGE = 400;

/** The images with the largest and the smallest scores, plain or under the option's Grad-CAM. */
export function EvidenceImages({ sheet, nameOf }: EvidenceImagesProps) {
  const [overlay, setOverlay] = useState(false);
  const [large, setLarge] = useState<number | null>(null);
  const [missing, setMissing] = useState(false);
  const url = sheetUrl(sheet.path);
  const shape: SheetShape = { columns: sheet.columns, count: sheet.tiles.length, kinds: 2 };
  const numbered = sheet.tiles.map((tile, at) => ({ tile, at }));
  if (missing) {
    return (
      <Notice tone="error" title="The images could not be read">
        Diagnose the model again.
      </Notice>
    );
  }
  return (
    <>
      {/* Only a picture in the document says when it is missing. */}
      <img src={url} alt="" hidden onError={() => setMissing(true)} />
      <div className={classes.head}>
        <Switch
          size="xs"
          label="Show where (Grad-CAM)"
          checked={overlay}
          onChange={(event) => setOverlay(event.currentTarget.checked)}
        />
      </div>
      <div className={classes.ends}>
        {(["top", "bottom"] as const).map((end) => (
          <div key={end}>
            <p className={classes.end}>{end === "top" ? "Largest scores" : "Smallest scores"}</p>
            <ul className={classes.tiles}>
              {numbered
                .filter(({ tile }) => tile.end === end)
                .map(({ tile, at }) => {
                  const name = className(tile, nameOf);
                  return (
                    <li key={tile.row}>
                      <button
                        type="button"
                        className={classes.tile}
                        title={tile.key}
                        aria-label={`${name}, score ${formatSigned(tile.score)}, image ${tile.key}: enlarge`}
                        onClick={() => setLarge(at)}
                      >
                        <span
                          className={classes.picture}
                          style={cutOut(url, shape, at, SIDE, overlay ? 1 : 0)}
                        />
                        <span className={classes.caption}>
                          <span className={classes.class}>{name}</span>
                          <span className={classes.score}>{formatSigned(tile.score)}</span>
                        </span>
                      </button>
                    </li>
                  );
                })}
            </ul>
          </div>
        ))}
      </div>
      <LargeView
        sheet={sheet}
        shape={shape}
        at={large}
        nameOf={nameOf}
        onStep={setLarge}
        onClose={() => setLarge(null)}
      />
    </>
  );
}

function className(
  { class_key }: OptionSheet["tiles"][number],
  nameOf: (classKey: string) => string,
): string {
  return class_key === null ? "class not known" : nameOf(class_key);
}

interface LargeViewProps extends EvidenceImagesProps {
  shape: SheetShape;
  /** Null: closed. */
  at: number | null;
  onStep: (at: number) => void;
  onClose: () => void;
}

/** One image, plain and under its map, side by side. */
function LargeView({ sheet, shape, at, nameOf, onStep, onClose }: LargeViewProps) {
  const tile = at === null ? undefined : sheet.tiles[at];
  const url = sheetUrl(sheet.path);
  return (
    <Dialog
      opened={tile !== undefined}
      onClose={onClose}
      title={`${sheet.option_id}: image ${tile?.key ?? ""}`}
      width={2 * LARGE + 60}
    >
      {tile && at !== null && (
        <>
          <p className={classes.facts}>
            {className(tile, nameOf)}, score {formatSigned(tile.score)}, among the{" "}
            {tile.end === "top" ? "largest" : "smallest"} scores
          </p>
          <div className={classes.large}>
            {([0, 1] as const).map((kind) => (
              <figure key={kind}>
                <div
                  className={classes.picture}
                  role="img"
                  aria-label={
                    kind === 0 ? `Image ${tile.key}` : `Image ${tile.key} under the Grad-CAM map`
                  }
                  style={cutOut(url, shape, at, LARGE, kind)}
                />
                <figcaption>
                  {kind === 0
                    ? `Image, enlarged from ${sheet.tile_size} pixels`
                    : "Grad-CAM of the option"}
                </figcaption>
              </figure>
            ))}
          </div>
          <div className={classes.steps}>
            <Button variant="default" disabled={at === 0} onClick={() => onStep(at - 1)}>
              Previous
            </Button>
            <Button
              variant="default"
              disabled={at === sheet.tiles.length - 1}
              onClick={() => onStep(at + 1)}
            >
              Next
            </Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
