import {
  AF_INET,
  AF_UNIX,
  AT_EMPTY_PATH,
  F_DUPFD,
  F_GETFD,
  F_GETFL,
  F_SETFD,
  F_SETFL,
  FIONREAD,
  IN,
  O_CLOEXEC,
  O_CREAT,
  O_NONBLOCK,
  O_PATH,
  O_RDONLY,
  O_RDWR,
  O_TRUNC,
  OUT,
  SHUT_RDWR,
  SOCK_STREAM,
  type Scenario,
  scenario,
} from "../scenario.ts";
import { pattern, pipe, read, unixPair, watch } from "./helpers.ts";

const F_GETPIPE_SZ = 1032;

/** What files are, and files that have no bytes. */
export const stat: Scenario[] = [
  scenario("fstat tells what each kind of file is; both ends of a pipe are one, sockets are two", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    const [a, b] = yield* unixPair(sys);
    const others = [
      yield* sys.socket(AF_INET, SOCK_STREAM, 0),
      yield* sys.socket(AF_UNIX, SOCK_STREAM, 0),
      yield* sys.epoll_create1(0),
      yield* sys.eventfd(0, 0),
      yield* sys.open("/regular", O_RDWR | O_CREAT, 0o640),
      yield* sys.open("/dev/null", O_RDWR),
      yield* sys.dup(reader),
      yield* sys.dup(a),
    ];
    for (const fd of [reader, writer, a, b, ...others]) yield* sys.fstat(fd, {});
  }),
  scenario("what lies in a pipe or a socket is no size", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.write(writer, "bytes");
    yield* sys.fstat(reader, {});
    const [a, b] = yield* unixPair(sys);
    yield* sys.write(a, "bytes");
    yield* sys.fstat(b, {});
  }),
  scenario("a regular file has its size and whole pages of blocks, and goes with its last descriptor", function* (sys) {
    const fd = yield* sys.open("/regular", O_RDWR | O_CREAT, 0o666);
    yield* sys.fstat(fd, {});
    yield* sys.write(fd, pattern(5000));
    yield* sys.fstat(fd, {});
    yield* sys.stat("/regular", {});
    yield* sys.open("/regular", O_RDWR | O_TRUNC);
    yield* sys.fstat(fd, {});
    yield* sys.write(fd, "x");
    yield* sys.fstat(fd, {});
    yield* sys.unlink("/regular");
    yield* sys.fstat(fd, {});
    yield* sys.stat("/regular", {});
    yield* sys.lseek(fd, 0, 0);
    yield* read(sys, fd, 8);
  }),
  scenario("the modes of new files lose what the umask says", function* (sys) {
    yield* sys.open("/a", O_CREAT | O_RDWR, 0o777);
    yield* sys.stat("/a", {});
    yield* sys.open("/b", O_CREAT | O_RDONLY, 0o4222);
    yield* sys.stat("/b", {});
  }),
  scenario("fstat and stat say what is wrong in their order: descriptor or name, then address", function* (sys) {
    const fd = yield* sys.eventfd(0, 0);
    yield* sys.fstat(900, 0);
    yield* sys.fstat(fd, 0);
    yield* sys.stat("/none", 0);
    yield* sys.stat(0, {});
    yield* sys.stat("", {});
    yield* sys.mkfifo("/fifo");
    yield* sys.stat("/fifo", 0);
    yield* sys.newfstatat(900, "name", {});
    yield* sys.newfstatat(900, "/fifo", {}, 1);
    yield* sys.newfstatat(900, "/fifo", {});
    yield* sys.newfstatat(fd, "", {});
    yield* sys.newfstatat(fd, "name", {});
    yield* sys.newfstatat(fd, "", {}, AT_EMPTY_PATH);
    yield* sys.newfstatat(fd, 0, {}, AT_EMPTY_PATH);
    yield* sys.newfstatat(900, "", {}, AT_EMPTY_PATH);
    yield* sys.newfstatat(fd, "name", {}, AT_EMPTY_PATH);
  }),
  scenario("B-10: a file opened with O_PATH is EBADF for all but naming it", function* (sys) {
    yield* sys.mkfifo("/fifo");
    const fd = yield* sys.open("/fifo", O_PATH | O_NONBLOCK | O_CLOEXEC | O_RDWR);
    yield* sys.fcntl(fd, F_GETFL);
    yield* sys.fcntl(fd, F_GETFD);
    yield* sys.fcntl(fd, F_SETFD, 0);
    yield* sys.fcntl(fd, F_SETFL, 0);
    yield* sys.fcntl(fd, F_GETPIPE_SZ);
    yield* read(sys, fd);
    yield* sys.write(fd, "x");
    yield* sys.readv(fd, [sys.buffer(1)]);
    yield* sys.ioctl(fd, FIONREAD, { value: 0 });
    yield* sys.lseek(fd, 0, 0);
    yield* sys.shutdown(fd, SHUT_RDWR);
    const epfd = yield* sys.epoll_create1(0);
    yield* watch(sys, epfd, fd, IN);
    yield* sys.epoll_wait(fd, sys.epoll_events(1), 1, 0);
    yield* sys.fstat(fd, {});
    const copy = yield* sys.dup(fd);
    yield* sys.fcntl(fd, F_DUPFD, 20);
    yield* sys.dup2(fd, 30);
    yield* sys.close(fd);
    yield* sys.fstat(copy, {});
    yield* sys.open("/none", O_PATH);
  }),
  scenario(
    "L-17, B-11: /dev/null and /dev/zero cannot be watched; they swallow, and give nothing or zeros",
    function* (sys) {
      for (const name of ["/dev/null", "/dev/zero"]) {
        const fd = yield* sys.open(name, O_RDWR);
        const epfd = yield* sys.epoll_create1(0);
        yield* watch(sys, epfd, fd, IN | OUT);
        yield* read(sys, fd, 5);
        yield* read(sys, fd, 10_000);
        yield* sys.write(fd, "gone");
        yield* sys.read(fd, 1, 5);
        yield* sys.write(fd, 1, 5);
        yield* sys.lseek(fd, 5, 0);
        yield* sys.lseek(fd, 0, 1);
        yield* sys.ioctl(fd, FIONREAD, { value: 0 });
        yield* sys.fcntl(fd, F_GETFL);
        const only = yield* sys.open(name, O_RDONLY);
        yield* sys.write(only, "x");
      }
    },
  ),
  scenario("L-17: a regular file cannot be watched", function* (sys) {
    const fd = yield* sys.open("/regular", O_RDWR | O_CREAT, 0o600);
    const epfd = yield* sys.epoll_create1(0);
    yield* watch(sys, epfd, fd, IN | OUT);
  }),
];
