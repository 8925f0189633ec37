import {
  CLONE_VM,
  EPOLL_CTL_ADD,
  ET,
  F_GETFD,
  F_GETFL,
  FIONREAD,
  IN,
  O_NONBLOCK,
  RLIMIT_NOFILE,
  SOCK_CLOEXEC,
  scenario,
  type Scenario,
} from "../scenario.ts";
import { pipe, read, u64, wait, watch, watching } from "./helpers.ts";

const O_RDWR = 2;

/** What epoll_create makes, and what it takes. */
export const epollCreate: Scenario[] = [
  scenario("C-1: epoll_create wants a size above 0, and does not hear it", function* (sys) {
    for (const size of [0, -1, -2_147_483_648]) yield* sys.epoll_create(size);
    for (const size of [1, 2_147_483_647]) {
      const epfd = yield* sys.epoll_create(size);
      const fds: number[] = [];
      for (let i = 0; i < 3; i++) fds.push(yield* sys.eventfd(1, O_NONBLOCK));
      for (const fd of fds) yield* watch(sys, epfd, fd, IN);
      yield* wait(sys, epfd);
    }
  }),
  scenario("C-2: epoll_create1 knows close-on-exec and nothing else", function* (sys) {
    for (const flags of [1, O_RDWR, O_NONBLOCK, O_NONBLOCK | SOCK_CLOEXEC, -1]) yield* sys.epoll_create1(flags);
    yield* sys.fcntl(yield* sys.epoll_create1(0), F_GETFD);
    yield* sys.fcntl(yield* sys.epoll_create1(SOCK_CLOEXEC), F_GETFD);
  }),
  scenario("C-4: an epoll is open for both directions", function* (sys) {
    yield* sys.fcntl(yield* sys.epoll_create1(0), F_GETFL);
    yield* sys.fcntl(yield* sys.epoll_create1(SOCK_CLOEXEC), F_GETFL);
  }),
  scenario("C-3: flags and size are looked at before a descriptor is reserved", function* (sys) {
    yield* sys.setrlimit(RLIMIT_NOFILE, { rlim_cur: 4 });
    yield* sys.epoll_create1(0);
    yield* sys.epoll_create1(1);
    yield* sys.epoll_create(0);
    yield* sys.epoll_create1(0);
    yield* sys.epoll_create(1);
  }),
  scenario("C-5: an epoll is neither read, written nor asked, and has no position", function* (sys) {
    const epfd = yield* watching(sys, IN, yield* sys.eventfd(1, O_NONBLOCK));
    yield* read(sys, epfd);
    yield* sys.write(epfd, "x");
    yield* sys.lseek(epfd, 10, 0);
    yield* sys.lseek(epfd, -10, 2);
    yield* sys.ioctl(epfd, FIONREAD, { value: 0 });
    yield* sys.ioctl(epfd, 0x1234, { value: 0 });
    yield* wait(sys, epfd);
  }),
  scenario(
    "C-7: an epoll in two processes is one epoll, and lives until the last descriptor of it goes",
    function* (sys) {
      const fd = yield* sys.eventfd(0, O_NONBLOCK);
      const epfd = yield* watching(sys, IN | ET, fd);
      const outer = yield* watching(sys, IN, epfd);
      const [reader, writer] = yield* pipe(sys, 0);
      yield* sys.clone(CLONE_VM, function* (child) {
        yield* read(child, reader, 1);
        yield* wait(child, epfd);
        yield* child.epoll_ctl(epfd, EPOLL_CTL_ADD, reader, { events: IN, data: { u32: 77 } });
        yield* read(child, reader, 1);
      });
      yield* sys.asleep();
      yield* sys.close(epfd);
      yield* sys.write(fd, u64(1n));
      yield* wait(sys, outer);
      yield* sys.write(writer, "1");
      yield* sys.asleep();
      yield* wait(sys, outer);
      yield* sys.write(writer, "23");
      yield* sys.asleep();
      yield* wait(sys, outer);
      yield* sys.write(fd, u64(1n));
      yield* wait(sys, outer);
    },
  ),
];
