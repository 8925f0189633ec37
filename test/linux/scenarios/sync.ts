import {
  AF_INET,
  O_CREAT,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_WRONLY,
  SOCK_STREAM,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { pattern, pipe, unixPair } from "./helpers.ts";

const BAD = 900;
/** The largest position in a file that a number of this language stands for exactly. */
const FAR = Number.MAX_SAFE_INTEGER;
const [WAIT_BEFORE, WRITE, WAIT_AFTER] = [1, 2, 4];
const ALL = WAIT_BEFORE | WRITE | WAIT_AFTER;

/** Making sure that what was written is on the disk. */
export const syncs: Scenario[] = [
  scenario("DW-3: fsync and fdatasync of a regular file, however it was opened, written or not", function* (sys) {
    const fd = yield* sys.open("/synced", O_RDWR | O_CREAT, 0o600);
    yield* sys.fsync(fd);
    yield* sys.write(fd, pattern(9000));
    yield* sys.fsync(fd);
    yield* sys.fsync(fd);
    yield* sys.write(fd, pattern(100));
    yield* sys.fdatasync(fd);
    const reader = yield* sys.open("/synced", O_RDONLY);
    const writer = yield* sys.open("/synced", O_WRONLY | O_NONBLOCK);
    yield* sys.fsync(reader);
    yield* sys.fdatasync(reader);
    yield* sys.write(writer, pattern(5000));
    yield* sys.fsync(reader);
    yield* sys.fsync(writer);
    yield* sys.unlink("/synced");
    yield* sys.write(writer, pattern(5000));
    yield* sys.fsync(writer);
  }),
  scenario(
    "what is on no disk cannot be synced: EINVAL; a number that is not open, or only a place: EBADF",
    function* (sys) {
      const [reader, writer] = yield* pipe(sys);
      const [a] = yield* unixPair(sys);
      yield* sys.open("/place", O_RDWR | O_CREAT, 0o600);
      const others = [
        reader,
        writer,
        a,
        yield* sys.socket(AF_INET, SOCK_STREAM, 0),
        yield* sys.epoll_create1(0),
        yield* sys.eventfd(0, 0),
        yield* sys.open("/dev/null", O_RDWR),
        yield* sys.open("/place", O_PATH),
        BAD,
        -1,
      ];
      for (const fd of others) {
        yield* sys.fsync(fd);
        yield* sys.fdatasync(fd);
      }
    },
  ),
  scenario(
    "sync_file_range asks for flags and a range first, then for a file with pages: EINVAL, ESPIPE",
    function* (sys) {
      const fd = yield* sys.open("/ranged", O_RDWR | O_CREAT, 0o600);
      yield* sys.write(fd, pattern(20_000));
      for (const flags of [0, WAIT_BEFORE, WRITE, WAIT_AFTER, ALL, 8, -1])
        yield* sys.sync_file_range(fd, 0, 4096, flags);
      for (const [offset, bytes] of [
        [-1, 1],
        [0, -1],
        [5, -3],
        [FAR, 10],
        [1, 0],
        [4097, 1],
        [100_000, 10],
      ] as const) {
        yield* sys.sync_file_range(fd, offset, bytes, ALL);
      }
      const [reader] = yield* pipe(sys);
      const [a] = yield* unixPair(sys);
      const others = [reader, a, yield* sys.eventfd(0, 0), yield* sys.open("/dev/null", O_RDWR), BAD];
      for (const other of others) {
        yield* sys.sync_file_range(other, 0, 10, WRITE);
        yield* sys.sync_file_range(other, 0, 10, 8);
        yield* sys.sync_file_range(other, -1, 10, WRITE);
      }
      yield* sys.sync_file_range(yield* sys.open("/ranged", O_RDONLY), 0, 0, ALL);
      yield* sys.sync_file_range(yield* sys.open("/ranged", O_PATH), 0, 0, ALL);
    },
  ),
];
