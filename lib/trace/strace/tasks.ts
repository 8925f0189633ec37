import type { StraceCall, StraceExit, StraceSignal, StraceStop } from "./types.ts";

/** Stands for the first task until the recording tells its number. */
export const UNNAMED = 0;

type Record = StraceCall | StraceSignal | StraceStop | StraceExit;

/**
 * Finds out which task a line without a process id belongs to.
 *
 * Written to the terminal, a recording names tasks only while there are several of them. So the first task goes
 * unnamed until a second one comes, and the last one does when the others have ended.
 */
export class Tasks {
  #live = new Set<number>();
  #last = UNNAMED;
  /** What the first task did before its number was known. */
  #unnamed: Record[] = [];

  /** True while there is a task whose number is not known. */
  get hasUnnamed(): boolean {
    return this.#live.has(UNNAMED);
  }

  /** True if lines, notices or results of clone have told of this task. */
  has(pid: number): boolean {
    return this.#live.has(pid);
  }

  /** The task of a line without a number. */
  implied(): number {
    if (this.#live.size === 0) this.#live.add(UNNAMED);
    if (this.#live.size === 1) for (const pid of this.#live) this.#last = pid;
    return this.#live.has(this.#last) ? this.#last : UNNAMED;
  }

  /** Learns of a task. */
  add(pid: number): void {
    this.#live.add(pid);
  }

  remove(pid: number): void {
    this.#live.delete(pid);
  }

  /** Keeps a record, to name its task later. */
  keepUnnamed(record: Record): void {
    this.#unnamed.push(record);
  }

  /** Gives the first task its number, in everything it has done. */
  name(pid: number): void {
    for (const record of this.#unnamed) record.pid = pid;
    this.#unnamed = [];
    this.#live.delete(UNNAMED);
    this.#live.add(pid);
    if (this.#last === UNNAMED) this.#last = pid;
  }
}
