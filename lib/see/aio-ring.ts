import { KERNEL_BASE, type Reader } from "./reader.ts";

/** Where the ring of a context says that the next event to take lies: programs can write there. */
export function ringHead(reader: Reader, ctx: number): number {
  const pages = reader.get("Kioctx", ctx, "ring_pages");
  return pages === 0 ? 0 : reader.get("AioRing", reader.u32(pages), "head");
}

/** Slots of a context's ring that no request and no event has. */
export function availableSlots(reader: Reader, ctx: number): number {
  const own = reader.get("Kioctx", ctx, "cpu");
  let slots = reader.get("Kioctx", ctx, "reqs_available");
  if (own === 0) return slots;
  const cpus = reader.get("Kernel", KERNEL_BASE, "nr_cpus");
  for (let cpu = 0; cpu < cpus; cpu++) slots += reader.u32(own + cpu * 4);
  return slots;
}
