/** Rectangles over text in the pixels, as a person draws them: in whole pixels of the image, and inside it. */

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

export interface Size {
  width: number;
  height: number;
}

export interface DrawnRegion extends Box {
  /** Of this page only; the server knows none. */
  id: number;
  /** Null: all frames. */
  frame: number | null;
}

/** As many as the server takes. */
export const MOST_REGIONS = 100;
const MOST_STEPS_BACK = 200;

export interface RegionsState {
  regions: readonly DrawnRegion[];
  selectedId: number | null;
  /** To be given the keyboard's focus: the one that was just added. */
  addedId: number | null;
  nextId: number;
  past: readonly (readonly DrawnRegion[])[];
  /** What belongs to one movement of the hand is one step back. */
  gesture: string | null;
}

export type RegionsAction =
  | { type: "add"; box: Box; frame: number | null; gesture?: string }
  | { type: "change"; id: number; changes: Partial<Omit<DrawnRegion, "id">>; gesture: string }
  | { type: "cover"; regions: readonly Omit<DrawnRegion, "id">[] }
  | { type: "remove"; id: number }
  | { type: "select"; id: number | null }
  | { type: "undo" };

export const NO_REGIONS: RegionsState = {
  regions: [],
  selectedId: null,
  addedId: null,
  nextId: 1,
  past: [],
  gesture: null,
};

export function reduceRegions(state: RegionsState, action: RegionsAction): RegionsState {
  switch (action.type) {
    case "add":
      return add(state, action);
    case "change":
      return change(state, action);
    case "cover":
      return cover(state, action.regions);
    case "remove": {
      const regions = state.regions.filter(({ id }) => id !== action.id);
      return { ...remember(state), regions, selectedId: null, addedId: null, gesture: null };
    }
    case "select":
      return { ...state, selectedId: action.id, gesture: null };
    case "undo": {
      const regions = state.past.at(-1);
      return regions
        ? { ...state, regions, past: state.past.slice(0, -1), addedId: null, gesture: null }
        : state;
    }
  }
}

function remember(state: RegionsState): RegionsState {
  return { ...state, past: [...state.past, state.regions].slice(-MOST_STEPS_BACK) };
}

function add(
  state: RegionsState,
  { box, frame, gesture }: Extract<RegionsAction, { type: "add" }>,
): RegionsState {
  if (state.regions.length >= MOST_REGIONS) {
    return state;
  }
  const id = state.nextId;
  return {
    ...remember(state),
    regions: [...state.regions, { ...box, id, frame }],
    selectedId: id,
    addedId: id,
    nextId: id + 1,
    gesture: gesture ?? null,
  };
}

/** Several at once are one step back. None of them is selected: whoever covers goes on where they are. */
function cover(state: RegionsState, added: readonly Omit<DrawnRegion, "id">[]): RegionsState {
  const taken = added.slice(0, Math.max(0, MOST_REGIONS - state.regions.length));
  if (taken.length === 0) {
    return state;
  }
  const numbered = taken.map((region, at) => ({ ...region, id: state.nextId + at }));
  return {
    ...remember(state),
    regions: [...state.regions, ...numbered],
    selectedId: null,
    addedId: null,
    nextId: state.nextId + taken.length,
    gesture: null,
  };
}

function change(
  state: RegionsState,
  { id, changes, gesture }: Extract<RegionsAction, { type: "change" }>,
): RegionsState {
  const before = state.regions.find((region) => region.id === id);
  const after = before && { ...before, ...changes };
  if (!before || !after || isSame(before, after)) {
    return state;
  }
  return {
    ...(state.gesture === gesture ? state : remember(state)),
    regions: state.regions.map((region) => (region.id === id ? after : region)),
    selectedId: id,
    gesture,
  };
}

function isSame(one: DrawnRegion, other: DrawnRegion): boolean {
  const { x, y, width, height, frame } = one;
  return (
    x === other.x &&
    y === other.y &&
    width === other.width &&
    height === other.height &&
    frame === other.frame
  );
}

/** Those that black out something in a frame. */
export function regionsIn(regions: readonly DrawnRegion[], frame: number): DrawnRegion[] {
  return regions.filter((region) => region.frame === null || region.frame === frame);
}

/** Whether nothing of a box is outside of another. */
export function contains(outer: Box, inner: Box): boolean {
  return (
    outer.x <= inner.x &&
    outer.y <= inner.y &&
    outer.x + outer.width >= inner.x + inner.width &&
    outer.y + outer.height >= inner.y + inner.height
  );
}

const clamp = (value: number, least: number, most: number) =>
  Math.min(Math.max(value, least), most);

/** From corner to corner. Pixels that are touched count as covered: a letter's edge must not stay. */
export function boxBetween(one: Point, other: Point, size: Size): Box {
  const x = clamp(Math.floor(Math.min(one.x, other.x)), 0, size.width - 1);
  const y = clamp(Math.floor(Math.min(one.y, other.y)), 0, size.height - 1);
  const right = clamp(Math.ceil(Math.max(one.x, other.x)), x + 1, size.width);
  const bottom = clamp(Math.ceil(Math.max(one.y, other.y)), y + 1, size.height);
  return { x, y, width: right - x, height: bottom - y };
}

export function moved(box: Box, by: Point, size: Size): Box {
  const { width, height } = box;
  return {
    x: clamp(Math.round(box.x + by.x), 0, size.width - width),
    y: clamp(Math.round(box.y + by.y), 0, size.height - height),
    width,
    height,
  };
}

/** The upper left corner stays. */
export function grown(box: Box, by: Point, size: Size): Box {
  return {
    x: box.x,
    y: box.y,
    width: clamp(box.width + by.x, 1, size.width - box.x),
    height: clamp(box.height + by.y, 1, size.height - box.y),
  };
}

/** With one number typed anew, as far as the image allows. */
export function withNumber(box: Box, field: keyof Box, value: number, size: Size): Box {
  const by = Math.round(value) - box[field];
  switch (field) {
    case "x":
      return moved(box, { x: by, y: 0 }, size);
    case "y":
      return moved(box, { x: 0, y: by }, size);
    case "width":
      return grown(box, { x: by, y: 0 }, size);
    case "height":
      return grown(box, { x: 0, y: by }, size);
  }
}

/** Where a new one begins that was asked for with the keyboard: wide and low, as a line of text. */
export function newBox(size: Size, number: number): Box {
  const width = Math.max(1, Math.round(size.width / 4));
  const height = Math.max(1, Math.round(size.height / 12));
  const middle = {
    x: Math.floor((size.width - width) / 2),
    y: Math.floor((size.height - height) / 2),
    width,
    height,
  };
  const step = keyStep(size);
  return moved(middle, { x: (number % 8) * step, y: (number % 8) * step }, size);
}

/** How far an arrow key moves. */
export function keyStep({ width, height }: Size): number {
  return Math.max(1, Math.round(Math.max(width, height) / 100));
}
