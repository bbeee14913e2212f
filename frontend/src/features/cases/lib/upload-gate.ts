/** Of one batch: holds up reading and unpacking while it is paused, and ends both when it is taken away. */
export class BatchGate {
  private readonly ending = new AbortController();
  private holding = new AbortController();
  private waiting: (() => void)[] = [];

  /** Aborted when the batch is taken away. */
  get ended(): AbortSignal {
    return this.ending.signal;
  }

  /** Aborted by the next pause; another one after each pause. */
  get held(): AbortSignal {
    return this.holding.signal;
  }

  pause(): void {
    this.holding.abort();
  }

  goOn(): void {
    if (this.holding.signal.aborted) {
      this.holding = new AbortController();
    }
    for (const resume of this.waiting.splice(0)) {
      resume();
    }
  }

  end(): void {
    this.ending.abort();
    this.goOn();
  }

  /** Before each step: waits while the batch is paused, and throws when it was taken away. */
  async passed(): Promise<void> {
    while (this.held.aborted && !this.ended.aborted) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
    this.ended.throwIfAborted();
  }
}
