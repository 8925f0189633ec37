import {
  EPOLLIN,
  EPOLL_CTL_ADD,
  SIGNALFD_SIGINFO_SIZE,
  SIGUSR1,
  SIG_BLOCK,
  type Kernel,
  type Program,
} from "../../../lib/index.ts";

/** The same signal as an event: it is blocked, so that it stays pending, and read from a descriptor. No handler, no EINTR. */
const loop: Program = function* (sys) {
  yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
  const sfd = yield* sys.signalfd(-1, [SIGUSR1], 0);
  const epfd = yield* sys.epoll_create1(0);
  yield* sys.epoll_ctl(epfd, EPOLL_CTL_ADD, sfd, { events: EPOLLIN, data: { fd: sfd } });
  const pid = yield* sys.getpid();
  yield* sys.fork(function* (child) {
    yield* child.nanosleep({ sec: 0, nsec: 100_000 });
    yield* child.kill(pid, SIGUSR1);
  });
  yield* sys.epoll_wait(epfd, sys.epoll_events(4), 4, -1);
  yield* sys.read(sfd, sys.buffer(SIGNALFD_SIGINFO_SIZE));
};

/** The machine: one task, which makes the one that sends the signal. */
export function start(kernel: Kernel): void {
  kernel.spawn("loop", loop);
}
