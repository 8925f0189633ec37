import { type CostValues } from "./counters.ts";
import { checkNames, describe } from "./call.ts";
import { layout } from "../layout.gen.ts";

const { NO_CHECKSUM, NO_SCATTER_GATHER, PIO, ROTATING_DISK } = layout.enums.DeviceFlags.values;
const { DEFAULT_QUEUE_DEPTH, NR_REQUESTS } = layout.constants;
/** Costs by length are those of so many bytes. */
const LENGTH_UNIT = 65_536;
const NS_PER_S = 1e9;
const U32 = 0xffff_ffff;

/** The machine's disk: how it works, and how long it takes. Times are in ns. */
export interface DiskOptions {
  /** Without moving parts, or with a head that moves over turning platters. Default: "flash". */
  readonly kind?: "flash" | "rotating";
  /** Flash: how long until it answers a command. Default: 80,000. */
  readonly latency?: number;
  /** How many bytes a second it moves. Default: 3.5 GB/s for flash, 200 MB/s under a head. */
  readonly bandwidth?: number;
  /** Rotating: mean time for the head to reach another track. Default: 8,500,000. */
  readonly seek?: number;
  /** Rotating: one turn of the platters. Default: 8,333,333, which is 7200 turns a minute. */
  readonly rotation?: number;
  /** How many commands it takes at once, 1 to 64. Without DMA it is 1. Default: 32. */
  readonly queueDepth?: number;
}

/** The wire at the machine's network card. */
export interface NicOptions {
  /** How long a packet is on its way. Unit: ns. Default: 50,000. */
  readonly latency?: number;
  /** How many bytes a second it carries. Default: 1.25 GB/s, which is 10 Gbit/s. */
  readonly bandwidth?: number;
}

/** What the machine's devices are like. */
export interface DeviceOptions {
  /** Whether disk and network card move bytes by themselves; if not, a CPU moves every word. Default: true. */
  readonly dma?: boolean;
  /** Whether the network card gathers a packet from several pieces of memory. Default: true. */
  readonly scatterGather?: boolean;
  /** Whether the network card computes checksums. Without that it does not gather either, as on Linux. Default: true. */
  readonly checksum?: boolean;
  readonly disk?: DiskOptions;
  readonly nic?: NicOptions;
}

/** Devices that have been checked; how long they take stands among the machine's costs. */
export interface Devices {
  readonly dma: boolean;
  readonly scatterGather: boolean;
  readonly checksum: boolean;
  readonly disk: { readonly kind: "flash" | "rotating"; readonly queueDepth: number };
}

/** The kernel's DeviceFlags of devices. */
export function deviceFlags({ dma, scatterGather, checksum, disk }: Devices): number {
  return (
    (dma ? 0 : PIO) |
    (scatterGather ? 0 : NO_SCATTER_GATHER) |
    (checksum ? 0 : NO_CHECKSUM) |
    (disk.kind === "rotating" ? ROTATING_DISK : 0)
  );
}

/** Checks what a caller wants the devices to be. @throws TypeError, RangeError saying what was and what was expected. */
export function checkDevices(device: DeviceOptions): { device: Devices; costs: Partial<CostValues> } {
  checkNames("option of device", device, ["dma", "scatterGather", "checksum", "disk", "nic"]);
  const { dma = true, scatterGather = true, checksum = true, disk = {}, nic = {} } = device;
  const checked = checkDisk(disk);
  return {
    device: {
      dma: flag("device.dma", dma),
      scatterGather: flag("device.scatterGather", scatterGather),
      checksum: flag("device.checksum", checksum),
      disk: checked.disk,
    },
    costs: { ...checked.costs, ...nicCosts(nic) },
  };
}

function checkDisk(disk: DiskOptions): { disk: Devices["disk"]; costs: Partial<CostValues> } {
  checkNames("option of device.disk", disk, ["kind", "latency", "bandwidth", "seek", "rotation", "queueDepth"]);
  const { kind = "flash", queueDepth = DEFAULT_QUEUE_DEPTH } = disk;
  if (kind !== "flash" && kind !== "rotating") {
    throw new TypeError(`device.disk.kind is "flash" or "rotating", not ${JSON.stringify(kind)}`);
  }
  whole("device.disk.queueDepth", queueDepth, 1, NR_REQUESTS);
  const stranger = kind === "flash" ? (["seek", "rotation"] as const) : (["latency"] as const);
  for (const name of stranger) {
    if (disk[name] !== undefined) throw new RangeError(`a disk of kind "${kind}" has no ${name}`);
  }
  const costs: Partial<CostValues> = {};
  const { latency, bandwidth, seek, rotation } = disk;
  if (latency !== undefined) costs.flashLatency = whole("device.disk.latency", latency, 0, U32);
  if (seek !== undefined) costs.diskSeek = whole("device.disk.seek", seek, 0, U32);
  if (rotation !== undefined) costs.diskRotation = whole("device.disk.rotation", rotation, 1, U32);
  if (bandwidth !== undefined) {
    costs[kind === "flash" ? "flash64k" : "disk64k"] = byLength("device.disk.bandwidth", bandwidth);
  }
  return { disk: { kind, queueDepth }, costs };
}

function nicCosts(nic: NicOptions): Partial<CostValues> {
  checkNames("option of device.nic", nic, ["latency", "bandwidth"]);
  const costs: Partial<CostValues> = {};
  if (nic.latency !== undefined) costs.wireLatency = whole("device.nic.latency", nic.latency, 0, U32);
  if (nic.bandwidth !== undefined) costs.wire64k = byLength("device.nic.bandwidth", nic.bandwidth);
  return costs;
}

/** The time that 64 KiB take. */
function byLength(name: string, bandwidth: number): number {
  whole(name, bandwidth, Math.ceil((LENGTH_UNIT * NS_PER_S) / U32), 1e15);
  return Math.round((LENGTH_UNIT * NS_PER_S) / bandwidth);
}

function whole(name: string, value: unknown, least: number, most: number): number {
  if (typeof value !== "number") throw new TypeError(`${name} is a number, not ${describe(value)}`);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name} is a whole number from ${least} to ${most}, not ${value}`);
}

function flag(name: string, value: unknown): boolean {
  if (typeof value === "boolean") return value;
  throw new TypeError(`${name} is true or false, not ${describe(value)}`);
}
