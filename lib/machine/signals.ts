import type { Decoded, KernelMemory, Ptr } from "./memory.ts";
import type { Integer, PendingCall } from "./call.ts";
import type { Sys } from "./sys.ts";
import { layout } from "../layout.gen.ts";

/** What is known of a signal: struct siginfo. */
export interface SignalInfo {
  /** Its number. */
  readonly signo: number;
  /** Where it comes from: SI_USER, SI_TKILL, SI_QUEUE, SI_KERNEL, CLD_EXITED, POLL_IN ... */
  readonly code: number;
  /** Number of the process that has sent it, or of the child; 0: it comes from outside the machine. */
  readonly pid: number;
  /** With SIGCHLD: what the child has ended with, or the signal that did it. */
  readonly status: number;
  /** What sigqueue() has sent along. */
  readonly value: bigint;
  /** With SIGSEGV and SIGBUS: the address of the load or store. */
  readonly addr: number;
  /** With signal-driven input and output: the events that are true. */
  readonly band: number;
  /** With signal-driven input and output: the descriptor. */
  readonly fd: number;
}

/** A signal handler: a generator function that runs in its task, and makes system calls as a program does. */
export type SignalHandler = (sys: Sys, signo: number, info: SignalInfo) => Generator<PendingCall, unknown, number>;

/** A set of signals for a call: their numbers, or the address of a set in user memory; null is the null pointer. */
export type SignalSet = readonly number[] | Integer | null;

/** What to do with a signal: struct sigaction. */
export interface SignalAction {
  /** A handler, SIG_DFL or SIG_IGN; any other number is an address at which no handler is. */
  readonly handler: SignalHandler | Integer;
  /** SA_RESTART, SA_NODEFER, SA_RESETHAND, ... */
  readonly flags?: number;
  /** Further signals that are blocked while the handler runs. */
  readonly mask?: readonly number[];
}

/** The bits of a set of signals. @throws RangeError for a signal that there is not. */
export function signalBits(set: readonly number[]): bigint {
  return set.reduce((bits, signo) => {
    if (!(Number.isInteger(signo) && signo >= 1 && signo <= layout.constants.NSIG))
      throw new RangeError(`there are signals 1 to ${layout.constants.NSIG}, not ${signo}`);
    return bits | (1n << BigInt(signo - 1));
  }, 0n);
}

/** The signals of a set, ascending. */
export function signalNumbers(bits: bigint): number[] {
  const all = Array.from({ length: layout.constants.NSIG }, (_, i) => i + 1);
  return all.filter((signo) => (bits >> BigInt(signo - 1)) & 1n);
}

/** What a load or store throws that a handler has left with siglongjmp(). */
export class SignalJump extends Error {
  constructor() {
    super("a signal handler has jumped out of a load or store");
  }
}

/** Signals of page faults, whose value is the address. */
const NAMES: ReadonlyMap<number, string> = new Map(
  Object.entries(layout.enums.Signal.values).map(([name, signo]) => [signo, name]),
);

/** Name of a signal: `SIGINT`; a real-time one by its number. */
export function signalName(signo: number): string {
  return NAMES.get(signo) ?? `signal ${signo}`;
}

const FAULTS: ReadonlySet<number> = new Set([layout.enums.Signal.values.SIGSEGV, layout.enums.Signal.values.SIGBUS]);

/** What a frame says of its signal. */
export function infoOf(frame: Decoded<"SigFrame">): SignalInfo {
  return {
    signo: frame.info_signo,
    code: frame.info_code,
    pid: frame.info_pid,
    status: frame.info_status,
    value: frame.info_value,
    addr: FAULTS.has(frame.info_signo) && frame.info_code > 0 ? Number(frame.info_value) : 0,
    band: frame.info_band,
    fd: frame.info_fd,
  };
}

/** The frames of a task's handlers, the outermost first, from the `from`-th on. */
export function framesOf(memory: KernelMemory, task: Ptr<"TaskStruct">, from: number): Decoded<"SigFrame">[] {
  const frames: Decoded<"SigFrame">[] = [];
  let count = memory.get("TaskStruct", task, "frame_depth") - from;
  for (let at = memory.get("TaskStruct", task, "frames"); at !== 0 && count > 0; count--) {
    const frame = memory.read("SigFrame", at);
    frames.unshift(frame);
    at = frame.next;
  }
  return frames;
}

/** Where the handlers of a process lie: addresses that only stand for them. */
export class Handlers {
  readonly #byAddress: Map<number, SignalHandler>;
  readonly #addresses: Map<SignalHandler, number>;
  /** Whether a handler has called siglongjmp(), and its program does not know yet. */
  jumping = false;

  /** @param parent  the handlers of the process that this one is a copy of. */
  constructor(parent?: Handlers) {
    this.#byAddress = new Map(parent ? parent.#byAddress : []);
    this.#addresses = new Map(parent ? parent.#addresses : []);
  }

  /** The address of a handler; it gets one when it is first asked for. */
  addressOf(handler: SignalHandler): number {
    let address = this.#addresses.get(handler);
    if (address === undefined) {
      address = FIRST_HANDLER + this.#byAddress.size * HANDLER_SIZE;
      this.#addresses.set(handler, address);
      this.#byAddress.set(address, handler);
    }
    return address;
  }

  /** The handler at an address, if one is there. */
  at(address: number): SignalHandler | undefined {
    return this.#byAddress.get(address);
  }
}

/** Where the code of a program would lie. */
const FIRST_HANDLER = 0x40_1000;
const HANDLER_SIZE = 16;
