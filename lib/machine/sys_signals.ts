import type { Integer, PendingCall, SystemCall } from "./call.ts";
import type { Timespec } from "./sys_base.ts";
import {
  type SignalAction,
  type SignalHandler,
  type SignalInfo,
  type SignalSet,
  signalBits,
  signalNumbers,
} from "./signals.ts";
import { SocketCalls } from "./sys_sockets.ts";
import { checkNames, describe } from "./call.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;
const { SIGSET_SIZE } = layout.constants;
const { SI_QUEUE } = layout.enums.SiCode.values;
/** Size of the kernel's struct sigaction. Unit: bytes. */
const SIGACTION_SIZE = 32;
/** Size of struct siginfo. Unit: bytes. */
const SIGINFO_SIZE = 128;

/** What sigaction() is given: a handler, SIG_DFL or SIG_IGN, or all of struct sigaction; null: nothing changes. */
export type Action = SignalHandler | Integer | SignalAction | null;

/** What sigaction() fills with what was done so far. */
export interface OldAction {
  handler?: SignalHandler | number;
  flags?: number;
  mask?: number[];
}

/** What wait4() fills with how the child has ended. */
export interface WaitStatus {
  /** As C has it: WIFEXITED(), WEXITSTATUS(), WIFSIGNALED() and WTERMSIG() tell what it means. */
  value?: number;
}

type Writable<T> = { -readonly [K in keyof T]?: T[K] };

/** Calls of signals and of children. */
export class SignalCalls extends SocketCalls {
  /** A set of signals in scratch memory. */
  protected sigset(set: SignalSet): Integer {
    if (set === null) return 0;
    if (typeof set !== "object") return set;
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, signalBits(set), true);
    return this.put(new Uint8Array(view.buffer));
  }

  /** Lets a call fill an array with the signals of a set. */
  #fillSet(call: PendingCall, old: number[] | null): Integer {
    if (old === null) return 0;
    const at = this.room(8);
    call.finish = (result) => {
      if (result >= 0) old.splice(0, old.length, ...signalNumbers(this.written(at, 8).getBigUint64(0, true)));
      return result;
    };
    return at;
  }

  /** rt_sigaction(2); `old` is given what was done so far. */
  sigaction(signo: Integer, action: Action, old: OldAction | null = null): SystemCall {
    const call = this.beginScratch(NR.rt_sigaction);
    const at = action === null ? 0 : this.#action(action);
    if (old === null) return call.with(signo, at, 0, SIGSET_SIZE) as SystemCall;
    const place = this.room(SIGACTION_SIZE);
    call.finish = (result) => {
      if (result < 0) return result;
      const view = this.written(place, SIGACTION_SIZE);
      const handler = Number(view.getBigUint64(0, true));
      old.handler = this.space.handlers.at(handler) ?? handler;
      old.flags = Number(view.getBigUint64(8, true));
      old.mask = signalNumbers(view.getBigUint64(24, true));
      return result;
    };
    return call.with(signo, at, place, SIGSET_SIZE) as SystemCall;
  }

  #action(action: SignalHandler | Integer | SignalAction): number {
    if (typeof action === "object") checkNames("part of a sigaction", action, ["handler", "flags", "mask"]);
    const { handler, flags = 0, mask = [] } = typeof action === "object" ? action : { handler: action };
    if (typeof handler !== "function" && typeof handler !== "number" && typeof handler !== "bigint") {
      throw new TypeError(
        `a handler is a generator function: function* (sys, signo, info) { ... }, SIG_DFL or SIG_IGN, not ${describe(handler)}`,
      );
    }
    const address = typeof handler === "function" ? this.space.handlers.addressOf(handler) : handler;
    const view = new DataView(new ArrayBuffer(SIGACTION_SIZE));
    view.setBigUint64(0, BigInt(address), true);
    view.setBigUint64(8, BigInt(flags >>> 0), true);
    view.setBigUint64(24, signalBits(mask), true);
    return this.put(new Uint8Array(view.buffer));
  }

  /** rt_sigprocmask(2); `old` is given the signals that were blocked. */
  sigprocmask(how: Integer, set: SignalSet, old: number[] | null = null): SystemCall {
    const call = this.beginScratch(NR.rt_sigprocmask);
    const at = this.sigset(set);
    return call.with(how, at, this.#fillSet(call, old), SIGSET_SIZE) as SystemCall;
  }

  /** rt_sigpending(2); `set` is given the blocked signals that wait. */
  sigpending(set: number[]): SystemCall {
    const call = this.beginScratch(NR.rt_sigpending);
    return call.with(this.#fillSet(call, set), SIGSET_SIZE) as SystemCall;
  }

  /** rt_sigsuspend(2): waits for a signal, with these blocked meanwhile. */
  sigsuspend(set: SignalSet): SystemCall {
    return this.beginScratch(NR.rt_sigsuspend).with(this.sigset(set), SIGSET_SIZE) as SystemCall;
  }

  /** rt_sigtimedwait(2): takes one of these signals; `info` is given what is known of it; null waits for ever. */
  sigtimedwait(set: SignalSet, info: Writable<SignalInfo> | null = null, timeout: Timespec | null = null): SystemCall {
    const call = this.beginScratch(NR.rt_sigtimedwait);
    const at = this.sigset(set);
    const time = this.timespec(timeout);
    if (info === null) return call.with(at, 0, time, SIGSET_SIZE) as SystemCall;
    const place = this.room(SIGINFO_SIZE);
    call.finish = (result) => {
      if (result > 0) fillInfo(info, this.written(place, SIGINFO_SIZE));
      return result;
    };
    return call.with(at, place, time, SIGSET_SIZE) as SystemCall;
  }

  /** kill(2) */
  kill(pid: Integer, signo: Integer): SystemCall {
    return this.call.begin(NR.kill).with(pid, signo) as SystemCall;
  }

  /** tkill(2) */
  tkill(tid: Integer, signo: Integer): SystemCall {
    return this.call.begin(NR.tkill).with(tid, signo) as SystemCall;
  }

  /** tgkill(2) */
  tgkill(tgid: Integer, tid: Integer, signo: Integer): SystemCall {
    return this.call.begin(NR.tgkill).with(tgid, tid, signo) as SystemCall;
  }

  /** rt_sigqueueinfo(2), as sigqueue(3) makes it: a signal with a value. */
  sigqueue(pid: Integer, signo: Integer, value: Integer): SystemCall {
    const call = this.beginScratch(NR.rt_sigqueueinfo);
    const view = new DataView(new ArrayBuffer(SIGINFO_SIZE));
    view.setInt32(0, Number(signo), true);
    view.setInt32(8, SI_QUEUE, true);
    view.setBigInt64(24, BigInt(value), true);
    return call.with(pid, signo, this.put(new Uint8Array(view.buffer))) as SystemCall;
  }

  /** signalfd4(2): a descriptor from which these signals are read; `fd` is -1, or a signalfd that gets another set. */
  signalfd(fd: Integer, mask: SignalSet, flags: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.signalfd4);
    return call.with(fd, this.sigset(mask), SIGSET_SIZE, flags) as SystemCall;
  }

  /** pause(2): waits for a signal with a handler. */
  pause(): SystemCall {
    return this.call.begin(NR.pause).with() as SystemCall;
  }

  /** wait4(2): waits for the end of a child; `status` is given how it ended. */
  wait4(pid: Integer, status: WaitStatus | null = null, options: Integer = 0): SystemCall {
    const call = this.beginScratch(NR.wait4);
    if (status === null) return call.with(pid, 0, options) as SystemCall;
    const at = this.room(4);
    call.finish = (result) => {
      if (result > 0) status.value = this.written(at, 4).getInt32(0, true);
      return result;
    };
    return call.with(pid, at, options) as SystemCall;
  }

  /** getppid(2): the number of the parent's process; 0: it has none in this machine. */
  getppid(): SystemCall {
    return this.call.begin(NR.getppid).with() as SystemCall;
  }

  /** exit_group(2): ends all threads of the process; does not return. */
  exit_group(code: Integer = 0): SystemCall<never> {
    return this.call.begin(NR.exit_group).with(code) as SystemCall<never>;
  }
}

/** What struct siginfo says. */
function fillInfo(info: Writable<SignalInfo>, view: DataView): void {
  info.signo = view.getInt32(0, true);
  info.code = view.getInt32(8, true);
  info.pid = view.getInt32(16, true);
  info.status = view.getInt32(24, true);
  info.value = view.getBigUint64(24, true);
}
