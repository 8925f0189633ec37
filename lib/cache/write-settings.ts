import { checkNames, describe } from "../machine/call.ts";

/** What a machine is like on which a file is written. */
export interface WriteSettings {
  /** Memory of the machine, 4 to 64. Unit: MiB. Default: 8. */
  readonly memory?: number;
  /** How much is written, 4 to 65,536. Unit: KiB. Default: 400. */
  readonly size?: number;
  /** How fast the program writes, 1 to 1,000,000. Unit: KiB a second. Default: 200. */
  readonly rate?: number;
  /** When the program calls fsync(). Default: "never". */
  readonly fsync?: "never" | "end" | "each MiB";
  /** The disk. Default: "flash". */
  readonly disk?: "flash" | "rotating";
}

const DEFAULTS: Required<WriteSettings> = { memory: 8, size: 400, rate: 200, fsync: "never", disk: "flash" };
const RANGES = { memory: [4, 64], size: [4, 65_536], rate: [1, 1_000_000] } as const;
const CHOICES = { fsync: ["never", "end", "each MiB"], disk: ["flash", "rotating"] } as const;

/** Settings with the defaults in place of what is missing. @throws TypeError, RangeError for what cannot be. */
export function checkWriteSettings(settings: WriteSettings): Required<WriteSettings> {
  checkNames("setting", settings, Object.keys(DEFAULTS));
  const all = { ...DEFAULTS, ...settings };
  for (const name of ["memory", "size", "rate"] as const) {
    const [least, greatest] = RANGES[name];
    if (Number.isInteger(all[name]) && all[name] >= least && all[name] <= greatest) continue;
    throw new RangeError(`${name} is a whole number from ${least} to ${greatest}, not ${describe(all[name])}`);
  }
  for (const name of ["fsync", "disk"] as const) {
    const names: readonly string[] = CHOICES[name];
    if (!names.includes(all[name]))
      throw new TypeError(`${name} is one of ${names.join(", ")}, not ${describe(all[name])}`);
  }
  return all;
}
