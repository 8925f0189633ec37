import {
  CLONE_FILES,
  CLONE_VM,
  type Context,
  IN,
  IOCB_CMD_FDSYNC,
  IOCB_CMD_FSYNC,
  IOCB_CMD_NOOP,
  IOCB_CMD_POLL,
  IOCB_CMD_PREAD,
  IOCB_CMD_PREADV,
  IOCB_CMD_PWRITE,
  type IoEvent,
  type IocbFields,
  O_CREAT,
  O_NONBLOCK,
  O_RDWR,
  OUT,
  PRI,
  RDHUP,
  type Scenario,
  SHUT_WR,
  SIGUSR1,
  type Sys,
  scenario,
} from "../scenario.ts";

const THREAD = CLONE_VM | CLONE_FILES;
const NOW = { sec: 0, nsec: 0 };
const SOON = { sec: 0, nsec: 20_000_000 };
const BAD = 8;

function* setup(sys: Sys): Generator<unknown, Context> {
  const ctx = { value: 0 };
  yield* sys.io_setup(4, ctx);
  return ctx;
}

function* pipe(sys: Sys, flags = O_NONBLOCK): Generator<unknown, [number, number]> {
  const fds: number[] = [];
  yield* sys.pipe2(fds, flags);
  return [fds[0]!, fds[1]!];
}

/** Submits one request; if that went well, waits a moment for its event. */
function* go(sys: Sys, ctx: Context, fields: IocbFields): Generator<unknown, void> {
  if ((yield* sys.io_submit(ctx, [sys.iocb(fields)])) === 1) yield* sys.io_getevents(ctx, 1, 8, [], SOON);
}

function* file(sys: Sys, content = "0123456789"): Generator<unknown, number> {
  const fd = (yield* sys.open("/aio", O_RDWR | O_CREAT, 0o644)) as number;
  yield* sys.write(fd, content);
  return fd;
}

/** Asynchronous requests. */
export const aio: Scenario[] = [
  scenario(
    "AI-1, AI-2: a context is a ring that the program sees, with many more slots than asked for",
    function* (sys) {
      const ctx = { value: 0 };
      for (const bad of [16, 0]) yield* sys.io_setup(bad ? 4 : 0, bad || ctx);
      yield* sys.io_setup(4, { value: 5 });
      yield* sys.io_setup(0, BAD);
      for (const nr of [1, 4, 62, 63, 126, 127, 1000, 65_536]) {
        ctx.value = 0;
        yield* sys.io_setup(nr, ctx);
        yield* sys.aio_ring(ctx, {});
        yield* sys.io_destroy(ctx);
      }
      for (const nr of [65_537, 0x40_0000, 0x40_0001, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff])
        yield* sys.io_setup(nr, { value: 0 });
    },
  ),
  scenario("AI-1: contexts are numbered in their process, and numbers are given anew", function* (sys) {
    const [a, b, c] = [yield* setup(sys), yield* setup(sys), yield* setup(sys)];
    for (const ctx of [a, b, c]) yield* sys.aio_ring(ctx, {});
    yield* sys.io_destroy(b);
    yield* sys.io_destroy(b);
    yield* sys.io_submit(b, []);
    yield* sys.io_getevents(b, 0, 1, [], NOW);
    const again = yield* setup(sys);
    yield* sys.aio_ring(again, {});
  }),
  scenario("AI-2: all contexts together have so many requests, EAGAIN", function* (sys) {
    for (let i = 0; i < 9; i++) yield* sys.io_setup(8000, { value: 0 });
  }),
  scenario("AI-3: io_submit() stops at the first bad iocb and tells how many came before it", function* (sys) {
    const ctx = yield* setup(sys);
    const fd = yield* file(sys);
    const buf = sys.buffer(16);
    const good = [1, 2, 3].map((data) => sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf, data }));
    const bad = sys.iocb({ opcode: IOCB_CMD_PREAD, fd: 900, buf });
    yield* sys.io_submit(ctx, [good[0]!, bad, good[1]!]);
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
    yield* sys.io_submit(ctx, [good[0]!, BAD, good[1]!]);
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
    yield* sys.io_submit(ctx, 2, good);
    yield* sys.io_getevents(ctx, 0, 8, [], NOW);
    yield* sys.io_submit(ctx, [bad]);
    yield* sys.io_submit(ctx, [BAD]);
    yield* sys.io_submit(ctx, 1, BAD);
    yield* sys.io_submit(ctx, -1, good);
    yield* sys.io_submit(ctx, 0, BAD);
    yield* sys.io_submit(BAD, 0, good);
    yield* sys.io_submit(BAD, -1, good);
  }),
  scenario("AI-3: what an iocb asks for is looked at in a certain order", function* (sys) {
    const ctx = yield* setup(sys);
    const fd = yield* file(sys);
    const [from, to] = yield* pipe(sys);
    const buf = sys.buffer(16);
    const PREAD = { opcode: IOCB_CMD_PREAD, fd, buf };
    for (const opcode of [4, IOCB_CMD_NOOP, 9, 99]) yield* go(sys, ctx, { ...PREAD, opcode });
    const wrong: IocbFields[] = [
      { ...PREAD, opcode: 99, fd: 900 },
      { ...PREAD, fd: 900, reserved2: 1 },
      { ...PREAD, fd: 900, nbytes: -1 },
      { ...PREAD, fd: 900, resfd: 901 },
      { ...PREAD, opcode: 99, resfd: 901 },
      { ...PREAD, opcode: 99, resfd: from },
      { ...PREAD, fd: to },
      { ...PREAD, fd: to, nbytes: 4, buf: -1 },
      { ...PREAD, fd: to, rw_flags: 0x200 },
      { ...PREAD, opcode: IOCB_CMD_PWRITE, fd: from },
      { ...PREAD, offset: -1 },
      { ...PREAD, fd: from, offset: -1 },
      { ...PREAD, nbytes: 4, buf: -1, offset: -1 },
      { ...PREAD, nbytes: 4, buf: BAD },
      { ...PREAD, nbytes: 4, buf: -1 },
      { ...PREAD, nbytes: 0 },
      { ...PREAD, flags: 4 },
    ];
    for (const fields of wrong) yield* go(sys, ctx, fields);
    yield* go(sys, ctx, { ...PREAD, opcode: IOCB_CMD_PREADV, buf: BAD, nbytes: 1 });
    yield* go(sys, ctx, { ...PREAD, opcode: IOCB_CMD_PREADV, buf: BAD, nbytes: 0 });
    yield* go(sys, ctx, { ...PREAD, opcode: IOCB_CMD_PREADV, buf: BAD, nbytes: 1025 });
  }),
  scenario("AI-3: urgency and the flags of a single request", function* (sys) {
    const ctx = yield* setup(sys);
    const [from, to] = yield* pipe(sys);
    const buf = sys.buffer(4);
    for (let kind = 0; kind < 6; kind++) {
      for (const level of [0, 1, 7, 8]) {
        yield* go(sys, ctx, { opcode: IOCB_CMD_PWRITE, fd: to, buf, reqprio: (((kind << 13) << 16) >> 16) | level });
      }
    }
    for (let bit = 1; bit < 0x1000; bit <<= 1) {
      yield* go(sys, ctx, { opcode: IOCB_CMD_PREAD, fd: from, buf, rw_flags: bit });
      yield* go(sys, ctx, { opcode: IOCB_CMD_PWRITE, fd: to, buf, rw_flags: bit });
    }
    yield* go(sys, ctx, { opcode: IOCB_CMD_PWRITE, fd: to, buf, rw_flags: 0x30 });
  }),
  scenario("AI-4: a buffered file is read and written inside io_submit(), its event is there at once", function* (sys) {
    const ctx = yield* setup(sys);
    const fd = yield* file(sys);
    const buf = sys.buffer(16);
    for (const offset of [0, 8, 10, 99]) {
      yield* sys.io_submit(ctx, [sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf, offset, data: offset })]);
      yield* sys.aio_ring(ctx, {});
      yield* sys.io_getevents(ctx, 0, 8, [], NOW);
    }
    yield* sys.io_submit(ctx, [sys.iocb({ opcode: IOCB_CMD_PWRITE, fd, buf, offset: 12, nbytes: 4 })]);
    yield* sys.io_getevents(ctx, 0, 8, [], NOW);
    yield* sys.fstat(fd, {});
    yield* sys.lseek(fd, 0, 1);
  }),
  scenario("AI-5: io_getevents() looks at its time, then at the context, then at the numbers", function* (sys) {
    const ctx = yield* setup(sys);
    const fd = yield* file(sys);
    yield* sys.io_getevents(ctx, 2, 1, [], NOW);
    yield* sys.io_getevents(ctx, -1, 1, [], NOW);
    yield* sys.io_getevents(ctx, 0, -1, [], NOW);
    yield* sys.io_getevents(ctx, 0, 1, [], BAD);
    yield* sys.io_getevents(BAD, 0, 1, [], BAD);
    yield* sys.io_getevents(BAD, 0, 1, [], NOW);
    yield* sys.io_getevents(ctx, 0, 0, BAD);
    yield* sys.io_getevents(ctx, 0, 4, BAD);
    yield* sys.io_getevents(ctx, 1, 1, [], { sec: 0, nsec: 1 });
    const iocb = sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf: sys.buffer(4) });
    yield* sys.io_submit(ctx, [iocb, iocb, iocb]);
    yield* sys.io_getevents(ctx, 1, 1, BAD, NOW);
    yield* sys.io_getevents(ctx, 1, 2, []);
    yield* sys.io_getevents(ctx, 3, 8, [], SOON);
    yield* sys.io_getevents(ctx, 0, 8, []);
    yield* sys.aio_ring(ctx, {});
  }),
  scenario("AI-5: whoever waits for two events sleeps until there are two", function* (sys) {
    const ctx = yield* setup(sys);
    const fd = yield* file(sys);
    const iocb = sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf: sys.buffer(4), data: 7 });
    yield* sys.clone(THREAD, function* (task) {
      yield* task.io_getevents(ctx, 2, 8, []);
    });
    yield* sys.clone(THREAD, function* (task) {
      yield* task.io_getevents(ctx, 1, 8, []);
    });
    yield* sys.asleep();
    yield* sys.io_submit(ctx, [iocb]);
    yield* sys.asleep();
    yield* sys.io_submit(ctx, [iocb]);
    yield* sys.asleep();
    yield* sys.io_submit(ctx, [iocb]);
    yield* sys.asleep();
  }),
  scenario("AI-5: a signal ends waiting, with what has been taken; pgetevents goes on or not", function* (sys) {
    const ctx = yield* setup(sys);
    const fd = yield* file(sys);
    const iocb = sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf: sys.buffer(4), data: 7 });
    yield* sys.sigaction(SIGUSR1, function* () {});
    const me = yield* sys.getpid();
    const interrupted = function* (wait: () => Iterable<unknown>): Generator<unknown, void> {
      yield* sys.fork(function* (child) {
        yield* child.asleep();
        yield* child.kill(me, SIGUSR1);
      });
      yield* wait();
      yield* sys.wait4(-1, null, 0);
    };
    yield* interrupted(() => sys.io_getevents(ctx, 1, 8, []));
    yield* sys.io_submit(ctx, [iocb]);
    yield* interrupted(() => sys.io_getevents(ctx, 2, 8, []));
    yield* interrupted(() => sys.io_pgetevents(ctx, 1, 8, [], null, []));
    yield* sys.io_submit(ctx, [iocb]);
    yield* interrupted(() => sys.io_pgetevents(ctx, 2, 8, [], null, null));
  }),
  scenario("AI-6: an event has the program's number, the result, and adds 1 to an eventfd", function* (sys) {
    const ctx = yield* setup(sys);
    const fd = yield* file(sys);
    const efd = yield* sys.eventfd(0, O_NONBLOCK);
    const buf = sys.buffer(8);
    const iocb = sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf, data: 0x7fff_ffff_ffff, resfd: efd });
    yield* sys.io_submit(ctx, [iocb, iocb]);
    yield* sys.read(efd, sys.buffer(8));
    yield* sys.io_getevents(ctx, 2, 8, []);
    yield* go(sys, ctx, { opcode: IOCB_CMD_PREAD, fd, buf, resfd: fd });
    yield* go(sys, ctx, { opcode: IOCB_CMD_PREAD, fd, buf, resfd: 900 });
    const [from, to] = yield* pipe(sys);
    yield* sys.io_submit(ctx, [sys.iocb({ opcode: IOCB_CMD_POLL, fd: from, buf: IN, resfd: efd })]);
    yield* sys.close(efd);
    yield* sys.write(to, "x");
    const events: IoEvent[] = [];
    yield* sys.io_getevents(ctx, 1, 8, events);
  }),
  scenario("AI-7: a request polls once; woken, it tells what the wake-up said", function* (sys) {
    const ctx = yield* setup(sys);
    const fd = yield* file(sys);
    const poll = (on: number, events: number) => ({ opcode: IOCB_CMD_POLL, fd: on, buf: events });
    for (const events of [IN, PRI, 0, 0xffff, 0x1_0001]) yield* go(sys, ctx, poll(fd, events));
    for (const more of [{ nbytes: 1 }, { offset: 1 }, { rw_flags: 1 }])
      yield* go(sys, ctx, { ...poll(fd, IN), ...more });
    const [from, to] = yield* pipe(sys);
    yield* go(sys, ctx, poll(from, IN));
    yield* sys.write(to, "x");
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
    yield* sys.write(to, "x");
    yield* sys.io_getevents(ctx, 1, 8, [], NOW);
    for (const events of [IN, IN | 0x40, 0xffff]) yield* go(sys, ctx, poll(from, events));
    yield* go(sys, ctx, poll(to, OUT));
    yield* go(sys, ctx, poll(from, OUT));
    yield* sys.read(from, sys.buffer(8));
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
    yield* sys.close(to);
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
  }),
  scenario("AI-7: polling eventfds, eventpolls, sockets and FIFOs that are both ends", function* (sys) {
    const ctx = yield* setup(sys);
    const poll = (fd: number, events: number) => ({ opcode: IOCB_CMD_POLL, fd, buf: events });
    const efd = yield* sys.eventfd(0, O_NONBLOCK);
    const epfd = yield* sys.epoll_create1(0);
    yield* sys.epoll_ctl(epfd, 1, efd, { events: IN, data: { u64: 1n } });
    yield* go(sys, ctx, poll(efd, IN));
    yield* go(sys, ctx, poll(epfd, IN));
    yield* sys.write(efd, new Uint8Array([1, 0, 0, 0, 0, 0, 0, 0]));
    yield* sys.io_getevents(ctx, 2, 8, [], SOON);
    const pair: number[] = [];
    yield* sys.socketpair(1, 1, 0, pair);
    const [a, b] = [pair[0]!, pair[1]!];
    yield* go(sys, ctx, poll(a, IN));
    yield* sys.write(b, "x");
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
    yield* sys.read(a, sys.buffer(8));
    yield* go(sys, ctx, poll(a, IN));
    yield* sys.shutdown(b, SHUT_WR);
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
    yield* go(sys, ctx, poll(a, RDHUP));
    yield* go(sys, ctx, poll(b, PRI));
    yield* sys.close(a);
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
    yield* sys.mkfifo("/fifo");
    const fifo = yield* sys.open("/fifo", O_RDWR);
    yield* go(sys, ctx, poll(fifo, IN));
    yield* go(sys, ctx, poll(fifo, OUT));
  }),
  scenario("AI-7: a request that polls keeps its file: closing the descriptor does not end it", function* (sys) {
    const ctx = yield* setup(sys);
    const [from, to] = yield* pipe(sys);
    yield* go(sys, ctx, { opcode: IOCB_CMD_POLL, fd: from, buf: IN });
    yield* sys.close(from);
    yield* sys.io_getevents(ctx, 1, 8, [], NOW);
    yield* sys.write(to, "x");
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
    yield* sys.sigaction(13, 1);
    yield* sys.write(to, "x");
  }),
  scenario("AI-8: io_cancel() answers EINPROGRESS and the event comes; others are not cancelled", function* (sys) {
    const ctx = yield* setup(sys);
    const [from, to] = yield* pipe(sys);
    const iocb = sys.iocb({ opcode: IOCB_CMD_POLL, fd: from, buf: IN, data: 3 });
    yield* sys.io_cancel(ctx, iocb);
    yield* sys.io_submit(ctx, [iocb]);
    yield* sys.io_cancel(ctx, BAD);
    yield* sys.io_cancel(BAD, iocb);
    yield* sys.io_cancel(BAD, BAD);
    yield* sys.io_cancel(ctx, sys.iocb({ opcode: IOCB_CMD_POLL, fd: from, buf: IN }));
    yield* sys.io_cancel(ctx, iocb);
    yield* sys.io_cancel(ctx, iocb);
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
    yield* sys.io_submit(ctx, [iocb, iocb]);
    for (let i = 0; i < 3; i++) yield* sys.io_cancel(ctx, iocb);
    yield* sys.io_getevents(ctx, 2, 8, [], SOON);
    const other = sys.iocb({ opcode: IOCB_CMD_POLL, fd: from, buf: IN, data: 4 });
    yield* sys.io_submit(ctx, [iocb, other]);
    yield* sys.io_cancel(ctx, other);
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
    yield* sys.write(to, "x");
    yield* sys.io_getevents(ctx, 1, 8, [], SOON);
  }),
  scenario("AI-8: io_destroy() cancels requests that poll, and who waits for events is told", function* (sys) {
    const ctx = yield* setup(sys);
    const [from] = yield* pipe(sys);
    yield* go(sys, ctx, { opcode: IOCB_CMD_POLL, fd: from, buf: IN });
    yield* sys.clone(THREAD, function* (task) {
      yield* task.io_getevents(ctx, 1, 8, []);
    });
    yield* sys.asleep();
    yield* sys.io_destroy(ctx);
    yield* sys.asleep();
    yield* sys.io_destroy(ctx);
  }),
  scenario("AI-9: an empty pipe gives EAGAIN in the event, or makes io_submit() sleep", function* (sys) {
    const ctx = yield* setup(sys);
    const [from, to] = yield* pipe(sys);
    const buf = sys.buffer(8);
    yield* go(sys, ctx, { opcode: IOCB_CMD_PREAD, fd: from, buf });
    yield* go(sys, ctx, { opcode: IOCB_CMD_PWRITE, fd: to, buf, nbytes: 3 });
    yield* go(sys, ctx, { opcode: IOCB_CMD_PREAD, fd: from, buf, offset: 1000 });
    const [empty, into] = yield* pipe(sys, 0);
    const [one, two] = [1, 2].map((data) => sys.iocb({ opcode: IOCB_CMD_PREAD, fd: empty, buf, nbytes: 2, data }));
    yield* sys.clone(THREAD, function* (task) {
      yield* task.io_submit(ctx, [one!, two!, one!]);
    });
    yield* sys.asleep();
    yield* sys.io_getevents(ctx, 0, 8, [], NOW);
    yield* sys.write(into, "abc");
    yield* sys.asleep();
    yield* sys.io_getevents(ctx, 0, 8, [], NOW);
    yield* sys.write(into, "d");
    yield* sys.asleep();
    yield* sys.io_getevents(ctx, 0, 8, [], NOW);
  }),
  scenario(
    "AI-9: a signal ends the request at which io_submit() sleeps, whatever the handler's flags",
    function* (sys) {
      const ctx = yield* setup(sys);
      const [from] = yield* pipe(sys, 0);
      const SA_RESTART = 0x1000_0000;
      const me = yield* sys.getpid();
      for (const flags of [0, SA_RESTART]) {
        yield* sys.sigaction(SIGUSR1, { handler: function* () {}, flags });
        yield* sys.fork(function* (child) {
          yield* child.asleep();
          yield* child.kill(me, SIGUSR1);
        });
        yield* go(sys, ctx, { opcode: IOCB_CMD_PREAD, fd: from, buf: sys.buffer(4), data: flags });
        yield* sys.wait4(-1, null, 0);
      }
    },
  ),
  scenario(
    "AI-3: what is to get to the disk has no buffer and no position, and needs a file that can",
    function* (sys) {
      const ctx = yield* setup(sys);
      const fd = yield* file(sys);
      const [from] = yield* pipe(sys);
      for (const opcode of [IOCB_CMD_FSYNC, IOCB_CMD_FDSYNC]) {
        yield* go(sys, ctx, { opcode, fd: from });
        yield* go(sys, ctx, { opcode, fd, buf: 1 });
        yield* go(sys, ctx, { opcode, fd, nbytes: 1 });
        yield* go(sys, ctx, { opcode, fd, offset: 1 });
        yield* go(sys, ctx, { opcode, fd, rw_flags: 1 });
      }
    },
  ),
];
