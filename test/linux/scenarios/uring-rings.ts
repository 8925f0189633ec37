import { ASYNC, FIXED_FILE, GETEVENTS, file, go, made, pipe, taken } from "./uring.ts";
import {
  AF_UNIX,
  type Buffer,
  IN,
  IORING,
  MSG_DONTWAIT,
  O_CREAT,
  O_NONBLOCK,
  O_RDONLY,
  O_WRONLY,
  SCM_RIGHTS,
  SOL_SOCKET,
  SOCK_STREAM,
  type Ring,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";

const { ASYNC_CANCEL, FILES_UPDATE, NOP, OPENAT, POLL_ADD, READ, SPLICE } = IORING;
const [REGISTER_FILES, UNREGISTER_FILES, REGISTER_FILES_UPDATE] = [2, 3, 6];
const [ALL, ANY] = [1, 4];
/** FILES_UPDATE finds slots by itself. */
const ALLOC = 0xffff_ffff;
/** A slot stays as it is. */
const STAYS = -2;
const AT_FDCWD = -100;
const GETFL = 3;

/** 32-bit numbers in memory. */
function ints(sys: Sys, ...values: number[]): Buffer {
  const buffer = sys.buffer(Math.max(values.length, 1) * 4);
  buffer.set(new Uint8Array(Int32Array.from(values).buffer));
  return buffer;
}

/** A struct io_uring_files_update in memory. */
function update(sys: Sys, offset: number, fds: Buffer | number, resv = 0): Buffer {
  const buffer = sys.buffer(16);
  const view = new DataView(new ArrayBuffer(16));
  view.setUint32(0, offset, true);
  view.setUint32(4, resv, true);
  view.setBigUint64(8, BigInt(typeof fds === "number" ? fds : fds.address), true);
  buffer.set(new Uint8Array(view.buffer));
  return buffer;
}

/** Reads through each of the slots. */
function* probe(sys: Sys, ring: Ring, slots: number): Generator<unknown, void> {
  const buffer = sys.buffer(4);
  for (let fd = 0; fd < slots; fd++) {
    yield* go(sys, ring, [{ opcode: READ, fd, addr: buffer, len: 4, flags: FIXED_FILE, user_data: fd }], 1);
  }
}

/** What is asked of a ring while workers are at its requests. */
function* canceller(sys: Sys, ring: Ring, ...cancels: [user_data: number, addr: number, flags: number][]) {
  yield* sys.nanosleep({ sec: 0, nsec: 50_000_000 });
  for (const [user_data, addr, op_flags] of cancels) {
    yield* sys.ring_prep(ring, { opcode: ASYNC_CANCEL, fd: -1, addr, op_flags, user_data });
    yield* sys.io_uring_enter(ring.fd, 1, 1, GETEVENTS);
    yield* sys.nanosleep({ sec: 0, nsec: 50_000_000 });
    yield* taken(sys, ring);
  }
}

/** What becomes of requests that are cancelled, of registered files, and of rings that refer to themselves. */
export const uringRings: Scenario[] = [
  scenario(
    "UR-7: a request that a worker sleeps in is interrupted by ASYNC_CANCEL, which says -EALREADY",
    function* (sys) {
      const ring = yield* made(sys, 8);
      yield* sys.mkfifo("/fifo", 0o600);
      const [reader] = yield* pipe(sys);
      const [, writer] = yield* pipe(sys);
      yield* sys.ring_prep(
        ring,
        { opcode: OPENAT, fd: AT_FDCWD, addr: "/fifo", flags: ASYNC, user_data: 1 },
        { opcode: OPENAT, fd: AT_FDCWD, addr: "/fifo", flags: ASYNC, user_data: 2 },
        { opcode: SPLICE, fd: writer, off: -1, addr: -1, len: 10, file_index: reader, user_data: 3 },
      );
      yield* sys.io_uring_enter(ring.fd, 3, 0, 0);
      yield* canceller(sys, ring, [10, 1, 0], [11, 2, 0], [12, 3, 0], [13, 3, 0]);
    },
  ),
  scenario(
    "UR-7: OPENAT does not wait for the other side of a FIFO, unless a worker does it from the beginning",
    function* (sys) {
      const ring = yield* made(sys, 8);
      yield* sys.mkfifo("/fifo", 0o600);
      const open = { opcode: OPENAT, fd: AT_FDCWD, addr: "/fifo" };
      yield* go(sys, ring, [{ ...open, op_flags: O_WRONLY, user_data: 1 }], 1);
      yield* go(sys, ring, [{ ...open, op_flags: O_RDONLY, user_data: 2 }], 1);
      yield* go(sys, ring, [{ ...open, op_flags: O_WRONLY, user_data: 3 }], 1);
      for (const fd of [4, 5]) yield* sys.fcntl(fd, GETFL, 0);
      yield* go(sys, ring, [{ ...open, op_flags: O_WRONLY | O_NONBLOCK, user_data: 4 }], 1);
      yield* sys.fcntl(6, GETFL, 0);
      yield* go(sys, ring, [{ ...open, op_flags: O_WRONLY | O_CREAT, user_data: 5 }], 1);
    },
  ),
  scenario(
    "ASYNC_CANCEL of all: how many it has cancelled, those that workers are at among them or not",
    function* (sys) {
      const ring = yield* made(sys, 8);
      yield* sys.mkfifo("/fifo", 0o600);
      const [reader] = yield* pipe(sys);
      yield* sys.ring_prep(
        ring,
        { opcode: OPENAT, fd: AT_FDCWD, addr: "/fifo", flags: ASYNC, user_data: 1 },
        { opcode: READ, fd: reader, addr: sys.buffer(4), len: 4, user_data: 1 },
        { opcode: POLL_ADD, fd: reader, op_flags: IN, user_data: 1 },
      );
      yield* sys.io_uring_enter(ring.fd, 3, 0, 0);
      yield* canceller(sys, ring, [10, 1, ALL], [11, 1, ALL], [12, 0, ANY], [13, 1, 0]);
    },
  ),
  scenario("io_uring_register(FILES_UPDATE): slots are filled, emptied, left; what it refuses", function* (sys) {
    const ring = yield* made(sys, 8);
    const fd = yield* file(sys);
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, "abcdefghijklmnop");
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES_UPDATE, update(sys, 0, ints(sys, fd)), 1);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES, ints(sys, -1, fd, -1), 3);
    yield* probe(sys, ring, 3);
    const change = function* (offset: number, fds: number[], count = fds.length, resv = 0) {
      const arg = update(sys, offset, ints(sys, ...fds), resv);
      return yield* sys.io_uring_register(ring.fd, REGISTER_FILES_UPDATE, arg, count);
    };
    yield* change(0, [reader]);
    yield* change(1, [-1, fd]);
    yield* probe(sys, ring, 3);
    yield* change(0, [STAYS, reader, STAYS]);
    yield* probe(sys, ring, 4);
    yield* change(2, [fd, fd]);
    yield* change(3, [fd]);
    yield* change(0, [], 0);
    yield* change(0, [fd], 1, 1);
    yield* change(0xffff_ffff, [fd]);
    yield* change(0, [-1, 900, fd]);
    yield* change(0, [900]);
    yield* change(0, [-3]);
    yield* change(0, [ring.fd]);
    yield* probe(sys, ring, 3);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES_UPDATE, update(sys, 0, 8), 1);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES_UPDATE, 8, 1);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES_UPDATE, null, 1);
    yield* sys.io_uring_register(ring.fd, UNREGISTER_FILES, null, 0);
    yield* change(0, [fd]);
  }),
  scenario("IORING_OP_FILES_UPDATE: the same as a request, and slots that the ring finds itself", function* (sys) {
    const ring = yield* made(sys, 8);
    const fd = yield* file(sys);
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, "abcdefghijklmnopqrstuvwxyz");
    const change = function* (off: number, fds: Buffer | number, len: number, more: { [name: string]: number } = {}) {
      yield* go(sys, ring, [{ opcode: FILES_UPDATE, fd: -1, off, addr: fds, len, user_data: 7, ...more }], 1);
    };
    yield* change(0, ints(sys, fd), 1);
    yield* change(ALLOC, ints(sys, fd), 1);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES, ints(sys, -1, -1, -1), 3);
    yield* change(1, ints(sys, reader, fd), 2);
    yield* probe(sys, ring, 3);
    yield* change(1, ints(sys, -1), 1);
    yield* change(0, ints(sys, reader, STAYS, -1), 3, { flags: ASYNC });
    yield* probe(sys, ring, 3);
    yield* change(2, ints(sys, fd, fd), 2);
    yield* change(0, ints(sys, fd), 0);
    yield* change(0, ints(sys, fd), 1, { op_flags: 1 });
    yield* change(0, ints(sys, fd), 1, { file_index: 1 });
    yield* change(0, ints(sys, fd), 1, { ioprio: 1 });
    yield* change(0, ints(sys, fd), 1, { buf_index: 1 });
    yield* change(0, ints(sys, fd), 1, { flags: FIXED_FILE });
    yield* change(0, 8, 1);
    const found = ints(sys, fd, reader, fd);
    yield* change(ALLOC, found, 3);
    const [slots, into] = yield* pipe(sys);
    yield* sys.write(into, found);
    yield* sys.read(slots, sys.buffer(12), 12);
    yield* probe(sys, ring, 3);
    yield* change(ALLOC, ints(sys, fd), 1);
    yield* change(0, ints(sys, -1), 1);
    yield* change(ALLOC, ints(sys, 900), 1);
    yield* change(ALLOC, ints(sys, -1), 1);
    yield* change(ALLOC, ints(sys, ring.fd), 1);
    yield* probe(sys, ring, 3);
  }),
  scenario("a request goes on with the file that its slot had when it began", function* (sys) {
    const ring = yield* made(sys, 8);
    const [reader, writer] = yield* pipe(sys);
    const fd = yield* file(sys);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES, ints(sys, reader), 1);
    const buffer = sys.buffer(8);
    yield* go(sys, ring, [{ opcode: READ, fd: 0, addr: buffer, len: 8, flags: FIXED_FILE, user_data: 1 }]);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES_UPDATE, update(sys, 0, ints(sys, fd)), 1);
    yield* sys.close(reader);
    yield* sys.write(writer, "kept");
    yield* go(sys, ring, [{ opcode: NOP, user_data: 2 }], 2);
    yield* sys.write(writer, "gone");
  }),
  scenario("rings are not registered with rings, and do not travel in messages", function* (sys) {
    const ring = yield* made(sys, 4);
    const other = yield* made(sys, 4);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES, ints(sys, ring.fd), 1);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES, ints(sys, other.fd), 1);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES, ints(sys, -1, -1), 2);
    yield* sys.io_uring_register(ring.fd, REGISTER_FILES_UPDATE, update(sys, 0, ints(sys, other.fd)), 1);
    const fds: number[] = [];
    yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, fds);
    yield* sys.sendmsg(fds[0]!, { iov: ["x"], control: [{ level: SOL_SOCKET, type: SCM_RIGHTS, fds: [ring.fd] }] }, 0);
    yield* sys.recv(fds[1]!, sys.buffer(4), 4, MSG_DONTWAIT);
  }),
  scenario(
    "UR-12: an index of completions that lies behind the last one makes the queue full, and nobody waits",
    function* (sys) {
      const ring = yield* made(sys, 2);
      for (const head of [1, 0xffff_fff0, 0x8000_0000]) {
        yield* sys.ring_store(ring, "cq_head", head);
        yield* sys.ring_prep(ring, { opcode: NOP, user_data: head });
        yield* sys.io_uring_enter(ring.fd, 1, 0, GETEVENTS);
        for (const enough of [1, 4, 100]) yield* sys.io_uring_enter(ring.fd, 0, enough, GETEVENTS);
        for (const word of ["cq_tail", "sq_flags", "cq_overflow"] as const) yield* sys.ring_word(ring, word);
      }
      yield* sys.ring_store(ring, "cq_head", 0);
      yield* sys.io_uring_enter(ring.fd, 0, 1, GETEVENTS);
      yield* taken(sys, ring);
      yield* sys.ring_word(ring, "sq_flags");
    },
  ),
  scenario(
    "UR-3, UR-4: ends of the queue of entries that lie anywhere: what the ring's own index does not allow is not taken",
    function* (sys) {
      const ring = yield* made(sys, 4);
      yield* sys.ring_prep(ring, { opcode: NOP, user_data: 1 }, { opcode: NOP, user_data: 2 });
      yield* sys.ring_store(ring, "sq_head", 77);
      yield* go(sys, ring, [], 0);
      yield* sys.io_uring_enter(ring.fd, 1, 0, 0);
      yield* sys.ring_word(ring, "sq_head");
      yield* sys.ring_store(ring, "sq_tail", 1000);
      yield* sys.io_uring_enter(ring.fd, 100, 0, 0);
      yield* taken(sys, ring);
      yield* sys.ring_word(ring, "sq_head");
      yield* sys.ring_store(ring, "sq_tail", 2);
      yield* sys.io_uring_enter(ring.fd, 3, 0, 0);
      yield* taken(sys, ring);
      yield* sys.ring_word(ring, "sq_head");
    },
  ),
  scenario(
    "UR-9, UR-10: a ring that polls itself is told of its own completions, and ends with its task",
    function* (sys) {
      yield* sys.fork(function* (own) {
        const ring = yield* made(own, 4);
        yield* go(own, ring, [{ opcode: POLL_ADD, fd: ring.fd, op_flags: IN, user_data: 1 }]);
        yield* go(own, ring, [{ opcode: NOP, user_data: 2 }], 2);
        yield* go(own, ring, [{ opcode: POLL_ADD, fd: ring.fd, op_flags: IN, user_data: 3 }]);
        yield* own.close(ring.fd);
      });
      yield* sys.wait4(-1, {}, 0);
    },
  ),
];
