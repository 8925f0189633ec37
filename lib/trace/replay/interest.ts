import type { RecordedFile } from "./recorded.ts";

/** An eventpoll's interest in a file. */
export interface Watch {
  readonly file: RecordedFile;
  readonly fd: number;
  /** Bits of EPOLL_CTL_ADD or EPOLL_CTL_MOD. */
  events: number;
  /** The program's own number for it. */
  data: bigint;
}

/** Whom an eventpoll of a recording watches. */
export class Interest {
  readonly #byFile = new Map<RecordedFile, Map<number, Watch>>();
  readonly #byData = new Map<bigint, Set<Watch>>();
  /** By the lower half of the data: all that some programs set. */
  readonly #byHalf = new Map<bigint, Set<Watch>>();

  /** The eventpoll watches a file, or watches it for something else. */
  set(file: RecordedFile, fd: number, events: number, data: bigint): void {
    this.delete(file, fd);
    const watch: Watch = { file, fd, events, data };
    const watches = this.#byFile.get(file) ?? new Map<number, Watch>();
    this.#byFile.set(file, watches.set(fd, watch));
    add(this.#byData, data, watch);
    add(this.#byHalf, BigInt.asUintN(32, data), watch);
  }

  /** The eventpoll watches a descriptor of a file no more. */
  delete(file: RecordedFile, fd: number): void {
    const watches = this.#byFile.get(file);
    const watch = watches?.get(fd);
    if (!watches || !watch) return;
    watches.delete(fd);
    if (watches.size === 0) this.#byFile.delete(file);
    this.#byData.get(watch.data)?.delete(watch);
    this.#byHalf.get(BigInt.asUintN(32, watch.data))?.delete(watch);
  }

  /** A file is gone. */
  forget(file: RecordedFile): void {
    for (const fd of this.#byFile.get(file)?.keys() ?? []) this.delete(file, fd);
  }

  /** What an event with that data is about; the oldest, if several watches have it. */
  find(data: bigint): Watch | undefined {
    return first(this.#byData.get(data)) ?? first(this.#byHalf.get(BigInt.asUintN(32, data)));
  }
}

function add(sets: Map<bigint, Set<Watch>>, key: bigint, watch: Watch): void {
  const set = sets.get(key);
  if (set) set.add(watch);
  else sets.set(key, new Set([watch]));
}

function first(set: Set<Watch> | undefined): Watch | undefined {
  return set?.values().next().value;
}
