import type { DiskPlace } from "./objects/disks.ts";
import { enumName } from "./names.ts";
import { layout } from "../layout.gen.ts";

const { REQ_OP_MASK } = layout.constants;
/** Binary logarithm of the number of sectors that one file's stretch has. */
const EXTENT_SHIFT = 35n;

/** Where a sector lies. */
export function diskPlace(sector: bigint): DiskPlace {
  return { extent: Number(sector >> EXTENT_SHIFT), sector: Number(BigInt.asUintN(Number(EXTENT_SHIFT), sector)) };
}

/** Name of the ReqOp in the flags of a bio or a request, in small letters. */
export function opName(flags: number): string {
  return enumName("ReqOp", flags & REQ_OP_MASK).toLowerCase();
}
