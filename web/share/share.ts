import type { Grain } from "../model/run.ts";

/** What a machine is made to run: something of the gallery, or a program that came with the link. */
export type SharedRun = { readonly scenario: string } | SharedProgram;

/** What a machine is booted with, where its program does not say it itself. */
export interface SharedBoot {
  readonly cpus: number;
  readonly seed: number;
}

/** A program that came with a link. */
export interface SharedProgram extends SharedBoot {
  /** Its text, as it stands in the editor. */
  readonly program: string;
}

/** What a machine is booted with if neither a link nor its program says it. */
export const PLAIN_BOOT: SharedBoot = { cpus: 1, seed: 1 };

/** What was done differently from a tick on, in a what-if. Further kinds may come. */
export type Change =
  /** The task `pid` was chosen to go on. */
  | { readonly kind: "choose"; readonly tick: number; readonly pid: number }
  /** An allocation was made to fail: the next one after the tick. */
  | { readonly kind: "fail-allocation"; readonly tick: number }
  /** A packet was lost on the wire: the next one out of the machine, or into it. */
  | { readonly kind: "drop-packet"; readonly tick: number; readonly direction: "in" | "out" }
  /** The disk failed: its next command of a kind. */
  | { readonly kind: "fail-disk"; readonly tick: number; readonly operation: "read" | "write" }
  /** A signal was sent to a task from outside. */
  | { readonly kind: "signal"; readonly tick: number; readonly pid: number; readonly signal: number };

/** What is on the stage, as far as a link tells it: of the newest version. */
export interface Share {
  readonly v: 1;
  readonly run: SharedRun;
  /** Where in the run; of two runs, which step on their clock; null: wherever it begins. */
  readonly tick: number | null;
  /** How far a step goes; null: as the page likes. */
  readonly grain: Grain | null;
  /** What was done differently, in the order of their ticks: in `compare`, or else beside the run as it was. */
  readonly changes?: readonly Change[];
  /** What runs beside it, on the same clock. */
  readonly compare?: SharedRun;
}

/** The version of what is written now. */
export const SHARE_VERSION = 1;

/** The longest program that a link may hold. Unit: UTF-16 code units. */
export const LONGEST_PROGRAM = 100_000;
