import type { EventName } from "../../machine/records.ts";

/**
 * What a lane tells.
 *
 * - `cpu`: what a CPU does, one thing inside of another
 * - `task`: the state of a task, one after the other from its birth to the end of the records
 * - `calls`: the system calls of a task, each from its beginning to its result, sleeps included
 * - `phases`: the two phases of a task's inputs
 * - `block`: bios, from being handed in to their end
 * - `disk`: commands of the disk, from being given to it to their end
 * - `dma`: transfers of devices between themselves and memory
 * - `nic`: packets that the network card sends or has received
 */
export type LaneKind = "cpu" | "task" | "calls" | "phases" | "block" | "disk" | "dma" | "nic";

/**
 * What a slice is.
 *
 * - On a CPU: `idle`; `switch` from one task to another; `task`, while one has the CPU, and in it `syscall`, or
 *   `exception` for what is done in the kernel without a call; `kthread`; in any of them `hardirq` and `softirq`.
 * - Of a task: `running`, `runnable`, `sleeping`, `stopped`, `ended`; `outside`: an adopted task is in its program, which
 *   no CPU of the machine runs. In `calls`: `call`.
 * - Of an input: `waiting` for data, which is the first phase, and `copying` it, the second.
 * - Of a device: `read`, `write`, `flush`; `transmit`, `receive`; of DMA `to_memory`, `from_memory`.
 */
export type SliceKind =
  | "idle"
  | "switch"
  | "task"
  | "kthread"
  | "syscall"
  | "exception"
  | "hardirq"
  | "softirq"
  | "running"
  | "runnable"
  | "sleeping"
  | "stopped"
  | "ended"
  | "outside"
  | "call"
  | "waiting"
  | "copying"
  | "read"
  | "write"
  | "flush"
  | "transmit"
  | "receive"
  | "to_memory"
  | "from_memory";

/** Something that took its time. */
export interface Slice {
  readonly kind: SliceKind;
  /** Name of what it is: a system call, a task, an interrupt's function or soft interrupt; empty where the kind says it all. */
  readonly name: string;
  /** When it began. Unit: ns since boot. */
  readonly start: number;
  /** When it was over, or the records were. Unit: ns since boot. */
  readonly end: number;
  /** The first tick in it. */
  readonly from: number;
  /** The first tick behind it; `from`, if no tick is in it. */
  readonly to: number;
  /** How many slices of its lane it is inside of. */
  readonly depth: number;
  /** The task that it is of; 0: none. */
  readonly pid: number;
  /** Whether it was over when the records were. */
  readonly over: boolean;
  /** The kernel function that sleeps, as in /proc/PID/wchan; of sleeping slices. */
  readonly wchan: EventName | null;
  /** What a system call returned. */
  readonly result: number | null;
  /** How much was moved. Unit: bytes. */
  readonly bytes: number | null;
  /** Address of what it is about: a request, a bio, a packet, a wait queue; 0: nothing. */
  readonly object: number;
}

/** A slice that may still change. */
export type OpenSlice = { -readonly [F in keyof Slice]: Slice[F] };

/** Slices one after the other or inside of each other: no two overlap in part. */
export interface Lane {
  /** Unlike that of any other lane, and the same in every run: `cpu 0`, `task 3`, `disk 1`. */
  readonly id: string;
  readonly kind: LaneKind;
  /** Number of the CPU or of the task; of a device's lanes, which of them: it has as many as it has things at once. */
  readonly number: number;
  /** Name of the task; empty for others. */
  readonly name: string;
  /** In order of their beginning; what holds another comes before it. */
  readonly slices: readonly Slice[];
  /** How many slices are inside of each other at most. */
  readonly depth: number;
}

/** Makes a lane, slice by slice. Its time never goes back: what would begin before the last change begins with it. */
export class LaneWriter implements Lane {
  readonly kind: LaneKind;
  number: number;
  name: string;
  readonly slices: OpenSlice[] = [];
  depth = 0;
  readonly #open: OpenSlice[] = [];
  #time = 0;
  #tick = 0;

  constructor(kind: LaneKind, number = 0, name = "") {
    this.kind = kind;
    this.number = number;
    this.name = name;
  }

  get id(): string {
    return `${this.kind} ${this.number}`;
  }

  /** Whose lane it is comes out later than what happens on it. */
  known(number: number, name: string): void {
    this.number = number;
    this.name = name;
    for (const slice of this.slices) slice.pid = number;
  }

  /** When something last changed. Unit: ns since boot. */
  get time(): number {
    return this.#time;
  }

  /** The innermost slice that is open. */
  get top(): OpenSlice | undefined {
    return this.#open.at(-1);
  }

  /** How many slices are open. */
  get level(): number {
    return this.#open.length;
  }

  /** The slice that is open at a depth. */
  at(depth: number): OpenSlice | undefined {
    return this.#open[depth];
  }

  /** Begins a slice inside of those that are open. */
  begin(kind: SliceKind, name: string, time: number, tick: number, pid = 0): OpenSlice {
    this.#moveTo(time, tick);
    const slice: OpenSlice = {
      kind,
      name,
      start: this.#time,
      end: this.#time,
      from: this.#tick,
      to: this.#tick,
      depth: this.#open.length,
      pid,
      over: false,
      wchan: null,
      result: null,
      bytes: null,
      object: 0,
    };
    this.#open.push(slice);
    this.slices.push(slice);
    if (this.#open.length > this.depth) this.depth = this.#open.length;
    return slice;
  }

  /** Ends open slices, the innermost first, until only `depth` are open. @param over  false: the records are at an end. */
  end(depth: number, time: number, tick: number, over = true): void {
    if (this.#open.length <= depth) return;
    this.#moveTo(time, tick);
    while (this.#open.length > depth) {
      const slice = this.#open.pop()!;
      slice.end = this.#time;
      slice.to = this.#tick;
      slice.over = over;
    }
  }

  /** Takes back everything behind a slice that has no other around it: it goes on. */
  reopen(slice: OpenSlice): void {
    const index = this.slices.lastIndexOf(slice);
    this.slices.length = index + 1;
    this.#open.length = 0;
    this.#open.push(slice);
    this.#time = slice.start;
    this.#tick = slice.from;
    slice.over = false;
  }

  /** Adds a slice that is over, behind all others. */
  add(kind: SliceKind, name: string, span: Pick<Slice, "start" | "end" | "from" | "to">, pid = 0): OpenSlice {
    const slice = this.begin(kind, name, span.start, span.from, pid);
    this.end(this.#open.length - 1, span.end, span.to);
    return slice;
  }

  #moveTo(time: number, tick: number): void {
    if (time > this.#time) this.#time = time;
    if (tick > this.#tick) this.#tick = tick;
  }
}
