import { NR } from "../abi.ts";
import type { Call, Itimerspec, PollEntry, SelectSets, Timespec, Timeval } from "../program.ts";
import { type Numbering, call } from "./linux-names.ts";
import { LinuxSignals, type Processes } from "./linux-signals.ts";
import type { RealBuffer, UserMemory } from "./memory.ts";

const POLLFD_SIZE = 8;

/** poll, select and timerfds over the real kernel. */
export class WaitCalls extends LinuxSignals {
  readonly #memory: UserMemory;

  constructor(fds: Numbering, memory: UserMemory, host: string, processes: Processes | null) {
    super(fds, memory, host, processes);
    this.#memory = memory;
  }

  *poll(fds: PollEntry[] | number, ...rest: number[]): Call {
    const [nfds, timeout] = rest.length > 1 ? rest : [undefined, rest[0]];
    return yield* this.#polls(fds, (at, length) => call(NR.poll, at, nfds ?? length, timeout ?? 0));
  }
  *ppoll(fds: PollEntry[] | number, timeout: Timespec | null, mask: readonly number[] | null = null): Call {
    return yield* this.#timed(timeout, "nsec", (time) =>
      this.#polls(fds, (at, length) => call(NR.ppoll, at, length, time, this.mask(mask), 8)),
    );
  }
  *select(nfds: number, sets: SelectSets, timeout: Timeval | number | null): Call {
    return yield* this.#timed(timeout, "usec", (time) => this.#selects(NR.select, nfds, sets, time, 0));
  }
  *pselect6(nfds: number, sets: SelectSets, timeout: Timespec | null, mask: readonly number[] | null = null): Call {
    const pack = this.packedMask(mask);
    return yield* this.#timed(timeout, "nsec", (time) => this.#selects(NR.pselect6, nfds, sets, time, pack));
  }

  *timerfd_create(clockid: number, flags: number): Call {
    return this.fds.seen(yield* call(NR.timerfd_create, clockid, flags));
  }
  *timerfd_settime(fd: number, flags: number, time: Itimerspec | number, old?: Partial<Itimerspec>): Call {
    let at = time as number;
    if (typeof time === "object") {
      const { it_interval, it_value } = time;
      at = this.#words(it_interval.sec, it_interval.nsec, it_value.sec, it_value.nsec).address;
    }
    return yield* this.#answers(old, (to) => call(NR.timerfd_settime, this.fds.real(fd), flags, at, to));
  }
  *timerfd_gettime(fd: number, time: Partial<Itimerspec> | number): Call {
    if (typeof time === "number") return yield* call(NR.timerfd_gettime, this.fds.real(fd), time);
    return yield* this.#answers(time, (to) => call(NR.timerfd_gettime, this.fds.real(fd), to));
  }

  /** A call that is given an array of struct pollfd. */
  *#polls(fds: PollEntry[] | number, make: (at: number, length: number) => Call): Call {
    if (typeof fds === "number") return yield* make(fds, 0);
    const memory = this.#memory.buffer(fds.length * POLLFD_SIZE);
    const view = viewOf(memory);
    fds.forEach(({ fd, events, revents }, i) => {
      view.setInt32(i * POLLFD_SIZE, this.fds.real(fd), true);
      view.setUint16(i * POLLFD_SIZE + 4, events, true);
      view.setUint16(i * POLLFD_SIZE + 6, revents ?? 0, true);
    });
    const result = yield* make(memory.address, fds.length);
    fds.forEach((entry, i) => (entry.revents = view.getUint16(i * POLLFD_SIZE + 6, true)));
    return result;
  }

  /** A call that is given sets, whose bits are those of the real descriptors. */
  *#selects(nr: number, nfds: number, sets: SelectSets, time: number, mask: number): Call {
    const given = [sets.read, sets.write, sets.except];
    const memories = given.map((fds) => (Array.isArray(fds) ? this.#bits(fds, nfds) : null));
    const places = given.map((fds, i) => (typeof fds === "number" ? fds : (memories[i]?.address ?? 0)));
    const result = yield* call(nr, this.fds.real(nfds), ...places, time, mask);
    given.forEach((fds, i) => {
      const bytes = memories[i]?.bytes();
      if (!Array.isArray(fds) || !bytes || result < 0) return;
      const real = [...bytes].flatMap((byte, at) => BITS.filter((bit) => (byte >> bit) & 1).map((bit) => at * 8 + bit));
      fds.splice(0, fds.length, ...real.map((fd) => this.fds.seen(fd)));
    });
    return result;
  }

  #bits(fds: readonly number[], nfds: number): RealBuffer {
    const real = fds.map((fd) => this.fds.real(fd));
    const most = Math.max(this.fds.real(nfds), ...real.map((fd) => fd + 1), 1);
    const memory = this.#memory.buffer(Math.ceil(most / 64) * 8);
    const bytes = memory.bytes();
    for (const fd of real) bytes[fd >> 3]! |= 1 << (fd & 7);
    return memory;
  }

  /** A call that is given a time and may store how much of it is left. */
  *#timed(
    time: { sec: number; usec?: number; nsec?: number } | number | null,
    unit: "usec" | "nsec",
    make: (at: number) => Call,
  ): Call {
    if (time === null || typeof time === "number") return yield* make(time ?? 0);
    const memory = this.#words(time.sec, time[unit] ?? 0);
    const result = yield* make(memory.address);
    time.sec = Number(viewOf(memory).getBigInt64(0, true));
    time[unit] = Number(viewOf(memory).getBigInt64(8, true));
    return result;
  }

  /** A call that stores a struct itimerspec. */
  *#answers(time: Partial<Itimerspec> | undefined, make: (at: number) => Call): Call {
    if (!time) return yield* make(0);
    const memory = this.#words(0, 0, 0, 0);
    const result = yield* make(memory.address);
    const view = viewOf(memory);
    const timespec = (at: number) => ({
      sec: Number(view.getBigInt64(at, true)),
      nsec: Number(view.getBigInt64(at + 8, true)),
    });
    if (result >= 0) Object.assign(time, { it_interval: timespec(0), it_value: timespec(16) });
    return result;
  }

  #words(...values: number[]): RealBuffer {
    const memory = this.#memory.buffer(values.length * 8);
    memory.set(new Uint8Array(BigInt64Array.from(values, BigInt).buffer));
    return memory;
  }
}

const BITS = [0, 1, 2, 3, 4, 5, 6, 7];

function viewOf(memory: RealBuffer): DataView {
  const { buffer, byteOffset, byteLength } = memory.bytes();
  return new DataView(buffer, byteOffset, byteLength);
}
