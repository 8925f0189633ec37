import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { CacheState } from "../roads/measure.ts";
import { buildRoads } from "./oracle/build.ts";

/** What walking a road took on the kernel of this computer. */
export interface MeasuredRoad {
  readonly road: string;
  /** Length of the file. Unit: bytes. */
  readonly size: number;
  readonly cache: CacheState;
  /** Time that sender and receiver spent on a CPU, median; null where the kernel does not allow the road. Unit: ns. */
  readonly cpuTime: number | null;
  /** Until the receiver had all, median. Unit: ns. */
  readonly wallTime: number | null;
}

/** One line that roads.c prints. */
function parseLine(line: string, size: number): MeasuredRoad {
  const [road = "", cache, cpu = "-", wall = "-"] = line.split("\t");
  const time = (text: string) => (text === "-" ? null : Number(text));
  return { road, size, cache: cache as CacheState, cpuTime: time(cpu), wallTime: time(wall) };
}

/**
 * Walks all roads on the kernel of this computer, over the loopback device.
 *
 * @param runs  how often each is walked.
 * @returns     null where there is no C compiler.
 */
export async function measureRoads(
  sizes: readonly number[],
  runs: number,
  signal?: AbortSignal,
): Promise<MeasuredRoad[] | null> {
  const program = await buildRoads();
  if (program === null) return null;
  const folder = await mkdtemp(join(tmpdir(), "iopath-roads-"));
  const file = join(folder, "file");
  const measured: MeasuredRoad[] = [];
  try {
    for (const size of sizes) {
      await writeFile(file, Buffer.alloc(size, "iopath "), { flush: true });
      const { stdout } = await promisify(execFile)(program, [file, String(size), String(runs)], { signal });
      const lines = stdout.split("\n").filter((line) => line !== "");
      measured.push(...lines.map((line) => parseLine(line, size)));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  return measured;
}
