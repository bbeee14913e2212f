/**
 * The edits of one prediction while somebody works on them. Held outside React, so that a slider moves only what
 * shows its consequence, and so that nothing is lost when the panel's tab changes.
 */

import type { Intervention, Keep } from "../../../shared/api/types";
import { type Bench, groupOfOption } from "./bench";
import {
  addScoreEdit,
  type Edits,
  fromWire,
  isEmpty,
  NO_EDITS,
  regionOf,
  resetGroup,
  resetOption,
  type ScoreEdit,
  sameEdits,
  setRegion,
} from "./edits";
import { EMPTY_HISTORY, type History, push, redo, undo } from "./history";

export type PaintTool = "brush" | "erase" | "rectangle";

/** Which group's region the canvas paints, and how. */
export interface Painting {
  groupKey: string;
  tool: PaintTool;
  /** Of the brush in patches; 0 is a single patch. */
  radius: number;
  /** For the first stroke; a region that exists has its own. */
  keep: Keep;
  /** It was begun with a key: the keyboard goes on at the canvas. */
  byKey: boolean;
}

export interface WorkbenchState {
  history: History;
  /** The stored intervention that was opened last; it is what is shown until something is changed. */
  opened: Intervention | null;
  painting: Painting | null;
}

export class Workbench {
  readonly bench: Bench;
  private state: WorkbenchState;
  private readonly listeners = new Set<() => void>();

  constructor(bench: Bench, edits: Edits = NO_EDITS) {
    this.bench = bench;
    this.state = { history: { ...EMPTY_HISTORY, present: edits }, opened: null, painting: null };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  readonly getState = (): WorkbenchState => this.state;

  get edits(): Edits {
    return this.state.history.present;
  }

  /** One score edit. Those with the same gesture are one step of undo. */
  add(edit: ScoreEdit, gesture: string | null = null): void {
    this.go(addScoreEdit(this.bench, this.edits, edit), gesture);
  }

  /** Several at once, as one step. */
  addAll(edits: readonly ScoreEdit[]): void {
    this.go(edits.reduce((all, edit) => addScoreEdit(this.bench, all, edit), this.edits));
  }

  resetOption(optionId: string): void {
    this.go(resetOption(this.edits, optionId));
  }

  resetGroup(groupKey: string): void {
    this.go(resetGroup(this.bench, this.edits, groupKey));
  }

  resetGroupOf(optionId: string): void {
    const group = groupOfOption(this.bench, optionId);
    if (group) {
      this.resetGroup(group.key);
    }
  }

  resetAll(): void {
    this.go(NO_EDITS);
  }

  replace(edits: Edits): void {
    this.go(edits);
  }

  setRegion(groupKey: string, keep: Keep, patches: Iterable<number>): void {
    this.go(setRegion(this.bench, this.edits, groupKey, keep, patches));
  }

  /** Inside or outside: of the region, and of what will be painted. */
  setKeep(groupKey: string, keep: Keep): void {
    const { painting } = this.state;
    if (painting?.groupKey === groupKey) {
      this.update({ painting: { ...painting, keep } });
    }
    const region = regionOf(this.edits, groupKey);
    if (region) {
      this.setRegion(groupKey, keep, region.patches);
    }
  }

  undo(): void {
    this.update({ history: undo(this.state.history) });
  }

  redo(): void {
    this.update({ history: redo(this.state.history) });
  }

  /** Shows a stored one. What was there before comes back with undo. */
  open(intervention: Intervention): void {
    const { edits } = fromWire(intervention.edits);
    this.update({ history: push(this.state.history, edits), opened: intervention, painting: null });
  }

  /** What is shown has been stored as this. */
  stored(intervention: Intervention): void {
    this.update({ opened: intervention });
  }

  /** Paints the region of a group; null: the canvas moves the image again. */
  paint(groupKey: string | null, byKey = false): void {
    const { painting } = this.state;
    const keep = (groupKey && regionOf(this.edits, groupKey)?.keep) || "inside";
    const { tool = "brush", radius = 0 } = painting ?? {};
    this.update({
      painting: groupKey === null ? null : { groupKey, tool, radius, keep, byKey },
    });
  }

  setPainting(change: Partial<Pick<Painting, "tool" | "radius">>): void {
    const { painting } = this.state;
    if (painting) {
      this.update({ painting: { ...painting, ...change } });
    }
  }

  private go(edits: Edits, gesture: string | null = null): void {
    this.update({ history: push(this.state.history, edits, gesture) });
  }

  private update(change: Partial<WorkbenchState>): void {
    const keys = Object.keys(change) as (keyof WorkbenchState)[];
    if (keys.every((key) => this.state[key] === change[key])) {
      return;
    }
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) {
      listener();
    }
  }
}

/** The stored intervention that is exactly what is on screen. */
export function shownIntervention({ opened, history }: WorkbenchState): Intervention | null {
  return opened && sameEdits(fromWire(opened.edits).edits, history.present) ? opened : null;
}

/** Whether there is something that would be lost. */
export function isUnsaved(state: WorkbenchState): boolean {
  return !isEmpty(state.history.present) && shownIntervention(state) === null;
}
