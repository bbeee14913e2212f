import { useState } from "react";
import type { CodeDiagnosis, CodeSheet } from "../../../shared/api/types";
import { Dialog } from "../../../shared/components/dialog";
import { useRovingFocus } from "../../../shared/hooks/use-roving-focus";
import { formatNumber, formatPercent } from "../../../shared/lib/format";
import { codeName, type GroupNames } from "../lib/codes";
import classes from "./crop-wall.module.css";
import { SheetTile } from "./sheet-tile";

interface CropWallProps {
  codes: readonly CodeDiagnosis[];
  sheets: readonly CodeSheet[];
  names: GroupNames;
  /** Rows and columns of the patches. */
  grid: readonly [number, number];
  colorOf: (code: number) => string;
  /** Address of a sheet by its path. */
  addressOf: (path: string) => string;
}

interface Chosen {
  sheet: CodeSheet;
  at: number;
}

/** For each code the patches nearest to it, the nearest first, each with its surroundings. */
export function CropWall({ codes, sheets, names, grid, colorOf, addressOf }: CropWallProps) {
  const [chosen, setChosen] = useState<Chosen | null>(null);
  return (
    <>
      <div className={classes.wall}>
        {codes.map((code) => (
          <CodeRow
            key={code.index}
            code={code}
            sheet={sheets.find(({ index }) => index === code.index) ?? null}
            name={codeName(code, names)}
            color={colorOf(code.index)}
            addressOf={addressOf}
            onChoose={setChosen}
          />
        ))}
      </div>
      {chosen && (
        <LargeCrop
          chosen={chosen}
          grid={grid}
          addressOf={addressOf}
          onClose={() => setChosen(null)}
        />
      )}
    </>
  );
}

interface CodeRowProps {
  code: CodeDiagnosis;
  sheet: CodeSheet | null;
  name: string | null;
  color: string;
  addressOf: (path: string) => string;
  onChoose: (chosen: Chosen) => void;
}

function CodeRow({ code, sheet, name, color, addressOf, onChoose }: CodeRowProps) {
  const roving = useRovingFocus({ sideways: true });
  const [missing, setMissing] = useState(false);
  return (
    <section className={classes.row} aria-label={`Code ${code.index}`}>
      <div className={classes.heading}>
        <span className={classes.swatch} style={{ background: color }} aria-hidden />
        <h3>Code {code.index}</h3>
        <span className={classes.note}>{name ?? "no measured association"}</span>
        <span className={classes.note}>{formatPercent(code.share)} of the patches</span>
      </div>
      {missing && <p className={classes.note}>The crops could not be read.</p>}
      {!sheet || sheet.tiles.length === 0 ? (
        <p className={classes.note}>No patch has this code.</p>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: arrow keys move between the buttons inside
        <div className={classes.tiles} onKeyDown={roving.onKeyDown}>
          {/* A background says nothing when it cannot be read; this does. */}
          <img
            className="visually-hidden"
            src={addressOf(sheet.path)}
            alt=""
            onError={() => setMissing(true)}
          />
          {sheet.tiles.map((tile, at) => (
            <button
              key={`${tile.key} ${tile.patch}`}
              type="button"
              data-roving
              className={classes.tile}
              tabIndex={roving.isTabbable(String(at), at === 0) ? 0 : -1}
              title={`${tile.key}, patch ${tile.patch}, distance ${formatNumber(tile.distance, 3)}`}
              aria-label={`Image ${tile.key}, patch ${tile.patch}, distance ${formatNumber(tile.distance, 3)}: enlarge`}
              onFocus={() => roving.setCurrent(String(at))}
              onClick={() => onChoose({ sheet, at })}
            >
              <SheetTile sheet={sheet} at={at} size={72} address={addressOf(sheet.path)} />
              <span className={classes.distance} aria-hidden>
                {formatNumber(tile.distance, 2)}
              </span>
            </button>
          ))}
        </div>
      )}
    </section>
  );
}

interface LargeCropProps {
  chosen: Chosen;
  grid: readonly [number, number];
  addressOf: (path: string) => string;
  onClose: () => void;
}

function LargeCrop({ chosen: { sheet, at }, grid, addressOf, onClose }: LargeCropProps) {
  const tile = sheet.tiles[at];
  if (!tile) {
    return null;
  }
  const row = Math.floor(tile.patch / grid[1]) + 1;
  const column = (tile.patch % grid[1]) + 1;
  return (
    <Dialog opened onClose={onClose} title={`Code ${sheet.index}, crop ${at + 1}`} width={460}>
      <SheetTile sheet={sheet} at={at} size={384} address={addressOf(sheet.path)} />
      <dl className={classes.facts}>
        <dt>Image</dt>
        <dd>{tile.key}</dd>
        <dt>Class</dt>
        <dd>{tile.class_key ?? "not known"}</dd>
        <dt>Patch</dt>
        <dd>
          {tile.patch} (row {row}, column {column} of {grid[0]} × {grid[1]})
        </dd>
        <dt>Distance</dt>
        <dd>{formatNumber(tile.distance, 4)}, squared, per channel</dd>
      </dl>
      <p className={classes.note}>The patch is outlined; around it are its neighbours.</p>
    </Dialog>
  );
}
