import { type CallEntry, callWithMemory } from "../../lib/trace/calls.ts";
import type { Kernel } from "../../lib/index.ts";

/**
 * The system calls of a run with what their pointers led to: `write(5, "hello", 5)`. That takes a look at the machine as
 * it was when the call returned, so it is found out bit by bit, for those that are seen.
 */
export class CallTexts {
  readonly #kernel: Kernel;
  readonly #calls: readonly CallEntry[];
  readonly #texts = new Map<number, string>();

  /** @param calls  the calls that were made on the machine. */
  constructor(kernel: Kernel, calls: readonly CallEntry[]) {
    this.#kernel = kernel;
    this.#calls = calls;
  }

  /** The text of a call; as it is known without a look into memory, until it was found out. */
  get(at: number): string {
    return this.#texts.get(at) ?? this.#calls[at]?.text ?? "";
  }

  /**
   * Finds out the texts of some calls.
   *
   * @param budget  how long that may take. Unit: ms.
   * @returns       whether any is found that was not known before.
   */
  work(places: Iterable<number>, budget: number): boolean {
    const end = performance.now() + budget;
    let found = false;
    for (const at of places) {
      if (this.#texts.has(at)) continue;
      this.#texts.set(at, this.#find(at));
      found = true;
      if (performance.now() > end) break;
    }
    return found;
  }

  #find(at: number): string {
    const call = this.#calls[at];
    return call ? callWithMemory(this.#kernel, call) : "";
  }
}
