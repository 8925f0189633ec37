import {
  CLOCK_MONOTONIC,
  CLOCK_REALTIME,
  CLONE_FILES,
  CLONE_VM,
  ET,
  F_GETFL,
  IN,
  OUT,
  type Scenario,
  type Sys,
  TFD_NONBLOCK,
  TFD_TIMER_ABSTIME,
  scenario,
} from "../scenario.ts";
import { read, wait, watching } from "./helpers.ts";

const THREAD = CLONE_VM | CLONE_FILES;
const NONE = { sec: 0, nsec: 0 };
const MS = 1_000_000;

/** A time from now, and a period. Unit: ms. */
function every(value: number, interval = 0): { it_value: { sec: number; nsec: number }; it_interval: typeof NONE } {
  const timespec = (ms: number) => ({ sec: Math.floor(ms / 1000), nsec: (ms % 1000) * MS });
  return { it_value: timespec(value), it_interval: timespec(interval) };
}

/** A timer that does not make its readers wait. */
function* timer(sys: Sys, flags = TFD_NONBLOCK): Generator<unknown, number> {
  return (yield* sys.timerfd_create(CLOCK_MONOTONIC, flags)) as number;
}

function* sleep(sys: Sys, ms: number): Generator<unknown, void> {
  yield* sys.nanosleep({ sec: 0, nsec: ms * MS });
}

/** Starts a thread and waits until it sleeps. */
function* sleeper(sys: Sys, wait: (task: Sys) => Iterable<unknown>): Generator<unknown, void> {
  yield* sys.clone(THREAD, function* (task) {
    yield* wait(task);
  });
  yield* sys.asleep();
}

/** Timers that can be waited for. Their times are far apart, so that how fast a computer is does not matter. */
export const timerfds: Scenario[] = [
  scenario("TF-1: timers go by five clocks, other clocks and flags are EINVAL", function* (sys) {
    for (let clockid = -1; clockid < 13; clockid++) yield* sys.timerfd_create(clockid, 0);
    yield* sys.timerfd_create(CLOCK_MONOTONIC, 1);
    const fd = yield* sys.timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
    yield* sys.fcntl(fd, F_GETFL);
  }),
  scenario(
    "TF-1: settime checks memory, then flags and times, then the descriptor, then what it stands for",
    function* (sys) {
      const fd = yield* timer(sys);
      const efd = yield* sys.eventfd(0, 0);
      const bad = (value: { sec: number; nsec: number }) => ({ it_value: value, it_interval: NONE });
      yield* sys.timerfd_settime(fd, 0, 16);
      yield* sys.timerfd_settime(70_000, 0, 16);
      yield* sys.timerfd_settime(70_000, 4, every(1));
      yield* sys.timerfd_settime(70_000, 0, every(1));
      yield* sys.timerfd_settime(efd, 0, every(1));
      yield* sys.timerfd_settime(fd, 8, every(1));
      yield* sys.timerfd_settime(fd, 0, bad({ sec: 0, nsec: 1_000_000_000 }));
      yield* sys.timerfd_settime(fd, 0, bad({ sec: 0, nsec: -1 }));
      yield* sys.timerfd_settime(fd, 0, bad({ sec: -1, nsec: 0 }));
      yield* sys.timerfd_settime(fd, 0, { it_value: NONE, it_interval: { sec: 0, nsec: 1_000_000_000 } });
      yield* sys.timerfd_gettime(efd, {});
      yield* sys.timerfd_gettime(70_000, 16);
      yield* sys.timerfd_gettime(fd, 16);
    },
  ),
  scenario(
    "TF-2: a read before the first expiration is EAGAIN, of less than 8 bytes EINVAL, and a write too",
    function* (sys) {
      const fd = yield* timer(sys);
      yield* read(sys, fd, 8);
      yield* read(sys, fd, 7);
      yield* sys.write(fd, new Uint8Array(8));
      yield* sys.timerfd_settime(fd, 0, every(1));
      yield* sleep(sys, 10);
      yield* read(sys, fd, 7);
      yield* read(sys, fd, 16);
      yield* read(sys, fd, 8);
    },
  ),
  scenario("TF-2: a read into bad memory is EFAULT and takes the expirations all the same", function* (sys) {
    const fd = yield* timer(sys);
    yield* sys.timerfd_settime(fd, 0, every(1));
    yield* sleep(sys, 10);
    yield* sys.read(fd, 16, 8);
    yield* read(sys, fd, 8);
  }),
  scenario("TF-2: a blocking read sleeps until the timer expires, all readers wake and one gets it", function* (sys) {
    const fd = yield* timer(sys, 0);
    yield* sys.timerfd_settime(fd, 0, every(40));
    yield* sys.clone(THREAD, (task) => read(task, fd, 8));
    yield* sleep(sys, 100);
    yield* sys.asleep();
  }),
  scenario("TF-3: an expired periodic timer is not started again until somebody asks", function* (sys) {
    const fd = yield* timer(sys);
    const epfd = yield* watching(sys, IN | ET, fd);
    yield* sys.timerfd_settime(fd, 0, every(2, 2));
    yield* sleep(sys, 20);
    yield* wait(sys, epfd);
    yield* sleep(sys, 20);
    yield* wait(sys, epfd);
  }),
  scenario(
    "TF-4: an edge-triggered watcher that does not read gets exactly one event from a periodic timer",
    function* (sys) {
      const fd = yield* timer(sys);
      const epfd = yield* watching(sys, IN | ET, fd);
      yield* sys.timerfd_settime(fd, 0, every(2, 2));
      yield* wait(sys, epfd, 8, 1_000);
      yield* wait(sys, epfd, 8, 30);
      yield* wait(sys, epfd, 8, 0);
    },
  ),
  scenario("TF-4: a level-triggered watcher gets it again and again", function* (sys) {
    const fd = yield* timer(sys);
    const epfd = yield* watching(sys, IN | OUT, fd);
    yield* wait(sys, epfd);
    yield* sys.timerfd_settime(fd, 0, every(2));
    for (let i = 0; i < 3; i++) yield* wait(sys, epfd, 8, 1_000);
    yield* read(sys, fd, 8);
    yield* wait(sys, epfd, 8, 5);
  }),
  scenario("TF-5: gettime starts a periodic timer again, as a read does", function* (sys) {
    const fd = yield* timer(sys);
    const epfd = yield* watching(sys, IN | ET, fd);
    yield* sys.timerfd_settime(fd, 0, every(2, 20));
    yield* wait(sys, epfd, 8, 1_000);
    yield* sys.timerfd_gettime(fd, {});
    yield* wait(sys, epfd, 8, 1_000);
    yield* sleep(sys, 60);
    yield* wait(sys, epfd);
  }),
  scenario(
    "TF-6: settime forgets expirations and tells how the timer was set; 0 stops it, whatever the interval",
    function* (sys) {
      const fd = yield* timer(sys);
      yield* sys.timerfd_settime(fd, 0, every(100_000, 3_000), {});
      yield* sys.timerfd_settime(fd, 0, every(1, 0), {});
      yield* sleep(sys, 10);
      yield* sys.timerfd_settime(fd, 0, every(0, 5_000), {});
      yield* read(sys, fd, 8);
      yield* sys.timerfd_gettime(fd, {});
      yield* sys.timerfd_settime(fd, 0, every(100_000), {});
      yield* sys.timerfd_gettime(fd, {});
      yield* sys.timerfd_settime(fd, 0, every(0), {});
      yield* sys.timerfd_gettime(fd, {});
    },
  ),
  scenario("TF-6: a periodic timer that has expired tells when it would have come next", function* (sys) {
    const fd = yield* timer(sys);
    yield* sys.timerfd_settime(fd, 0, every(1, 100_000));
    yield* sleep(sys, 10);
    yield* sys.timerfd_settime(fd, 0, every(0), {});
    yield* sys.timerfd_settime(fd, 0, every(1, 100_000));
    yield* sleep(sys, 10);
    yield* read(sys, fd, 8);
    yield* read(sys, fd, 8);
    yield* sys.timerfd_gettime(fd, {});
  }),
  scenario("TF-7: an absolute time in the past expires at once", function* (sys) {
    const fd = yield* timer(sys);
    yield* sys.timerfd_settime(fd, TFD_TIMER_ABSTIME, { it_value: { sec: 0, nsec: 1 }, it_interval: NONE });
    yield* read(sys, fd, 8);
    yield* read(sys, fd, 8);
    yield* sys.timerfd_gettime(fd, {});
    yield* sys.timerfd_settime(fd, TFD_TIMER_ABSTIME, { it_value: { sec: 0, nsec: 1 }, it_interval: NONE });
    yield* sys.poll([{ fd, events: IN | OUT }], 0);
  }),
  scenario(
    "TF-8: to be told of a changed clock can be asked for; while none is changed nothing comes of it",
    function* (sys) {
      const fd = yield* sys.timerfd_create(CLOCK_REALTIME, TFD_NONBLOCK);
      const far = { it_value: { sec: 9_000_000_000, nsec: 0 }, it_interval: NONE };
      yield* sys.timerfd_settime(fd, 3, far);
      yield* read(sys, fd, 8);
      yield* sys.timerfd_settime(fd, 2, every(1));
      yield* sleep(sys, 10);
      yield* read(sys, fd, 8);
    },
  ),
  scenario("TF-3: an expiration wakes poll, select and epoll_wait alike", function* (sys) {
    const fd = yield* timer(sys);
    const epfd = yield* watching(sys, IN, fd);
    yield* sleeper(sys, (task) => task.poll([{ fd, events: IN }], -1));
    yield* sleeper(sys, (task) => task.select(fd + 1, { read: [fd] }, null));
    yield* sleeper(sys, (task) => wait(task, epfd, 8, -1));
    yield* sys.timerfd_settime(fd, 0, every(20));
    yield* sleep(sys, 80);
    yield* sys.asleep();
  }),
];
