/**
 * Which frame of a case's values is seen, and how. As long as nobody has changed anything it follows the
 * prediction that is shown, so that its maps lie on what the model saw.
 */

import type {
  Rendering,
  RenderingCreate,
  ValueDisplay,
  ValueWindow,
} from "../../../shared/api/types";
import { effectiveWindow, fullRange } from "../../../shared/imaging/value-window";
import { Listeners } from "./listeners";
import { confineValueWindow, dragSpeed, presetsOf, sameWindow } from "./value-presets";
import type { LinkedRendering } from "./view-link";

export interface ValueState {
  rendering: Rendering;
  playing: boolean;
}

export class ValueView {
  readonly display: ValueDisplay;
  /** How many. */
  readonly frames: number;
  /** As the file asks, and what a model sees unless told otherwise. */
  readonly standard: Rendering;
  private followed: Rendering | null = null;
  private own: Rendering | null;
  private state: ValueState;
  private readonly listeners = new Listeners<void>();

  constructor(
    display: ValueDisplay,
    standard: Rendering,
    frames: number,
    link: LinkedRendering | null = null,
  ) {
    this.display = display;
    this.standard = standard;
    this.frames = frames;
    this.own = link && this.linked(link);
    this.state = { rendering: this.own ?? standard, playing: false };
  }

  readonly subscribe = (listener: () => void): (() => void) => this.listeners.add(listener);

  readonly getState = (): ValueState => this.state;

  get rendering(): Rendering {
    return this.state.rendering;
  }

  /** What somebody has chosen here, for a link; null: nothing, it follows the prediction. */
  get chosen(): Rendering | null {
    return this.own;
  }

  get isStandard(): boolean {
    return this.shows(this.standard);
  }

  /** Whether what is seen is this, whichever way it is written. */
  readonly shows = (other: Rendering): boolean => {
    const { display, rendering: now } = this;
    return (
      now.frame === other.frame &&
      now.inverted === other.inverted &&
      sameWindow(effectiveWindow(display, now), effectiveWindow(display, other))
    );
  };

  /** For a prediction of what is seen; null: as the server does by default. */
  forPrediction(): RenderingCreate | null {
    const { frame, window, inverted } = this.rendering;
    return this.isStandard ? null : { frame, window, inverted };
  }

  /** The prediction that is shown has seen this. */
  follow(rendering: Rendering | null): void {
    this.followed = rendering;
    this.settle();
  }

  /** Back to what the prediction saw. */
  restore(): void {
    this.own = null;
    this.state = { ...this.state, playing: false };
    this.settle();
  }

  /** Window and inversion as the file asks; the frame stays. */
  reset(): void {
    const { window, inverted, voi_function } = this.standard;
    this.change({ window, inverted, voi_function });
  }

  setFrame(frame: number): void {
    this.change({ frame: Math.min(this.frames - 1, Math.max(0, Math.round(frame))) });
  }

  /** To one frame, and no further: a film stops there. */
  goTo(frame: number): void {
    this.setPlaying(false);
    this.setFrame(frame);
  }

  step(frames: number): void {
    this.setFrame(this.rendering.frame + frames);
  }

  /** Null: as the file asks. */
  setWindow(window: ValueWindow | null): void {
    if (this.display.values === "grey") {
      this.change({ window, voi_function: this.display.voi_function });
    }
  }

  /** What a change of centre or width starts from. */
  get window(): ValueWindow {
    const { display, rendering } = this;
    return (
      effectiveWindow(display, rendering) ??
      fullRange(display.lowest, display.highest, display.voi_function)
    );
  }

  /** Returns what sets the window for a drag by so many CSS pixels from here. */
  beginDrag(): (dx: number, dy: number) => void {
    const before = this.window;
    const speed = dragSpeed(this.display, before);
    return (dx, dy) =>
      this.setWindow(
        confineValueWindow(this.display, {
          center: before.center + dy * speed,
          width: before.width + dx * speed,
        }),
      );
  }

  nextPreset(): void {
    const presets = presetsOf(this.display);
    const now = effectiveWindow(this.display, this.rendering);
    const at = presets.findIndex(({ window }) => sameWindow(window, now));
    const next = presets[(at + 1) % presets.length];
    if (next) {
      this.setWindow(next.window);
    }
  }

  invert(): void {
    this.change({ inverted: !this.rendering.inverted });
  }

  setPlaying(playing: boolean): void {
    this.state = { ...this.state, playing };
    this.listeners.tell();
  }

  private change(change: Partial<Rendering>): void {
    this.own = { ...this.rendering, ...change };
    this.settle();
  }

  private settle(): void {
    const rendering = this.own ?? this.followed ?? this.standard;
    this.state = { ...this.state, rendering };
    this.listeners.tell();
  }

  private linked({ frame, voi }: LinkedRendering): Rendering | null {
    if (frame === null && voi === null) {
      return null;
    }
    const { standard, display, frames } = this;
    const chosen = display.values === "grey" ? voi?.window : null;
    const shading = chosen ? { window: chosen, voi_function: display.voi_function } : {};
    return {
      ...standard,
      ...shading,
      inverted: voi?.inverted ?? standard.inverted,
      frame: Math.min(frames - 1, frame ?? standard.frame),
    };
  }
}
