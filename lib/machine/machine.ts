import { COMPUTE, LIBRARY, type Integer, PendingCall, describe } from "./call.ts";
import { InputKind, Journal, MAX_PAYLOAD, RUNS } from "./journal.ts";
import { Engine } from "./engine.ts";
import { History } from "./history.ts";
import type { KernelMemory } from "./memory.ts";
import { KernelPanic } from "./panic.ts";
import type { Task } from "./task.ts";
import { TaskTable } from "./task_table.ts";
import type { AdoptedTask } from "./adopted_task.ts";
import { ASK, CHOICE, HOST } from "./word.ts";
import type { World } from "./world.ts";

/** Looks on while programs run: everything that they learn of the machine, and what they make of it. */
export interface Witness {
  /** A program goes on with the result of its last call. */
  resumes(task: Task): void;
  /** The host, or the program that runs, has been given a number by the machine. */
  told(pid: number, value: number): void;
  /** A program has read memory. */
  read(pid: number, bytes: Uint8Array, length: number): void;
  /** A program makes its next call. */
  asks(task: Task, call: PendingCall): void;
}

/** A machine with its past: everything that changes it goes through here, and into its journal. */
export class Machine {
  readonly engine: Engine;
  /** Tasks by number. */
  readonly tasks = new TaskTable(this);
  /** What the host does when a timer goes off, by the timer's number. */
  readonly timers = new Map<number, (world: World) => void>();
  /** Adopted tasks whose last call has not been reported as done. */
  readonly calling = new Set<AdoptedTask>();
  /** Timers that went off and that the host has not yet acted on. */
  fired: number[] = [];
  /** Length of the journal when the host acted on a timer, by the timer's number. */
  readonly handled = new Map<number, number>();
  history: History;
  /** The number of the task that has the word, or one of word.ts. */
  word = ASK;
  /** The task whose program runs right now. */
  running: Task | null = null;
  /** What the programs are held to, while a past is lived through once more. */
  expected: Journal | null = null;
  /** Who looks on while programs run. */
  witness: Witness | null = null;
  /** Why nothing may be changed now; null if it may. */
  locked: string | null = null;
  #past: number | null = null;

  constructor(engine: Engine, history = new History(engine)) {
    this.engine = engine;
    this.history = history;
  }

  get memory(): KernelMemory {
    return this.engine.memory;
  }

  get journal(): Journal {
    return this.history.journal;
  }

  /** The tick at which the machine stands. */
  get tick(): number {
    return this.#past ?? this.ticks;
  }

  /** The last tick that there is. */
  get ticks(): number {
    return this.journal.lastTick;
  }

  /** Whether it stands at a time after which there have been other inputs. */
  get inPast(): boolean {
    return this.#past !== null;
  }

  /** Goes to a tick, 0 to `ticks`; the last one is the present. */
  seek(tick: number): void {
    this.#notInside();
    if (tick === this.ticks) {
      this.toPresent();
      return;
    }
    this.history.goToTick(this.engine, tick);
    this.#past = tick;
  }

  /** Goes to the end of what has happened. */
  toPresent(): void {
    this.#notInside();
    if (this.#past === null) return;
    try {
      this.history.goToInput(this.engine, this.journal.length);
    } catch (error) {
      // The present is the state in which the kernel panicked: that is where we are again.
      if (!(error instanceof KernelPanic)) throw error;
    }
    this.#past = null;
  }

  #notInside(): void {
    if (this.running !== null) throw new Error("a program cannot run its own machine, or move it through time");
  }

  /** @throws Error if the machine may not be given inputs now. */
  writable(): void {
    if (this.engine.panic) throw this.engine.panic;
    if (this.locked !== null) throw new Error(this.locked);
    if (this.#past !== null) {
      throw new Error(
        `the machine stands at tick ${this.#past} of ${this.ticks}: branch() to go on from there differently`,
      );
    }
  }

  /**
   * Gives the machine an input.
   *
   * @param byProgram  whether a program makes it, not the host.
   * @returns          what the kernel answers.
   */
  input(
    kind: number,
    pid: number,
    nr: number,
    args: readonly Integer[],
    payload?: Uint8Array,
    byProgram = this.running !== null,
  ): number {
    this.writable();
    return this.#take(kind, this.journal.add(kind, byProgram, pid, nr, args, payload), byProgram);
  }

  /** Gives the machine an input that stands in another journal. */
  repeat(kind: number, record: Uint8Array, byProgram: boolean): number {
    const answer = this.#take(kind, this.journal.addRecord(record, byProgram), byProgram);
    // A journal that somebody has written may hold an input that the kernel refuses.
    if (this.word < 0 && this.word !== HOST && this.word !== CHOICE) this.word = ASK;
    return answer;
  }

  #take(kind: number, record: Uint8Array, byProgram: boolean): number {
    if (byProgram) this.#compare();
    try {
      const answer = this.engine.input(record);
      if (RUNS.has(kind)) this.#answered(answer);
      else if (!byProgram) this.word = ASK;
      return answer;
    } finally {
      this.#taken();
    }
  }

  #answered(word: number): void {
    this.word = word;
    if (word === HOST) this.fired.push(this.engine.result);
  }

  /** Notes when an input was done, and keeps a checkpoint if one is due. */
  #taken(): void {
    const { tick } = this.engine;
    this.journal.close(tick);
    if (tick >= this.history.next && !this.engine.panic) this.history.keep(this.engine);
  }

  #compare(): void {
    if (this.expected === null) return;
    const index = this.journal.length - 1;
    const made = this.journal.record(index);
    const expected = this.expected.record(index);
    if (made.length !== expected.length || made.some((byte, i) => byte !== expected[i])) {
      throw new Error(`a program is not deterministic: its input ${index} differs from the first time`);
    }
  }

  /** A program that has the word makes a system call. */
  make(task: Task, call: PendingCall): void {
    if (call.nr < 0) this.#work(task, call);
    else if (call.wide !== null) this.input(InputKind.SYSCALL, task.pid, call.nr, [...call.wide], undefined, true);
    else this.#syscall(task, call);
    if (call.program !== null) this.tasks.born(task, call);
  }

  /** A program does something without a system call: it computes, loads, stores, or calls its library. */
  #work(task: Task, { nr, registers, wide, bytes }: PendingCall): void {
    if (nr === LIBRARY) {
      this.input(InputKind.LIBRARY, task.pid, 0, [...(wide ?? registers)], undefined, true);
      return;
    }
    const kind = nr === COMPUTE ? InputKind.COMPUTE : bytes === null ? InputKind.LOAD : InputKind.STORE;
    const args = kind === InputKind.COMPUTE ? [registers[0]!] : [registers[0]!, registers[1]!];
    this.input(kind, task.pid, 0, args, bytes ?? undefined, true);
  }

  #syscall(task: Task, call: PendingCall): void {
    const { nr, registers: r } = call;
    const { engine } = this;
    if (engine.panic || this.#past !== null || this.locked !== null) this.writable();
    this.journal.addSyscall(task.pid, nr, r);
    if (this.expected !== null) this.#compare();
    try {
      this.#answered(engine.exports.syscall(nr, r[0]!, r[1]!, r[2]!, r[3]!, r[4]!, r[5]!));
    } catch (error) {
      const panic = engine.panicked(error);
      this.#taken();
      throw panic;
    }
    this.#taken();
  }

  /** Whether a task has memory: it is there and has not ended. */
  lives(pid: number): boolean {
    const at = this.engine.task(pid);
    return at !== 0 && this.memory.get("TaskStruct", at, "mm") !== 0;
  }

  /** Maps memory for a task. @returns the user address or -errno. */
  allocateUser(pid: number, length: number): number {
    this.input(InputKind.USER_ALLOC, pid, 0, [length]);
    return this.engine.result;
  }

  /** Writes a task's memory. @returns the number of bytes written. */
  storeUser(pid: number, address: number, bytes: Uint8Array): number {
    for (let done = 0; done < bytes.length;) {
      const part = bytes.subarray(done, done + MAX_PAYLOAD);
      const stored = this.input(InputKind.USER_STORE, pid, 0, [address + done, part.length], part);
      done += stored;
      if (stored < part.length) return done;
    }
    return bytes.length;
  }

  /** Lets the kernel say who has the word. */
  schedule(): void {
    this.input(InputKind.SCHEDULE, 0, 0, [], undefined, false);
  }

  /** The tasks among which the host is to choose; none if there is nothing to choose. */
  get choices(): number[] {
    return this.word === CHOICE && !this.inPast ? this.engine.choices() : [];
  }

  /** The host chooses who goes on. @throws RangeError for a task that could not. */
  choose(pid: number): void {
    const { choices } = this;
    if (choices.length === 0) throw new RangeError(`there is nothing to choose now, not ${describe(pid)} either`);
    if (!choices.includes(pid)) throw new RangeError(`one of ${choices.join(", ")} can go on, not ${describe(pid)}`);
    this.input(InputKind.CHOOSE, pid, 0, [], undefined, false);
  }

  /** Lets time pass up to the next due event. @returns false if nothing is due ever. */
  elapse(): boolean {
    if (this.engine.exports.next_deferred() < 0) return false;
    this.input(InputKind.ELAPSE, 0, 0, [], undefined, false);
    return true;
  }

  /** The machine was set to another state, with another past, without any input. */
  replaced(history: History, word: number, fired: readonly number[]): void {
    this.#notInside();
    this.history = history;
    this.word = word;
    this.fired = [...fired];
    this.#past = null;
  }
}
