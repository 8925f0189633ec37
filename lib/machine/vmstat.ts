import { KERNEL_BASE, type KernelMemory, fieldOffset, structLayout } from "./memory.ts";
import { layout } from "../layout.gen.ts";

type VmStatField = keyof typeof layout.structs.VmStat.fields;

/** What happened to memory since boot, and how much of it is what: names and meaning as in Linux's /proc/vmstat. */
export type VmStatValues = { readonly [F in VmStatField]: number } & {
  /** Frames that nobody has, those included that the memory may yet grow by up to its ceiling. */
  readonly nr_free_pages: number;
  /** Folios of files on the inactive list. */
  readonly nr_inactive_file: number;
  /** Folios of files on the active list. */
  readonly nr_active_file: number;
};

const FIELDS = Object.entries(structLayout("VmStat").fields);

/** Reads what /proc/vmstat would say. @param free nr_free_pages, which the kernel has to work out. */
export function readVmStat(memory: KernelMemory, free: number): VmStatValues {
  const at = memory.get("Kernel", KERNEL_BASE, "vmstat");
  const pgdat = memory.get("Kernel", KERNEL_BASE, "pgdat");
  const out: Record<string, number> = {
    nr_free_pages: free,
    nr_inactive_file: memory.get("PgData", pgdat, "nr_inactive_file"),
    nr_active_file: memory.get("PgData", pgdat, "nr_active_file"),
  };
  for (const [field, { offset }] of FIELDS) out[field] = memory.view.getUint32(at + offset, true);
  return out as VmStatValues;
}

/** When files are written back: the names are those of Linux's vm.dirty_*. */
export interface VmOptions {
  /** The flusher begins to write when so much of the memory is dirty. Unit: percent. Default: 10. */
  readonly dirtyBackgroundRatio?: number;
  /** Who writes has to wait when so much of the memory is dirty. Unit: percent. Default: 20. */
  readonly dirtyRatio?: number;
  /** How often the flusher looks for what has been dirty for long; 0: never. Unit: 10 ms. Default: 500. */
  readonly dirtyWritebackCentisecs?: number;
  /** What has been dirty for so long is written. Unit: 10 ms. Default: 3000. */
  readonly dirtyExpireCentisecs?: number;
}

/** The fields of struct BdiWriteback for each option, and the greatest value. */
const OPTIONS = {
  dirtyBackgroundRatio: ["dirty_background_ratio", 100],
  dirtyRatio: ["dirty_ratio", 100],
  dirtyWritebackCentisecs: ["dirty_writeback_interval", 0x7fff_ffff],
  dirtyExpireCentisecs: ["dirty_expire_interval", 0x7fff_ffff],
} as const;

/** @throws TypeError, RangeError for what is no option. */
export function checkVm(options: VmOptions): VmOptions {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(OPTIONS, name)) {
      throw new TypeError(`no option of vm is called ${name}; there are ${Object.keys(OPTIONS).join(", ")}`);
    }
    const [, most] = OPTIONS[name as keyof VmOptions];
    if (!(Number.isInteger(value) && value >= 0 && value <= most)) {
      throw new RangeError(`vm.${name} is a whole number from 0 to ${most}, not ${String(value)}`);
    }
  }
  return { ...options };
}

/** Sets the options of a machine that has just been booted. */
export function setVm(memory: KernelMemory, options: VmOptions): void {
  const at = memory.get("Kernel", KERNEL_BASE, "wb");
  for (const [name, value] of Object.entries(options)) {
    memory.view.setUint32(at + fieldOffset("BdiWriteback", OPTIONS[name as keyof VmOptions][0]), value as number, true);
  }
}
