import { type Reader, structs } from "./reader.ts";

const STRIDE = structs["PipeBuffer"]!.stride;
/** No pipe has more slots. */
const MOST_SLOTS = 1 << 20;

/** Addresses of the slots of a pipe that are in use, the oldest first. */
export function pipeSlots(reader: Reader, pipe: number): number[] {
  const ring = reader.get("PipeInodeInfo", pipe, "ring_size");
  const tail = reader.get("PipeInodeInfo", pipe, "tail");
  const used = (reader.get("PipeInodeInfo", pipe, "head") - tail) >>> 0;
  const bufs = reader.get("PipeInodeInfo", pipe, "bufs");
  if (ring === 0) return [];
  return Array.from({ length: Math.min(used, ring, MOST_SLOTS) }, (_, i) => bufs + ((tail + i) % ring) * STRIDE);
}
