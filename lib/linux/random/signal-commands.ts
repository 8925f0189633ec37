import * as abi from "../abi.ts";
import type { PollEntry, SignalHandler } from "../program.ts";
import { type Choices, type Command, type Context, type Steps, one, wrong } from "./commands.ts";
import type { Kind } from "./pool.ts";

/**
 * Commands about signals that a task sends to itself. Six signals have handlers at most, and each blocks itself, so that
 * no more than six handlers lie on top of each other.
 */

const { O_ASYNC, O_NONBLOCK, SA_NODEFER, SA_RESETHAND, SA_RESTART, SIGIO, SIGRTMIN, SIGURG, SIGUSR1, SIGUSR2 } = abi;
const { SIGCHLD, SIG_DFL, SIG_IGN } = abi;
export const SIGNALS = [SIGUSR1, SIGUSR2, SIGRTMIN, SIGURG, SIGIO, SIGCHLD];
const READY: Kind[] = ["reader", "writer", "unix", "connected", "listener", "dgram", "udp", "fifo"];
const NONE = { sec: 0, nsec: 0 };

/** Some of the signals: which ones, the bits of a number say. */
export function setOf(choice: number): number[] {
  return SIGNALS.filter((_, i) => (choice >> i) & 1).toSorted((a, b) => a - b);
}

/** A handler; it does one thing at most, and nothing that would send a signal. */
export function handler({ pool, in: buffer }: Context, choice: number): SignalHandler {
  return function* (sys) {
    if (choice % 4 === 1) yield* sys.sigpending([]);
    if (choice % 4 === 2) yield* sys.sigprocmask(abi.SIG_BLOCK, setOf(choice >> 2), []);
    if (choice % 4 === 3) yield* sys.read(pool.pick(choice >> 2, "eventfd", "timer", "signalfd"), buffer, 8);
  };
}

/** What happens on a signal; mostly a handler, since those without end the program. */
export function* sigaction(context: Context, [a, b, c]: Choices): Steps {
  const signo = wrong(a) ? one([0, 9, 65, -1], b) : one(SIGNALS, a);
  const isFatal = signo !== SIGURG && signo !== SIGCHLD;
  const flags = one([0, SA_RESTART, 0, SA_RESTART, SA_NODEFER, isFatal ? 0 : SA_RESETHAND], b >> 2);
  const action =
    b % 4 === 3
      ? one([SIG_IGN, isFatal && c < 240 ? SIG_IGN : SIG_DFL], c)
      : { handler: handler(context, c), flags: signo >= SIGRTMIN ? flags & ~SA_NODEFER : flags, mask: setOf(c >> 2) };
  yield* context.sys.sigaction(signo, wrong(b) ? null : action, a % 4 === 0 ? {} : undefined);
}

export function* sigprocmask({ sys }: Context, [a, b]: Choices): Steps {
  const how = wrong(b) ? 7 : one([abi.SIG_UNBLOCK, abi.SIG_BLOCK, abi.SIG_SETMASK, abi.SIG_UNBLOCK], b);
  yield* sys.sigprocmask(how, b % 16 === 7 ? null : setOf(a), b & 32 ? [] : undefined);
}

function* send({ sys }: Context, [a, b]: Choices): Steps {
  const signo = wrong(a) ? one([0, 65, -1], b) : one(SIGNALS, a);
  if (b % 3 === 0) yield* sys.kill(1, signo);
  else if (b % 3 === 1) yield* sys.tgkill(1, wrong(b) ? 63 : 1, signo);
  else yield* sys.tkill(1, signo);
}

export function* sigpending({ sys }: Context): Steps {
  yield* sys.sigpending([]);
}

export function* signalfd({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const old = c % 4 === 0 ? pool.pick(b, "signalfd") : -1;
  const fd = yield* sys.signalfd(old, setOf(a), wrong(c) ? 1 : O_NONBLOCK);
  if (old === -1) pool.add(fd, "signalfd");
}

function* read({ sys, pool, in: buffer }: Context, [a, b]: Choices): Steps {
  yield* sys.read(pool.pick(a, "signalfd"), buffer, one([128, 256, 127, 1000, 0], b));
}

function* wait({ sys, pool, events }: Context, [a, b, c]: Choices): Steps {
  const mask = wrong(c) ? null : setOf(c);
  if (b % 2) yield* sys.epoll_pwait(pool.pick(a, "epoll"), events, one([16, 1, 2], b >> 1), 0, mask);
  else yield* sys.epoll_pwait2(pool.pick(a, "epoll"), events, one([16, 1, 2], b >> 1), NONE, mask);
}

function* poll({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fds = [a, b].map((choice) => pool.pick(choice, ...READY, "signalfd", "epoll"));
  const entries: PollEntry[] = fds.map((fd) => ({ fd, events: abi.IN | abi.OUT }));
  if (b % 2) yield* sys.ppoll(entries, { ...NONE }, setOf(c));
  else yield* sys.pselect6(64, { read: fds.filter((fd) => fd >= 0 && fd < 64) }, { ...NONE }, setOf(c));
}

/** Readiness is told by a signal. */
function* owner({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fd = pool.pick(a, ...READY);
  if (b % 4 === 0) yield* sys.fcntl(fd, abi.F_SETSIG, one([0, SIGRTMIN, SIGUSR1, 0], c));
  else if (b % 4 === 1) yield* sys.fcntl(fd, abi.F_GETOWN);
  else {
    yield* sys.fcntl(fd, abi.F_SETOWN, c % 8 === 7 ? 0 : 1);
    yield* sys.fcntl(fd, abi.F_SETFL, O_NONBLOCK | (c % 4 === 3 ? 0 : O_ASYNC));
  }
}

/** The first command of a program with signals: without a handler most signals would end it. */
export function* handleAll(context: Context): Steps {
  for (const [i, signo] of SIGNALS.entries()) {
    yield* context.sys.sigaction(signo, { handler: handler(context, i), flags: i % 2 ? SA_RESTART : 0 });
  }
}

export const SIGNAL_COMMANDS: readonly (readonly [weight: number, Command])[] = [
  [8, sigaction],
  [14, sigprocmask],
  [16, send],
  [4, sigpending],
  [6, signalfd],
  [8, read],
  [8, wait],
  [6, poll],
  [8, owner],
];
