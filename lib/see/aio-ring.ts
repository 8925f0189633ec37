import { KERNEL_BASE, type Reader, structs } from "./reader.ts";
import type { IoEventView } from "./objects/aio.ts";
import { PAGE_SIZE } from "./population.ts";
import { renderResult } from "./calls.ts";

const EVENT = structs["IoEvent"]!.stride;
const EVENTS_PER_PAGE = PAGE_SIZE / EVENT;
/** Of more events than this, the first ones are told. */
const MOST_EVENTS = 64;

/** Address of the head of a context's ring; 0: it has none. */
export function ringAddress(reader: Reader, ctx: number): number {
  const pages = reader.get("Kioctx", ctx, "ring_pages");
  return pages === 0 ? 0 : reader.u32(pages);
}

/** The events that lie in a context's ring, up to the kernel's own tail; the head may be anything. */
export function aioEvents(reader: Reader, ctx: number): IoEventView[] {
  const [slots, tail] = [reader.get("Kioctx", ctx, "nr_events"), reader.get("Kioctx", ctx, "tail")];
  const head = ringHead(reader, ctx);
  if (slots === 0 || head >= slots || tail >= slots) return [];
  const count = Math.min((tail - head + slots) % slots, MOST_EVENTS);
  return Array.from({ length: count }, (_, i): IoEventView => {
    const index = (head + i) % slots;
    // The head of the ring takes the place of the first event.
    const place = index + 1;
    const page = reader.u32(reader.get("Kioctx", ctx, "ring_pages") + Math.floor(place / EVENTS_PER_PAGE) * 4);
    const at = page + (place % EVENTS_PER_PAGE) * EVENT;
    return {
      index,
      data: String(reader.get64("IoEvent", at, "data")),
      obj: `0x${reader.get64("IoEvent", at, "obj").toString(16)}`,
      res: renderResult(reader.get64("IoEvent", at, "res")),
    };
  });
}

/** Where the ring of a context says that the next event to take lies: programs can write there. */
export function ringHead(reader: Reader, ctx: number): number {
  const ring = ringAddress(reader, ctx);
  return ring === 0 ? 0 : reader.get("AioRing", ring, "head");
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
