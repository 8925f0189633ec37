import {
  IN,
  type Program,
  SA_RESETHAND,
  SA_RESTART,
  SIGCHLD,
  SIGKILL,
  SIGPIPE,
  SIGUSR1,
  SIGUSR2,
  SIG_BLOCK,
  SIG_DFL,
  SIG_SETMASK,
  SIG_UNBLOCK,
  type Scenario,
  type SignalHandler,
  type Sys,
  scenario,
} from "../scenario.ts";
import { pipe, read, unixPair, wait, watching } from "./helpers.ts";

/** A handler that does nothing: that it has been called is written down anyway. */
const nothing: SignalHandler = function* () {};

/** Forks, and waits until the child sleeps. */
function* child(sys: Sys, program: Program): Generator<unknown, number, unknown> {
  const pid = yield* sys.fork(program);
  yield* sys.asleep();
  return pid;
}

/** Signals that tasks send to themselves and to each other, and processes that end. */
export const signals: Scenario[] = [
  scenario("a handler runs before the kill() that sent the signal returns", function* (sys) {
    yield* sys.sigaction(SIGUSR1, nothing);
    yield* sys.kill(yield* sys.getpid(), SIGUSR1);
    yield* sys.kill(yield* sys.getpid(), 0);
    yield* sys.kill(99, SIGUSR1);
    yield* sys.kill(yield* sys.getpid(), 65);
  }),
  scenario("a handler's calls are the task's own, and its signal is blocked meanwhile", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    let times = 0;
    yield* sys.sigaction(SIGUSR1, function* (own) {
      if (times++ > 0) return;
      yield* own.sigprocmask(SIG_BLOCK, null, []);
      yield* own.write(writer, "from the handler");
      yield* own.kill(yield* own.getpid(), SIGUSR1);
      yield* own.sigpending([]);
    });
    yield* sys.kill(yield* sys.getpid(), SIGUSR1);
    yield* read(sys, reader);
  }),
  scenario("a signal for a handler that is running interrupts it if it is another one", function* (sys) {
    yield* sys.sigaction(SIGUSR1, function* (own) {
      yield* own.kill(yield* own.getpid(), SIGUSR2);
    });
    yield* sys.sigaction(SIGUSR2, nothing);
    yield* sys.kill(yield* sys.getpid(), SIGUSR1);
  }),
  scenario(
    "blocked signals stay pending, each once, and come with the end of the block, the lowest first",
    function* (sys) {
      yield* sys.sigaction(SIGUSR1, nothing);
      yield* sys.sigaction(SIGUSR2, nothing);
      yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1, SIGUSR2]);
      for (const signo of [SIGUSR2, SIGUSR1, SIGUSR1]) yield* sys.kill(yield* sys.getpid(), signo);
      yield* sys.sigpending([]);
      yield* sys.sigprocmask(SIG_UNBLOCK, [SIGUSR1, SIGUSR2], []);
      yield* sys.sigpending([]);
      yield* sys.sigprocmask(SIG_SETMASK, [SIGKILL, SIGUSR1], []);
      yield* sys.sigprocmask(SIG_SETMASK, [], []);
    },
  ),
  scenario("sigaction() tells what was done before; SA_RESETHAND does it once", function* (sys) {
    yield* sys.sigaction(SIGUSR1, { handler: nothing, flags: SA_RESETHAND, mask: [SIGUSR2] }, {});
    yield* sys.sigaction(SIGUSR1, null, {});
    yield* sys.kill(yield* sys.getpid(), SIGUSR1);
    yield* sys.sigaction(SIGUSR1, null, {});
    yield* sys.sigaction(SIGKILL, nothing);
    yield* sys.sigaction(0, nothing);
  }),
  scenario("W-7: epoll_wait and pause end with EINTR, SA_RESTART or not", function* (sys) {
    const [a] = yield* unixPair(sys);
    const epfd = yield* watching(sys, IN, a);
    const pid = yield* child(sys, function* (own) {
      yield* own.sigaction(SIGUSR1, { handler: nothing, flags: SA_RESTART });
      yield* wait(own, epfd, 1, -1);
      yield* own.pause();
    });
    yield* sys.kill(pid, SIGUSR1);
    yield* sys.asleep();
    yield* sys.kill(pid, SIGUSR1);
    yield* sys.wait4(pid, {});
  }),
  scenario("a blocked read goes on behind a handler with SA_RESTART, and ends with EINTR without", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const pid = yield* child(sys, function* (own) {
      yield* own.sigaction(SIGUSR1, { handler: nothing, flags: SA_RESTART });
      yield* own.sigaction(SIGUSR2, nothing);
      yield* read(own, reader);
      yield* read(own, reader);
    });
    yield* sys.kill(pid, SIGUSR1);
    yield* sys.asleep();
    yield* sys.kill(pid, SIGUSR2);
    yield* sys.asleep();
    yield* sys.write(writer, "bytes");
    yield* sys.wait4(pid, {});
  }),
  scenario("W-9: a blocked signal does not interrupt a call", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const pid = yield* child(sys, function* (own) {
      yield* own.sigaction(SIGUSR1, nothing);
      yield* own.sigprocmask(SIG_BLOCK, [SIGUSR1]);
      yield* read(own, reader);
      yield* own.sigprocmask(SIG_UNBLOCK, [SIGUSR1]);
    });
    yield* sys.kill(pid, SIGUSR1);
    yield* sys.asleep();
    yield* sys.write(writer, "bytes");
    yield* sys.wait4(pid, {});
  }),
  scenario("a killed process closes what it had, and its parent is told how it ended", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    yield* sys.sigaction(SIGCHLD, nothing);
    const pid = yield* child(sys, (own) => own.pause() as ReturnType<Program>);
    yield* sys.close(writer);
    yield* sys.kill(pid, SIGKILL);
    yield* sys.asleep();
    yield* read(sys, reader);
    yield* sys.wait4(pid, {});
    yield* sys.wait4(pid, {});
  }),
  scenario("a process that exits is waited for once; its descriptors are closed", function* (sys) {
    const [reader, writer] = yield* pipe(sys, 0);
    const pid = yield* sys.fork(function* (own) {
      yield* own.close(reader);
      yield* own.write(writer, "last words");
      yield* own.exit(7);
    });
    yield* sys.asleep();
    yield* sys.close(writer);
    yield* read(sys, reader);
    yield* read(sys, reader);
    yield* sys.wait4(-1, {});
    yield* sys.kill(pid, 0);
    yield* sys.wait4(-1, {});
  }),
  scenario("PI-7: SIGPIPE ends who has not ignored it", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    yield* sys.close(reader);
    yield* sys.write(writer, "ignored here");
    const pid = yield* child(sys, function* (own) {
      yield* own.sigaction(SIGPIPE, SIG_DFL);
      yield* own.write(writer, "x");
      yield* own.write(writer, "never");
    });
    yield* sys.wait4(pid, {});
  }),
];
