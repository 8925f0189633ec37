import {
  AF_INET,
  AF_UNIX,
  type CppProgram,
  EPOLL_CTL_ADD,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type PendingCall,
  type Program,
  type Sys,
} from "../../../lib/index.ts";

/** What came out: by the name of a figure. */
export type Facts = Readonly<Record<string, number | string>>;

/** What may come out: one value; or, where the scheduler decides, any number from the first to the second. */
export type Expected = Readonly<Record<string, number | string | readonly [least: number, most: number]>>;

/** What every question has. */
interface AnyQuestion {
  /** Its name in links, under which its words are kept. */
  readonly id: string;
  readonly expected: Expected;
}

/**
 * A question that people ask, as a program that answers it. The program runs on the simulated kernel and on a real
 * one, and must give the same facts on both.
 */
export interface Question extends AnyQuestion {
  /** Number of CPUs on which it is best watched; without it, one. The answer must not depend on it. */
  readonly cpus?: number;
  /** The port to which a client outside connects, who reads whatever comes; without it, nobody is outside. */
  readonly client?: number;
  /** Returns the facts. It may wait for its other tasks by `othersAsleep()`. */
  readonly program: Program;
}

/**
 * A question that C++ programs answer: they run on the machine, each in a process of its own, and compiled by g++, and must do the
 * same on both.
 */
export interface CompiledQuestion extends AnyQuestion {
  /** By the name of the process. */
  readonly programs: Readonly<Record<string, CppProgram>>;
  /** The facts. @param logs  what each of them has done, line by line, as cppLog() has it. */
  readonly answer: (logs: readonly (readonly string[])[]) => Facts;
}

type Steps<T> = Generator<PendingCall, T, number>;

/** How long a task waits for the others to be asleep. The test on a real kernel looks whether they are instead. */
export const OTHERS = { sec: 0, nsec: 1_000_000 } as const;

/** Waits until all other tasks sleep or have ended: nothing else that they do takes a millisecond. */
export function* othersAsleep(sys: Sys): Steps<void> {
  yield* sys.nanosleep(OTHERS);
}

/** Two connected UNIX stream sockets. */
export function* pair(sys: Sys): Steps<[near: number, far: number]> {
  const fds: number[] = [];
  yield* sys.socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, fds);
  return [fds[0]!, fds[1]!];
}

/** A pipe: the end to read from, and the end to write to. */
export function* pipe(sys: Sys, flags: number): Steps<[reader: number, writer: number]> {
  const fds: number[] = [];
  yield* sys.pipe2(fds, flags);
  return [fds[0]!, fds[1]!];
}

/** A socket that listens. */
export function* listening(sys: Sys, flags: number, port = 7070): Steps<number> {
  const fd = yield* sys.socket(AF_INET, SOCK_STREAM | flags, 0);
  yield* sys.bind(fd, { port });
  yield* sys.listen(fd, 64);
  return fd;
}

/** A client of that socket. */
export function* connecting(sys: Sys, port = 7070): Steps<number> {
  const fd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  yield* sys.connect(fd, { port });
  return fd;
}

/** A connection over the loopback device: both ends, and the listener. */
export function* connection(sys: Sys): Steps<{ listener: number; client: number; server: number }> {
  const listener = yield* listening(sys, SOCK_NONBLOCK);
  const client = yield* connecting(sys);
  const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
  return { listener, client, server };
}

/** An epoll that watches some descriptors for the same. */
export function* watching(sys: Sys, events: number, ...fds: readonly number[]): Steps<number> {
  const epfd = yield* sys.epoll_create1(0);
  for (const fd of fds) yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, fd, { events: events >>> 0, data: { fd } });
  return epfd;
}

/** How many events there are now. */
export function* count(sys: Sys, epfd: number): Steps<number> {
  return yield* sys.epoll_wait(epfd, sys.epoll_events(8), 8, 0);
}

/** The events that there are now, as text: `IN|HUP`; of several the first. */
export function* mask(sys: Sys, epfd: number): Steps<string> {
  const events = sys.epoll_events(8);
  const n = yield* sys.epoll_wait(epfd, events, 8, 0);
  return n > 0 ? maskText(events[0]!.events) : "-";
}

const BITS = [
  ["IN", 0x1],
  ["PRI", 0x2],
  ["OUT", 0x4],
  ["ERR", 0x8],
  ["HUP", 0x10],
  ["RDHUP", 0x2000],
] as const;

/** The names of the bits of an event. */
export function maskText(events: number): string {
  return BITS.flatMap(([name, bit]) => (events & bit ? [name] : [])).join("|");
}

/** What is in a buffer, as text. */
export function textOf(buffer: { bytes(): Uint8Array }): string {
  return new TextDecoder().decode(buffer.bytes());
}
