/** Where a picture lies in a sheet, and the style that cuts it out. */

import type { CSSProperties } from "react";

export interface SheetShape {
  columns: number;
  /** Pictures of one kind; those of a second kind, such as overlays, lie below all of the first. */
  count: number;
  kinds: 1 | 2;
}

/** Column and row of a picture. */
export function cellOf(
  { columns, count }: SheetShape,
  at: number,
  kind: 0 | 1 = 0,
): [number, number] {
  const rows = Math.ceil(count / columns);
  return [at % columns, Math.floor(at / columns) + kind * rows];
}

/** Cuts one picture out of the sheet, drawn with `side` pixels. */
export function cutOut(
  url: string,
  shape: SheetShape,
  at: number,
  side: number,
  kind: 0 | 1 = 0,
): CSSProperties {
  const [column, row] = cellOf(shape, at, kind);
  const rows = Math.ceil(shape.count / shape.columns) * shape.kinds;
  return {
    width: side,
    height: side,
    backgroundImage: `url("${url}")`,
    backgroundSize: `${shape.columns * side}px ${rows * side}px`,
    backgroundPosition: `${-column * side}px ${-row * side}px`,
    backgroundRepeat: "no-repeat",
  };
}
