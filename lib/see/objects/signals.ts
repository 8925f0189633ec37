import type { KernelObjectOf, WaitQueueView } from "./base.ts";

/** What the threads of a process do with signals. */
export interface SighandObject extends KernelObjectOf<"SighandStruct"> {
  /** Number of tasks that share it. */
  readonly count: number;
  /** What is not done by default: `SIG_IGN`, or the address of a handler. */
  readonly actions: readonly { readonly signal: string; readonly handler: string; readonly flags: string }[];
  readonly waitQueues: readonly WaitQueueView[];
}

/** What the threads of a process have in common as to signals. */
export interface SignalObject extends KernelObjectOf<"SignalStruct"> {
  /** Number of threads that have not been done away with. */
  readonly count: number;
  /** SignalFlags, by name. */
  readonly flags: string;
  /** Number of the process group. */
  readonly pgrp: number;
  /** Names of the signals that wait for whichever thread takes them. */
  readonly pending: readonly string[];
  readonly waitQueues: readonly WaitQueueView[];
}

/** A descriptor from which signals are read. */
export interface SignalfdObject extends KernelObjectOf<"SignalfdCtx"> {
  /** Names of the signals that it hands out. */
  readonly signals: readonly string[];
}
