import type { CodeSheet } from "../../../shared/api/types";
import classes from "./sheet-tile.module.css";

interface SheetTileProps {
  sheet: Pick<CodeSheet, "columns" | "tiles">;
  at: number;
  /** Side in CSS pixels. */
  size: number;
  address: string;
}

/** One tile of a sheet. Whoever shows it says what it is. */
export function SheetTile({ sheet, at, size, address }: SheetTileProps) {
  // The server pads the last row, so that a sheet is always as wide as its columns.
  const columns = sheet.columns;
  const rows = Math.max(1, Math.ceil(sheet.tiles.length / columns));
  const column = at % columns;
  const row = Math.floor(at / columns);
  return (
    <span
      className={classes.tile}
      style={{
        width: size,
        height: size,
        backgroundImage: `url("${address}")`,
        backgroundSize: `${columns * size}px ${rows * size}px`,
        backgroundPosition: `${-column * size}px ${-row * size}px`,
      }}
      aria-hidden
    />
  );
}
