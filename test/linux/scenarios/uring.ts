import {
  type Buffer,
  type Completion,
  IN,
  IORING,
  O_CREAT,
  O_NONBLOCK,
  O_RDWR,
  OUT,
  type Ring,
  type RingOptions,
  type Scenario,
  type SqeFields,
  type Sys,
  scenario,
} from "../scenario.ts";

const { NOP, READ, WRITE, POLL_ADD, POLL_REMOVE, TIMEOUT, LINK_TIMEOUT, TIMEOUT_REMOVE, ASYNC_CANCEL } = IORING;
const { READV, WRITEV, CLOSE, SEND, RECV } = IORING;
export const LINK = 4;
export const HARDLINK = 8;
export const DRAIN = 2;
export const ASYNC = 16;
export const SKIP = 64;
export const FIXED_FILE = 1;
export const GETEVENTS = 1;
export const BAD = 8;
const CLAMP = 0x10;

/** A ring that is made. */
export function* made(sys: Sys, entries = 8, options: RingOptions = {}): Generator<unknown, Ring> {
  const ring = sys.ring();
  yield* sys.ring_init(ring, entries, options);
  return ring;
}

export function* pipe(sys: Sys, flags = 0): Generator<unknown, [number, number]> {
  const fds: number[] = [];
  yield* sys.pipe2(fds, flags);
  return [fds[0]!, fds[1]!];
}

/** Prepares entries, submits them, waits for so many completions, and takes all that are there. */
export function* go(sys: Sys, ring: Ring, entries: SqeFields[], wait = 0): Generator<unknown, void> {
  yield* sys.ring_prep(ring, ...entries);
  yield* sys.io_uring_enter(ring.fd, entries.length, wait, wait > 0 ? GETEVENTS : 0);
  yield* taken(sys, ring);
}

/** Takes all completions that are there. */
export function* taken(sys: Sys, ring: Ring): Generator<unknown, Completion[]> {
  const cqes: Completion[] = [];
  yield* sys.ring_cqes(ring, cqes);
  return cqes;
}

/** 64-bit numbers in memory. */
export function words(sys: Sys, ...values: number[]): Buffer {
  const buffer = sys.buffer(values.length * 8);
  buffer.set(new Uint8Array(BigInt64Array.from(values, (value) => BigInt(value)).buffer));
  return buffer;
}

/** A struct timespec in memory. */
export function time(sys: Sys, nsec: number, sec = 0): Buffer {
  return words(sys, sec, nsec);
}

/** An array of struct iovec. */
export function iovecs(sys: Sys, ...buffers: Buffer[]): Buffer {
  return words(sys, ...buffers.flatMap(({ address, length }) => [address, length]));
}

export function* file(sys: Sys, content = "0123456789"): Generator<unknown, number> {
  const fd = (yield* sys.open("/uring", O_RDWR | O_CREAT, 0o644)) as number;
  yield* sys.write(fd, content);
  return fd;
}

/** Rings: their making, submitting, chains. */
export const uring: Scenario[] = [
  scenario("UR-1: how many entries and completions there is room for, and what is refused", function* (sys) {
    for (const entries of [0, 1, 2, 3, 5, 8, 100, 1025, 32768, 32769, 0xffff_ffff]) yield* made(sys, entries);
    for (const entries of [0, 1, 40_000]) yield* made(sys, entries, { flags: CLAMP });
    for (const cq_entries of [1, 3, 4, 5, 7, 8, 9, 65536, 65537]) yield* made(sys, 8, { cq_entries });
    yield* made(sys, 1, { cq_entries: 100_000, flags: CLAMP });
    yield* made(sys, 1, { flags: 8 });
    for (const flags of [0x8000_0000, 0x40_0000, 0x4, 0x100, 0x200, 0x300, 0x1000, 0x102, 0x202, 0x40, 0x80]) {
      yield* made(sys, 1, { flags });
    }
    yield* sys.io_uring_setup(1, BAD);
    yield* sys.io_uring_setup(0, BAD);
    const params = sys.buffer(120);
    for (const at of [28, 32, 36]) {
      const bytes = new Uint8Array(120);
      bytes[at] = 1;
      params.set(bytes);
      yield* sys.io_uring_setup(1, params);
      yield* sys.io_uring_setup(0, params);
    }
  }),
  scenario("UR-2: where everything lies, and what can be mapped", function* (sys) {
    for (const entries of [1, 2, 4, 5, 100]) yield* sys.io_uring_setup(entries, sys.buffer(120));
    const fd = yield* sys.io_uring_setup(8, sys.buffer(120));
    const RW = 3;
    const SHARED = 1;
    for (const offset of [0, 0x800_0000, 0x1000_0000, 0x1000, 0x800_1000, 0x2000_0000, 0x8000_0000]) {
      for (const length of [1, 4096, 8192]) {
        const at = yield* sys.unrecorded.mmap(0, length, RW, SHARED, fd, offset);
        // Where it lies is not told: only that it does.
        if (at < 0) yield* sys.mmap(0, length, RW, SHARED, fd, offset);
        else yield* sys.unrecorded.munmap(at, length);
      }
    }
  }),
  scenario(
    "UR-1, UR-4: the descriptor of a ring is closed by exec, and is no file to be read or written",
    function* (sys) {
      const ring = yield* made(sys, 4);
      yield* sys.fcntl(ring.fd, 1, 0);
      yield* sys.fcntl(ring.fd, 3, 0);
      yield* sys.read(ring.fd, sys.buffer(8));
      yield* sys.write(ring.fd, "x");
      yield* sys.pread64(ring.fd, sys.buffer(8), 8, 0);
      yield* sys.lseek(ring.fd, 0, 0);
    },
  ),
  scenario("UR-4: what io_uring_enter() refuses, and in which order", function* (sys) {
    const ring = yield* made(sys, 4);
    const [from] = yield* pipe(sys);
    for (const flags of [0x8000_0000, 0x100, 0x40]) yield* sys.io_uring_enter(ring.fd, 0, 0, flags);
    yield* sys.io_uring_enter(900, 0, 0, 0x100);
    yield* sys.io_uring_enter(900, 0, 0, 0);
    yield* sys.io_uring_enter(-1, 0, 0, 0);
    yield* sys.io_uring_enter(from, 0, 0, 0);
    yield* sys.io_uring_enter(ring.fd, 0, 0, 0);
    yield* sys.io_uring_enter(ring.fd, 5, 0, 0);
    yield* sys.io_uring_enter(ring.fd, 0, 0, GETEVENTS);
    yield* sys.io_uring_enter(ring.fd, 0, 5, 0);
    for (const size of [0, 4, 7, 8, 16]) yield* sys.io_uring_enter(ring.fd, 0, 0, GETEVENTS, BAD, size);
    for (const size of [0, 8, 24, 25]) yield* sys.io_uring_enter(ring.fd, 0, 0, GETEVENTS | 8, BAD, size);
    const argument = (ts: number, pad = 0, mask = 0, size = 8) => {
      const buffer = words(sys, mask, size + pad * 2 ** 32, ts);
      return buffer;
    };
    const soon = time(sys, 1_000_000);
    yield* sys.io_uring_enter(ring.fd, 0, 1, GETEVENTS | 8, argument(soon.address), 24);
    yield* sys.io_uring_enter(ring.fd, 0, 0, GETEVENTS | 8, argument(soon.address), 24);
    yield* sys.io_uring_enter(ring.fd, 0, 1, GETEVENTS | 8, argument(BAD), 24);
    yield* sys.io_uring_enter(ring.fd, 0, 1, GETEVENTS | 8, argument(time(sys, -1).address), 24);
    yield* sys.io_uring_enter(ring.fd, 0, 1, GETEVENTS | 8, argument(time(sys, 0, -1).address), 24);
    yield* sys.io_uring_enter(ring.fd, 0, 1, GETEVENTS | 8, argument(soon.address, 0, BAD), 24);
    yield* sys.io_uring_enter(ring.fd, 0, 1, GETEVENTS | 8, argument(soon.address, 0, BAD, 4), 24);
    yield* sys.io_uring_enter(ring.fd, 0, 1, GETEVENTS | 8 | 0x20, argument(soon.address), 24);
    yield* sys.ring_prep(ring, { opcode: NOP, user_data: 1 });
    yield* sys.io_uring_enter(ring.fd, 1, 1, GETEVENTS | 8, BAD, 24);
    yield* taken(sys, ring);
  }),
  scenario("UR-3: the kernel takes entries by the indices of the array, and drops bad ones", function* (sys) {
    const ring = yield* made(sys, 4);
    const nop = (user_data: number, index?: number): SqeFields => ({
      opcode: NOP,
      user_data,
      ...(index === undefined ? {} : { index }),
    });
    const look = function* (): Generator<unknown, void> {
      for (const word of ["sq_head", "sq_tail", "cq_head", "cq_tail", "sq_dropped", "sq_flags", "cq_overflow"] as const)
        yield* sys.ring_word(ring, word);
    };
    yield* go(sys, ring, [nop(1), nop(2, 0), nop(3, 4), nop(4)]);
    yield* look();
    yield* go(sys, ring, [nop(5, 0xffff_ffff)]);
    yield* sys.ring_prep(ring, nop(6), nop(7), nop(8), nop(9), nop(10));
    yield* sys.io_uring_enter(ring.fd, 2, 0, 0);
    yield* look();
    yield* sys.io_uring_enter(ring.fd, 100, 0, 0);
    yield* taken(sys, ring);
    yield* look();
    yield* sys.ring_store(ring, "sq_tail", 1000);
    yield* sys.io_uring_enter(ring.fd, 100, 0, 0);
    yield* taken(sys, ring);
    yield* look();
    yield* sys.ring_store(ring, "sq_head", 77);
    yield* sys.io_uring_enter(ring.fd, 3, 0, 0);
    yield* look();
  }),
  scenario(
    "UR-5: errors come in completions; the rest of what was to be submitted stays behind a bad entry",
    function* (sys) {
      const ring = yield* made(sys, 16);
      const buf = sys.buffer(16);
      const nop = { opcode: NOP, user_data: 99 };
      const [from] = yield* pipe(sys);
      const bad: SqeFields[] = [
        { opcode: 200 },
        { opcode: READ, fd: 900, addr: buf, len: 1 },
        { opcode: READ, fd: -1, addr: buf, len: 1 },
        { opcode: NOP, flags: 0x80 },
        { opcode: NOP, flags: 0x20 },
        { opcode: NOP, personality: 3 },
        { opcode: NOP, op_flags: 0x8000_0000 },
        { opcode: WRITE, fd: from, addr: buf, len: 1 },
        { opcode: READ, fd: from, addr: BAD, len: 1 },
        { opcode: READ, fd: ring.fd, addr: buf, len: 1 },
        { opcode: READ, fd: from, addr: buf, len: 1, flags: FIXED_FILE },
        { opcode: READ, fd: from, addr: buf, len: 1, ioprio: 0xffff },
        { opcode: READ, fd: from, addr: buf, len: 1, op_flags: 0x8000_0000 },
        { opcode: READ, fd: from, addr: buf, len: 0 },
        { opcode: READ, fd: from, addr: BAD, len: 0 },
        { opcode: POLL_ADD, fd: from, op_flags: IN, len: 32 },
        { opcode: POLL_ADD, fd: from, op_flags: IN, off: 1 },
        { opcode: POLL_REMOVE, addr: 12345 },
        { opcode: TIMEOUT, addr: BAD, len: 1 },
        { opcode: TIMEOUT, addr: time(sys, 1), len: 2 },
        { opcode: TIMEOUT, addr: time(sys, -1), len: 1 },
        { opcode: LINK_TIMEOUT, addr: time(sys, 1), len: 1 },
        { opcode: TIMEOUT_REMOVE, addr: 5 },
        { opcode: ASYNC_CANCEL, addr: 5 },
        { opcode: ASYNC_CANCEL, addr: 5, op_flags: 0x1000 },
        { opcode: CLOSE, fd: 900 },
        { opcode: CLOSE, fd: ring.fd },
        { opcode: CLOSE, fd: 900, len: 1 },
        { opcode: SEND, fd: from, addr: buf, len: 1 },
        { opcode: RECV, fd: from, addr: buf, len: 1 },
        { opcode: READV, fd: from, addr: BAD, len: 1 },
        { opcode: WRITEV, fd: from, addr: BAD, len: 1 },
      ];
      for (const [i, entry] of bad.entries()) {
        yield* go(sys, ring, [{ user_data: i, ...entry }, nop]);
        yield* go(sys, ring, []);
        yield* sys.io_uring_enter(ring.fd, 8, 0, 0);
        yield* taken(sys, ring);
      }
    },
  ),
  scenario("UR-6: a failed or short request cancels the rest of its chain; HARDLINK goes on", function* (sys) {
    const ring = yield* made(sys, 16);
    const buf = sys.buffer(16);
    const [from, to] = yield* pipe(sys);
    const nop = (user_data: number, flags = 0): SqeFields => ({ opcode: NOP, user_data, flags });
    const bad = (user_data: number, flags = 0): SqeFields => ({
      opcode: READ,
      fd: 900,
      addr: buf,
      len: 1,
      user_data,
      flags,
    });
    yield* go(sys, ring, [nop(1, LINK), nop(2, LINK), nop(3), nop(4)]);
    yield* go(sys, ring, [bad(3, LINK), nop(4, LINK), nop(5), nop(6)]);
    yield* go(sys, ring, [bad(3, HARDLINK), nop(4, LINK), nop(5), nop(6)]);
    yield* go(sys, ring, [nop(1, LINK), bad(2, LINK), nop(3, HARDLINK), nop(4)]);
    yield* go(sys, ring, [nop(1, LINK), { opcode: 200, user_data: 2, flags: LINK }, nop(3), nop(4)]);
    yield* go(sys, ring, []);
    yield* sys.io_uring_enter(ring.fd, 8, 0, 0);
    yield* taken(sys, ring);
    yield* go(sys, ring, [nop(1, LINK)]);
    yield* sys.write(to, "abc");
    yield* go(sys, ring, [{ opcode: READ, fd: from, addr: buf, len: 8, user_data: 1, flags: LINK }, nop(2)]);
    yield* sys.write(to, "abc");
    yield* go(sys, ring, [{ opcode: READ, fd: from, addr: buf, len: 3, user_data: 1, flags: LINK }, nop(2)]);
    yield* go(sys, ring, [{ opcode: READ, fd: from, addr: buf, len: 8, user_data: 1, flags: LINK }, nop(2), nop(3)]);
    yield* sys.write(to, "abcdefgh");
    yield* taken(sys, ring);
    yield* go(sys, ring, [
      { opcode: READ, fd: from, addr: buf, len: 8, user_data: 1, flags: HARDLINK },
      nop(2),
      nop(3),
    ]);
    yield* sys.write(to, "abc");
    yield* taken(sys, ring);
    yield* go(sys, ring, [
      { opcode: READ, fd: from, addr: buf, len: 8, user_data: 1, flags: LINK },
      nop(2, LINK),
      nop(4),
    ]);
    yield* go(sys, ring, [{ opcode: ASYNC_CANCEL, addr: 1, user_data: 9 }]);
  }),
  scenario("UR-15: DRAIN waits for all earlier ones, and those behind it wait with it", function* (sys) {
    const ring = yield* made(sys, 16);
    const buf = sys.buffer(16);
    const [from, to] = yield* pipe(sys);
    const nop = (user_data: number, flags = 0): SqeFields => ({ opcode: NOP, user_data, flags });
    const read = (user_data: number, flags = 0): SqeFields => ({
      opcode: READ,
      fd: from,
      addr: buf,
      len: 1,
      user_data,
      flags,
    });
    yield* go(sys, ring, [nop(1), nop(2, DRAIN), nop(3)]);
    yield* go(sys, ring, [read(1), nop(2, DRAIN), nop(3), nop(4)]);
    yield* go(sys, ring, [nop(5)]);
    yield* sys.write(to, "a");
    yield* taken(sys, ring);
    yield* go(sys, ring, [read(1), nop(2, DRAIN | LINK), nop(3, LINK), nop(4), nop(5, DRAIN), read(6, DRAIN), nop(7)]);
    yield* sys.write(to, "a");
    yield* taken(sys, ring);
    yield* sys.write(to, "a");
    yield* taken(sys, ring);
    yield* go(sys, ring, [read(1), nop(2, LINK), nop(3, DRAIN)]);
    yield* sys.write(to, "a");
    yield* taken(sys, ring);
    yield* go(sys, ring, [read(1), nop(2, DRAIN), { opcode: ASYNC_CANCEL, addr: 1, user_data: 3 }]);
    yield* sys.write(to, "a");
    yield* taken(sys, ring);
  }),
  scenario(
    "UR-15: CQE_SKIP_SUCCESS suppresses success, and the completions of a chain that is cancelled",
    function* (sys) {
      const ring = yield* made(sys, 16);
      const buf = sys.buffer(16);
      const nop = (user_data: number, flags = 0): SqeFields => ({ opcode: NOP, user_data, flags });
      const bad = (user_data: number, flags = 0): SqeFields => ({
        opcode: READ,
        fd: 900,
        addr: buf,
        len: 1,
        user_data,
        flags,
      });
      yield* go(sys, ring, [nop(1, SKIP), nop(2), bad(3, SKIP)]);
      yield* go(sys, ring, [nop(1, SKIP | LINK), nop(2, SKIP | LINK), nop(3)]);
      yield* go(sys, ring, [bad(1, SKIP | LINK), nop(2, LINK), nop(3)]);
      yield* go(sys, ring, [bad(1, LINK), nop(2, LINK | SKIP), nop(3, SKIP), nop(4)]);
      yield* go(sys, ring, [nop(1, SKIP | DRAIN), nop(2, DRAIN)]);
      yield* go(sys, ring, [{ opcode: POLL_ADD, fd: 1, len: 1, op_flags: OUT, flags: SKIP, user_data: 5 }, nop(2)]);
    },
  ),
  scenario(
    "UR-12: a full completion queue: what has no room is kept, in order, and flushed when there is",
    function* (sys) {
      const ring = yield* made(sys, 2, { cq_entries: 2 });
      const nops = (first: number): SqeFields[] => [
        { opcode: NOP, user_data: first },
        { opcode: NOP, user_data: first + 1 },
      ];
      const cqes: Completion[] = [];
      for (let i = 0; i < 6; i += 2) {
        yield* sys.ring_prep(ring, ...nops(i));
        yield* sys.io_uring_enter(ring.fd, 2, 0, 0);
      }
      for (const word of ["sq_flags", "cq_tail", "cq_overflow"] as const) yield* sys.ring_word(ring, word);
      yield* sys.ring_cqes(ring, cqes, 1);
      yield* sys.ring_word(ring, "cq_tail");
      yield* sys.io_uring_enter(ring.fd, 0, 0, 0);
      yield* sys.ring_word(ring, "cq_tail");
      yield* sys.io_uring_enter(ring.fd, 0, 0, GETEVENTS);
      yield* sys.ring_word(ring, "cq_tail");
      yield* sys.ring_word(ring, "sq_flags");
      yield* taken(sys, ring);
      yield* sys.ring_prep(ring, { opcode: NOP, user_data: 20 });
      yield* sys.io_uring_enter(ring.fd, 1, 0, 0);
      yield* taken(sys, ring);
      yield* sys.io_uring_enter(ring.fd, 0, 1, GETEVENTS);
      yield* taken(sys, ring);
      yield* sys.ring_word(ring, "sq_flags");
      yield* sys.ring_store(ring, "cq_head", 1000);
      yield* go(sys, ring, nops(30));
      yield* sys.ring_word(ring, "sq_flags");
      yield* sys.ring_word(ring, "cq_tail");
    },
  ),
  scenario("UR-6: numbers of 64 bits come back as they are", function* (sys) {
    const ring = yield* made(sys, 4);
    for (const user_data of [0n, 1n << 53n, (1n << 53n) + 1n, (1n << 64n) - 1n])
      yield* go(sys, ring, [{ opcode: NOP, user_data }]);
    yield* sys.fcntl(ring.fd, 4, O_NONBLOCK);
    yield* go(sys, ring, [{ opcode: NOP }], 1);
  }),
];
