import {
  CLONE_FILES,
  CLONE_VM,
  EPOLL,
  EPOLL_CTL_ADD,
  EPOLL_CTL_MOD,
  ET,
  IN,
  ONESHOT,
  OUT,
  type Program,
  RDHUP,
  SOCK_NONBLOCK,
  type Scenario,
  type Sys,
  scenario,
} from "../scenario.ts";
import { connecting, listening, read, u64, wait, watching } from "./helpers.ts";

const { EXCLUSIVE } = EPOLL;

/** For every epoll a thread that waits in it, and then does something else; the first one first. */
function* workers(sys: Sys, epfds: readonly number[], then?: Program): Generator<unknown, void, unknown> {
  for (const epfd of epfds) {
    yield* sys.clone(CLONE_VM | CLONE_FILES, function* (task) {
      yield* wait(task, epfd, 1, -1);
      if (then) yield* then(task);
    });
    yield* sys.asleep();
  }
}

/** EPOLLEXCLUSIVE: one file in several epolls, and not all of them are woken. */
export const exclusive: Scenario[] = [
  scenario(
    "L-6, L-7, L-8, L-14, N-6: EXCLUSIVE may only be added, with IN, OUT, ERR, HUP and ET, and never to an epoll",
    function* (sys) {
      const fd = yield* sys.eventfd(1, 0x800);
      const inner = yield* sys.epoll_create1(0);
      const epfd = yield* sys.epoll_create1(0);
      const ctl = (op: number, target: number, events: number) =>
        sys.epoll_ctl(epfd, op, target, { events: events >>> 0, data: { fd: target } });
      yield* ctl(EPOLL_CTL_MOD, fd, EXCLUSIVE | IN);
      yield* ctl(EPOLL_CTL_ADD, inner, EXCLUSIVE | IN);
      yield* ctl(EPOLL_CTL_ADD, fd, EXCLUSIVE | IN | ONESHOT);
      yield* ctl(EPOLL_CTL_ADD, fd, EXCLUSIVE | IN | RDHUP);
      yield* ctl(EPOLL_CTL_ADD, fd, EXCLUSIVE | IN | OUT | ET);
      yield* ctl(EPOLL_CTL_ADD, fd, EXCLUSIVE | IN | ONESHOT);
      yield* ctl(EPOLL_CTL_ADD, fd, EXCLUSIVE | IN);
      yield* ctl(EPOLL_CTL_MOD, fd, IN);
      yield* wait(sys, epfd);
    },
  ),
  scenario(
    "X-6, A-4: with EXCLUSIVE in all, only the sleeper of the epoll that was added first wakes",
    function* (sys) {
      const fd = yield* sys.eventfd(0, 0x800);
      const epfds: number[] = [];
      for (let i = 0; i < 3; i++) epfds.push(yield* watching(sys, EXCLUSIVE | IN, fd));
      yield* workers(sys, epfds);
      for (let i = 0; i < 3; i++) {
        yield* sys.write(fd, u64(1n));
        yield* sys.asleep();
        yield* read(sys, fd, 8);
      }
    },
  ),
  scenario(
    "X-9, A-2: without EXCLUSIVE every epoll's sleeper wakes; of the exclusive ones only one more",
    function* (sys) {
      const fd = yield* sys.eventfd(0, 0x800);
      const plain = yield* watching(sys, IN, fd);
      const first = yield* watching(sys, EXCLUSIVE | IN, fd);
      const second = yield* watching(sys, EXCLUSIVE | IN, fd);
      yield* workers(sys, [plain, first, second]);
      yield* sys.write(fd, u64(1n));
      yield* sys.asleep();
      yield* wait(sys, second);
      yield* read(sys, fd, 8);
      yield* sys.write(fd, u64(1n));
      yield* sys.asleep();
    },
  ),
  scenario(
    "X-8, P-6: an exclusive epoll in front of the one that wakes is told too, one behind it is not",
    function* (sys) {
      const fd = yield* sys.eventfd(0, 0x800);
      const epfds: number[] = [];
      for (let i = 0; i < 3; i++) epfds.push(yield* watching(sys, EXCLUSIVE | IN, fd));
      yield* workers(sys, epfds.slice(1, 2));
      yield* sys.write(fd, u64(1n));
      yield* sys.asleep();
      for (const epfd of epfds) yield* wait(sys, epfd);
    },
  ),
  scenario(
    "X-7: spaced connections to a listener that is watched exclusively all go to the first worker",
    function* (sys) {
      const listener = yield* listening(sys);
      const epfds: number[] = [];
      for (let i = 0; i < 2; i++) epfds.push(yield* watching(sys, EXCLUSIVE | IN, listener));
      yield* workers(sys, epfds, function* (task) {
        yield* task.accept4(listener, SOCK_NONBLOCK);
        yield* wait(task, epfds[0] ?? -1, 1, -1);
        yield* task.accept4(listener, SOCK_NONBLOCK);
      });
      for (let i = 0; i < 4; i++) {
        yield* connecting(sys);
        yield* sys.asleep();
      }
    },
  ),
];
