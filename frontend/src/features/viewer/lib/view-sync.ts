/**
 * One view for several stages: who moves one moves all, whatever size each of them has, and what is pointed
 * at in one has a crosshair in the others.
 */

import type { View } from "../../../shared/imaging/transform";
import type { Stage } from "./stage";

export class ViewSync {
  private current: View | null;
  private readonly stages = new Set<Stage>();
  private readonly listeners = new Set<(view: View | null) => void>();

  /** Null: fitted. */
  constructor(view: View | null = null) {
    this.current = view;
  }

  view(): View | null {
    return this.current;
  }

  /** Sets all stages, for instance from a link. */
  set(view: View | null): void {
    this.spread(view, null);
  }

  /** Takes a stage in, which gets the common view. */
  attach(stage: Stage): () => void {
    this.stages.add(stage);
    stage.setView(this.current);
    const stops = [
      stage.onView((view) => this.spread(view, stage)),
      stage.onPoint((point) => {
        for (const other of this.others(stage)) {
          other.showPoint(point);
        }
      }),
    ];
    return () => {
      for (const stop of stops) {
        stop();
      }
      this.stages.delete(stage);
    };
  }

  subscribe(listener: (view: View | null) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private spread(view: View | null, from: Stage | null): void {
    this.current = view;
    for (const stage of this.others(from)) {
      stage.setView(view);
    }
    for (const listener of this.listeners) {
      listener(view);
    }
  }

  private others(from: Stage | null): Stage[] {
    return [...this.stages].filter((stage) => stage !== from);
  }
}
