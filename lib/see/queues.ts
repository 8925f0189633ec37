import { type Population, objectAround } from "./population.ts";
import { KERNEL_BASE, type Reader, type StructName, embedOffset, structs } from "./reader.ts";
import { type OnBreak, ignore, listOf } from "./walk.ts";
import { layout } from "../layout.gen.ts";
import { functionName } from "./names.ts";

const { PAGE_WAIT_TABLE_SIZE } = layout.constants;
const { EXCLUSIVE } = layout.enums.WaitQueueFlags.values;

/** What hangs off the root and has wait queues: where kernel threads sleep. */
const ROOTS = [
  ["pgdat", "PgData"],
  ["wb", "BdiWriteback"],
] as const;

/** A wait queue, and the object that it is part of. */
export interface WaitQueue {
  /** Address of the struct WaitQueueHead. */
  address: number;
  /** Address of the object around it. */
  owner: number;
  /** What that object is. */
  struct: StructName;
  /** What the object calls it: `wq`, `rd_wait`. */
  name: string;
}

/** Someone who waits in a queue. */
export interface Waiter {
  /** Address of the struct WaitQueueEntry. */
  entry: number;
  /** Name of the function that a wake-up calls. */
  func: string;
  exclusive: boolean;
  /** The object that the entry is part of: a TaskStruct, or an EppollEntry; 0 if it is neither. */
  owner: number;
  /** What that object is; empty if it is neither. */
  struct: string;
}

/** A struct inside another one. */
interface Embed {
  readonly name: string;
  readonly offset: number;
}

/** What embedsOf() has found, by both names. */
const found = new Map<string, readonly Embed[]>();

/** The structs inside a struct that are of a certain type, by name. */
export function embedsOf(struct: string, type: string): readonly Embed[] {
  const key = `${struct} ${type}`;
  let embeds = found.get(key);
  if (!embeds) {
    embeds = Object.entries(structs[struct]?.embeds ?? {})
      .filter(([, embed]) => embed.type === type)
      .map(([name, { offset }]) => ({ name, offset }));
    found.set(key, embeds);
  }
  return embeds;
}

/** All wait queues of all objects in use, by struct and address. One that is not set up yet is left out. */
export function waitQueues(reader: Reader, population: Population): WaitQueue[] {
  const queues: WaitQueue[] = [];
  for (const struct of population.structs as StructName[]) {
    const embeds = embedsOf(struct, "WaitQueueHead");
    if (embeds.length === 0) continue;
    for (const owner of population.of(struct)) {
      for (const { name, offset } of embeds) {
        const address = owner + offset;
        if (reader.u32(address) !== 0) queues.push({ address, owner, struct, name });
      }
    }
  }
  for (const [root, struct] of ROOTS) {
    const owner = reader.get("Kernel", KERNEL_BASE, root);
    if (!reader.holds(struct, owner)) continue;
    for (const { name, offset } of embedsOf(struct, "WaitQueueHead")) {
      const address = owner + offset;
      if (reader.u32(address) !== 0) queues.push({ address, owner, struct, name });
    }
  }
  return [...queues, ...sharedQueues(reader)];
}

/** The queues that all folios share: those in which somebody waits. */
function sharedQueues(reader: Reader): WaitQueue[] {
  const owner = reader.get("Kernel", KERNEL_BASE, "page_cache");
  if (!reader.holds("PageCache", owner)) return [];
  const table = reader.get("PageCache", owner, "folio_wait_table");
  const stride = structs["WaitQueueHead"]!.stride;
  return Array.from({ length: PAGE_WAIT_TABLE_SIZE }, (_, i) => table + i * stride)
    .filter((address) => reader.u32(address) !== address)
    .map((address) => ({ address, owner, struct: "PageCache", name: "folio_wait_table" }));
}

/** Who waits in a queue, in the order in which a wake-up calls them. */
export function waiters(reader: Reader, head: number, onBreak: OnBreak = ignore): Waiter[] {
  const list = head + embedOffset("WaitQueueHead", "head");
  return listOf(reader, list, "WaitQueueEntry", "entry", onBreak).map((entry) => {
    const around = objectAround(reader, entry);
    const known =
      around !== null &&
      embedsOf(around.struct, "WaitQueueEntry").some(({ offset }) => around.address + offset === entry);
    return {
      entry,
      func: functionName(reader.get("WaitQueueEntry", entry, "func")),
      exclusive: (reader.get("WaitQueueEntry", entry, "flags") & EXCLUSIVE) !== 0,
      owner: known ? around.address : 0,
      struct: known ? around.struct : "",
    };
  });
}
