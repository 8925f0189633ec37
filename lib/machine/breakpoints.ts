import { type EventName, type TraceRecord, eventNumber } from "./records.ts";

/** When to stop: at an event, or at any record of which a function says so. */
export type BreakpointCondition = EventName | ((record: TraceRecord) => boolean);

/** A breakpoint that is set; disposing of it removes it. */
export interface Breakpoint extends Disposable {
  readonly condition: BreakpointCondition;
  /** How often the machine has stopped there. */
  readonly hits: number;
}

class Entry implements Breakpoint {
  readonly condition: BreakpointCondition;
  hits = 0;
  readonly #remove: (entry: Entry) => void;

  constructor(condition: BreakpointCondition, remove: (entry: Entry) => void) {
    this.condition = condition;
    this.#remove = remove;
  }

  matches(record: TraceRecord): boolean {
    return typeof this.condition === "string" ? record.event === this.condition : this.condition(record);
  }

  [Symbol.dispose](): void {
    this.#remove(this);
  }
}

/** Where run() stops. */
export class Breakpoints implements Iterable<Breakpoint> {
  readonly #entries = new Set<Entry>();

  /** Number of breakpoints. */
  get size(): number {
    return this.#entries.size;
  }

  /** Sets one. @throws TypeError for an event that there is not. */
  add(condition: BreakpointCondition): Breakpoint {
    if (typeof condition === "string") eventNumber(condition);
    else if (typeof condition !== "function")
      throw new TypeError("a breakpoint is the name of an event, or a function");
    const entry = new Entry(condition, (old) => this.#entries.delete(old));
    this.#entries.add(entry);
    return entry;
  }

  /** Removes one. @returns whether it was set. */
  delete(breakpoint: Breakpoint): boolean {
    return this.#entries.delete(breakpoint as Entry);
  }

  /** Removes all. */
  clear(): void {
    this.#entries.clear();
  }

  [Symbol.iterator](): Iterator<Breakpoint> {
    return this.#entries[Symbol.iterator]();
  }

  /** The first record at which to stop. @internal */
  find(records: Iterable<TraceRecord>): { record: TraceRecord; breakpoint: Breakpoint } | null {
    for (const record of records) {
      for (const entry of this.#entries) {
        if (!entry.matches(record)) continue;
        entry.hits++;
        return { record, breakpoint: entry };
      }
    }
    return null;
  }
}
