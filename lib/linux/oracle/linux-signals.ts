import { F_GETOWN, F_SETOWN, NR, SIGCHLD, SIG_IGN } from "../abi.ts";
import type { Call, OldAction, Program, SignalAction, SignalHandler, WaitStatus } from "../program.ts";
import { call, LinuxNames, type Numbering } from "./linux-names.ts";
import type { RealBuffer, UserMemory } from "./memory.ts";

/** Between the numbers of tasks that a program sees, which begin with 1, and the real ones. */
export interface Processes extends Numbering {
  /** Notes what a task does on a signal. @returns what the kernel is told instead: address, flags, restorer. */
  action(signo: number, handler: SignalHandler | number, flags: number): [bigint, bigint, bigint];
  /** The handler that a signal has, if it has one. */
  handler(signo: number): SignalHandler | undefined;
}

/** What the C library and this machine add to the flags of a handler. */
export const SA_RESTORER = 0x0400_0000;
export const SA_SIGINFO = 4;
const SIGSET_SIZE = 8;
/** Where in the scratch memory lie the parts of these calls. */
const [ACTION_AT, OLD_AT, SET_AT, OLD_SET_AT, STATUS_AT, PACK_AT] = [0, 32, 64, 72, 80, 88];

/** Calls of signals and of children. */
export class LinuxSignals extends LinuxNames {
  readonly #processes: Processes | null;
  readonly #room: RealBuffer;
  readonly #bytes: DataView;

  constructor(fds: Numbering, memory: UserMemory, host: string, processes: Processes | null) {
    super(fds, memory, host);
    this.#processes = processes;
    this.#room = memory.buffer(128);
    const { buffer, byteOffset, byteLength } = this.#room.bytes();
    this.#bytes = new DataView(buffer, byteOffset, byteLength);
  }

  get #tasks(): Processes {
    if (!this.#processes) throw new Error("programs with signals or processes need a C compiler (cc)");
    return this.#processes;
  }

  *fork(program: Program): Call {
    return (yield { start: program, flags: SIGCHLD }) as number;
  }
  *getpid(): Call {
    return this.#tasks.seen(yield* call(NR.getpid));
  }
  *gettid(): Call {
    return this.#tasks.seen(yield* call(NR.gettid));
  }
  kill(pid: number, signo: number): Call {
    return call(NR.kill, this.#tasks.real(pid), signo);
  }
  tkill(tid: number, signo: number): Call {
    return call(NR.tkill, this.#tasks.real(tid), signo);
  }
  tgkill(tgid: number, tid: number, signo: number): Call {
    return call(NR.tgkill, this.#tasks.real(tgid), this.#tasks.real(tid), signo);
  }
  pause(): Call {
    return call(NR.pause);
  }
  exit(code = 0): Call {
    return call(NR.exit, code);
  }
  exit_group(code = 0): Call {
    return call(NR.exit_group, code);
  }

  *sigaction(signo: number, action: SignalHandler | SignalAction | number | null, old?: OldAction): Call {
    const before = this.#tasks.handler(signo);
    const at = action === null ? 0 : this.#put(signo, action);
    const result = yield* call(NR.rt_sigaction, signo, at, old ? this.#room.address + OLD_AT : 0, SIGSET_SIZE);
    if (!old || result < 0) return result;
    const address = Number(this.#bytes.getBigUint64(OLD_AT, true));
    old.handler = before !== undefined && address > SIG_IGN ? before : address;
    old.flags = Number(this.#bytes.getBigUint64(OLD_AT + 8, true)) & ~(SA_RESTORER | SA_SIGINFO);
    old.mask = numbersOf(this.#bytes.getBigUint64(OLD_AT + 24, true));
    return result;
  }

  #put(signo: number, action: SignalHandler | SignalAction | number): number {
    const { handler, flags = 0, mask = [] } = typeof action === "object" ? action : { handler: action };
    const words = [...this.#tasks.action(signo, handler, flags), bitsOf(mask)];
    words.forEach((word, i) => this.#bytes.setBigUint64(ACTION_AT + 8 * i, word, true));
    return this.#room.address + ACTION_AT;
  }

  *sigprocmask(how: number, set: readonly number[] | null, old?: number[]): Call {
    const at = set === null ? 0 : this.#set(set);
    const result = yield* call(NR.rt_sigprocmask, how, at, old ? this.#room.address + OLD_SET_AT : 0, SIGSET_SIZE);
    if (old && result >= 0) this.#fill(old);
    return result;
  }
  *sigpending(set: number[]): Call {
    const result = yield* call(NR.rt_sigpending, this.#room.address + OLD_SET_AT, SIGSET_SIZE);
    if (result >= 0) this.#fill(set);
    return result;
  }
  sigsuspend(set: readonly number[]): Call {
    return call(NR.rt_sigsuspend, this.#set(set), SIGSET_SIZE);
  }
  *wait4(pid: number, status: WaitStatus | null = null, options = 0): Call {
    const at = this.#room.address + STATUS_AT;
    const result = yield* call(NR.wait4, pid > 0 ? this.#tasks.real(pid) : pid, at, options, 0);
    if (status && result > 0) status.value = this.#bytes.getInt32(STATUS_AT, true);
    return this.#tasks.seen(result);
  }

  *signalfd(fd: number, mask: readonly number[], flags: number): Call {
    return this.fds.seen(yield* call(NR.signalfd4, this.fds.real(fd), this.#set(mask), SIGSET_SIZE, flags));
  }

  /** What is told of a file's readiness, and whom: processes by the numbers that the program knows. */
  protected *owner(fd: number, command: typeof F_SETOWN | typeof F_GETOWN, pid: number): Call {
    const real = pid && this.#processes ? Math.sign(pid) * this.#processes.real(Math.abs(pid)) : pid;
    const result = yield* call(NR.fcntl, this.fds.real(fd), command, real);
    return command === F_GETOWN && result > 0 && this.#processes ? this.#processes.seen(result) : result;
  }

  /** A set of signals to be blocked meanwhile: its address; null: there is none. */
  protected mask(set: readonly number[] | null | undefined): number {
    return set ? this.#set(set) : 0;
  }
  /** The same, as pselect6(2) wants it: with its size. */
  protected packedMask(set: readonly number[] | null | undefined): number {
    if (!set) return 0;
    this.#bytes.setBigUint64(PACK_AT, BigInt(this.#set(set)), true);
    this.#bytes.setBigUint64(PACK_AT + 8, BigInt(SIGSET_SIZE), true);
    return this.#room.address + PACK_AT;
  }

  #set(set: readonly number[]): number {
    this.#bytes.setBigUint64(SET_AT, bitsOf(set), true);
    return this.#room.address + SET_AT;
  }
  #fill(set: number[]): void {
    set.splice(0, set.length, ...numbersOf(this.#bytes.getBigUint64(OLD_SET_AT, true)));
  }
}

function bitsOf(set: readonly number[]): bigint {
  return set.reduce((bits, signo) => bits | (1n << BigInt(signo - 1)), 0n);
}

function numbersOf(bits: bigint): number[] {
  return Array.from({ length: 64 }, (_, i) => i + 1).filter((signo) => (bits >> BigInt(signo - 1)) & 1n);
}
