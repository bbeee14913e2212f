/** Who wants to hear of something. */
export class Listeners<Value> {
  private readonly all = new Set<(value: Value) => void>();

  readonly add = (listener: (value: Value) => void): (() => void) => {
    this.all.add(listener);
    return () => this.all.delete(listener);
  };

  tell(value: Value): void {
    for (const listener of this.all) {
      listener(value);
    }
  }

  clear(): void {
    this.all.clear();
  }
}
