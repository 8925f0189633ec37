import { checkNames, describe } from "../machine/call.ts";
import type { BootOptions } from "../machine/options.ts";
import type { WayOfWaiting } from "./way.ts";

/** What a server is given to do. */
export interface Load {
  /** Connections, all of which it has to wait for. */
  readonly connections: number;
  /** Connections on which a message comes in each round, other ones by chance. */
  readonly active: number;
  /** A round begins when all answers of the last one have arrived, and a pause is over. */
  readonly rounds: number;
  /** Length of a message. Unit: bytes. Default: 64. */
  readonly length?: number;
  /** Time between two rounds. Unit: ns. Default: 200,000. */
  readonly pause?: number;
  /** Whether the program has work of its own, where its way lets it do any. Default: false. */
  readonly works?: boolean;
  /** Of the choice of connections, and of the messages' bytes. Default: 1. */
  readonly seed?: number;
  /** The machine. Tracepoints are off if it does not say otherwise. */
  readonly boot?: Omit<BootOptions, "cpus" | "scheduling">;
}

/** A load with everything said. */
export type CheckedLoad = Required<Load>;

const NAMES: readonly (keyof Load)[] = ["connections", "active", "rounds", "length", "pause", "works", "seed", "boot"];
const DEFAULTS = { length: 64, pause: 200_000, works: false, seed: 1, boot: {} } as const;

/** Greatest number of connections: addresses and ports of clients, and time. */
export const MOST_CONNECTIONS = 100_000;
const MOST_ROUNDS = 10_000;
/** What fits into a packet. Unit: bytes. */
const MOST_LENGTH = 1024;

/** @throws TypeError, RangeError  for what cannot be measured. */
export function checkLoad({ most, name }: WayOfWaiting, load: Load): CheckedLoad {
  checkNames("part of a load", load, NAMES);
  const checked = { ...DEFAULTS, ...load };
  const { connections, active, rounds, length, pause, works, seed } = checked;
  whole("connections", connections, 1, MOST_CONNECTIONS);
  if (most !== null && connections > most) {
    throw new RangeError(`${name}: at most ${most} connections, not ${connections}`);
  }
  whole("active", active, 1, connections);
  whole("rounds", rounds, 1, MOST_ROUNDS);
  whole("length", length, 1, MOST_LENGTH);
  whole("pause", pause, 0, 1e9);
  whole("seed", seed, 0, Number.MAX_SAFE_INTEGER);
  if (typeof works !== "boolean") throw new TypeError(`works is true or false, not ${describe(works)}`);
  return checked;
}

function whole(what: string, value: number, least: number, most: number): void {
  if (Number.isInteger(value) && value >= least && value <= most) return;
  throw new RangeError(`${what} is a whole number from ${least} to ${most}, not ${describe(value)}`);
}
