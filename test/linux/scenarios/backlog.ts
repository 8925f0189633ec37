import {
  AF_INET,
  AF_UNIX,
  ET,
  IN,
  OUT,
  RDHUP,
  RLIMIT_NOFILE,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  SO_LINGER,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { connecting, listening, pipe, read, wait, watching } from "./helpers.ts";

type Steps<T> = Generator<unknown, T, unknown>;
const ALL = IN | OUT | RDHUP;

/** So many clients connect. */
function* clients(sys: Sys, count: number): Steps<number[]> {
  const fds: number[] = [];
  for (let i = 0; i < count; i++) fds.push(yield* connecting(sys));
  return fds;
}

/** How many connections wait to be accepted. */
function* waiting(sys: Sys, listener: number): Steps<void> {
  while ((yield* sys.accept4(listener, SOCK_NONBLOCK)) >= 0);
}

/** The queue of connections that wait to be accepted. */
export const backlog: Scenario[] = [
  scenario("AC-7: listen(n) holds n + 1 connections, for n of 0, 1 and 4, and of -1 many more", function* (sys) {
    for (const [i, n] of [0, 1, 4, -1].entries()) {
      const listener = yield* listening(sys, n, 7070 + i);
      for (let made = 0; made < 7; made++) yield* connecting(sys, 7070 + i);
      yield* waiting(sys, listener);
    }
  }),
  scenario("AC-8: a SYN that finds the queue full is dropped; the client tries again after a second", function* (sys) {
    const listener = yield* listening(sys, 0);
    const [first = -1, second = -1] = yield* clients(sys, 2);
    const epfd = yield* watching(sys, ALL, first, second);
    yield* wait(sys, epfd);
    yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* wait(sys, epfd);
    const later = yield* watching(sys, ALL, second);
    yield* wait(sys, later, 8, 500);
    yield* wait(sys, later, 8, 1000);
    yield* sys.accept4(listener, SOCK_NONBLOCK);
  }),
  scenario("listen again changes the length of the queue", function* (sys) {
    const listener = yield* listening(sys, 0);
    yield* clients(sys, 1);
    yield* sys.listen(listener, 2);
    yield* clients(sys, 3);
    yield* waiting(sys, listener);
  }),
  scenario("AC-2: EMFILE leaves the connection in the queue", function* (sys) {
    const listener = yield* listening(sys);
    const client = yield* connecting(sys);
    yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: client + 1 });
    yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: client + 2 });
    yield* sys.accept4(listener, SOCK_NONBLOCK);
    yield* sys.accept4(listener, SOCK_NONBLOCK);
  }),
  scenario("AC-1, AC-5: accept4 looks at its flags, then at the file, then at its state", function* (sys) {
    const fd = yield* sys.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const [reader] = yield* pipe(sys);
    yield* sys.accept4(99, 0);
    yield* sys.accept4(99, 1);
    yield* sys.accept4(reader, 1);
    yield* sys.accept4(reader, 0);
    yield* sys.accept4(fd, 1);
    yield* sys.accept4(fd, 0);
    const unix = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.accept4(unix, 0);
    yield* sys.accept4(yield* listening(sys), 0);
  }),
  scenario("AC-11: a connection that was reset before accept is accepted all the same", function* (sys) {
    const listener = yield* listening(sys);
    const client = yield* connecting(sys);
    yield* sys.write(client, "hello");
    yield* sys.setsockopt(client, SOL_SOCKET, SO_LINGER, new Uint8Array(Int32Array.of(1, 0).buffer));
    yield* sys.close(client);
    const server = yield* sys.accept4(listener, SOCK_NONBLOCK);
    const epfd = yield* watching(sys, ALL, server);
    yield* wait(sys, epfd);
    yield* read(sys, server);
    yield* read(sys, server);
    yield* wait(sys, epfd);
  }),
  scenario(
    "AC-13: an edge-triggered listener tells of a burst once, and of the rest with the next client",
    function* (sys) {
      const listener = yield* listening(sys);
      const epfd = yield* watching(sys, (IN | ET) >>> 0, listener);
      yield* clients(sys, 3);
      yield* wait(sys, epfd);
      yield* sys.accept4(listener, SOCK_NONBLOCK);
      yield* wait(sys, epfd);
      yield* clients(sys, 1);
      yield* wait(sys, epfd);
      yield* waiting(sys, listener);
    },
  ),
  scenario("UX-6, U.lclose: closing a UNIX listener resets those who wait: ERR|HUP, ECONNRESET once", function* (sys) {
    const listener = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    yield* sys.bind(listener, { path: "\0listener" });
    yield* sys.listen(listener, 2);
    const client = yield* sys.socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    const epfd = yield* watching(sys, ALL, listener);
    yield* wait(sys, epfd);
    yield* sys.connect(client, { path: "\0listener" });
    yield* wait(sys, epfd);
    yield* sys.write(client, "unread");
    yield* sys.close(listener);
    const mine = yield* watching(sys, ALL, client);
    yield* wait(sys, mine);
    yield* read(sys, client);
    yield* read(sys, client);
    yield* wait(sys, mine);
    yield* sys.write(client, "x");
  }),
];
