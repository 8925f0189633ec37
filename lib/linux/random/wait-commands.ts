import * as abi from "../abi.ts";
import { BAD_ADDRESSES, type Choices, type Command, type Context, type Steps, one, wrong } from "./commands.ts";
import type { Kind } from "./pool.ts";

/** Commands about waiting for many files, and timers that can be waited for. */

const ANY: Kind[] = [
  "reader",
  "writer",
  "unix",
  "eventfd",
  "connected",
  "listener",
  "epoll",
  "fifo",
  "dgram",
  "timer",
  "udp",
];
// The bits of poll() are those of epoll.
const { IN, OUT, RDHUP, RDNORM, WRNORM } = abi;
const { PRI, RDBAND } = abi.EPOLL;
const MASKS = [IN, IN | OUT, OUT, IN | RDHUP, 0, RDNORM | WRNORM, RDBAND, PRI];

function* poll({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const entry = (choice: number) => ({ fd: pool.pick(choice, ...ANY), events: one(MASKS, choice >> 4) });
  const entries = [a, b, c].slice(0, 1 + (c % 3)).map(entry);
  if (wrong(b)) yield* sys.poll(one(BAD_ADDRESSES, c), 1, 0);
  else if (c % 8 === 7) yield* sys.ppoll(entries, wrong(a) ? { sec: 0, nsec: -1 } : { sec: 0, nsec: 0 });
  else yield* sys.poll(entries, 0);
}

function* select({ sys, pool }: Context, [a, b, c]: Choices): Steps {
  const fds = [a, b, c].map((choice) => pool.pick(choice, ...ANY)).filter((fd) => fd >= 0 && fd < 64);
  const [first, second] = [fds.slice(0, 1 + (c % 3)), fds.slice(c % 2)];
  const sets = one([{ read: first, write: second }, { read: first }, { write: second, except: first }], b);
  const nfds = wrong(a) ? -1 : 64;
  if (c % 8 === 7) yield* sys.pselect6(nfds, sets, { sec: 0, nsec: 0 });
  else yield* sys.select(nfds, sets, { sec: 0, usec: wrong(b) ? -1 : 0 });
}

const NONE = { sec: 0, nsec: 0 };

function* timerfd({ sys, pool }: Context, [a]: Choices): Steps {
  const [CLOCK_MONOTONIC, TFD_NONBLOCK] = [1, abi.O_NONBLOCK];
  pool.add(yield* sys.timerfd_create(wrong(a) ? 99 : CLOCK_MONOTONIC, TFD_NONBLOCK | (wrong(a >> 1) ? 1 : 0)), "timer");
}

/** Sets a timer: never, far away, or to a time that is over when the command is. */
function* settime({ sys, pool }: Context, [a, b]: Choices): Steps {
  const fd = pool.pick(a, "timer");
  if (b % 4 === 0) yield* sys.timerfd_settime(fd, 0, { it_value: NONE, it_interval: NONE });
  else if (b % 4 === 1) yield* sys.timerfd_settime(fd, 0, { it_value: { sec: 1_000_000, nsec: 0 }, it_interval: NONE });
  else {
    const TFD_TIMER_ABSTIME = 1;
    const soon = { it_value: { sec: 0, nsec: 1 }, it_interval: NONE };
    const result = yield* sys.timerfd_settime(fd, one([TFD_TIMER_ABSTIME, 0, 8], wrong(a) ? 2 : b >> 2), soon);
    // A timer that has been set stays so while nobody reads it: this waits for its interrupt.
    if (result === 0) yield* sys.poll([{ fd, events: IN }], 100);
  }
}

export const WAIT_COMMANDS: readonly (readonly [weight: number, Command])[] = [
  [8, poll],
  [6, select],
  [2, timerfd],
  [4, settime],
];
