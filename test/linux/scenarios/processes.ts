import {
  CLONE_ALL,
  F_GETOWN,
  F_SETOWN,
  SA_RESETHAND,
  SA_RESTART,
  SIGCHLD,
  SIGCONT,
  SIGHUP,
  SIGKILL,
  SIGSTOP,
  SIGTERM,
  SIGTSTP,
  SIGUSR1,
  SIGUSR2,
  SIG_BLOCK,
  SIG_UNBLOCK,
  SOL_SOCKET,
  SO_RCVTIMEO,
  MSG_WAITALL,
  type Scenario,
  type SignalHandler,
  type Sys,
  WCONTINUED,
  WNOHANG,
  WUNTRACED,
  scenario,
} from "../scenario.ts";
import { PORT, connecting, listening, pipe, read, unixPair } from "./helpers.ts";

const F_SETFL = 4;
const O_ASYNC = 0o20000;
const SIGIO = 29;
/** A signal of those that queue. */
const REAL_TIME = 40;
const F_SETSIG = 10;
const F_GETSIG = 11;

/** A handler that does nothing: that it has been called is written down anyway. */
const nothing: SignalHandler = function* () {};

/** A struct timeval of whole seconds. */
function timeval(seconds: number): Uint8Array {
  return new Uint8Array(new BigInt64Array([BigInt(seconds), 0n]).buffer);
}

/** How processes end, stop and go on, which of their threads takes a signal, and their tables. */
export const processes: Scenario[] = [
  scenario("a process has ended as its last thread has, when the first one has gone before", function* (sys) {
    yield* sys.sigaction(SIGCHLD, nothing);
    const pid = yield* sys.fork(function* (own) {
      yield* own.clone(CLONE_ALL, function* (thread) {
        yield* thread.turn(2);
        yield* thread.exit(5);
      });
      yield* own.exit(3);
    });
    yield* sys.asleep();
    yield* sys.wait4(pid, {}, WNOHANG);
    yield* sys.turn(3);
    yield* sys.wait4(pid, {});
  }),
  scenario("exit_group() says how a process has ended, also behind its first thread", function* (sys) {
    const pid = yield* sys.fork(function* (own) {
      yield* own.clone(CLONE_ALL, function* (thread) {
        yield* thread.turn(2);
        yield* thread.exit_group(7);
      });
      yield* own.exit(3);
    });
    yield* sys.turn(3);
    yield* sys.wait4(pid, {});
  }),
  scenario("a signal that ends the threads that are left is what has ended the process", function* (sys) {
    yield* sys.sigaction(SIGCHLD, nothing);
    const pid = yield* sys.fork(function* (own) {
      yield* own.clone(CLONE_ALL, function* (thread) {
        yield* thread.pause();
      });
      yield* own.exit(3);
    });
    yield* sys.asleep();
    yield* sys.kill(pid, SIGTERM);
    yield* sys.asleep();
    yield* sys.wait4(pid, {});
  }),
  scenario("wait4() tells that a child was stopped or goes on, each once, if it is asked to", function* (sys) {
    yield* sys.sigaction(SIGCHLD, nothing);
    const pid = yield* sys.fork(function* (own) {
      yield* own.pause();
    });
    yield* sys.asleep();
    yield* sys.kill(pid, SIGSTOP);
    yield* sys.asleep();
    yield* sys.wait4(pid, {}, WNOHANG | WCONTINUED);
    yield* sys.wait4(pid, {}, WNOHANG | WUNTRACED);
    yield* sys.wait4(pid, {}, WNOHANG | WUNTRACED);
    yield* sys.kill(pid, SIGCONT);
    yield* sys.asleep();
    yield* sys.wait4(pid, {}, WNOHANG | WUNTRACED);
    yield* sys.wait4(pid, {}, WNOHANG | WCONTINUED);
    yield* sys.wait4(pid, {}, WNOHANG | WCONTINUED);
    yield* sys.kill(pid, SIGTSTP);
    yield* sys.asleep();
    yield* sys.kill(pid, SIGCONT);
    yield* sys.asleep();
    yield* sys.wait4(pid, {}, WNOHANG | WUNTRACED);
    yield* sys.kill(pid, SIGKILL);
    yield* sys.asleep();
    yield* sys.wait4(pid, {}, WNOHANG | WUNTRACED | WCONTINUED);
  }),
  scenario("a signal that one thread blocks goes to the one that took such a signal last", function* (sys) {
    yield* sys.sigaction(SIGUSR1, nothing);
    yield* sys.sigprocmask(SIG_BLOCK, [SIGUSR1]);
    yield* sys.clone(CLONE_ALL, function* (thread) {
      yield* thread.sigprocmask(SIG_UNBLOCK, [SIGUSR1]);
      yield* thread.pause();
      yield* thread.sigprocmask(SIG_BLOCK, [SIGUSR1]);
      yield* thread.turn(3);
      yield* thread.sigprocmask(SIG_UNBLOCK, [SIGUSR1]);
      yield* thread.pause();
    });
    yield* sys.asleep();
    yield* sys.clone(CLONE_ALL, function* (thread) {
      yield* thread.sigprocmask(SIG_UNBLOCK, [SIGUSR1]);
      for (let i = 0; i < 3; i++) yield* thread.pause();
    });
    yield* sys.asleep();
    const me = yield* sys.getpid();
    yield* sys.kill(me, SIGUSR1);
    yield* sys.asleep();
    yield* sys.turn(1);
    yield* sys.kill(me, SIGUSR1);
    yield* sys.turn(4);
    yield* sys.kill(me, SIGUSR1);
    yield* sys.asleep();
    yield* sys.exit_group(0);
  }),
  scenario(
    "a call of a socket with a time limit ends with EINTR, SA_RESTART or not; without one it goes on",
    function* (sys) {
      const [a] = yield* unixPair(sys, 0);
      const lfd = yield* listening(sys, 8, PORT, 0);
      const pid = yield* sys.fork(function* (own) {
        yield* own.sigaction(SIGUSR1, { handler: nothing, flags: SA_RESTART });
        for (const fd of [a, lfd]) yield* own.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, timeval(100));
        yield* read(own, a);
        yield* own.recv(a, own.buffer(8));
        yield* own.recvmsg(a, { iov: [own.buffer(8)] }, 0);
        yield* own.accept4(lfd, 0);
        yield* own.setsockopt(lfd, SOL_SOCKET, SO_RCVTIMEO, timeval(0));
        yield* own.accept4(lfd, 0);
      });
      for (let i = 0; i < 6; i++) {
        yield* sys.asleep();
        yield* sys.kill(pid, SIGUSR1);
      }
      yield* sys.asleep();
      yield* connecting(sys);
      yield* sys.wait4(pid, {});
    },
  ),
  scenario("a time limit that is set while a call sleeps is for the next one", function* (sys) {
    const [a, b] = yield* unixPair(sys, 0);
    const pid = yield* sys.fork(function* (own) {
      yield* own.sigaction(SIGUSR1, { handler: nothing, flags: SA_RESTART });
      yield* own.nanosleep({ sec: 0, nsec: 1000 });
      yield* own.recv(a, own.buffer(8), 8, MSG_WAITALL);
      yield* own.recv(a, own.buffer(8), 8, MSG_WAITALL);
    });
    yield* sys.asleep();
    yield* sys.setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, timeval(100));
    yield* sys.write(b, "1234");
    yield* sys.asleep();
    yield* sys.write(b, "5678");
    yield* sys.asleep();
    yield* sys.setsockopt(a, SOL_SOCKET, SO_RCVTIMEO, timeval(0));
    yield* sys.kill(pid, SIGUSR1);
    yield* sys.wait4(pid, {});
  }),
  scenario("sigaction() forgets flags that there are not", function* (sys) {
    yield* sys.sigaction(SIGUSR1, { handler: nothing, flags: 0x03ff_f000 | SA_RESTART | SA_RESETHAND });
    yield* sys.sigaction(SIGUSR1, null, {});
  }),
  scenario("F_SETOWN takes any task's number for a group; F_SETSIG looks at 32 bits", function* (sys) {
    const [reader] = yield* pipe(sys);
    const pid = yield* sys.fork(function* (own) {
      yield* own.pause();
    });
    yield* sys.asleep();
    yield* sys.fcntl(reader, F_SETOWN, -pid);
    yield* sys.fcntl(reader, F_GETOWN);
    yield* sys.fcntl(reader, F_SETOWN, pid);
    yield* sys.fcntl(reader, F_GETOWN);
    yield* sys.fcntl(reader, F_SETOWN, -99_999);
    yield* sys.fcntl(reader, F_SETSIG, 65);
    yield* sys.fcntl(reader, F_SETSIG, 2 ** 32 + SIGUSR1);
    yield* sys.fcntl(reader, F_GETSIG);
    yield* sys.kill(pid, SIGKILL);
  }),
  scenario("another process is told that a file is ready, for as long as O_ASYNC is set", function* (sys) {
    const [reader, writer] = yield* pipe(sys);
    for (const signo of [SIGIO, REAL_TIME]) yield* sys.sigaction(signo, nothing);
    const pid = yield* sys.fork(function* (own) {
      for (let i = 0; i < 3; i++) yield* own.pause();
    });
    yield* sys.asleep();
    yield* sys.fcntl(reader, F_SETOWN, pid);
    yield* sys.fcntl(reader, F_SETFL, O_ASYNC);
    yield* sys.write(writer, "plain");
    yield* sys.asleep();
    yield* sys.fcntl(reader, F_SETSIG, REAL_TIME);
    const copy = yield* sys.dup(reader);
    yield* sys.close(reader);
    yield* sys.write(writer, "with particulars");
    yield* sys.asleep();
    yield* sys.fcntl(copy, F_SETFL, 0);
    yield* sys.write(writer, "unasked");
    yield* sys.asleep();
    yield* sys.fcntl(copy, F_SETFL, O_ASYNC);
    yield* sys.write(writer, "asked");
    yield* sys.wait4(pid, {});
    yield* sys.write(writer, "too late");
  }),
  scenario("a handler and what it waits for see the masks of the calls around them", function* (sys) {
    const masks: SignalHandler = function* (own) {
      yield* own.sigprocmask(SIG_BLOCK, [], []);
    };
    yield* sys.sigaction(SIGUSR1, function* (own) {
      yield* own.sigprocmask(SIG_BLOCK, [], []);
      yield* own.sigsuspend([SIGUSR1]);
      yield* own.sigprocmask(SIG_BLOCK, [], []);
    });
    yield* sys.sigaction(SIGUSR2, masks);
    const pid = yield* sys.fork(function* (own) {
      yield* own.sigprocmask(SIG_BLOCK, [SIGUSR2]);
      yield* own.sigsuspend([SIGHUP]);
      yield* own.sigprocmask(SIG_BLOCK, [], []);
    });
    yield* sys.asleep();
    yield* sys.kill(pid, SIGUSR1);
    yield* sys.asleep();
    yield* sys.kill(pid, SIGUSR2);
    yield* sys.wait4(pid, {});
  }),
  scenario("B-2: a forked process has a table for what is open, which select() can tell", function* (sys) {
    const ask = (own: Sys, fd: number) => own.select(fd + 1, { read: [fd] }, { sec: 0, usec: 0 });
    yield* sys.dup2(0, 64);
    for (const fd of [127, 128]) yield* ask(sys, fd);
    yield* sys.dup2(0, 200);
    yield* sys.close(200);
    for (const fd of [255, 256]) yield* ask(sys, fd);
    const pid = yield* sys.fork(function* (own) {
      for (const fd of [127, 128, 255]) yield* ask(own, fd);
    });
    yield* sys.wait4(pid, {});
  }),
];
