import {
  AF_INET,
  AF_UNIX,
  CLONE_FILES,
  CLONE_VM,
  F_DUPFD,
  F_GETFD,
  IN,
  O_CLOEXEC,
  O_CREAT,
  O_RDWR,
  RLIMIT_NOFILE,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { connecting, listening, pipe, unixPair, wait, watching } from "./helpers.ts";

const BAD = 900;
const CLOSE_RANGE_UNSHARE = 2;
const CLOSE_RANGE_CLOEXEC = 4;

/** Lets a program have descriptors below `limit` only, and takes all of them but `free`. */
function* crowded(sys: Sys, limit: number, free = 0): Generator<unknown, number, unknown> {
  yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: limit });
  const first = yield* sys.eventfd(0, 0);
  for (let fd = first; fd < limit - 1; fd++) yield* sys.dup(first);
  for (let i = 1; i <= free; i++) yield* sys.close(limit - i);
  return first;
}

/** Limits of descriptors. */
export const limits: Scenario[] = [
  scenario(
    "B-3: EMFILE where the number would reach RLIMIT_NOFILE; beyond it dup2 is EBADF, F_DUPFD EINVAL",
    function* (sys) {
      const fd = yield* crowded(sys, 12);
      yield* sys.dup(fd);
      yield* sys.fcntl(fd, F_DUPFD, 0);
      yield* sys.fcntl(fd, F_DUPFD, 11);
      yield* sys.fcntl(fd, F_DUPFD, 12);
      yield* sys.dup2(fd, 11);
      yield* sys.dup2(fd, 12);
      yield* sys.dup2(fd, -1);
      yield* sys.dup2(BAD, 12);
      yield* sys.dup3(fd, 12, 0);
      yield* sys.dup3(fd, 12, 1);
      yield* sys.dup3(fd, fd, 0);
      yield* sys.close(11);
      yield* sys.dup(fd);
    },
  ),
  scenario("C-3: epoll_create looks at its arguments, then for a descriptor", function* (sys) {
    yield* crowded(sys, 10);
    yield* sys.epoll_create1(0);
    yield* sys.epoll_create1(1);
    yield* sys.epoll_create(0);
    yield* sys.epoll_create(1);
  }),
  scenario(
    "B-3: what opens descriptors looks at its arguments, then for a descriptor, then at addresses",
    function* (sys) {
      yield* crowded(sys, 10);
      yield* sys.pipe2(1, 0);
      yield* sys.pipe2(1, 1);
      yield* sys.socket(AF_INET, SOCK_STREAM, 0);
      yield* sys.socket(77, SOCK_STREAM, 0);
      yield* sys.socket(AF_INET, 77, 0);
      yield* sys.socketpair(AF_UNIX, SOCK_STREAM, 0, 1);
      yield* sys.socketpair(AF_INET, SOCK_STREAM, 0, 1);
      yield* sys.socketpair(AF_UNIX, 77, 0, 1);
      yield* sys.eventfd(0, 0);
      yield* sys.eventfd(0, 2);
      yield* sys.open("/none", O_RDWR);
      yield* sys.open("/new", O_RDWR | O_CREAT);
      yield* sys.open(0, O_RDWR);
      yield* sys.open("", O_RDWR);
      yield* sys.stat("/new", {});
    },
  ),
  scenario("B-3: a pipe or a pair of sockets takes both descriptors or none", function* (sys) {
    yield* crowded(sys, 10, 1);
    yield* pipe(sys);
    yield* unixPair(sys);
    yield* sys.pipe2(1, 0);
    yield* sys.eventfd(0, 0);
  }),
  scenario(
    "AC-1: accept takes a descriptor first: without one the connection stays, and is reported on",
    function* (sys) {
      yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: 8 });
      const listener = yield* listening(sys);
      const epfd = yield* watching(sys, IN, listener);
      yield* connecting(sys);
      yield* sys.eventfd(0, 0);
      const spare = yield* sys.eventfd(0, 0);
      for (let i = 0; i < 3; i++) {
        yield* wait(sys, epfd);
        yield* sys.accept4(listener, SOCK_NONBLOCK);
      }
      yield* sys.close(spare);
      yield* sys.accept4(listener, SOCK_NONBLOCK);
      yield* wait(sys, epfd);
      yield* sys.accept4(listener, SOCK_NONBLOCK);
    },
  ),
  scenario("AC-2: accept looks at descriptor, flags and kind of file before it takes a descriptor", function* (sys) {
    const fd = yield* crowded(sys, 9);
    yield* sys.accept4(BAD, 0);
    yield* sys.accept4(fd, 1);
    yield* sys.accept4(fd, 0);
  }),
  scenario("a lower limit closes nothing, and a higher one gives numbers back", function* (sys) {
    const fd = yield* crowded(sys, 10);
    yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: 5 });
    yield* sys.getrlimit(RLIMIT_NOFILE, {});
    yield* sys.fcntl(9, F_GETFD);
    yield* sys.close(9);
    yield* sys.close(4);
    yield* sys.dup(fd);
    yield* sys.dup(fd);
    yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: 20 });
    yield* sys.dup(fd);
    yield* sys.dup(fd);
  }),
  scenario(
    "setrlimit says what is wrong: the address, the kind, the order of both, the right to raise",
    function* (sys) {
      yield* sys.setrlimit(RLIMIT_NOFILE, 1);
      yield* sys.setrlimit(16, 1);
      yield* sys.setrlimit(16, { rlim_cur: 5, rlim_max: 5 });
      yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: 50, rlim_max: 5 });
      yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: 50, rlim_max: 2 ** 40 });
      yield* sys.getrlimit(RLIMIT_NOFILE, 1);
      yield* sys.getrlimit(16, 1);
      yield* sys.getrlimit(-1, 1);
    },
  ),
  scenario("close_range with UNSHARE closes in a table of its own", function* (sys) {
    const fd = yield* sys.eventfd(0, 0);
    yield* sys.clone(CLONE_VM | CLONE_FILES, function* (task) {
      yield* task.close_range(3, 100, CLOSE_RANGE_UNSHARE);
      yield* task.fcntl(fd, F_GETFD);
      yield* task.eventfd(0, 0);
    });
    yield* sys.asleep();
    yield* sys.fcntl(fd, F_GETFD);
    yield* sys.eventfd(0, 0);
  }),
  scenario("close_range closes what is open there, or marks it for execve", function* (sys) {
    const fd = yield* sys.eventfd(0, 0);
    for (let i = 0; i < 6; i++) yield* sys.dup(fd);
    yield* sys.close(6);
    yield* sys.close_range(5, 7);
    yield* sys.fcntl(5, F_GETFD);
    yield* sys.fcntl(8, F_GETFD);
    yield* sys.close_range(8, 8, CLOSE_RANGE_CLOEXEC);
    yield* sys.fcntl(8, F_GETFD);
    yield* sys.fcntl(9, F_GETFD);
    yield* sys.dup(fd);
    yield* sys.close_range(9, 8);
    yield* sys.close_range(50, 60);
    yield* sys.close_range(50, 60, 8);
    yield* sys.close_range(4, 0xffff_ffff);
    yield* sys.fcntl(9, F_GETFD);
    yield* sys.dup3(fd, 7, O_CLOEXEC);
    yield* sys.fcntl(7, F_GETFD);
  }),
];
