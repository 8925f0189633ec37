import { CLONE_FILES, CLONE_FS, CLONE_SIGHAND, CLONE_THREAD, CLONE_VM } from "../machine/constants.ts";
import type { PendingCall, SystemCall } from "../machine/call.ts";
import type { Sys } from "../machine/sys.ts";

/** How many threads a way may have here: each takes the host a while, and the curve is clear long before. */
export const THREADS = 10_000;

/** As pthread_create(3) makes a thread. */
export const THREAD = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD;

/** What keeps a way from having more connections. */
export type Limit = "threads" | "fd_set" | "aio-max-nr";

/** A stretch of program. */
export type Stretch<T> = Generator<PendingCall, T, number>;

/** What a server has to do, and what it tells of itself. */
export interface Service {
  /** Its connections, in the order in which they came. */
  readonly fds: readonly number[];
  /** Length of a message. Unit: bytes. */
  readonly length: number;
  /** Whether the program has work of its own, and sleeps only where its way leaves it no choice. */
  readonly works: boolean;
  /** Everything that is needed before the first message has been made. */
  readonly prepared: () => void;
  /** A call has come back without anything to do. */
  readonly empty: () => void;
  /** Whether what the last call has answered is a message; anything else is noted. */
  readonly isMessage: (answer: number) => boolean;
  /** Does a piece of the program's own work. */
  readonly work: (sys: Sys) => SystemCall;
}

/** A way in which a program waits for messages on many connections. */
export interface WayOfWaiting {
  /** Its name in addresses. */
  readonly id: string;
  readonly name: string;
  /** How it goes, and what it is not, in a few words. */
  readonly about: string;
  /** Flags of accept4(2), by which its connections are made. */
  readonly flags: number;
  /** How many connections it can have; null: as many as there can be. */
  readonly most: number | null;
  /** What keeps it from having more; null: nothing does. */
  readonly limit: Limit | null;
  /** Whether it never sleeps, not even if it has nothing else to do. */
  readonly spins: boolean;
  /** The program, from its first connection on: it answers every message with the same bytes, for ever. */
  serve(sys: Sys, service: Service): Stretch<unknown>;
}
