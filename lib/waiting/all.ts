import { blocking, nonBlocking } from "./one-by-one.ts";
import { edge, level } from "./epoll.ts";
import { libaio, posix } from "./aio.ts";
import { poll, select } from "./sets.ts";
import type { WayOfWaiting } from "./way.ts";
import { signalDriven } from "./signals.ts";
import { uring } from "./ring.ts";

/** All ways of waiting, the oldest first. */
export const WAYS_OF_WAITING: readonly WayOfWaiting[] = [
  blocking,
  nonBlocking,
  select,
  poll,
  level,
  edge,
  signalDriven,
  libaio,
  posix,
  uring,
];
