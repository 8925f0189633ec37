import { type Integer, checkInteger, syscallName, syscallNumber } from "./call.ts";
import { ASK } from "./word.ts";
import type { Machine } from "./machine.ts";
import type { AddressSpace } from "./address_space.ts";
import { IOVEC_SIZE } from "./sys_base.ts";
import { InputKind } from "./journal.ts";
import { PAGE_SIZE } from "./memory_map.ts";
import { TaskHandle } from "./task.ts";
import { type SignalDelivery, deliveryOf } from "./delivery.ts";
import {
  type Completion,
  type InArgument,
  type OutArgument,
  type Submission,
  type SubmitArgument,
  checkArgument,
} from "./submission.ts";
import { framesOf } from "./signals.ts";
import type { Decoded } from "./memory.ts";
import { bytesOf } from "./user_memory.ts";
import { layout } from "../layout.gen.ts";

const { ESRCH } = layout.enums.Errno.values;
const { USER } = layout.enums.TaskMode.values;
const NR = layout.enums.Nr.values;

/** struct msghdr of x86-64: its size, and where the pieces and their number are. Unit: bytes. */
const MSGHDR_SIZE = 56;
const MSG_IOV = 16;
const MSG_IOVLEN = 24;
/** Longest argument: what a program of JavaScript can hold. Unit: bytes. */
const MAX_ARGUMENT = 2 ** 32;

interface Mapping {
  readonly base: number;
  readonly size: number;
  used: boolean;
}

/** What a handler has interrupted. */
interface Interrupted {
  /** Whether the task was in a call. */
  readonly calling: boolean;
  readonly outs: readonly { readonly address: number; readonly length: number }[];
  /** How much of the arena was in use, and which mappings: the interrupted call's arguments are there. */
  readonly filled: number;
  readonly used: readonly Mapping[];
  readonly frame: Decoded<"SigFrame">;
  /** Whether the host was told of the handler. */
  announced: boolean;
}

/** A task without a program: its system calls are handed in from outside, one by one. */
export class AdoptedTask extends TaskHandle {
  /** Called when a call is done that was not at once. */
  onComplete: ((completion: Completion) => void) | null = null;
  /**
   * Called when a handler is to run, with what there is to know. The host runs it; it may make calls meanwhile, and ends
   * it with submit("rt_sigreturn"), which answers what the interrupted call comes to. null: handlers do nothing.
   */
  onSignal: ((delivery: SignalDelivery) => void) | null = null;
  /** While true, time does not pass by itself while the task is outside. */
  holdsClock = true;
  #outs: { readonly address: number; readonly length: number }[] = [];
  readonly #mappings: Mapping[] = [];
  #arena: Mapping = { base: 0, size: 0, used: false };
  #filled = 0;
  /** What handlers have interrupted, the outermost first. */
  readonly #interrupted: Interrupted[] = [];

  constructor(machine: Machine, pid: number, name: string, space: AddressSpace) {
    super(machine, pid, name, space);
  }

  /** Whether it is outside the kernel and could make a call. */
  get outside(): boolean {
    const at = this.machine.engine.task(this.pid);
    if (at === 0 || this.machine.memory.get("TaskStruct", at, "mm") === 0) return false;
    return this.machine.memory.get("TaskStruct", at, "mode") === USER;
  }

  /** Name of the system call whose end has not been reported yet; null: there is none. */
  get pending(): string | null {
    return this.machine.calling.has(this) ? syscallName(this.#call) : null;
  }

  /** Number of the system call that it is in or was in last. */
  get #call(): number {
    return Number(this.machine.memory.get("TaskStruct", this.machine.engine.task(this.pid), "orig_ax"));
  }

  /**
   * Makes a system call.
   *
   * @param call  name, or x86-64 number.
   * @throws Error  if it is still in another call, or has ended.
   */
  submit(call: string | number, ...args: readonly SubmitArgument[]): Submission {
    const nr = syscallNumber(call);
    const { machine, pid, pending } = this;
    if (pending !== null) throw new Error(`task ${pid} is still in ${pending}()`);
    if (this.state === "stopped")
      throw new Error(`task ${pid} is stopped: it makes no system calls until SIGCONT comes`);
    args.forEach((argument, i) => checkArgument(syscallName(nr), i + 1, argument));
    this.#outs = [];
    const registers = args.map((argument) => this.#place(argument));
    while (registers.length < 6) registers.push(0);
    const answer = machine.input(InputKind.SUBMIT, pid, nr, registers, undefined, false);
    if (answer === -ESRCH) {
      machine.word = ASK;
      throw new Error(`task ${pid} has ended: it makes no system calls`);
    }
    if (!machine.lives(pid)) return { done: false };
    // The end of a handler answers for what the handler has interrupted.
    const outer = nr === NR.rt_sigreturn ? this.#resume() : undefined;
    if (answer === pid) return this.#arrived();
    if (outer === undefined || outer.calling || this.state !== "running") machine.calling.add(this);
    return { done: false };
  }

  /** A handler has ended: the call that it has interrupted is the task's call again. */
  #resume(): Interrupted | undefined {
    const outer = this.#interrupted.pop();
    if (outer) this.#outs = [...outer.outs];
    return outer;
  }

  /** The task is outside again: its call is done, or a handler is to run first. */
  #arrived(): Submission {
    this.machine.calling.delete(this);
    return this.interrupted(true) ?? this.#complete();
  }

  /**
   * The handlers that the kernel has set up are run; what they interrupt is kept for later.
   *
   * @param calling  whether they interrupt a call.
   * @returns        what the interrupted call has come to; undefined: no handler is to run.
   * @internal
   */
  interrupted(calling = false): Submission | undefined {
    const { machine } = this;
    const frames = this.#frames;
    if (machine.word === this.pid) machine.word = ASK;
    for (const [i, frame] of frames.entries()) {
      const used = this.#mappings.filter((mapping) => mapping.used);
      this.#interrupted.push({
        calling: calling && i === 0,
        outs: this.#outs,
        filled: this.#filled,
        used,
        frame,
        announced: false,
      });
      this.#outs = [];
    }
    const innermost = this.#interrupted.at(-1);
    return innermost && !innermost.announced ? this.#handle(innermost) : undefined;
  }

  /** What the kernel has laid down for handlers that are not known here yet. */
  get #frames(): Decoded<"SigFrame">[] {
    const { memory, engine } = this.machine;
    return framesOf(memory, engine.task(this.pid), this.#interrupted.length);
  }

  /** The innermost handler runs. @returns what it has interrupted has come to. */
  #handle(interrupted: Interrupted): Submission {
    interrupted.announced = true;
    if (this.onSignal === null) return this.submit("rt_sigreturn");
    this.onSignal(deliveryOf(interrupted.frame));
    return { done: false };
  }

  /** The call that it was in has come to an end, or a handler runs. @internal */
  report(): void {
    const submission = this.#arrived();
    if (submission.done) this.onComplete?.(submission);
  }

  /**
   * As TaskHandle.signal(). A handler of a task that is outside is called at once. A signal for which the task has never
   * called rt_sigaction() interrupts a sleep with -EINTR as if it had a handler: what to do with it the host knows.
   */
  override signal(signo: number): number {
    const answer = super.signal(signo);
    if (this.outside && !this.machine.calling.has(this)) this.interrupted();
    return answer;
  }

  /** Takes note that the call is done. */
  #complete(): Completion {
    const { machine, pid, returned: value } = this;
    if (machine.word === pid) machine.word = ASK;
    const out = this.#outs.map(({ address, length }) => machine.engine.loadUser(pid, address, length));
    const outer = this.#interrupted.at(-1);
    this.#filled = outer?.filled ?? 0;
    for (const mapping of this.#mappings) {
      mapping.used = mapping === this.#arena || (outer?.used.includes(mapping) ?? false);
    }
    const nr = this.#call;
    if (value > 0 && (nr === NR.clone || nr === NR.fork || nr === NR.vfork)) machine.tasks.adoptChild(this, value);
    return { done: true, value, out };
  }

  /** Takes note that the machine was set back to another state. @internal */
  restored(): void {
    this.#outs = [];
    this.#interrupted.splice(0);
    for (const frame of this.machine.lives(this.pid) ? this.#frames : []) {
      this.#interrupted.push({ calling: true, outs: [], filled: 0, used: [], frame, announced: true });
    }
    if (this.machine.lives(this.pid) && !this.outside) this.machine.calling.add(this);
    else this.machine.calling.delete(this);
  }

  /** Marks a descriptor number as taken by something outside. @returns 0 or -errno. */
  reserve(fd: number): number {
    checkInteger("a descriptor", fd);
    return this.machine.input(InputKind.RESERVE_FD, this.pid, 0, [fd], undefined, false);
  }

  /** Ends the task. */
  exit(code: number): void {
    this.submit("exit", code);
  }

  #place(argument: SubmitArgument): Integer {
    if (typeof argument !== "object") return argument;
    if ("iov" in argument) return this.#vectors(argument.iov);
    if ("message" in argument) return this.#message(argument.message);
    if ("in" in argument) {
      const bytes = bytesOf(argument.in);
      const at = this.#room(bytes.length, argument.atEnd);
      this.machine.storeUser(this.pid, at, bytes);
      if (argument.back === true) this.#outs.push({ address: at, length: bytes.length });
      return at;
    }
    const address = this.#room(argument.out, argument.atEnd);
    this.#outs.push({ address, length: argument.out });
    return address;
  }

  #vectors(pieces: readonly (InArgument | OutArgument)[]): number {
    const view = new DataView(new ArrayBuffer(pieces.length * IOVEC_SIZE));
    pieces.forEach((piece, i) => {
      const length = "in" in piece ? bytesOf(piece.in).length : piece.out;
      view.setBigInt64(i * IOVEC_SIZE, BigInt(this.#place(piece)), true);
      view.setBigInt64(i * IOVEC_SIZE + 8, BigInt(length), true);
    });
    const at = this.#room(view.byteLength);
    this.machine.storeUser(this.pid, at, new Uint8Array(view.buffer));
    return at;
  }

  #message(pieces: readonly (InArgument | OutArgument)[]): number {
    const view = new DataView(new ArrayBuffer(MSGHDR_SIZE));
    view.setBigUint64(MSG_IOV, BigInt(this.#vectors(pieces)), true);
    view.setBigUint64(MSG_IOVLEN, BigInt(pieces.length), true);
    const at = this.#room(MSGHDR_SIZE);
    this.machine.storeUser(this.pid, at, new Uint8Array(view.buffer));
    return at;
  }

  /** Room in the task's memory until the call is done. */
  #room(length: number, atEnd = false): number {
    if (!(Number.isInteger(length) && length >= 0 && length <= MAX_ARGUMENT))
      throw new RangeError(`an argument has a length from 0 to ${MAX_ARGUMENT}, not ${length}`);
    if (atEnd) {
      const mapping = this.#mapping(length);
      return mapping.base + mapping.size - length;
    }
    if (this.#filled + length > this.#arena.size) {
      this.#arena = this.#mapping(2 * length);
      this.#filled = 0;
    }
    const at = this.#arena.base + this.#filled;
    this.#filled += Math.ceil(length / 8) * 8;
    return at;
  }

  /** A mapping of at least `length` bytes that no other argument uses. */
  #mapping(length: number): Mapping {
    const size = Math.max(1, Math.ceil(length / PAGE_SIZE)) * PAGE_SIZE;
    let found = this.#mappings.find((mapping) => !mapping.used && mapping.size >= size && mapping !== this.#arena);
    if (!found) {
      const base = this.machine.allocateUser(this.pid, size);
      if (base < 0) throw new RangeError(`the machine has no memory for an argument of ${length} bytes`);
      this.#mappings.push((found = { base, size, used: false }));
    }
    found.used = true;
    return found;
  }
}
