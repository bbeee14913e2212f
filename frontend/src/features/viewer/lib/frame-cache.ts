/**
 * Frames of values that are at hand: the one that is shown, its neighbours, and as many of the last ones as there
 * is room for. What nobody waits for any more is no longer loaded.
 */

import { Listeners } from "./listeners";

export type LoadFrame<Frame> = (frame: number, signal: AbortSignal) => Promise<Frame>;

/** Relative to the frame that is shown, most wanted first: films and scrubbing go forward more often than back. */
const NEIGHBOURS = [1, -1, 2, 3, 4, -2] as const;
const LARGEST_NUMBER_OF_LOADS = 3;

export class FrameCache<Frame> {
  private readonly load: LoadFrame<Frame>;
  private readonly frames: number;
  private readonly room: number;
  /** The most recently used last. */
  private readonly kept = new Map<number, Frame>();
  private readonly loading = new Map<number, AbortController>();
  private readonly failed = new Map<number, unknown>();
  private readonly listeners = new Listeners<void>();
  private wanted: number[] = [];

  /** `room`: how many frames may be kept, at least the one that is shown. */
  constructor(load: LoadFrame<Frame>, frames: number, room: number) {
    this.load = load;
    this.frames = frames;
    this.room = Math.max(1, room);
  }

  readonly subscribe = (listener: () => void): (() => void) => this.listeners.add(listener);

  get(frame: number): Frame | null {
    return this.kept.get(frame) ?? null;
  }

  /** Why a frame could not be loaded; null: it was, or nobody has tried. */
  error(frame: number): unknown {
    return this.failed.get(frame) ?? null;
  }

  get size(): number {
    return this.kept.size;
  }

  /** Asks for a frame, and for its neighbours after it. */
  show(frame: number): void {
    this.wanted = [frame, ...NEIGHBOURS.map((step) => frame + step)]
      .filter((number) => number >= 0 && number < this.frames)
      .slice(0, this.room);
    for (const [number, controller] of this.loading) {
      if (!this.wanted.includes(number)) {
        controller.abort();
        this.loading.delete(number);
      }
    }
    const shown = this.kept.get(frame);
    if (shown !== undefined) {
      this.keep(frame, shown);
    }
    this.next();
  }

  retry(frame: number): void {
    this.failed.delete(frame);
    this.listeners.tell();
    this.show(frame);
  }

  /** Stops loading. What is at hand stays. */
  rest(): void {
    this.wanted = [];
    for (const controller of this.loading.values()) {
      controller.abort();
    }
    this.loading.clear();
  }

  private next(): void {
    for (const frame of this.wanted) {
      if (this.loading.size >= LARGEST_NUMBER_OF_LOADS) {
        return;
      }
      if (!this.kept.has(frame) && !this.loading.has(frame) && !this.failed.has(frame)) {
        void this.fetch(frame);
      }
    }
  }

  private async fetch(frame: number): Promise<void> {
    const controller = new AbortController();
    this.loading.set(frame, controller);
    try {
      const loaded = await this.load(frame, controller.signal);
      if (!controller.signal.aborted) {
        this.keep(frame, loaded);
      }
    } catch (error) {
      if (!controller.signal.aborted) {
        this.failed.set(frame, error);
      }
    }
    if (!controller.signal.aborted) {
      this.loading.delete(frame);
      this.listeners.tell();
      this.next();
    }
  }

  private keep(frame: number, loaded: Frame): void {
    this.kept.delete(frame);
    this.kept.set(frame, loaded);
    for (const oldest of this.kept.keys()) {
      if (this.kept.size <= this.room) {
        return;
      }
      if (!this.wanted.includes(oldest)) {
        this.kept.delete(oldest);
      }
    }
  }
}
