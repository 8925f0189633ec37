import type { RoadFigures } from "../../../lib/index.ts";

/** Mode switches and copies as books write them: `4/4`. */
export function inShort({ modeSwitches, cpuCopies, dmaTransfers }: RoadFigures): string {
  return `${modeSwitches}/${cpuCopies + dmaTransfers}`;
}

/** The roads whose figures stand in books and notes, by their names. */
export const CLASSIC: ReadonlySet<string> = new Set(["read + write", "mmap + write", "sendfile", "sendfile + SG"]);
