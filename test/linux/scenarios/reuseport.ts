import {
  AF_INET,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_REUSEADDR,
  SO_REUSEPORT,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { PORT, connecting, wait, watching } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;

/** A socket with an option, bound. */
function* bound(sys: Sys, option: number, port = PORT): Steps<number> {
  const fd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  if (option) yield* sys.setsockopt(fd, SOL_SOCKET, option, { value: 1 });
  yield* sys.bind(fd, { port });
  return fd;
}

/** Accepts all that waits. @returns how many. */
function* acceptAll(sys: Sys, listener: number): Steps<number> {
  for (let count = 0; ; count++) if ((yield* sys.unrecorded.accept4(listener, SOCK_NONBLOCK)) < 0) return count;
}

/** Makes a fact part of the answers: shutdown() of a number that is not open says nothing but its number. */
function* say(sys: Sys, fact: boolean): Steps<void> {
  yield* sys.shutdown(-1, fact ? 1 : 0);
}

/** Several sockets on one port. */
export const reuseport: Scenario[] = [
  scenario("AC-15: SO_REUSEPORT spreads connections over the queues of all listeners", function* (sys) {
    const listeners = [yield* bound(sys, SO_REUSEPORT), yield* bound(sys, SO_REUSEPORT)];
    for (const listener of listeners) yield* sys.listen(listener, 64);
    for (let i = 0; i < 60; i++)
      yield* sys.unrecorded.connect(yield* sys.unrecorded.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0), {
        port: PORT,
      });
    const counts = [yield* acceptAll(sys, listeners[0]!), yield* acceptAll(sys, listeners[1]!)];
    yield* say(sys, counts[0]! + counts[1]! === 60);
    yield* say(
      sys,
      counts.every((count) => count > 10),
    );
  }),
  scenario("AC-15: when one of the listeners is closed, new connections go to the others", function* (sys) {
    const listeners = [yield* bound(sys, SO_REUSEPORT), yield* bound(sys, SO_REUSEPORT)];
    for (const listener of listeners) yield* sys.listen(listener, 64);
    yield* sys.close(listeners[0]!);
    for (let i = 0; i < 8; i++) yield* connecting(sys);
    yield* say(sys, (yield* acceptAll(sys, listeners[1]!)) === 8);
  }),
  scenario("all sockets of a port must have SO_REUSEPORT: otherwise EADDRINUSE", function* (sys) {
    yield* bound(sys, SO_REUSEPORT);
    yield* bound(sys, 0);
    yield* bound(sys, SO_REUSEADDR);
    yield* bound(sys, SO_REUSEPORT);
    yield* bound(sys, 0, 7071);
    yield* bound(sys, SO_REUSEPORT, 7071);
    yield* bound(sys, SO_REUSEADDR, 7072);
    yield* bound(sys, SO_REUSEPORT, 7072);
    yield* bound(sys, SO_REUSEADDR, 7072);
  }),
  scenario("only sockets that listen get connections, and listening wakes who watches", function* (sys) {
    const quiet = yield* bound(sys, SO_REUSEPORT);
    const listener = yield* bound(sys, SO_REUSEPORT);
    yield* sys.listen(listener, 8);
    for (let i = 0; i < 4; i++) yield* connecting(sys);
    const epfd = yield* watching(sys, 1, listener);
    yield* wait(sys, epfd);
    yield* sys.accept4(quiet, 0);
    yield* say(sys, (yield* acceptAll(sys, listener)) === 4);
    yield* sys.close(listener);
    yield* connecting(sys);
    yield* sys.listen(quiet, 8);
    yield* connecting(sys);
    yield* sys.accept4(quiet, SOCK_NONBLOCK);
  }),
];
