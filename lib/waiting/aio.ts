import { IOCB_CMD_POLL, POLLIN, SOCK_NONBLOCK } from "../machine/constants.ts";
import { SIGNAL, byHandler, untilSignalled } from "./signals.ts";
import { THREAD, THREADS, type WayOfWaiting } from "./way.ts";
import type { IoEvent } from "../machine/iocb.ts";
import type { Sys } from "../machine/sys.ts";
import type { UserBuffer } from "../machine/user_memory.ts";

/** How many requests all contexts of a machine may have together: fs.aio-max-nr, less what is rounded up. */
const AIO_MAX_NR = 65_000;
/** How many events a call takes at most. */
const EVENTS = 64;
/** How many requests a call hands in at most. */
const REQUESTS = 256;
/** What an eventfd reads and writes. Unit: bytes. */
const COUNTER = 8;

/** Linux's own asynchronous requests: of a socket they tell that it is ready, they do not read. */
export const libaio: WayOfWaiting = {
  id: "libaio",
  name: "AIO of Linux (IOCB_CMD_POLL)",
  about:
    "io_submit() of IOCB_CMD_POLL, io_getevents(), read(): a socket's IOCB_CMD_PREAD would sleep inside io_submit()",
  flags: SOCK_NONBLOCK,
  most: AIO_MAX_NR,
  limit: "aio-max-nr",
  spins: false,
  *serve(sys, { fds, length, works, isMessage, empty, prepared, work }) {
    const buffer = sys.buffer(length);
    const context = { value: 0 };
    yield* sys.io_setup(fds.length, context);
    const requests = pollRequests(sys, fds);
    for (let i = 0; i < requests.length; i += REQUESTS) {
      yield* sys.io_submit(context, requests.slice(i, i + REQUESTS));
    }
    const events: IoEvent[] = [];
    prepared();
    for (;;) {
      if (works) {
        const { head, tail } = sys.aio_ring(context);
        if (head === tail) {
          yield* work(sys);
          continue;
        }
      }
      if ((yield* sys.io_getevents(context, 1, EVENTS, events)) <= 0) empty();
      for (const { data } of events) {
        const fd = fds[Number(data)]!;
        const got = yield* sys.read(fd, buffer);
        if (isMessage(got)) yield* sys.write(fd, buffer, got);
      }
      // Each request tells once.
      if (events.length > 0)
        yield* sys.io_submit(
          context,
          events.map(({ data }) => requests[Number(data)]!),
        );
    }
  },
};

/** A struct iocb for each connection, one behind the other in the program's memory. */
function pollRequests(sys: Sys, fds: readonly number[]): UserBuffer[] {
  const one = sys.iocb({ opcode: IOCB_CMD_POLL, fd: -1 });
  const all = sys.buffer(fds.length * one.length);
  return fds.map((fd, i) => {
    one.assign({ opcode: IOCB_CMD_POLL, fd, buf: POLLIN, data: i });
    return all.at(i * one.length).set(one.bytes());
  });
}

/** What a C library makes of aio_read(): threads that block, and a signal when one of them has read. */
export const posix: WayOfWaiting = {
  id: "posix-aio",
  name: "POSIX AIO (threads)",
  about:
    "aio_read() as glibc makes it: helper threads that block in read(), and a signal; here one for each connection",
  flags: 0,
  most: THREADS,
  limit: "threads",
  spins: false,
  *serve(sys, service) {
    const { fds, length, isMessage, prepared } = service;
    const pid = yield* sys.getpid();
    const buffers = sys.buffer(fds.length * length);
    const requests: number[] = [];
    let begun = 0;
    const one = sys.buffer(COUNTER);
    one.set([1]);
    yield* byHandler(sys, function* (own, _signo, { value }) {
      const i = Number(value);
      yield* own.write(fds[i]!, buffers.at(i * length), length);
      yield* own.write(requests[i]!, one, COUNTER);
    });
    for (const [i, fd] of fds.entries()) {
      const request = yield* sys.eventfd(0, 0);
      requests.push(request);
      yield* sys.clone(THREAD, function* (helper) {
        const counter = helper.buffer(COUNTER);
        if (++begun === fds.length) prepared();
        for (;;) {
          const got = yield* helper.read(fd, buffers.at(i * length), length);
          if (isMessage(got)) yield* helper.sigqueue(pid, SIGNAL, i);
          // Where glibc's thread waits at a futex for the next request, this one does at an eventfd.
          yield* helper.read(request, counter, COUNTER);
        }
      });
    }
    yield* untilSignalled(sys, service);
  },
};
