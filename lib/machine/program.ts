import type { PendingCall } from "./call.ts";
import type { Sys } from "./sys.ts";

/** A program: a generator that makes system calls with `yield* sys.read(...)`. What it returns becomes `task.result`. */
export type Program = (sys: Sys) => Generator<PendingCall, unknown, number>;
