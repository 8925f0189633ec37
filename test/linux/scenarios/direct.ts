import {
  type Context,
  F_GETFL,
  F_SETFL,
  IOCB_CMD_PREAD,
  IOCB_CMD_PREADV,
  IOCB_CMD_PWRITE,
  O_APPEND,
  O_CREAT,
  O_DIRECT,
  O_NONBLOCK,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";

const SIZE = 10_000;
const NOW = { sec: 0, nsec: 0 };

/** Bytes that tell where they are. */
function pattern(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 0xff);
}

/** A file with 10000 bytes, open both ways: through the page cache, and past it. */
function* both(sys: Sys): Generator<unknown, [number, number]> {
  const cached = (yield* sys.open("/disk/file", O_RDWR | O_CREAT, 0o644)) as number;
  yield* sys.write(cached, pattern(SIZE));
  const direct = (yield* sys.open("/disk/file", O_RDWR | O_DIRECT)) as number;
  return [cached, direct];
}

function* size(sys: Sys, fd: number): Generator<unknown, void> {
  yield* sys.lseek(fd, 0, 2);
}

/** O_DIRECT, on a disk with ext4. */
export const direct: Scenario[] = [
  scenario("OD-1: offset and length are multiples of 512, or EINVAL", function* (sys) {
    const [, fd] = yield* both(sys);
    const buffer = sys.buffer(16_384);
    for (const offset of [0, 1, 256, 512, 1024, 4096]) {
      for (const length of [0, 1, 511, 512, 513, 1024, 4096, 8192, 12_288])
        yield* sys.pread64(fd, buffer, length, offset);
    }
    yield* sys.pwrite64(fd, buffer, 100, 0);
    yield* sys.pwrite64(fd, buffer, 512, 100);
    yield* sys.pwrite64(fd, buffer, 0, 100);
    yield* sys.pread64(fd, buffer, 512, -512);
    yield* size(sys, fd);
  }),
  scenario(
    "OD-1: memory lies anywhere within a page, but whoever crosses pages begins at a multiple of 512",
    function* (sys) {
      const [, fd] = yield* both(sys);
      const buffer = sys.buffer(16_384);
      const places = [1, 3, 4, 16, 256, 512, 2049, 3584, 3585, 3840];
      for (const at of places) {
        for (const length of [512, 1536, 4096]) {
          yield* sys.pread64(fd, buffer.at(at), length, 0);
          yield* sys.pwrite64(fd, buffer.at(at), length, 4096);
        }
      }
    },
  ),
  scenario("OD-1: bad memory is EFAULT, bad numbers come first", function* (sys) {
    const [, fd] = yield* both(sys);
    yield* sys.pread64(fd, 16, 512, 0);
    yield* sys.pread64(fd, 16, 511, 1);
    yield* sys.pwrite64(fd, 16, 512, 0);
    yield* sys.pread64(fd, 16, 512, 20_480);
    const reader = yield* sys.open("/disk/file", O_RDONLY | O_DIRECT);
    yield* sys.pwrite64(reader, sys.buffer(4096), 512, 0);
  }),
  scenario(
    "OD-2: at the end of the file a read is short, and behind it there is nothing to be aligned",
    function* (sys) {
      const [, fd] = yield* both(sys);
      const buffer = sys.buffer(16_384);
      for (const [length, offset] of [
        [512, 9728],
        [4096, 8192],
        [12_288, 0],
        [512, 9999],
        [512, 10_000],
        [512, 10_001],
        [1, 10_000],
        [100, 20_000],
        [512, 12_288],
      ] as const) {
        yield* sys.pread64(fd, buffer, length, offset);
      }
    },
  ),
  scenario("OD-2: a direct read moves the position by what it has read, a failed one does not", function* (sys) {
    const [, fd] = yield* both(sys);
    const buffer = sys.buffer(8192);
    yield* sys.read(fd, buffer, 8192);
    yield* sys.lseek(fd, 0, 1);
    yield* sys.read(fd, buffer, 100);
    yield* sys.lseek(fd, 0, 1);
    yield* sys.read(fd, buffer, 4096);
    yield* sys.lseek(fd, 0, 1);
    yield* sys.read(fd, buffer, 4096);
    yield* sys.write(fd, buffer, 512);
  }),
  scenario("OD-4: what was written through the page cache is read past it", function* (sys) {
    const [cached, fd] = yield* both(sys);
    const buffer = sys.buffer(4096);
    yield* sys.pread64(fd, buffer, 512, 0);
    yield* sys.pwrite64(cached, "written", 7, 5);
    yield* sys.pread64(fd, buffer, 512, 0);
    yield* sys.pwrite64(cached, "longer", 6, 12_000);
    yield* sys.pread64(fd, buffer, 4096, 8192);
  }),
  scenario("OD-5: what was written past the page cache is read through it", function* (sys) {
    const [cached, fd] = yield* both(sys);
    const buffer = sys.buffer(4096);
    const copy = sys.buffer(4096);
    yield* sys.pread64(cached, copy, 4096, 0);
    buffer.set(pattern(512).reverse());
    yield* sys.pwrite64(fd, buffer, 512, 512);
    yield* sys.pread64(cached, copy, 4096, 0);
    yield* sys.pwrite64(cached, "over", 4, 600);
    yield* sys.pwrite64(fd, buffer, 512, 1024);
    yield* sys.pread64(cached, copy, 4096, 0);
    yield* sys.pread64(fd, buffer, 4096, 0);
  }),
  scenario("OD-5: direct writes make a file longer, and what they leave out is zeros", function* (sys) {
    const [cached, fd] = yield* both(sys);
    const buffer = sys.buffer(8192);
    buffer.set(pattern(8192));
    yield* sys.pwrite64(fd, buffer, 512, 9728);
    yield* size(sys, fd);
    yield* sys.pwrite64(fd, buffer, 512, 20_480);
    yield* size(sys, fd);
    yield* sys.pread64(fd, buffer, 8192, 12_288);
    yield* sys.pread64(cached, buffer, 8192, 16_384);
    yield* sys.pwrite64(fd, buffer, 4096, 12_288);
    yield* sys.pread64(cached, buffer, 8192, 8192);
    const end = yield* sys.open("/disk/file", O_WRONLY | O_APPEND | O_DIRECT);
    yield* sys.write(end, buffer, 512);
    yield* size(sys, fd);
  }),
  scenario("OD-6: O_DIRECT is for files on a disk and for pipes", function* (sys) {
    const [cached] = yield* both(sys);
    const buffer = sys.buffer(4096);
    yield* sys.fcntl(cached, F_SETFL, O_DIRECT);
    yield* sys.pread64(cached, buffer, 100, 0);
    yield* sys.pread64(cached, buffer, 512, 0);
    yield* sys.fcntl(cached, F_SETFL, 0);
    yield* sys.pread64(cached, buffer, 20, 0);
    yield* sys.open("/dev/null", O_RDWR | O_DIRECT);
    const eventfd = yield* sys.eventfd(0, 0);
    yield* sys.fcntl(eventfd, F_SETFL, O_DIRECT | O_NONBLOCK);
    yield* sys.fcntl(eventfd, F_GETFL);
    const pair: number[] = [];
    yield* sys.socketpair(1, 1, 0, pair);
    yield* sys.fcntl(pair[0]!, F_SETFL, O_DIRECT);
    yield* sys.open("/disk/none", O_RDWR | O_DIRECT);
    yield* sys.open("/disk/new", O_RDWR | O_DIRECT | O_CREAT, 0o644);
  }),
  scenario("OD-1, AI-4: asynchronous direct requests tell in their events", function* (sys) {
    const [, fd] = yield* both(sys);
    const ctx: Context = { value: 0 };
    yield* sys.io_setup(8, ctx);
    const buffer = sys.buffer(16_384);
    const one = function* (fields: {
      buf: typeof buffer | number;
      nbytes: number;
      offset: number;
      opcode?: number;
    }): Generator<unknown, void> {
      if ((yield* sys.io_submit(ctx, [sys.iocb({ opcode: IOCB_CMD_PREAD, fd, ...fields })])) !== 1) return;
      yield* sys.io_getevents(ctx, 1, 8, []);
    };
    yield* one({ buf: buffer, nbytes: 4096, offset: 0 });
    yield* one({ buf: buffer, nbytes: 100, offset: 0 });
    yield* one({ buf: buffer, nbytes: 512, offset: 1 });
    yield* one({ buf: buffer.at(1), nbytes: 512, offset: 0 });
    yield* one({ buf: buffer.at(1), nbytes: 4096, offset: 0 });
    yield* one({ buf: buffer, nbytes: 12_288, offset: 4096 });
    yield* one({ buf: buffer, nbytes: 512, offset: 1 << 20 });
    yield* one({ buf: buffer, nbytes: 0, offset: 0 });
    yield* one({ buf: 16, nbytes: 512, offset: 0 });
    yield* one({ buf: 16, nbytes: 1, offset: 0, opcode: IOCB_CMD_PREADV });
    yield* one({ buf: buffer, nbytes: 4096, offset: 4096, opcode: IOCB_CMD_PWRITE });
    yield* one({ buf: buffer, nbytes: 4096, offset: 16_384, opcode: IOCB_CMD_PWRITE });
    yield* size(sys, fd);
    yield* one({ buf: buffer, nbytes: 16_384, offset: 4096 });
    const many = [0, 1, 2, 3].map((i) =>
      sys.iocb({ opcode: IOCB_CMD_PREAD, fd, buf: buffer.at(4096 * i), nbytes: 4096, offset: 4096 * i }),
    );
    yield* sys.io_submit(ctx, many);
    yield* sys.io_getevents(ctx, 4, 8, []);
    yield* sys.io_getevents(ctx, 0, 8, [], NOW);
    yield* sys.io_submit(ctx, many);
    yield* sys.io_destroy(ctx);
  }),
];
