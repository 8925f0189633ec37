import {
  F_SETFL,
  F_SETOWN,
  F_SETSIG,
  O_ASYNC,
  O_NONBLOCK,
  SIGRTMIN,
  SIG_BLOCK,
  SIG_UNBLOCK,
  SOCK_NONBLOCK,
} from "../machine/constants.ts";
import type { Service, Stretch, WayOfWaiting } from "./way.ts";
import type { SignalHandler } from "../machine/signals.ts";
import type { Sys } from "../machine/sys.ts";

/** The signal of which each event is kept, with its descriptor, where SIGIO would be kept once. */
export const SIGNAL = SIGRTMIN;

/** A real-time signal for each arrival, with the descriptor in it; its handler reads and answers. */
export const signalDriven: WayOfWaiting = {
  id: "signal",
  name: "signal-driven",
  about: "O_ASYNC, F_SETOWN, F_SETSIG: a signal with the descriptor comes for each arrival, and its handler reads",
  flags: SOCK_NONBLOCK,
  most: null,
  limit: null,
  spins: false,
  *serve(sys, service) {
    const { fds, length, isMessage, prepared } = service;
    const buffer = sys.buffer(length);
    yield* byHandler(sys, function* (own, _signo, { fd }) {
      const got = yield* own.read(fd, buffer);
      if (isMessage(got)) yield* own.write(fd, buffer, got);
    });
    const pid = yield* sys.getpid();
    for (const fd of fds) {
      yield* sys.fcntl(fd, F_SETOWN, pid);
      yield* sys.fcntl(fd, F_SETSIG, SIGNAL);
      yield* sys.fcntl(fd, F_SETFL, O_ASYNC | O_NONBLOCK);
    }
    prepared();
    yield* untilSignalled(sys, service);
  },
};

/** Sets the signal's handler; the signal is kept back for now. */
export function* byHandler(sys: Sys, handler: SignalHandler): Stretch<void> {
  yield* sys.sigprocmask(SIG_BLOCK, [SIGNAL]);
  yield* sys.sigaction(SIGNAL, handler);
}

/** Lets handlers run, for ever: works meanwhile, or sleeps. */
export function* untilSignalled(sys: Sys, { works, work }: Service): Stretch<never> {
  if (works) yield* sys.sigprocmask(SIG_UNBLOCK, [SIGNAL]);
  for (;;) {
    if (works) yield* work(sys);
    else yield* sys.sigsuspend([]);
  }
}
