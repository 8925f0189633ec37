import { type CostValues, costFields } from "./counters.ts";
import { type EngineOptions, SCHEDULING, type SchedulingName } from "./engine.ts";
import { checkNames } from "./call.ts";
import { type DeviceOptions, checkDevices } from "./devices.ts";
import { type VmOptions, checkVm } from "./vmstat.ts";
import type { KernelSource } from "./module.ts";
import { layout } from "../layout.gen.ts";

const { NR_CPUS } = layout.constants;
const FOUR_GIB = 2 ** 32;

/** What a machine is booted with. */
export interface BootOptions {
  /** 1 to 64. Default: 1. */
  readonly cpus?: number;
  /** Of everything that is random in the machine. Default: 1. */
  readonly seed?: number;
  /** How much memory it begins with, in bytes; it grows as needed. Default: as little as can be. */
  readonly memory?: number;
  /** How much memory it may have, in bytes: what needs more fails with -ENOMEM. Default: 4 GiB. */
  readonly memoryLimit?: number;
  /** Whether tracepoints are written. Without them there are no ticks to go to. Default: true. */
  readonly trace?: boolean;
  /** Whether freed memory is overwritten and checked, to find mistakes in the kernel. Default: false. */
  readonly poison?: boolean;
  /**
   * Who says which of the tasks that could go on does so: the queue, as on a real machine; the seed, after every
   * system call; or the host, which is asked after every one (`run({ choose })`, `choose()`): by
   * "hand" if there are several, by "step" also if there is one, because time may pass instead. Default: "fifo".
   */
  readonly scheduling?: SchedulingName;
  /** What things cost, in ns of virtual time, where it differs from the default. */
  readonly costs?: Partial<CostValues>;
  /** What disk and network card are like. Default: a flash disk, and a card that gathers; both with DMA. */
  readonly device?: DeviceOptions;
  /** When files are written back. Default: as on Linux. */
  readonly vm?: VmOptions;
  /** The kernel.wasm, or where it is. Default: the one that belongs to this library. */
  readonly wasm?: KernelSource;
}

const NAMES: readonly (keyof BootOptions)[] = [
  "cpus",
  "seed",
  "memory",
  "memoryLimit",
  "trace",
  "poison",
  "scheduling",
  "costs",
  "device",
  "vm",
  "wasm",
];

/** Checks what a caller wants a machine to be. @throws TypeError, RangeError saying what was and what was expected. */
export function checkOptions(options: BootOptions): EngineOptions {
  checkNames("boot option", options, NAMES);
  const { costs = {}, trace = true, poison = false, scheduling = "fifo" } = options;
  const devices = checkDevices(options.device ?? {});
  const memory = whole("memory", options.memory ?? 0, 0, FOUR_GIB);
  const memoryLimit = whole("memoryLimit", options.memoryLimit ?? 0, 0, FOUR_GIB);
  if (memoryLimit > 0 && memory > memoryLimit) {
    throw new RangeError(`memory is at most the memoryLimit of ${memoryLimit} bytes, not ${memory}`);
  }
  return {
    cpus: whole("cpus", options.cpus ?? 1, 1, NR_CPUS),
    seed: whole("seed", options.seed ?? 1, 0, Number.MAX_SAFE_INTEGER),
    memory,
    memoryLimit: memoryLimit % FOUR_GIB,
    trace: flag("trace", trace),
    poison: flag("poison", poison),
    scheduling: order(scheduling),
    device: devices.device,
    vm: checkVm(options.vm ?? {}),
    costs: costFields({ ...devices.costs, ...costs }),
  };
}

function whole(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== "number")
    throw new TypeError(`${name} is a number, not ${JSON.stringify(value) ?? String(value)}`);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is a whole number from ${least} to ${most}, not ${value}`);
}

function order(value: unknown): SchedulingName {
  if (typeof value === "string" && Object.hasOwn(SCHEDULING, value)) return value as SchedulingName;
  const names = Object.keys(SCHEDULING).map((name) => JSON.stringify(name));
  throw new TypeError(`scheduling is one of ${names.join(", ")}, not ${JSON.stringify(value) ?? String(value)}`);
}

function flag(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(`${name} is true or false, not ${JSON.stringify(value) ?? String(value)}`);
}
