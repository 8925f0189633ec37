import {
  O_APPEND,
  O_CREAT,
  O_DIRECT,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { AT } from "./mmap-helpers.ts";
import { pattern } from "./helpers.ts";

const [SET, CUR, END] = [0, 1, 2];

function* file(sys: Sys, size: number): Generator<unknown, number> {
  const fd = (yield* sys.open("/disk/file", O_RDWR | O_CREAT, 0o644)) as number;
  yield* sys.write(fd, pattern(size));
  return fd;
}

/** What random programs about files have found. */
export const randomFiles: Scenario[] = [
  scenario("a write that can copy nothing makes a file that ends before its position end there", function* (sys) {
    const fd = yield* file(sys, 100);
    yield* sys.pwrite64(fd, 1, 10, 50);
    yield* sys.lseek(fd, 0, END);
    yield* sys.pwrite64(fd, 1, 10, 5000);
    yield* sys.lseek(fd, 0, END);
    yield* sys.pread64(fd, sys.buffer(6000), 6000, 0);
    yield* sys.pwrite64(fd, 1, 4096, 8192);
    yield* sys.lseek(fd, 0, END);
  }),
  scenario("a write at the end that fails leaves the position where it was", function* (sys) {
    yield* file(sys, 1000);
    const fd = (yield* sys.open("/disk/file", O_RDWR | O_APPEND)) as number;
    yield* sys.lseek(fd, 7, SET);
    yield* sys.write(fd, 1, 10);
    yield* sys.lseek(fd, 0, CUR);
    const direct = (yield* sys.open("/disk/file", O_WRONLY | O_APPEND | O_DIRECT)) as number;
    yield* sys.write(direct, sys.buffer(4096), 100);
    yield* sys.lseek(direct, 0, CUR);
  }),
  scenario("OD-1: holes are read past the page cache at any place, and of any length", function* (sys) {
    const cached = yield* file(sys, 4096);
    yield* sys.ftruncate(cached, 100_000);
    const fd = (yield* sys.open("/disk/file", O_RDONLY | O_DIRECT)) as number;
    const buffer = sys.buffer(16_384);
    yield* sys.pread64(fd, buffer, 4095, 8192);
    yield* sys.pread64(fd, buffer, 100, 5001);
    yield* sys.pread64(fd, 1, 100, 5001);
    yield* sys.pread64(fd, buffer, 5000, 0);
    yield* sys.pread64(fd, buffer, 100, 0);
    yield* sys.pread64(fd, 1, 100, 0);
    yield* sys.pread64(fd, buffer, 8192, 99_999);
  }),
  scenario("a file that is cut inside a hole has nothing to write to the disk", function* (sys) {
    const fd = yield* file(sys, 0);
    yield* sys.ftruncate(fd, 8191);
    yield* sys.ftruncate(fd, 3584);
    yield* sys.fdatasync(fd);
    yield* sys.pread64(fd, sys.buffer(4096), 4096, 0);
  }),
  scenario("pwritev2() with RWF_NOAPPEND and no position writes at the position of the file", function* (sys) {
    const cached = yield* file(sys, 20);
    const fd = (yield* sys.open("/disk/file", O_RDWR | O_APPEND)) as number;
    const NOAPPEND = 0x20;
    yield* sys.pwritev2(fd, [sys.buffer(3)], -1, NOAPPEND);
    yield* sys.lseek(fd, 0, CUR);
    yield* sys.pwritev2(fd, [sys.buffer(3)], -1, 0);
    yield* sys.lseek(fd, 0, CUR);
    yield* sys.pread64(cached, sys.buffer(100), 100, 0);
  }),
  scenario("a page that a failed write has left behind the end of a file is not mapped", function* (sys) {
    const fd = yield* file(sys, 0);
    const other = (yield* sys.open("/disk/other", O_RDWR | O_CREAT, 0o644)) as number;
    const address = (yield* sys.mmap(AT, 8192, 3, 0x11, fd, 0)) as number;
    yield* sys.pwrite64(fd, address, 100, 0);
    yield* sys.pwrite64(other, address, 100, 0);
    yield* sys.pwritev(fd, [sys.buffer(100)], 0);
    yield* sys.pwrite64(other, address, 100, 0);
    yield* sys.pwrite64(other, address + 4096, 100, 0);
    yield* sys.munmap(address, 8192);
  }),
];
