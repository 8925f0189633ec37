import { ASYNC, FIXED_FILE, GETEVENTS, LINK, file, go, iovecs, made, pipe, taken, time, words } from "./uring.ts";
import {
  AF_INET,
  AF_UNIX,
  type Buffer,
  IN,
  IORING,
  MSG_DONTWAIT,
  MSG_WAITALL,
  O_CREAT,
  O_NONBLOCK,
  O_RDWR,
  OUT,
  SHUT_WR,
  SIGUSR1,
  SIGUSR2,
  SIG_BLOCK,
  SOCK_STREAM,
  type Ring,
  type Scenario,
  type SqeFields,
  type Sys,
  scenario,
} from "../scenario.ts";

const OP = IORING;
const MULTI = 1;
const ABS = 1;
const AT_FDCWD = -100;
const ADD = 1;
const DEL = 2;
const AT_POSITION = -1;
const ETIME_SUCCESS = 0x20;
const UPDATE = 2;
const MOMENT = { sec: 0, nsec: 1_000_000 };

function* pair(sys: Sys): Generator<unknown, [number, number]> {
  const fds: number[] = [];
  yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
  return [fds[0]!, fds[1]!];
}

/** A TCP connection. */
function* connection(sys: Sys): Generator<unknown, [number, number]> {
  const listener = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.bind(listener, { port: 4000 });
  yield* sys.listen(listener, 1);
  const client = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
  yield* sys.connect(client, { port: 4000 });
  const server = yield* sys.accept4(listener, 0);
  yield* sys.close(listener);
  return [client, server];
}

/** A struct epoll_event in memory. */
function event(sys: Sys, events: number, data: number): Buffer {
  const buffer = sys.buffer(16);
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, events, true);
  view.setUint32(4, data, true);
  buffer.set(new Uint8Array(view.buffer));
  return buffer;
}

/** 32-bit numbers in memory. */
function ints(sys: Sys, ...values: number[]): Buffer {
  const buffer = sys.buffer(values.length * 4);
  buffer.set(new Uint8Array(Int32Array.from(values).buffer));
  return buffer;
}

/** What each kind of request does. */
export const uringRequests: Scenario[] = [
  scenario(
    "UR-7, UR-11: a read of an empty pipe waits in the pipe; its completion comes when the task enters next",
    function* (sys) {
      const ring = yield* made(sys);
      const buf = sys.buffer(16);
      const [from, to] = yield* pipe(sys);
      yield* go(sys, ring, [{ opcode: OP.READ, fd: from, addr: buf, len: 16, user_data: 1 }]);
      yield* sys.write(to, "hello");
      yield* taken(sys, ring);
      yield* sys.write(to, "ab");
      yield* go(sys, ring, [{ opcode: OP.READ, fd: from, addr: buf, len: 1, user_data: 2 }]);
      yield* go(
        sys,
        ring,
        [1, 2, 3].map((user_data) => ({ opcode: OP.READ, fd: from, addr: buf, len: 1, user_data })),
      );
      yield* sys.write(to, "cd");
      yield* taken(sys, ring);
      yield* sys.close(to);
      yield* taken(sys, ring);
    },
  ),
  scenario(
    "UR-8: O_NONBLOCK of a file that can be polled is ignored; MSG_DONTWAIT and RWF_NOWAIT are not",
    function* (sys) {
      const ring = yield* made(sys);
      const buf = sys.buffer(16);
      const [from, to] = yield* pipe(sys, O_NONBLOCK);
      const [a, b] = yield* pair(sys);
      yield* go(sys, ring, [{ opcode: OP.READ, fd: from, addr: buf, len: 16, user_data: 1 }]);
      yield* go(sys, ring, [{ opcode: OP.READ, fd: from, addr: buf, len: 16, op_flags: 8, user_data: 2 }]);
      yield* sys.write(to, "x");
      yield* taken(sys, ring);
      yield* go(sys, ring, [{ opcode: OP.RECV, fd: a, addr: buf, len: 16, op_flags: MSG_DONTWAIT, user_data: 3 }]);
      yield* sys.fcntl(a, 4, O_RDWR | O_NONBLOCK);
      yield* go(sys, ring, [{ opcode: OP.RECV, fd: a, addr: buf, len: 16, user_data: 4 }]);
      yield* sys.write(b, "y");
      yield* taken(sys, ring);
    },
  ),
  scenario("UR-9, UR-11: POLL_ADD tells once, or at every wake-up until it is removed", function* (sys) {
    const ring = yield* made(sys, 16);
    const [from, to] = yield* pipe(sys);
    const poll = (fd: number, events: number, user_data: number, len = 0): SqeFields => ({
      opcode: OP.POLL_ADD,
      fd,
      op_flags: events,
      user_data,
      len,
    });
    yield* go(sys, ring, [poll(from, IN, 1), poll(to, OUT, 2)]);
    yield* sys.write(to, "x");
    yield* taken(sys, ring);
    yield* sys.write(to, "x");
    yield* taken(sys, ring);
    yield* go(sys, ring, [poll(from, IN, 3, MULTI)]);
    yield* sys.write(to, "x");
    yield* sys.write(to, "x");
    yield* taken(sys, ring);
    yield* sys.read(from, sys.buffer(100));
    yield* taken(sys, ring);
    yield* go(sys, ring, [{ opcode: OP.POLL_REMOVE, addr: 3, user_data: 4 }]);
    yield* go(sys, ring, [{ opcode: OP.POLL_REMOVE, addr: 3, user_data: 5 }]);
    yield* go(sys, ring, [poll(from, IN, 6, MULTI), poll(from, IN, 7)]);
    yield* go(sys, ring, [{ opcode: OP.ASYNC_CANCEL, addr: 6, user_data: 8 }]);
    yield* sys.close(to);
    yield* taken(sys, ring);
    const plain = yield* file(sys);
    yield* go(sys, ring, [poll(plain, IN, 9)]);
  }),
  scenario("UR-7: a worker does not wait for a file that can be polled: the request can be cancelled", function* (sys) {
    const ring = yield* made(sys);
    const buf = sys.buffer(256);
    const [from, to] = yield* pipe(sys);
    const read = (fd: number, user_data: number): SqeFields => {
      return { opcode: OP.READ, fd, addr: buf, len: 128, off: AT_POSITION, flags: ASYNC, user_data };
    };
    const pause = () => sys.poll([], 20);
    yield* go(sys, ring, [read(from, 1)]);
    yield* pause();
    yield* go(sys, ring, [{ opcode: OP.ASYNC_CANCEL, addr: 1, user_data: 2 }], 2);
    yield* go(sys, ring, [read(from, 3)]);
    yield* pause();
    yield* sys.write(to, "hello");
    yield* go(sys, ring, [], 1);
    yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1, SIGUSR2]);
    const sfd = yield* sys.signalfd(-1, [SIGUSR1, SIGUSR2], 0);
    yield* go(sys, ring, [read(sfd, 4)]);
    yield* pause();
    yield* sys.kill(1, SIGUSR1);
    yield* go(sys, ring, [], 1);
    // A signal for the thread that has submitted it is none for the worker.
    yield* go(sys, ring, [read(sfd, 5)]);
    yield* pause();
    yield* sys.tgkill(1, 1, SIGUSR2);
    yield* pause();
    yield* go(sys, ring, []);
    yield* go(sys, ring, [{ opcode: OP.ASYNC_CANCEL, addr: 5, user_data: 6 }], 2);
    yield* sys.read(sfd, buf);
  }),
  scenario("UR-9, UR-10: what a ring's own completion wakes is told of once more, and then no longer", function* (sys) {
    const poll = (fd: number, events: number): SqeFields => {
      return { opcode: OP.POLL_ADD, fd, op_flags: events, user_data: 1, len: MULTI };
    };
    const complete = function* (ring: Ring) {
      for (let user_data = 2; user_data < 4; user_data++) {
        yield* go(sys, ring, [{ opcode: OP.NOP, user_data }], 1);
        yield* go(sys, ring, []);
      }
    };
    for (const events of [IN, OUT, IN | OUT]) {
      const ring = yield* made(sys, 4);
      yield* go(sys, ring, [poll(ring.fd, events)]);
      yield* complete(ring);
    }
    const told = yield* made(sys, 4);
    const efd = yield* sys.eventfd(0, O_NONBLOCK);
    yield* sys.io_uring_register(told.fd, 4, ints(sys, efd), 1);
    yield* go(sys, told, [poll(efd, IN)]);
    yield* complete(told);
    const watched = yield* made(sys, 4);
    const epfd = yield* sys.epoll_create1(0);
    yield* sys.epoll_ctl(epfd, ADD, watched.fd, { events: IN, data: { u64: 1n } });
    yield* go(sys, watched, [poll(epfd, IN)]);
    yield* complete(watched);
  }),
  scenario(
    "UR-10: a ring can be polled: OUT while there is room for entries, IN while there are completions",
    function* (sys) {
      const ring = yield* made(sys, 2);
      const epfd = yield* sys.epoll_create1(0);
      const events = sys.epoll_events(4);
      const [from, to] = yield* pipe(sys);
      yield* sys.epoll_ctl(epfd, ADD, ring.fd, { events: IN | OUT, data: { u64: 7n } });
      yield* sys.epoll_wait(epfd, events, 4, 0);
      yield* sys.ring_prep(ring, { opcode: OP.NOP }, { opcode: OP.NOP });
      yield* sys.epoll_wait(epfd, events, 4, 0);
      yield* sys.io_uring_enter(ring.fd, 2, 0, 0);
      yield* sys.epoll_wait(epfd, events, 4, 0);
      yield* taken(sys, ring);
      yield* sys.epoll_wait(epfd, events, 4, 0);
      yield* go(sys, ring, [{ opcode: OP.READ, fd: from, addr: sys.buffer(8), len: 8, user_data: 1 }]);
      yield* sys.epoll_ctl(epfd, 3, ring.fd, { events: IN, data: { u64: 8n } });
      yield* sys.epoll_wait(epfd, events, 4, 0);
      yield* sys.write(to, "x");
      yield* sys.epoll_wait(epfd, events, 4, 1000);
      yield* sys.poll([{ fd: ring.fd, events: IN | OUT }], 0);
      yield* taken(sys, ring);
    },
  ),
  scenario("UR-13: TIMEOUT completes with ETIME, or after so many completions", function* (sys) {
    const ring = yield* made(sys, 16);
    const timeout = (nsec: number, user_data: number, count = 0, op_flags = 0, sec = 0): SqeFields => ({
      opcode: OP.TIMEOUT,
      addr: time(sys, nsec, sec),
      len: 1,
      off: count,
      op_flags,
      user_data,
    });
    yield* go(sys, ring, [timeout(1_000_000, 1)], 1);
    yield* go(sys, ring, [timeout(1_000_000, 1, 0, ABS)], 1);
    yield* go(sys, ring, [timeout(0, 2)], 1);
    yield* go(sys, ring, [timeout(0, 3, 1, 0, 100), { opcode: OP.NOP, user_data: 4 }]);
    yield* go(sys, ring, [timeout(0, 3, 3, 0, 100), { opcode: OP.NOP, user_data: 4 }]);
    yield* go(sys, ring, [
      { opcode: OP.NOP, user_data: 5 },
      { opcode: OP.NOP, user_data: 6 },
    ]);
    yield* go(
      sys,
      ring,
      [
        { ...timeout(1_000_000, 7), flags: LINK },
        { opcode: OP.NOP, user_data: 8 },
      ],
      2,
    );
    yield* go(
      sys,
      ring,
      [
        { ...timeout(1_000_000, 7, 0, ETIME_SUCCESS), flags: LINK },
        { opcode: OP.NOP, user_data: 8 },
      ],
      2,
    );
    yield* go(sys, ring, [timeout(0, 9, 0, 0, 100), timeout(0, 10, 0, 0, 200)]);
    yield* go(sys, ring, [{ opcode: OP.TIMEOUT_REMOVE, addr: 9, user_data: 11 }]);
    yield* go(sys, ring, [{ opcode: OP.TIMEOUT_REMOVE, addr: 9, user_data: 12 }]);
    yield* go(
      sys,
      ring,
      [{ opcode: OP.TIMEOUT_REMOVE, addr: 10, off: time(sys, 1000), op_flags: UPDATE, user_data: 13 }],
      2,
    );
    yield* go(sys, ring, [
      { opcode: OP.TIMEOUT_REMOVE, addr: 10, off: time(sys, 1000), op_flags: UPDATE, user_data: 14 },
    ]);
    for (const op_flags of [4, 8, 12, 16, 32, 3]) yield* go(sys, ring, [timeout(1000, 20, 0, op_flags)], 1);
  }),
  scenario("UR-13: LINK_TIMEOUT ends the request before it; one that is done ends the limit", function* (sys) {
    const ring = yield* made(sys, 16);
    const buf = sys.buffer(16);
    const [from, to] = yield* pipe(sys);
    const read = (user_data: number, flags = LINK): SqeFields => ({
      opcode: OP.READ,
      fd: from,
      addr: buf,
      len: 1,
      user_data,
      flags,
    });
    const limit = (nsec: number, user_data: number, flags = 0): SqeFields => ({
      opcode: OP.LINK_TIMEOUT,
      addr: time(sys, nsec),
      len: 1,
      user_data,
      flags,
    });
    yield* go(sys, ring, [read(1), limit(1_000_000, 2)], 2);
    yield* go(sys, ring, [read(1), limit(999_000_000, 2)]);
    yield* sys.write(to, "x");
    yield* taken(sys, ring);
    yield* sys.write(to, "x");
    yield* go(sys, ring, [read(1), limit(999_000_000, 2)]);
    yield* go(sys, ring, [
      { opcode: OP.NOP, user_data: 1, flags: LINK },
      limit(999_000_000, 2, LINK),
      { opcode: OP.NOP, user_data: 3 },
    ]);
    yield* go(sys, ring, [read(1), limit(1_000_000, 2, LINK), { opcode: OP.NOP, user_data: 3 }], 3);
    yield* go(sys, ring, [read(1), limit(999_000_000, 2), { opcode: OP.ASYNC_CANCEL, addr: 1, user_data: 4 }]);
    yield* go(sys, ring, [read(1), limit(999_000_000, 2, LINK), limit(1_000_000, 3)], 1);
    yield* go(sys, ring, [{ opcode: OP.NOP, user_data: 1 }, limit(1000, 2)]);
    yield* go(
      sys,
      ring,
      [{ opcode: OP.TIMEOUT, addr: time(sys, 0, 100), len: 1, user_data: 1, flags: LINK }, limit(1_000_000, 2)],
      2,
    );
  }),
  scenario("UR-6: ASYNC_CANCEL finds requests by their number, descriptor or kind", function* (sys) {
    const ring = yield* made(sys, 16);
    const buf = sys.buffer(16);
    const [from] = yield* pipe(sys);
    const [other] = yield* pipe(sys);
    const read = (fd: number, user_data: number): SqeFields => ({ opcode: OP.READ, fd, addr: buf, len: 1, user_data });
    const cancel = (fields: Partial<SqeFields>): SqeFields => ({ opcode: OP.ASYNC_CANCEL, user_data: 99, ...fields });
    yield* go(sys, ring, [
      read(from, 1),
      read(other, 2),
      read(from, 1),
      { opcode: OP.POLL_ADD, fd: from, op_flags: IN, user_data: 1 },
    ]);
    yield* go(sys, ring, [cancel({ addr: 1 })]);
    yield* go(sys, ring, [cancel({ addr: 1, op_flags: 1 })]);
    yield* go(sys, ring, [cancel({ addr: 1, op_flags: 1 })]);
    yield* go(sys, ring, [read(from, 3), read(from, 4), cancel({ fd: from, op_flags: 2 })]);
    yield* go(sys, ring, [cancel({ fd: from, op_flags: 3 })]);
    yield* go(sys, ring, [cancel({ fd: 900, op_flags: 2 })]);
    yield* go(sys, ring, [
      read(from, 3),
      { opcode: OP.POLL_ADD, fd: from, op_flags: IN, user_data: 5 },
      cancel({ len: OP.POLL_ADD, op_flags: 0x21 }),
    ]);
    yield* go(sys, ring, [cancel({ addr: 2 })]);
    yield* go(sys, ring, [cancel({ op_flags: 4 })]);
    yield* go(sys, ring, [cancel({ op_flags: 4 })]);
    for (const op_flags of [6, 0x24, 0x14, 0x40]) yield* go(sys, ring, [cancel({ op_flags })]);
    yield* go(sys, ring, [{ opcode: OP.TIMEOUT, addr: time(sys, 0, 100), len: 1, user_data: 8 }, cancel({ addr: 8 })]);
  }),
  scenario("UR-14: EPOLL_CTL and EPOLL_WAIT by way of a ring", function* (sys) {
    const ring = yield* made(sys, 8);
    const epfd = yield* sys.epoll_create1(0);
    const [from, to] = yield* pipe(sys);
    const events = sys.buffer(48);
    const ctl = (op: number, fd: number, user_data: number): SqeFields => ({
      opcode: OP.EPOLL_CTL,
      fd: epfd,
      len: op,
      off: fd,
      addr: event(sys, IN, 5),
      user_data,
    });
    yield* go(sys, ring, [ctl(ADD, from, 1), ctl(ADD, from, 2), ctl(DEL, to, 3), ctl(ADD, 900, 4)]);
    const wait: SqeFields = { opcode: OP.EPOLL_WAIT, fd: epfd, addr: events, len: 4, user_data: 6 };
    yield* go(sys, ring, [wait]);
    yield* sys.write(to, "x");
    yield* taken(sys, ring);
    yield* go(sys, ring, [wait]);
    yield* go(sys, ring, [{ ...wait, len: 0 }]);
    yield* go(sys, ring, [{ ...wait, fd: from }]);
    yield* go(sys, ring, [{ ...wait, addr: 8 }]);
    yield* go(sys, ring, [{ ...wait, off: 1 }]);
  }),
  scenario("UR-5, UR-7: files are opened, read at positions, written, closed", function* (sys) {
    const ring = yield* made(sys, 8);
    const buf = sys.buffer(16);
    yield* go(
      sys,
      ring,
      [{ opcode: OP.OPENAT, fd: AT_FDCWD, addr: "/opened", op_flags: O_RDWR | O_CREAT, len: 0o644, user_data: 1 }],
      1,
    );
    const fd = 4;
    buf.set(new Uint8Array([65, 66, 67, 68]));
    yield* go(sys, ring, [{ opcode: OP.WRITE, fd, addr: buf, len: 4, off: AT_POSITION, user_data: 2 }], 1);
    yield* go(sys, ring, [{ opcode: OP.WRITE, fd, addr: buf, len: 4, off: 10, user_data: 3 }], 1);
    yield* sys.lseek(fd, 0, 1);
    for (const off of [0, 2, 12, 14, 99, AT_POSITION, -2])
      yield* go(sys, ring, [{ opcode: OP.READ, fd, addr: buf, len: 8, off, user_data: 4 }], 1);
    yield* sys.lseek(fd, 0, 1);
    yield* go(sys, ring, [{ opcode: OP.READV, fd, addr: iovecs(sys, buf, buf), len: 2, user_data: 5 }], 1);
    yield* go(sys, ring, [{ opcode: OP.FSYNC, fd, user_data: 6 }], 1);
    yield* go(sys, ring, [{ opcode: OP.FSYNC, fd, op_flags: 1, user_data: 6 }], 1);
    yield* go(sys, ring, [{ opcode: OP.FSYNC, fd, op_flags: 2, user_data: 6 }], 1);
    yield* go(sys, ring, [{ opcode: OP.FALLOCATE, fd, off: 0, addr: 100, user_data: 7 }], 1);
    yield* sys.fstat(fd, {});
    yield* go(sys, ring, [{ opcode: OP.OPENAT, fd: AT_FDCWD, addr: "/missing", user_data: 8 }], 1);
    yield* go(sys, ring, [{ opcode: OP.OPENAT, fd: AT_FDCWD, addr: 8, user_data: 8 }], 1);
    yield* go(
      sys,
      ring,
      [
        { opcode: OP.READ, fd, addr: buf, len: 4, user_data: 9, flags: LINK },
        { opcode: OP.CLOSE, fd, user_data: 10 },
      ],
      2,
    );
    yield* go(sys, ring, [{ opcode: OP.CLOSE, fd, user_data: 11 }], 1);
    yield* go(sys, ring, [{ opcode: OP.READ, fd: 900, addr: buf, len: 4, user_data: 12, flags: ASYNC }], 1);
  }),
  scenario("UR-7: sockets: accepting, connecting, sending, receiving, shutting down", function* (sys) {
    const ring = yield* made(sys, 8);
    const buf = sys.buffer(32);
    const listener = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.bind(listener, { port: 4000 });
    yield* sys.listen(listener, 8);
    const accept: SqeFields = { opcode: OP.ACCEPT, fd: listener, user_data: 1 };
    yield* go(sys, ring, [accept]);
    const client = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
    yield* sys.connect(client, { port: 4000 });
    yield* go(sys, ring, [], 1);
    const server = 6;
    yield* go(sys, ring, [{ opcode: OP.RECV, fd: server, addr: buf, len: 8, user_data: 2 }]);
    yield* go(sys, ring, [{ opcode: OP.SEND, fd: client, addr: buf, len: 5, user_data: 3 }], 2);
    const all: SqeFields = { opcode: OP.RECV, fd: server, addr: buf, len: 8, op_flags: MSG_WAITALL, user_data: 4 };
    yield* go(sys, ring, [
      { ...all, flags: LINK },
      { opcode: OP.NOP, user_data: 5 },
    ]);
    yield* go(sys, ring, [{ opcode: OP.SEND, fd: client, addr: buf, len: 5, user_data: 6 }], 1);
    yield* go(sys, ring, [{ opcode: OP.SEND, fd: client, addr: buf, len: 5, user_data: 7 }], 3);
    yield* go(sys, ring, [
      { ...all, flags: LINK },
      { opcode: OP.NOP, user_data: 5 },
    ]);
    yield* go(sys, ring, [{ opcode: OP.SHUTDOWN, fd: client, len: SHUT_WR, user_data: 8 }], 3);
    yield* go(sys, ring, [{ ...accept, ioprio: MULTI }]);
    for (let i = 0; i < 2; i++) {
      const more = yield* sys.socket(AF_INET, SOCK_STREAM, 0);
      yield* sys.connect(more, { port: 4000 });
      yield* go(sys, ring, [], 1);
    }
    yield* go(sys, ring, [{ opcode: OP.ASYNC_CANCEL, addr: 1, user_data: 9 }], 2);
    yield* go(sys, ring, [{ opcode: OP.SEND, fd: listener, addr: buf, len: 5, user_data: 10, op_flags: 0x4000 }], 1);
    yield* go(sys, ring, [{ opcode: OP.SHUTDOWN, fd: 3, len: SHUT_WR, user_data: 8 }], 1);
    for (const fields of [{ len: 1 }, { buf_index: 1 }, { ioprio: 8 }])
      yield* go(sys, ring, [{ ...accept, ...fields }], 1);
    yield* go(sys, ring, [{ opcode: OP.SOCKET, fd: AF_INET, off: SOCK_STREAM, user_data: 11 }], 1);
    yield* go(sys, ring, [{ opcode: OP.CONNECT, fd: 3, addr: buf, off: 16, user_data: 12 }], 1);
  }),
  ...[pair, connection].map((connected) =>
    scenario(
      `UR-7: a request for all bytes of a ${connected.name} counts what came in any number of pieces, whoever ends it`,
      function* (sys) {
        const ring = yield* made(sys, 8);
        const buf = sys.buffer(4096);
        for (const pieces of [10, 127, 128, 140]) {
          for (const end of ["bytes", "end", "cancel"] as const) {
            const [to, from] = yield* connected(sys);
            const len = pieces * 3 + (end === "bytes" ? 0 : 3);
            const all: SqeFields = { opcode: OP.RECV, fd: from, addr: buf, len, op_flags: MSG_WAITALL, user_data: 1 };
            yield* go(sys, ring, [
              { ...all, flags: LINK },
              { opcode: OP.NOP, user_data: 2 },
            ]);
            for (let i = 1; i < pieces; i++) {
              yield* sys.unrecorded.write(to, "abc");
              yield* sys.unrecorded.io_uring_enter(ring.fd, 0, 0, GETEVENTS);
            }
            yield* taken(sys, ring);
            // A request that has been told often enough is a worker's by then.
            yield* sys.nanosleep(MOMENT);
            if (end !== "cancel") yield* sys.write(to, "abc");
            if (end === "end") yield* sys.shutdown(to, SHUT_WR);
            const cancel = end === "cancel" ? [{ opcode: OP.ASYNC_CANCEL, addr: 1, user_data: 3 }] : [];
            yield* go(sys, ring, cancel, 2 + cancel.length);
            yield* sys.close(to);
            yield* sys.close(from);
          }
        }
      },
    ),
  ),
  scenario("UR-7: splicing and teeing, at positions too", function* (sys) {
    const ring = yield* made(sys, 8);
    const [from, to] = yield* pipe(sys);
    const [from2, to2] = yield* pipe(sys);
    const fd = yield* file(sys);
    const splice = (source: number, off: number, target: number, at: number, len: number): SqeFields => ({
      opcode: OP.SPLICE,
      file_index: source,
      addr: off,
      fd: target,
      off: at,
      len,
      user_data: 1,
    });
    yield* go(sys, ring, [splice(fd, 2, to, AT_POSITION, 4)], 1);
    yield* go(sys, ring, [splice(fd, AT_POSITION, to, AT_POSITION, 4)], 1);
    yield* go(sys, ring, [{ opcode: OP.TEE, file_index: from, fd: to2, len: 3, user_data: 2 }], 1);
    yield* go(sys, ring, [splice(from, AT_POSITION, fd, 20, 4)], 1);
    yield* go(sys, ring, [splice(from2, AT_POSITION, to, AT_POSITION, 100)], 1);
    yield* go(sys, ring, [splice(from, 0, to2, AT_POSITION, 100)], 1);
    yield* go(sys, ring, [splice(fd, 0, fd, 0, 100)], 1);
    yield* go(sys, ring, [splice(900, -1, to, -1, 100)], 1);
    yield* go(sys, ring, [splice(fd, 0, 900, -1, 100)], 1);
    yield* go(
      sys,
      ring,
      [
        { ...splice(fd, 8, to, AT_POSITION, 4), flags: LINK },
        { opcode: OP.NOP, user_data: 3 },
      ],
      2,
    );
    yield* go(sys, ring, [splice(fd, 0, to, AT_POSITION, 0)], 1);
    yield* go(sys, ring, [{ ...splice(fd, 0, to, AT_POSITION, 4), op_flags: 0x40 }], 1);
    yield* sys.read(from, sys.buffer(40));
    yield* sys.fstat(fd, {});
  }),
  scenario("UR-5: registered files and buffers, an eventfd, and what registering refuses", function* (sys) {
    const ring = yield* made(sys, 8);
    const [from, to] = yield* pipe(sys);
    const buf = sys.buffer(4096);
    const [BUFFERS, UNBUFFERS, FILES, UNFILES, EVENTFD, UNEVENTFD] = [0, 1, 2, 3, 4, 5];
    const register = (opcode: number, arg: Buffer | number | null, nr: number) =>
      sys.io_uring_register(ring.fd, opcode, arg, nr);
    yield* sys.io_uring_register(900, BUFFERS, null, 0);
    yield* sys.io_uring_register(from, BUFFERS, null, 0);
    yield* register(999, null, 0);
    for (const opcode of [UNBUFFERS, UNFILES, UNEVENTFD]) {
      yield* register(opcode, null, 0);
      yield* register(opcode, null, 1);
    }
    for (const opcode of [BUFFERS, FILES, EVENTFD]) {
      yield* register(opcode, null, 1);
      yield* register(opcode, 8, 0);
      yield* register(opcode, 8, 1);
      yield* register(opcode, 8, 70_000);
    }
    yield* register(FILES, ints(sys, from, -1, 900), 3);
    yield* register(FILES, ints(sys, from, -1, to), 3);
    yield* register(FILES, ints(sys, from, -1, to), 3);
    yield* register(BUFFERS, iovecs(sys, buf), 1);
    yield* register(BUFFERS, iovecs(sys, buf), 1);
    const fixed = { opcode: OP.WRITE_FIXED, fd: 2, flags: FIXED_FILE, addr: buf, len: 5, user_data: 1 };
    yield* go(sys, ring, [
      fixed,
      { ...fixed, len: 4097 },
      { ...fixed, buf_index: 1 },
      { ...fixed, fd: 1 },
      { ...fixed, fd: 3 },
    ]);
    yield* go(sys, ring, [{ opcode: OP.READ_FIXED, fd: 0, flags: FIXED_FILE, addr: buf, len: 8, user_data: 2 }]);
    yield* go(sys, ring, [{ opcode: OP.READ_FIXED, fd: 0, flags: FIXED_FILE, addr: buf, len: 8, user_data: 3 }]);
    yield* sys.write(to, "abcdefgh");
    yield* taken(sys, ring);
    const efd = yield* sys.eventfd(0, O_NONBLOCK);
    yield* register(EVENTFD, ints(sys, from), 1);
    yield* register(EVENTFD, ints(sys, efd), 1);
    yield* register(EVENTFD, ints(sys, efd), 1);
    yield* go(sys, ring, [{ opcode: OP.NOP }, { opcode: OP.NOP }]);
    yield* sys.read(efd, sys.buffer(8));
    yield* go(sys, ring, [{ opcode: OP.READ, fd: from, addr: buf, len: 8 }]);
    yield* sys.read(efd, sys.buffer(8));
    yield* sys.write(to, "x");
    yield* sys.read(efd, sys.buffer(8));
    for (const opcode of [UNBUFFERS, UNFILES, UNEVENTFD]) yield* register(opcode, null, 0);
  }),
  scenario("UR-11: one who waits for completions sleeps until there are so many, or a time is over", function* (sys) {
    const ring = yield* made(sys, 8);
    const buf = sys.buffer(16);
    const [from, to] = yield* pipe(sys);
    yield* sys.clone(0x500, function* (task) {
      yield* task.asleep();
      yield* task.write(to, "a");
      yield* task.asleep();
      yield* task.write(to, "b");
    });
    const read: SqeFields = { opcode: OP.READ, fd: from, addr: buf, len: 1 };
    yield* go(
      sys,
      ring,
      [
        { ...read, user_data: 1 },
        { ...read, user_data: 2 },
      ],
      2,
    );
    const argument = words(sys, 0, 8, time(sys, 1_000_000).address);
    yield* sys.io_uring_enter(ring.fd, 0, 1, GETEVENTS | 8, argument, 24);
  }),
  scenario("UR-7: a disabled ring takes nothing; a ring with one issuer knows it", function* (sys) {
    const ring = yield* made(sys, 4, { flags: 0x40 });
    yield* go(sys, ring, [{ opcode: OP.NOP, user_data: 1 }]);
    yield* sys.io_uring_register(ring.fd, 12, null, 1);
    yield* sys.io_uring_register(ring.fd, 12, null, 0);
    yield* sys.io_uring_register(ring.fd, 12, null, 0);
    yield* sys.io_uring_enter(ring.fd, 1, 0, 0);
    yield* taken(sys, ring);
    const single = yield* made(sys, 4, { flags: 0x1000 });
    yield* sys.ring_prep(single, { opcode: OP.NOP, user_data: 1 });
    yield* sys.clone(0x500, function* (task) {
      yield* task.io_uring_enter(single.fd, 1, 0, 0);
      yield* task.io_uring_register(single.fd, 3, null, 0);
    });
    yield* sys.asleep();
    yield* sys.io_uring_enter(single.fd, 1, 0, 0);
    const all = yield* made(sys, 4, { flags: 0x80 });
    yield* go(sys, all, [
      { opcode: 200, user_data: 1 },
      { opcode: OP.NOP, user_data: 2 },
    ]);
  }),
];
