import { expect, test } from "vitest";
import {
  IOCB_CMD_PREAD,
  IORING_SETUP_SQPOLL,
  Kernel,
  MAP_SHARED,
  O_CREAT,
  O_DIRECT,
  O_RDWR,
  PROT_READ,
  PROT_WRITE,
  type Sys,
} from "../../lib/index.ts";
import { boot } from "../support/boot.ts";

const MIB = 1 << 20;
const PAGE = 4096;
const PIECE = 16 * PAGE;
const STRIDE = 1000;

/** Reads more than fits into the memory, so that pages are taken away. */
function* stream(sys: Sys) {
  const fd = yield* sys.open("/stream", 0);
  const buffer = sys.buffer(PIECE);
  let bytes = 0;
  for (let got = 1; got > 0; bytes += got) got = yield* sys.read(fd, buffer, PIECE);
  return bytes;
}

/** Writes, maps, stores, and has it all written to the disk. */
function* write(sys: Sys) {
  const fd = yield* sys.open("/written", O_RDWR | O_CREAT, 0o600);
  for (let i = 0; i < 40; i++) yield* sys.write(fd, "x".repeat(5000));
  const address = yield* sys.mmap(0, 20 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  for (let page = 0; page < 20; page++) yield* sys.store(address + page * PAGE, "stored");
  yield* sys.msync(address, 20 * PAGE, 4);
  return yield* sys.fsync(fd);
}

/** Reads past the page cache, four pieces at a time. */
function* asynchronous(sys: Sys) {
  const fd = yield* sys.open("/file", O_DIRECT);
  const context = { value: 0 };
  yield* sys.io_setup(4, context);
  for (let round = 0; round < 4; round++) {
    const requests = Array.from({ length: 4 }, (_, i) =>
      sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf: sys.buffer(PIECE), offset: (4 * round + i) * PIECE }),
    );
    yield* sys.io_submit(context.value, requests);
    yield* sys.io_getevents(context.value, 4, 4, []);
  }
  return 0;
}

/** Reads by a ring that a thread of the kernel looks at, and moves pages through a pipe. */
function* rings(sys: Sys) {
  const fd = yield* sys.open("/file", 0);
  const ring = sys.io_uring();
  yield* ring.queue_init(8, { flags: IORING_SETUP_SQPOLL });
  const pipe: number[] = [];
  yield* sys.pipe2(pipe, 0);
  const out = yield* sys.open("/out", O_RDWR | O_CREAT, 0o600);
  for (let i = 0; i < 8; i++) {
    ring.prep_read(fd, sys.buffer(PIECE), PIECE, i * PIECE);
    yield* ring.submit_and_wait(1);
    ring.take_cqes();
    const got = yield* sys.splice(fd, { value: i * 5 * PIECE }, pipe[1]!, null, PIECE, 0);
    yield* sys.splice(pipe[0]!, null, out, null, got, 0);
  }
  return yield* sys.sendfile(out, fd, { value: 0 }, 3 * PIECE);
}

test(
  "a journal makes the same machine again with a disk, kernel threads, reclaim, AIO and rings",
  { timeout: 60_000 },
  async () => {
    const kernel = await boot({ memoryLimit: 12 * MIB, cpus: 2, seed: 3, scheduling: "seed" });
    kernel.world.file("/stream", { size: 16 * MIB, seed: 1 });
    kernel.world.file("/file", { size: 4 * MIB, seed: 2 });
    const tasks = [stream, write, asynchronous, rings].map((program) => kernel.spawn(program.name, program));
    kernel.run();
    expect(tasks.map(({ result }) => result)).toEqual([16 * MIB, 0, 0, 3 * PIECE]);
    expect(kernel.vmstat.pgsteal_kswapd + kernel.vmstat.pgsteal_direct).toBeGreaterThan(0);
    expect(kernel.check()).toEqual([]);

    const again = await Kernel.replay(kernel.journal);
    expect(again.ticks).toBe(kernel.ticks);
    expect(again.digest()).toBe(kernel.digest());
    const looks = Array.from({ length: Math.ceil(kernel.ticks / STRIDE) }, (_, i) => i * STRIDE);
    const digestAt = (machine: Kernel, tick: number) => {
      machine.seek(tick);
      return machine.digest();
    };
    const forwards = looks.map((tick) => digestAt(again, tick));
    const backwards = looks.toReversed().map((tick) => digestAt(kernel, tick));
    expect(backwards.toReversed()).toEqual(forwards);
    expect(digestAt(kernel, kernel.ticks)).toBe(digestAt(again, again.ticks));
  },
);
