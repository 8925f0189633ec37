import * as abi from "../abi.ts";
import type { SignalHandler } from "../program.ts";
import { type Choices, type Command, type Context, type Steps, one, wrong } from "./commands.ts";
import { SIGNALS, setOf, sigpending, sigprocmask } from "./signal-commands.ts";

/** Commands of programs with several tasks: signals from one to another, and waiting for those and for a child's end. */

const { SA_NODEFER, SA_RESTART, SIGKILL, SIGRTMIN, SIGTERM, SIG_DFL, SIG_IGN, WALL, WNOHANG } = abi;

/** A handler; now and then it wakes somebody. */
function handler({ pool, out }: Context, choice: number): SignalHandler {
  return function* (sys) {
    if (choice % 8 === 5) yield* sys.sigpending([]);
    if (choice % 8 === 6) yield* sys.write(pool.pick(choice >> 3, "writer", "unix"), out, 1);
  };
}

function* sigaction(context: Context, [a, b, c]: Choices): Steps {
  const signo = one(SIGNALS, a);
  const flags = one([SA_RESTART, 0, SA_RESTART, 0, signo < SIGRTMIN ? SA_NODEFER : 0], b >> 2);
  const action =
    b % 4 === 3
      ? one([SIG_IGN, SIG_IGN, SIG_IGN, SIG_DFL], c)
      : { handler: handler(context, c), flags, mask: c % 4 === 3 ? setOf(c >> 2) : [] };
  yield* context.sys.sigaction(signo, action, a % 4 === 0 ? {} : undefined);
}

function* send({ sys, tasks }: Context, [a, b, c]: Choices): Steps {
  const to = wrong(c) ? 63 : 1 + (a % tasks);
  const signo = wrong(b) ? one([SIGKILL, SIGTERM, 0], c) : one(SIGNALS, b);
  if (c % 3 === 0) yield* sys.kill(to, signo);
  else if (c % 3 === 1) yield* sys.tgkill(to, to, signo);
  else yield* sys.tkill(to, signo);
}

function* sleep({ sys }: Context, [a, b]: Choices): Steps {
  if (a % 2) yield* sys.pause();
  else yield* sys.sigsuspend(setOf(b));
}

function* signalfd({ sys, pool }: Context, [a, b]: Choices): Steps {
  pool.add(yield* sys.signalfd(-1, setOf(a), b % 4 === 3 ? abi.O_NONBLOCK : 0), "signalfd");
}

function* readSignals({ sys, pool, in: buffer }: Context, [a, b]: Choices): Steps {
  yield* sys.read(pool.pick(a, "signalfd"), buffer, one([128, 256, 1000], b));
}

function* wait4({ sys, tasks }: Context, [a, b, c]: Choices): Steps {
  const pid = b % 4 === 3 ? 1 + (a % tasks) : -1;
  yield* sys.wait4(pid, {}, one([WALL, WALL | WNOHANG, 0, WNOHANG], c));
}

function* exit({ sys }: Context, [a]: Choices): Steps {
  yield* sys.exit(a);
}

/** The first command of a program with signals: without a handler most of them would end whom they come to. */
export function* handleAll(context: Context): Steps {
  for (const [i, signo] of SIGNALS.slice(0, -1).entries()) {
    yield* context.sys.sigaction(signo, { handler: handler(context, i), flags: i % 2 ? SA_RESTART : 0 });
  }
}

export const TASK_SIGNAL_COMMANDS: readonly (readonly [weight: number, Command])[] = [
  [8, sigaction],
  [6, sigprocmask],
  [24, send],
  [2, sigpending],
  [6, sleep],
  [2, signalfd],
  [4, readSignals],
  [4, wait4],
  [1, exit],
];
