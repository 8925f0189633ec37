import { FD_SET_SIZE, FdSet, bitsOf, encodeBits } from "./fd_set.ts";
import { type Integer, type PendingCall, type SystemCall, checkNames, describe } from "./call.ts";
import {
  POLLFD_SIZE,
  type PollfdLike,
  Pollfds,
  type PollfdsPlace,
  areOwn,
  encodePollfd,
  pollfdsAddress,
  reventsOf,
} from "./pollfds.ts";
import { SignalCalls } from "./sys_signals.ts";
import type { SignalSet } from "./signals.ts";
import { type Timespec } from "./sys_base.ts";
import { UserBuffer } from "./user_memory.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;

/** Greatest number of descriptors that a process can have: beyond it, a set has no bits. */
const MOST_FDS = layout.constants.NR_OPEN;

/** A set of select(): numbers, replaced by those that are ready; an fd_set in user memory; any address; none. */
export type SelectSet = number[] | FdSet | UserBuffer | Integer | null;

/** The three sets of select(); those left out are null pointers. */
export interface SelectSets {
  readonly read?: SelectSet;
  readonly write?: SelectSet;
  readonly except?: SelectSet;
}

/** A time that select() is given and that it sets to what is left of it. */
export interface Timeval {
  sec: Integer;
  usec: Integer;
}

/** When a timer expires next, and its period. */
export interface Itimerspec {
  it_interval: Timespec;
  it_value: Timespec;
}

/** System calls that wait for many files, and timers that can be waited for. */
export class WaitCalls extends SignalCalls {
  /** Memory for an array of struct pollfd. @throws RangeError if the machine's memory is exhausted. */
  pollfds(entries: readonly PollfdLike[]): Pollfds {
    const address = this.allocate(Math.max(1, entries.length) * POLLFD_SIZE);
    return new Pollfds(this.space, address, entries);
  }

  /**
   * A C library's fd_set in user memory, with bits set.
   *
   * @param place  where it lies: its bits are the first 128 bytes, and what follows them is its neighbour.
   * @throws RangeError if the machine's memory is exhausted.
   */
  fd_set(fds: readonly number[] = [], place?: UserBuffer): FdSet {
    const set = new FdSet(this.space, place?.address ?? this.allocate(FD_SET_SIZE));
    for (const fd of fds) set.set(fd);
    return set;
  }

  /** poll(2); `revents` of each entry is the answer. With three arguments the second is the number of entries. */
  poll(fds: PollfdsPlace, timeout_ms: Integer): SystemCall;
  poll(fds: PollfdsPlace, nfds: Integer, timeout_ms: Integer): SystemCall;
  poll(fds: PollfdsPlace, ...rest: readonly Integer[]): SystemCall {
    const call = this.beginScratch(NR.poll);
    const [at, length] = this.#pollfds(call, fds);
    const [nfds = length, timeout] = rest.length > 1 ? rest : [undefined, rest[0]];
    return call.with(at, nfds, timeout) as SystemCall;
  }

  /** ppoll(2): the time that is left is written back into the timespec; null waits for ever. */
  ppoll(fds: PollfdsPlace, timeout: Timespec | Integer | null, signals: SignalSet = null): SystemCall {
    const call = this.beginScratch(NR.ppoll);
    const [at, length] = this.#pollfds(call, fds);
    const time = this.#time(call, timeout, "nsec");
    return call.with(at, length, time, this.sigset(signals), SIGSET_SIZE) as SystemCall;
  }

  #pollfds(call: PendingCall, fds: PollfdsPlace): [Integer, number] {
    if (!areOwn(fds)) {
      if (fds instanceof Pollfds) call.events = fds;
      return [pollfdsAddress(fds), fds instanceof Pollfds ? fds.length : 0];
    }
    const view = new DataView(new ArrayBuffer(fds.length * POLLFD_SIZE));
    fds.forEach((entry, i) => encodePollfd(view, i, entry));
    const at = this.put(new Uint8Array(view.buffer));
    this.#finish(call, () => {
      const answer = this.written(at, view.byteLength);
      fds.forEach((entry, i) => (entry.revents = reventsOf(answer, i)));
    });
    return [at, fds.length];
  }

  /** select(2): the sets hold what is ready, and the timeval what is left of it; null waits for ever. */
  select(nfds: Integer, sets: SelectSets, timeout: Timeval | Integer | null): SystemCall {
    const call = this.beginScratch(NR.select);
    const [read, write, except] = this.#sets(call, nfds, sets);
    return call.with(nfds, read, write, except, this.#time(call, timeout, "usec")) as SystemCall;
  }

  /** pselect6(2): the same with a timespec, and with other signals blocked while it waits. */
  pselect6(nfds: Integer, sets: SelectSets, timeout: Timespec | Integer | null, signals: SignalSet = null): SystemCall {
    const call = this.beginScratch(NR.pselect6);
    const [read, write, except] = this.#sets(call, nfds, sets);
    const time = this.#time(call, timeout, "nsec");
    const mask = this.sigset(signals);
    const pack = mask === 0 ? 0 : this.put(words(mask, SIGSET_SIZE));
    return call.with(nfds, read, write, except, time, pack) as SystemCall;
  }

  #sets(call: PendingCall, nfds: Integer, sets: SelectSets): [Integer, Integer, Integer] {
    checkNames("set of select()", sets, ["read", "write", "except"]);
    const place = (set: SelectSet | undefined): Integer => {
      if (set === null || set === undefined) return 0;
      if (typeof set !== "object") return set;
      if (!Array.isArray(set)) return set.address;
      const bytes = encodeBits(set, Math.min(Math.max(Number(nfds), 1), MOST_FDS));
      const at = this.put(bytes);
      this.#finish(call, (result) => {
        if (result < 0) return;
        set.splice(0, set.length, ...bitsOf(new Uint8Array(this.written(at, bytes.length).buffer)));
      });
      return at;
    };
    return [place(sets.read), place(sets.write), place(sets.except)];
  }

  /** A time in scratch memory; the kernel writes back into the object how much of it is left. */
  #time(call: PendingCall, time: Timeval | Timespec | Integer | null, unit: "usec" | "nsec"): Integer {
    if (time === null) return 0;
    if (typeof time !== "object") return time;
    const given = time as { sec: Integer; usec: Integer; nsec: Integer };
    checkNames(unit === "usec" ? "part of a timeval" : "part of a timespec", time, ["sec", unit]);
    const at = this.put(words(given.sec, given[unit]));
    this.#finish(call, () => {
      const view = this.written(at, 16);
      const [sec, rest] = [view.getBigInt64(0, true), view.getBigInt64(8, true)];
      // Only what has changed is touched, so that a constant of the program's may be given to a call that ends at once.
      if (sec === BigInt(given.sec) && rest === BigInt(given[unit])) return;
      given.sec = Number(sec);
      given[unit] = Number(rest);
    });
    return at;
  }

  /** Lets a call do several things when it has ended. */
  #finish(call: PendingCall, then: (result: number) => void): void {
    const before = call.finish;
    call.finish = (result) => {
      then(result);
      return before === null ? result : before(result);
    };
  }

  /** timerfd_create(2) */
  timerfd_create(clockid: Integer, flags: Integer = 0): SystemCall {
    return this.call.begin(NR.timerfd_create).with(clockid, flags) as SystemCall;
  }

  /** timerfd_settime(2); `old` is given how the timer was set. */
  timerfd_settime(
    fd: Integer,
    flags: Integer,
    time: Itimerspec | Integer,
    old: Partial<Itimerspec> | Integer | null = null,
  ): SystemCall {
    const call = this.beginScratch(NR.timerfd_settime);
    return call.with(fd, flags, this.#itimerspec(time), this.#answer(call, old)) as SystemCall;
  }

  /** timerfd_gettime(2); `time` is given how the timer is set. */
  timerfd_gettime(fd: Integer, time: Partial<Itimerspec> | Integer): SystemCall {
    const call = this.beginScratch(NR.timerfd_gettime);
    return call.with(fd, this.#answer(call, time)) as SystemCall;
  }

  #itimerspec(time: Itimerspec | Integer): Integer {
    if (typeof time !== "object") return time;
    checkNames("part of an itimerspec", time, ["it_interval", "it_value"]);
    const { it_interval, it_value } = time;
    if (!it_interval || !it_value) {
      throw new TypeError(`an itimerspec is { it_interval, it_value }, not ${describe(time)}`);
    }
    return this.put(words(it_interval.sec, it_interval.nsec, it_value.sec, it_value.nsec));
  }

  #answer(call: PendingCall, time: Partial<Itimerspec> | Integer | null): Integer {
    if (time === null) return 0;
    if (typeof time !== "object") return time;
    const at = this.room(32);
    this.#finish(call, (result) => {
      if (result < 0) return;
      const view = this.written(at, 32);
      const timespec = (offset: number) => ({
        sec: Number(view.getBigInt64(offset, true)),
        nsec: Number(view.getBigInt64(offset + 8, true)),
      });
      time.it_interval = timespec(0);
      time.it_value = timespec(16);
    });
    return at;
  }
}

/** Size of a set of signals. Unit: bytes. */
const SIGSET_SIZE = 8;

/** Numbers of 64 bits as bytes. */
function words(...values: readonly Integer[]): Uint8Array {
  return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
}
