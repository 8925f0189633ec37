import { type Integer, type SystemCall } from "./call.ts";
import { SysBase, type Timespec } from "./sys_base.ts";
import { complaining, methodsOf } from "./missing_call.ts";
import { IoUringCalls } from "./sys_io_uring.ts";
import type { SignalSet } from "./signals.ts";
import { type Program, checkProgram } from "./program.ts";
import {
  type BufferLike,
  EPOLL_EVENT_SIZE,
  type EpollEventLike,
  EpollEvents,
  addressOf,
  encodeEpollEvent,
} from "./user_memory.ts";
import { layout } from "../layout.gen.ts";

const NR = layout.enums.Nr.values;
const { SIGSET_SIZE } = layout.constants;

/** Where epoll_wait() puts its events: an array of sys.epoll_events(), or any address. */
type EventsPlace = EpollEvents | BufferLike;

/**
 * The system calls, inside a program. Each is made with `yield*` and returns the kernel's own value: >= 0, or -errno.
 * Arguments come in C's order; a number is taken as a raw user address wherever C takes a pointer.
 */
export class Sys extends IoUringCalls {
  static {
    const names = methodsOf(Sys.prototype);
    Object.setPrototypeOf(
      SysBase.prototype,
      complaining(() => names),
    );
  }

  /** Memory for `length` events. @throws RangeError if the machine's memory is exhausted. */
  epoll_events(length: number): EpollEvents {
    return new EpollEvents(this.space, this.allocate(length * EPOLL_EVENT_SIZE), length);
  }

  /** epoll_create(2) */
  epoll_create(size: Integer): SystemCall {
    return this.call.begin(NR.epoll_create).with(size) as SystemCall;
  }

  /** epoll_create1(2) */
  epoll_create1(flags: Integer = 0): SystemCall {
    return this.call.begin(NR.epoll_create1).with(flags) as SystemCall;
  }

  /** epoll_ctl(2) */
  epoll_ctl(epfd: Integer, op: Integer, fd: Integer, event: EpollEventLike | BufferLike | null = null): SystemCall {
    const call = this.beginScratch(NR.epoll_ctl);
    return call.with(epfd, op, fd, this.#event(event)) as SystemCall;
  }

  #event(event: EpollEventLike | BufferLike | null): Integer {
    if (event === null) return 0;
    if (typeof event === "object" && "events" in event) return this.put(encodeEpollEvent(event));
    return addressOf(event);
  }

  /** epoll_wait(2) */
  epoll_wait(epfd: Integer, events: EventsPlace, maxevents: Integer, timeout_ms: Integer): SystemCall {
    return this.#wait(NR.epoll_wait, epfd, events, maxevents, timeout_ms);
  }

  /** epoll_pwait(2); `sigmask` are the signals that are blocked while it sleeps; null: as before. */
  epoll_pwait(
    epfd: Integer,
    events: EventsPlace,
    maxevents: Integer,
    timeout_ms: Integer,
    sigmask: SignalSet = null,
  ): SystemCall {
    this.beginScratch(NR.epoll_pwait);
    return this.#waitOn(epfd, events, maxevents, timeout_ms, sigmask);
  }

  /** epoll_pwait2(2), as epoll_pwait() with a finer time; null waits for ever. */
  epoll_pwait2(
    epfd: Integer,
    events: EventsPlace,
    maxevents: Integer,
    timeout: Timespec | Integer | null,
    sigmask: SignalSet = null,
  ): SystemCall {
    this.beginScratch(NR.epoll_pwait2);
    const at = this.timespec(timeout);
    return this.#waitOn(epfd, events, maxevents, at, sigmask);
  }

  #wait(nr: number, epfd: Integer, events: EventsPlace, maxevents: Integer, timeout: Integer): SystemCall {
    this.call.begin(nr);
    return this.#waitOn(epfd, events, maxevents, timeout);
  }

  #waitOn(
    epfd: Integer,
    events: EventsPlace,
    maxevents: Integer,
    timeout: Integer,
    sigmask: SignalSet = null,
  ): SystemCall {
    const { call } = this;
    const isOwn = events instanceof EpollEvents;
    if (isOwn) call.events = events;
    const place = isOwn ? events.address : addressOf(events);
    if (sigmask === null) return call.with(epfd, place, maxevents, timeout) as SystemCall;
    return call.with(epfd, place, maxevents, timeout, this.sigset(sigmask), SIGSET_SIZE) as SystemCall;
  }

  /** nanosleep(2) */
  nanosleep(time: Timespec | Integer): SystemCall {
    this.beginScratch(NR.nanosleep);
    return this.call.with(this.timespec(time), 0) as SystemCall;
  }

  /** clock_gettime(2); `time` is given the virtual time. */
  clock_gettime(clock: Integer, time: { sec?: Integer; nsec?: Integer } | Integer): SystemCall {
    const call = this.beginScratch(NR.clock_gettime);
    if (typeof time !== "object") return call.with(clock, time) as SystemCall;
    const at = this.room(16);
    call.finish = (result) => {
      if (result >= 0) {
        const view = this.written(at, 16);
        time.sec = Number(view.getBigInt64(0, true));
        time.nsec = Number(view.getBigInt64(8, true));
      }
      return result;
    };
    return call.with(clock, at) as SystemCall;
  }

  /** sched_yield(2) */
  sched_yield(): SystemCall {
    return this.call.begin(NR.sched_yield).with() as SystemCall;
  }

  /** getpid(2): the number of the process. */
  getpid(): SystemCall {
    return this.call.begin(NR.getpid).with() as SystemCall;
  }

  /** gettid(2): the number of the task. */
  gettid(): SystemCall {
    return this.call.begin(NR.gettid).with() as SystemCall;
  }

  /** clone(2): a task that runs `program` and shares what the flags say (`CLONE_FILES | CLONE_VM`: a thread). */
  clone(flags: Integer, program: Program): SystemCall {
    return this.#child(NR.clone, flags, program);
  }

  /** fork(2): a task that runs `program`, with copies of the descriptor table and of the memory. */
  fork(program: Program): SystemCall {
    return this.#child(NR.fork, 0, program);
  }

  #child(nr: number, flags: Integer, program: Program): SystemCall {
    if (typeof flags === "function") throw new TypeError("clone(flags, program): the flags come first");
    checkProgram(program);
    const call = this.call.begin(nr).with(flags);
    call.program = program;
    return call as SystemCall;
  }

  /** exit(2): ends the task; does not return. */
  exit(code: Integer = 0): SystemCall<never> {
    return this.call.begin(NR.exit).with(code) as SystemCall<never>;
  }

  /** Work in user mode. Unit: ns of virtual time, which ends at 2^53. @throws RangeError beyond. */
  compute(duration: number): SystemCall {
    if (!(Number.isSafeInteger(duration) && duration >= 0))
      throw new RangeError(`compute() takes whole ns, not ${duration}`);
    if (!Number.isSafeInteger(this.space.now + duration))
      throw new RangeError(`compute(${duration}) goes beyond the end of virtual time, 2^53 ns (104 days) after boot`);
    const call = this.call.begin(-1).with(duration);
    call.finish = () => 0;
    return call as SystemCall;
  }
}
