/** How long a reader spends on an item. */

/** The server takes no more (some 24 days). */
const LONGEST = 2 ** 31 - 1;

export interface Times {
  activeMs: number;
  idleMs: number;
}

/**
 * Active: the page is looked at, and there was input within `idleMs`. Everything else is idle: too long without input,
 * another tab, another window. While anything holds the clock (a pause, an image that still loads), nothing counts.
 */
export class ReadingClock {
  private readonly idleAfter: number;
  private readonly now: () => number;
  private active = 0;
  private idle = 0;
  /** Up to when time has been counted. */
  private mark: number;
  private lastInput: number;
  private attended = true;
  private readonly holds = new Set<string>();

  constructor(idleMs: number, now: () => number = () => performance.now()) {
    this.idleAfter = idleMs;
    this.now = now;
    this.mark = now();
    this.lastInput = this.mark;
  }

  /** Another item, or the same one again with what it had. */
  begin({ activeMs, idleMs }: Times): void {
    this.mark = this.now();
    this.lastInput = this.mark;
    this.active = activeMs;
    this.idle = idleMs;
  }

  /** A key, the mouse, a finger. */
  input(): void {
    this.count();
    this.lastInput = this.mark;
  }

  /** Whether the tab is visible and its window has the focus. Coming back is input. */
  attend(attended: boolean): void {
    this.count();
    if (attended && !this.attended) {
      this.lastInput = this.mark;
    }
    this.attended = attended;
  }

  hold(reason: string): void {
    this.count();
    this.holds.add(reason);
  }

  release(reason: string): void {
    this.count();
    if (this.holds.delete(reason) && this.holds.size === 0) {
      this.lastInput = this.mark;
    }
  }

  read(): Times {
    this.count();
    return { activeMs: whole(this.active), idleMs: whole(this.idle) };
  }

  private count(): void {
    const until = this.now();
    const span = until - this.mark;
    if (this.holds.size === 0) {
      const activeUntil = this.attended ? this.lastInput + this.idleAfter : this.mark;
      const active = Math.min(span, Math.max(0, activeUntil - this.mark));
      this.active += active;
      this.idle += span - active;
    }
    this.mark = until;
  }
}

function whole(milliseconds: number): number {
  return Math.min(LONGEST, Math.round(milliseconds));
}
