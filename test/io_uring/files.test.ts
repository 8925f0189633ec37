import { describe, expect, test } from "vitest";
import {
  IORING_REGISTER_BUFFERS,
  IORING_UNREGISTER_BUFFERS,
  Kernel,
  O_DIRECT,
  O_RDWR,
  O_TRUNC,
} from "../../lib/index.ts";
import type { IoUring, Program, Sys } from "../../lib/index.ts";
import * as iopath from "../../lib/index.ts";
import { boot } from "../support/boot.ts";
import { inUse } from "../support/in-use.ts";

const { IORING_OP_OPENAT, IORING_OP_READ_FIXED, IORING_OP_WRITE_FIXED, IOSQE_ASYNC } = iopath;
const [PAGE, RW, PRIVATE_ANONYMOUS] = [4096, 3, 0x22];
const [EALREADY, ERESTARTSYS] = [114, 512];
const [FILE, AT_FDCWD] = ["/f", -100];

/** A machine with a cold file of 200 pages, after all has ended that the programs have begun. */
async function machine(...programs: Program[]): Promise<Kernel> {
  const kernel = await boot({ seed: 1 });
  kernel.world.file(FILE, { size: 200 * PAGE, seed: 3 });
  programs.forEach((program, i) => kernel.spawn(`task ${i}`, program));
  expect(kernel.run().sleeping).toEqual([]);
  expect(kernel.check()).toEqual([]);
  return kernel;
}

/** Memory of the program, whole pages. */
function* memory(sys: Sys, pages: number) {
  return yield* sys.mmap(0, pages * PAGE, RW, PRIVATE_ANONYMOUS, -1, 0);
}

/** A ring, and the file open. */
function* ready(sys: Sys, flags: number = O_RDWR) {
  const ring = sys.io_uring();
  yield* ring.queue_init(16);
  return { ring, fd: yield* sys.open(FILE, flags) };
}

/** Results of the next completions. */
function* results(ring: IoUring, count: number) {
  yield* ring.submit_and_wait(count);
  return ring.take_cqes().map(({ res }) => res);
}

describe("a ring's requests of regular files", () => {
  test("write where a page has to be read first, and nobody is kept from the file afterwards", async () => {
    const seen: unknown[] = [];
    await machine(function* (sys) {
      const { ring, fd } = yield* ready(sys);
      ring.prep_write(fd, yield* memory(sys, 1), 5, 100);
      seen.push(yield* results(ring, 1), yield* sys.pwrite64(fd, "abc", 3, 5000), yield* sys.ftruncate(fd, 0));
    });
    expect(seen).toEqual([[5], 3, 0]);
  });

  test("make a file longer past the page cache, and nobody is kept from it afterwards", async () => {
    const seen: unknown[] = [];
    await machine(function* (sys) {
      const { ring, fd } = yield* ready(sys, O_RDWR | O_DIRECT);
      const at = yield* memory(sys, 1);
      ring.prep_write(fd, at, PAGE, 200 * PAGE);
      seen.push(yield* results(ring, 1), yield* sys.pwrite64(fd, at, PAGE, 0), yield* sys.lseek(fd, 0, 2));
    });
    expect(seen).toEqual([[PAGE], PAGE, 201 * PAGE]);
  });

  test("open a file and cut it while the disk is at its pages", async () => {
    const seen: unknown[] = [];
    await machine(function* (sys) {
      const { ring, fd } = yield* ready(sys);
      yield* sys.readahead(fd, 0, 8 * PAGE);
      const name = sys.buffer(3);
      name.set(new TextEncoder().encode(`${FILE}\0`));
      ring.prep({ opcode: IORING_OP_OPENAT, fd: AT_FDCWD, addr: name, op_flags: O_RDWR | O_TRUNC });
      seen.push(yield* results(ring, 1), yield* sys.lseek(fd, 0, 2), yield* sys.write(fd, "x"));
    });
    expect(seen).toEqual([[5], 0, 1]);
  });

  test("are interrupted while they wait for others: when they are cancelled, and when their task has ended", async () => {
    const seen: unknown[] = [];
    const kernel = await machine(function* (sys) {
      const { ring } = yield* ready(sys);
      yield* sys.mkfifo("/fifo", 0o600);
      const name = sys.buffer(6);
      name.set(new TextEncoder().encode("/fifo\0"));
      const open = { opcode: IORING_OP_OPENAT, fd: AT_FDCWD, addr: name };
      for (const user_data of [1, 2, 3]) ring.prep({ ...open, flags: IOSQE_ASYNC, user_data });
      yield* ring.submit();
      yield* sys.nanosleep({ sec: 1, nsec: 0 });
      ring.prep_cancel(2, 0, { user_data: 4 });
      yield* ring.submit_and_wait(2);
      seen.push(ring.take_cqes().map(({ user_data, res }) => [user_data, res]));
    });
    expect(seen).toEqual([
      [
        [4, -EALREADY],
        [2, -ERESTARTSYS],
      ],
    ]);
    expect(inUse(kernel)).toMatchObject({ IoKiocb: 0, IoRingCtx: 0, MmStruct: 0, PipeInodeInfo: 0 });
  });

  test.each([0, O_DIRECT])(
    "end by themselves when their task has ended (flags %i): nothing is lost or left",
    async (direct) => {
      const seen: unknown[] = [];
      await machine(
        function* (sys) {
          const { ring, fd } = yield* ready(sys, O_RDWR | direct);
          const at = yield* memory(sys, 16);
          for (let i = 0; i < 8; i++) ring.prep_read(fd, at + i * PAGE, PAGE, i * 20 * PAGE);
          for (let i = 8; i < 16; i++) ring.prep_write(fd, at + i * PAGE, 512, i * 12 * PAGE + 512);
          yield* ring.submit();
        },
        function* (sys) {
          yield* sys.nanosleep({ sec: 1, nsec: 0 });
          const fd = yield* sys.open(FILE, O_RDWR);
          seen.push(yield* sys.pwrite64(fd, "abc", 3, 0));
        },
      );
      expect(seen).toEqual([3]);
    },
  );

  test("keep a registered buffer that is given back meanwhile; a worker finds it as well", async () => {
    const seen: unknown[] = [];
    await machine(function* (sys) {
      const { ring, fd } = yield* ready(sys);
      const at = yield* memory(sys, 4);
      const vector = sys.buffer(16);
      vector.set(new Uint8Array(new BigUint64Array([BigInt(at), BigInt(4 * PAGE)]).buffer));
      yield* sys.io_uring_register(3, IORING_REGISTER_BUFFERS, vector, 1);
      const fixed = { fd, addr: at, len: 3 * PAGE, buf_index: 0 };
      ring.prep({ ...fixed, opcode: IORING_OP_READ_FIXED, off: 0 });
      ring.prep({ ...fixed, opcode: IORING_OP_READ_FIXED, off: 100 * PAGE, flags: IOSQE_ASYNC });
      ring.prep({ ...fixed, opcode: IORING_OP_WRITE_FIXED, off: 190 * PAGE + 5 });
      yield* ring.submit();
      seen.push(yield* sys.io_uring_register(3, IORING_UNREGISTER_BUFFERS, null, 0));
      yield* sys.munmap(at, 4 * PAGE);
      seen.push(yield* results(ring, 3));
    });
    expect(seen).toEqual([0, [3 * PAGE, 3 * PAGE, 3 * PAGE]]);
  });
});
