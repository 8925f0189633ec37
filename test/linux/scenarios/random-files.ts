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
];
