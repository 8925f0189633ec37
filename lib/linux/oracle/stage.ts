import { type ChildProcess, spawn } from "node:child_process";
import { closeSync } from "node:fs";
import { NR } from "../abi.ts";
import { UMASK } from "./host.ts";
import { type Mapping, mapMemory, mapShared, syscall, unmap } from "./libc.ts";

/** What puppet.c says of the memory that both sides share. */
const ADDRESS = 0x1000_0000_0000;
const MAX_TASKS = 64;
const MAX_FRAMES = 8;
const HEADER = 32;
const TASK_HEADER = 16;
const FRAME = 200;
const TASK = TASK_HEADER + MAX_FRAMES * FRAME;
const [NR_AT, ARGS_AT, RESULT_AT, INFO_AT] = [8, 16, 64, 72];
const STATUS_AT = 24;
const NO_STATUS = 0xffff_ffff;
/** Where the user memory of programs begins. */
const USER_MEMORY = 128 << 10;

export const CALL = 1;
export const DONE = 2;
/** Commands that are no system calls. */
export const COMMAND = { START: -1, RETURN: -2, BEGIN: -3, END: -4, COPY: -5 } as const;

const FUTEX_WAIT = 0;
const FUTEX_WAKE = 1;

/** The memory that the real tasks of a program share with this process, and the process that begins and ends programs. */
export class Stage {
  readonly userMemory: Mapping;
  /** Addresses for rt_sigaction(2). */
  readonly handler: bigint;
  readonly restorer: bigint;
  /** Whether woken tasks run in the order in which they were woken. */
  readonly isInOrder: boolean;
  readonly #process: ChildProcess;
  readonly #mapping: Mapping;
  readonly #view: DataView;
  readonly #words: Int32Array;
  readonly #time = mapMemory(4096);
  #group = 0;

  private constructor(process: ChildProcess, mapping: Mapping) {
    this.#process = process;
    this.#mapping = mapping;
    const { bytes } = mapping;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#words = new Int32Array(bytes.buffer, bytes.byteOffset, USER_MEMORY / 4);
    this.userMemory = { address: ADDRESS + USER_MEMORY, bytes: bytes.subarray(USER_MEMORY) };
    this.handler = this.#view.getBigUint64(0, true);
    this.restorer = this.#view.getBigUint64(8, true);
    this.isInOrder = this.#view.getBigUint64(16, true) === 1n;
  }

  /** `program`: puppet.c, compiled. `limit`: RLIMIT_NOFILE of programs. `length`: bytes of user memory. */
  static async start(program: string, limit: number, length: number): Promise<Stage> {
    const name = mapMemory(4096);
    name.bytes.set(new TextEncoder().encode("iopath\0"));
    const MFD_CLOEXEC = 1;
    const fd = syscall(NR.memfd_create, name.address, MFD_CLOEXEC);
    unmap(name);
    const whole = USER_MEMORY + length;
    syscall(NR.ftruncate, fd, whole);
    const mapping = mapShared(fd, whole);
    const umask = syscall(NR.umask, UMASK);
    // In a session of its own: Ctrl-C is for this process, which could wait for ever for one that it has ended.
    const child = spawn(program, [String(whole), String(limit)], {
      detached: true,
      stdio: ["ignore", "ignore", "ignore", fd],
    });
    syscall(NR.umask, umask);
    child.unref();
    await new Promise((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    closeSync(fd);
    const words = new Int32Array(mapping.bytes.buffer, mapping.bytes.byteOffset, USER_MEMORY / 4);
    const ready = (HEADER + MAX_TASKS * TASK) / 4;
    for (let tries = 0; Atomics.load(words, ready) === 0; tries++) {
      if (tries > 5000 || child.exitCode !== null) throw new Error(`${program} does not start: ${child.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    return new Stage(child, mapping);
  }

  [Symbol.dispose](): void {
    this.endProgram();
    this.#process.kill("SIGKILL");
    unmap(this.#mapping);
    unmap(this.#time);
  }

  /** Begins a program: its first task is in place 0. */
  beginProgram(): void {
    this.endProgram();
    for (let place = 0; place < MAX_TASKS; place++) Atomics.store(this.#words, this.#taskAt(place) / 4, 0);
    this.#group = this.#nurse(COMMAND.BEGIN);
    if (this.#group < 0) throw new Error(`a program cannot be started: errno ${-this.#group}`);
  }

  /** Ends all tasks of the program. */
  endProgram(): void {
    if (this.#group > 0) this.#nurse(COMMAND.END, this.#group);
    this.#group = 0;
  }

  #nurse(command: number, ...args: number[]): number {
    this.command(MAX_TASKS, 0, command, args);
    while (this.state(MAX_TASKS, 0) !== DONE) this.wait(MAX_TASKS, this.event(MAX_TASKS), 5000, 0, DONE);
    return this.result(MAX_TASKS, 0);
  }

  /** Of the program's first task, as wait4(2) tells it; null: it has not ended yet. */
  get status(): number | null {
    const status = Number(this.#view.getBigUint64(STATUS_AT, true));
    return status === NO_STATUS ? null : status;
  }

  /** The real number of the task at a place; 0: there is none yet. */
  tid(place: number): number {
    return Atomics.load(this.#words, this.#taskAt(place) / 4);
  }
  /** How many signal handlers it is in. */
  depth(place: number): number {
    return Atomics.load(this.#words, this.#taskAt(place) / 4 + 1);
  }
  event(place: number): number {
    return Atomics.load(this.#words, this.#taskAt(place) / 4 + 2);
  }
  state(place: number, depth: number): number {
    return Atomics.load(this.#words, this.#frameAt(place, depth) / 4);
  }
  result(place: number, depth: number): number {
    return Number(this.#view.getBigInt64(this.#frameAt(place, depth) + RESULT_AT, true));
  }
  /** The struct siginfo that a handler was given. */
  info(place: number, depth: number): DataView {
    return new DataView(this.#view.buffer, this.#view.byteOffset + this.#frameAt(place, depth) + INFO_AT, 128);
  }

  /** Gives a command to a task that waits for one. */
  command(place: number, depth: number, nr: number, args: readonly number[]): void {
    const at = this.#frameAt(place, depth);
    this.#view.setBigInt64(at + NR_AT, BigInt(nr), true);
    for (let i = 0; i < 6; i++) this.#view.setBigInt64(at + ARGS_AT + 8 * i, BigInt(args[i] ?? 0), true);
    Atomics.store(this.#words, at / 4, CALL);
    syscall(NR.futex, this.#mapping.address + at, FUTEX_WAKE, 1);
  }

  /** Waits until a task's `event` is another, `timeout_us` at most; not if the frame's state is as wanted already. */
  wait(place: number, event: number, timeout_us: number, depth: number, wanted: number): void {
    if (this.state(place, depth) === wanted) return;
    const view = new DataView(this.#time.bytes.buffer, this.#time.bytes.byteOffset);
    view.setBigInt64(8, BigInt(timeout_us * 1000), true);
    const at = this.#mapping.address + this.#taskAt(place) + 8;
    syscall(NR.futex, at, FUTEX_WAIT, event, this.#time.address);
  }

  #taskAt(place: number): number {
    return HEADER + place * TASK;
  }
  #frameAt(place: number, depth: number): number {
    return this.#taskAt(place) + TASK_HEADER + depth * FRAME;
  }
}
