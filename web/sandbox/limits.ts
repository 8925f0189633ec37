/** What a program in the sandbox may use up. */
export interface Limits {
  /** Memory of its engine. Unit: bytes. */
  readonly memory: number;
  /** Stack of its engine. Unit: bytes. */
  readonly stack: number;
  /** Memory of the machine that it runs on. Unit: bytes. */
  readonly machine: number;
  /** Inputs of the machine: its system calls are most of them. */
  readonly inputs: number;
  /** Bytes that it hands to the machine and takes from it, all in all. */
  readonly bytes: number;
  /** Time that it may take here. Unit: ms. */
  readonly time: number;
  /** Lines that it may write to the console, and characters in all of them. */
  readonly lines: number;
  readonly characters: number;
  /** Length of its text. Unit: characters. */
  readonly text: number;
}

const MIB = 2 ** 20;

/** The limits of the page. The page itself ends a run that takes three times its time. */
export const LIMITS: Limits = {
  memory: 32 * MIB,
  stack: 256 * 1024,
  machine: 256 * MIB,
  inputs: 20_000,
  bytes: 16 * MIB,
  time: 5_000,
  lines: 500,
  characters: 64 * 1024,
  text: 256 * 1024,
};

/** Why a run was cut off: it does not end by itself; it takes too long; it moves too many bytes. */
export type Cut = "inputs" | "time" | "bytes";

/** Thrown through a run that is cut off. */
export class CutOff extends Error {
  readonly reason: Cut;

  constructor(reason: Cut) {
    super(`the run is cut off: ${reason}`);
    this.reason = reason;
  }
}
