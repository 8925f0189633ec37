/**
 * The line of its own text at which a program of the page makes its next call; 0: the same as for its last one. Set by
 * the program in the moment before it hands its call to the machine, and taken by `noteLine()` there.
 */
let next = 0;

/** Notes a line, and hands on what stands there. The programs of the page are built so that they call this. */
export function at<T>(line: number, call: T): T {
  next = line;
  return call;
}

/** Where the programs of a run stood: for each of their calls task, tick before it, and line of the text. */
export class Lines {
  readonly #pids: number[] = [];
  readonly #ticks: number[] = [];
  readonly #lines: number[] = [];
  /** Of each task the line of its last call, and of the last one of each handler that runs in it. */
  readonly #last = new Map<number, number[]>();
  #calling: ReadonlySet<number> | null = null;

  /**
   * A call is about to be made, or a handler goes back to what it has interrupted.
   *
   * @param tick      the last one before it.
   * @param line      0: that of the last call.
   * @param handlers  how many handlers run in the task.
   */
  add(pid: number, tick: number, line: number, handlers = 0): void {
    let last = this.#last.get(pid);
    if (!last) this.#last.set(pid, (last = []));
    const known = line > 0 ? line : (last[handlers] ?? 0);
    last.length = handlers;
    last[handlers] = known;
    this.#calling = null;
    if (known === 0) return;
    this.#pids.push(pid);
    this.#ticks.push(tick);
    this.#lines.push(known);
  }

  /** As add(), with the line that the program has noted. */
  readonly note = (pid: number, tick: number, handlers: number): void => {
    this.add(pid, tick, next, handlers);
    next = 0;
  };

  /** Where a task stands at a tick: the line of the call that it is in, or has made last; 0: it has made none. */
  lineAt(tick: number, pid: number): number {
    for (let i = this.#firstFrom(tick) - 1; i >= 0; i--) if (this.#pids[i] === pid) return this.#lines[i]!;
    return 0;
  }

  /** The lines at which calls were made. */
  get calling(): ReadonlySet<number> {
    return (this.#calling ??= new Set(this.#lines));
  }

  /** The tick at which a call at a line begins next; behind the last one, the first again; null: there is none. */
  nextAt(line: number, from: number): number | null {
    const here = this.#firstFrom(from);
    let found = this.#lines.indexOf(line, here);
    if (found < 0) found = this.#lines.indexOf(line);
    return found < 0 ? null : this.#ticks[found]! + 1;
  }

  /** Index of the first call with a tick that is not less. */
  #firstFrom(tick: number): number {
    let low = 0;
    for (let high = this.#ticks.length; low < high;) {
      const middle = (low + high) >>> 1;
      if (this.#ticks[middle]! >= tick) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** Everything, for a message: numbers of three kinds in turn. */
  get packed(): Uint32Array<ArrayBuffer> {
    return Uint32Array.from(this.#pids.flatMap((pid, i) => [pid, this.#ticks[i]!, this.#lines[i]!]));
  }

  /** What `packed` was. */
  static of(packed: Uint32Array): Lines {
    const lines = new Lines();
    for (let i = 0; i + 2 < packed.length; i += 3) lines.add(packed[i]!, packed[i + 1]!, packed[i + 2]!);
    return lines;
  }
}
