import { checkNames, describe } from "../machine/call.ts";
import { streamWay } from "./ways.ts";

/** Unit: bytes. */
const MIB = 2 ** 20;

/** What a machine with hot files and a stream is like. */
export interface StreamSettings {
  /** How the stream is read: the name of one of STREAM_WAYS. Default: "read". */
  readonly way?: string;
  /** Memory of the machine, 4 to 64. Unit: MiB. Default: 8. */
  readonly memory?: number;
  /** Number of hot files, 1 to 4096, a page each. Default: 512. */
  readonly hot?: number;
  /** Which hot file is asked for: a few far more often than others, or one after another. Default: "zipf". */
  readonly order?: "zipf" | "round robin";
  /** How often each hot file was read before, 0 to 8. Default: 1. */
  readonly passes?: number;
  /** Time between two requests. Unit: ns, 1000 to 1,000,000. Default: 20,000. */
  readonly gap?: number;
  /** Length of the stream, 0 (none) to 256. Unit: MiB. Default: 32. */
  readonly stream?: number;
  /** The disk. Default: "flash". */
  readonly disk?: "flash" | "rotating";
  /** Of the order of requests and of the machine. Default: 1. */
  readonly seed?: number;
}

const RANGES = {
  memory: [4, 64],
  hot: [1, 4096],
  passes: [0, 8],
  gap: [1000, 1_000_000],
  stream: [0, 256],
  seed: [0, 0xffff_ffff],
} as const;

const DEFAULTS: Required<StreamSettings> = {
  way: "read",
  memory: 8,
  hot: 512,
  order: "zipf",
  passes: 1,
  gap: 20_000,
  stream: 32,
  disk: "flash",
  seed: 1,
};

const CHOICES = { order: ["zipf", "round robin"], disk: ["flash", "rotating"] } as const;

/** What a setting that is a number may be: least and greatest. */
export type NumberSetting = keyof typeof RANGES;

/** The range of a setting that is a number. */
export function rangeOf(name: NumberSetting): readonly [least: number, greatest: number] {
  return RANGES[name];
}

/** Settings with the defaults in place of what is missing. @throws TypeError, RangeError for what cannot be. */
export function checkSettings(settings: StreamSettings): Required<StreamSettings> {
  checkNames("setting", settings, Object.keys(DEFAULTS));
  const all = { ...DEFAULTS, ...settings };
  streamWay(all.way);
  for (const name of Object.keys(RANGES) as NumberSetting[]) {
    const [least, greatest] = RANGES[name];
    if (Number.isInteger(all[name]) && all[name] >= least && all[name] <= greatest) continue;
    throw new RangeError(`${name} is a whole number from ${least} to ${greatest}, not ${describe(all[name])}`);
  }
  for (const name of ["order", "disk"] as const) {
    const names: readonly string[] = CHOICES[name];
    if (!names.includes(all[name]))
      throw new TypeError(`${name} is one of ${names.join(", ")}, not ${describe(all[name])}`);
  }
  return all;
}

/** Bytes of so many MiB. */
export function mebibytes(count: number): number {
  return count * MIB;
}
