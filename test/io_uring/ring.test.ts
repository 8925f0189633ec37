import { describe, expect, test } from "vitest";
import * as iopath from "../../lib/index.ts";
import type { IoUring, Program } from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { inUse } from "../support/in-use.ts";

const { IOSQE_IO_LINK, IOSQE_IO_DRAIN, IOSQE_CQE_SKIP_SUCCESS, POLLIN, IORING_SETUP_SQPOLL, IORING_OP_READ_FIXED } =
  iopath;

const { CLONE_FILES, CLONE_VM, IORING_OP_OPENAT, IOSQE_ASYNC, O_WRONLY, SIGTERM } = iopath;
const ENOENT = 2;
/** The machines of the tests so far. */
const kernels: iopath.Kernel[] = [];

/** Runs a program to its end, and looks whether anything is left or wrong. */
async function run(program: Program, options: object = {}): Promise<iopath.Kernel> {
  const kernel = await boot({ seed: 1, ...options });
  kernels.push(kernel);
  kernel.spawn("main", program);
  kernel.run();
  expect(kernel.check()).toEqual([]);
  return kernel;
}

/** user_data and res of all completions. */
const taken = (ring: IoUring): [number, number][] => ring.take_cqes().map(({ user_data, res }) => [user_data, res]);

describe("a ring", () => {
  test("takes with the next submission what a refused entry has held up", async () => {
    const seen: unknown[] = [];
    await run(function* (sys) {
      const ring = sys.io_uring();
      yield* ring.queue_init(8);
      ring.prep_nop({ user_data: 1 });
      ring.prep({ opcode: 200, fd: -1, user_data: 2 });
      ring.prep_nop({ user_data: 3 });
      seen.push(yield* ring.submit(), ring.sq_ready(), yield* ring.submit(), ring.sq_ready(), taken(ring));
    });
    const [EINVAL, results] = [-22, seen.pop()];
    expect(seen).toEqual([2, 1, 1, 0]);
    expect(results).toEqual([
      [1, 0],
      [2, EINVAL],
      [3, 0],
    ]);
  });

  test("needs no more memory for a thousand timeouts than for one, and mixes up no two of them", async () => {
    const kernel = await run(function* (sys) {
      const ring = sys.io_uring();
      yield* ring.queue_init(4);
      const before = sys.buffer(1).address;
      for (let round = 0; round < 1000; round++) {
        for (const ms of [3, 1, 2]) ring.prep_timeout({ sec: 0, nsec: ms * 1_000_000 }, 0, 0, { user_data: ms });
        yield* ring.submit_and_wait(3);
        expect(taken(ring).map(([data]) => data)).toEqual([1, 2, 3]);
      }
      expect(Math.abs(sys.buffer(1).address - before)).toBeLessThanOrEqual(4 * 4096);
    });
    expect(kernel.now).toBeGreaterThan(3e9);
  });

  test("UR-1: posts completions of what can be done at once, in order, and counts two mode switches", async () => {
    const seen: unknown[] = [];
    await run(function* (sys) {
      const ring = sys.io_uring();
      expect(yield* ring.queue_init(5)).toBe(0);
      expect([ring.sq_entries, ring.cq_entries]).toEqual([8, 16]);
      for (let i = 1; i <= 3; i++) ring.prep_nop({ user_data: i });
      seen.push(yield* ring.submit(), taken(ring));
    });
    expect(seen).toEqual([
      3,
      [
        [1, 0],
        [2, 0],
        [3, 0],
      ],
    ]);
  });

  test("UR-7: a read from an empty pipe waits in the pipe's wait queue until another task writes", async () => {
    const seen: unknown[] = [];
    await run(function* (sys) {
      const fds = [0, 0];
      yield* sys.pipe2(fds);
      const ring = sys.io_uring();
      yield* ring.queue_init(4);
      const buffer = sys.buffer(16);
      ring.prep_read(fds[0]!, buffer, 16, 0, { user_data: 7 });
      seen.push(yield* ring.submit(), taken(ring));
      yield* sys.write(fds[1]!, "hello");
      seen.push(taken(ring), buffer.text(5));
    });
    expect(seen).toEqual([1, [], [[7, 5]], "hello"]);
  });

  test("UR-6: a failed request cancels the rest of its chain, after what was independent", async () => {
    const seen: unknown[] = [];
    await run(function* (sys) {
      const ring = sys.io_uring();
      yield* ring.queue_init(8);
      const buffer = sys.buffer(16);
      ring.prep_read(99, buffer, 16, 0, { user_data: 3, flags: IOSQE_IO_LINK });
      ring.prep_nop({ user_data: 4, flags: IOSQE_IO_LINK });
      ring.prep_nop({ user_data: 5 });
      ring.prep_nop({ user_data: 6 });
      seen.push(yield* ring.submit(), taken(ring));
    });
    expect(seen).toEqual([
      4,
      [
        [3, -9],
        [6, 0],
        [4, -125],
        [5, -125],
      ],
    ]);
  });

  test("UR-9, UR-12, UR-13, UR-15: timeouts, time limits, polls, overflow, drain", async () => {
    const seen: unknown[] = [];
    await run(function* (sys) {
      const fds = [0, 0];
      yield* sys.pipe2(fds);
      const ring = sys.io_uring();
      yield* ring.queue_init(2, { cq_entries: 2 });
      const buffer = sys.buffer(16);
      ring.prep_timeout({ sec: 0, nsec: 1000000 }, 0, 0, { user_data: 1 });
      seen.push(yield* ring.submit_and_wait(1), taken(ring));
      ring.prep_read(fds[0]!, buffer, 16, 0, { user_data: 2, flags: IOSQE_IO_LINK });
      ring.prep_link_timeout({ sec: 0, nsec: 1000000 }, 0, { user_data: 3 });
      seen.push(yield* ring.submit_and_wait(2), taken(ring));
      ring.prep_poll_multishot(fds[0]!, POLLIN, { user_data: 4 });
      yield* ring.submit();
      yield* sys.write(fds[1]!, "a");
      yield* sys.write(fds[1]!, "b");
      seen.push(ring.take_cqes());
      ring.prep_nop({ user_data: 8, flags: IOSQE_CQE_SKIP_SUCCESS });
      ring.prep_poll_remove(4, { user_data: 5 });
      yield* ring.submit();
      seen.push(taken(ring));
      for (let i = 0; i < 2; i++) {
        ring.prep_nop({ user_data: 10 + 2 * i });
        ring.prep_nop({ user_data: 11 + 2 * i });
        yield* ring.submit();
      }
      seen.push(taken(ring), ring.word("sq_flags"));
      yield* ring.submit_and_wait(1);
      seen.push(taken(ring), ring.word("sq_flags"), ring.word("cq_overflow"));
      ring.prep_read(fds[0]!, buffer, 1, 0, { user_data: 20 });
      ring.prep_read(fds[0]!, buffer, 1, 0, { user_data: 21 });
      yield* ring.submit();
      seen.push(taken(ring));
      ring.prep_read(fds[0]!, buffer, 1, 0, { user_data: 22 });
      ring.prep_nop({ user_data: 23, flags: IOSQE_IO_DRAIN });
      yield* ring.submit();
      seen.push(taken(ring));
      yield* sys.write(fds[1]!, "c");
      seen.push(taken(ring));
      ring.prep_read(fds[0]!, buffer, 1, 0, { user_data: 30 });
      yield* ring.submit();
    });
    expect(seen).toMatchInlineSnapshot(`
      [
        1,
        [
          [
            1,
            -62,
          ],
        ],
        2,
        [
          [
            3,
            -62,
          ],
          [
            2,
            -125,
          ],
        ],
        [
          {
            "data64": 4n,
            "flags": 2,
            "res": 1,
            "user_data": 4,
          },
          {
            "data64": 4n,
            "flags": 2,
            "res": 1,
            "user_data": 4,
          },
        ],
        [
          [
            5,
            0,
          ],
          [
            4,
            -125,
          ],
        ],
        [
          [
            10,
            0,
          ],
          [
            11,
            0,
          ],
        ],
        2,
        [
          [
            12,
            0,
          ],
          [
            13,
            0,
          ],
        ],
        0,
        0,
        [
          [
            20,
            1,
          ],
          [
            21,
            1,
          ],
        ],
        [
          [
            23,
            -95,
          ],
        ],
        [
          [
            22,
            1,
          ],
        ],
      ]
    `);
  });

  test("SQPOLL: no mode switch while the thread is awake", async () => {
    const seen: unknown[] = [];
    await run(
      function* (sys) {
        const ring = sys.io_uring();
        yield* ring.queue_init(4, { flags: IORING_SETUP_SQPOLL, sq_thread_idle: 1 });
        ring.prep_nop({ user_data: 1 });
        seen.push(yield* ring.submit());
        yield* sys.compute(100000);
        seen.push(taken(ring), ring.word("sq_flags"));
        yield* sys.compute(3000000);
        seen.push(ring.word("sq_flags"));
        ring.prep_nop({ user_data: 2 });
        seen.push(yield* ring.submit());
        yield* sys.compute(100000);
        seen.push(taken(ring));
      },
      { cpus: 3 },
    );
    expect(seen).toEqual([1, [[1, 0]], 0, 1, 1, [[2, 0]]]);
  });

  test("fixed buffers, and a worker for what only sleeping does", async () => {
    const seen: unknown[] = [];
    await run(function* (sys) {
      const fds = [0, 0];
      yield* sys.pipe2(fds);
      const ring = sys.io_uring();
      yield* ring.queue_init(4);
      const buffer = sys.buffer(8192);
      const vector = sys.buffer(16).set(new Uint8Array(BigInt64Array.of(BigInt(buffer.address), 8192n).buffer));
      seen.push(yield* sys.io_uring_register(ring.fd, iopath.IORING_REGISTER_BUFFERS, vector, 1));
      yield* sys.write(fds[1]!, "fixed");
      ring.prep({ opcode: IORING_OP_READ_FIXED, fd: fds[0]!, addr: buffer.address + 4094, len: 5, user_data: 1 });
      seen.push(yield* ring.submit(), taken(ring), buffer.at(4094).text(5));
      ring.prep_read(fds[0]!, buffer, 4, 0, { user_data: 2, flags: iopath.IOSQE_ASYNC });
      seen.push(yield* ring.submit());
      yield* sys.write(fds[1]!, "work");
      yield* ring.wait_cqe();
      seen.push(taken(ring), buffer.text(4));
    });
    expect(seen).toEqual([0, 1, [[1, 5]], "fixed", 1, [[2, 4]], "work"]);
  });
});

describe("what outlives what", () => {
  test("UR-13: a time limit that is over does not hit another request that lies where its own one was", async () => {
    const seen: unknown[] = [];
    await run(
      function* (sys) {
        const ring = sys.io_uring();
        yield* ring.queue_init(8);
        yield* sys.mkfifo("/fifo", 0o600);
        const name = sys.buffer(6).set("/fifo\0");
        const pipe = [0, 0];
        yield* sys.pipe2(pipe);
        const buffer = sys.buffer(8);
        ring.prep({ opcode: IORING_OP_OPENAT, fd: -100, addr: name, flags: IOSQE_ASYNC | IOSQE_IO_LINK, user_data: 1 });
        ring.prep_link_timeout({ sec: 0, nsec: 1_000_000 }, 0, { user_data: 2 });
        yield* ring.submit();
        yield* sys.clone(CLONE_VM | CLONE_FILES, function* (own) {
          // The time is over, but its task does not enter the kernel: meanwhile the worker's open() comes to its end.
          yield* own.nanosleep({ sec: 0, nsec: 2_000_000 });
          yield* own.open("/fifo", O_WRONLY);
          yield* own.nanosleep({ sec: 0, nsec: 1_000_000 });
          ring.prep_read(pipe[0]!, buffer, 8, 0, { user_data: 3 });
          yield* own.io_uring_enter(ring.fd, ring.flush_sq(), 0, 0);
          yield* own.pause();
        });
        for (let i = 0; i < 100; i++) yield* sys.compute(100_000);
        yield* sys.getpid();
        yield* sys.write(pipe[1]!, "kept");
        seen.push(taken(ring));
        yield* sys.kill(0, SIGTERM);
      },
      { cpus: 3 },
    );
    expect(seen).toEqual([
      [
        [1, 6],
        [2, -ENOENT],
        [3, "kept".length],
      ],
    ]);
  });

  test("UR-9: a ring that polls itself is there until its task ends, and then is not", async () => {
    const kernel = await run(function* (sys) {
      const ring = sys.io_uring();
      yield* ring.queue_init(4);
      ring.prep_poll_add(ring.fd, POLLIN);
      yield* ring.submit();
      yield* sys.close(ring.fd);
      expect(inUse(kernels.at(-1)!)["IoRingCtx"]).toBe(1);
    });
    expect(inUse(kernel)).toMatchObject({ IoRingCtx: 0, IoKiocb: 0, MmStruct: 0 });
  });
});
