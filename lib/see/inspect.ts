import { inspectCpus, inspectMemory, inspectTasks } from "./inspect/tasks.ts";
import { inspectNic, inspectPeers, inspectTimers } from "./inspect/devices.ts";
import { inspectAio } from "./inspect/aio.ts";
import { inspectIoUring } from "./inspect/io_uring.ts";
import { Graph } from "./inspect/graph.ts";
import type { Nearness } from "./inspect/near.ts";
import type { Inspection } from "./objects.ts";
import { KERNEL_BASE } from "./reader.ts";
import type { MemoryImage } from "./reader.ts";
import { inspectContents } from "./inspect/contents.ts";
import { inspectDisk } from "./inspect/disks.ts";
import { inspectEventpolls } from "./inspect/eventpolls.ts";
import { inspectFiles } from "./inspect/files.ts";
import { inspectPageCache } from "./inspect/page_cache.ts";
import { inspectReclaim } from "./inspect/writeback.ts";
import { inspectPolling } from "./inspect/polling.ts";
import { inspectSignals } from "./inspect/signals.ts";
import { inspectSockets } from "./inspect/sockets.ts";

export type * from "./objects.ts";
export type { Nearness } from "./inspect/near.ts";
export { objectBy, objectsOf } from "./objects.ts";

/**
 * The machine as a graph: every object that is in use, by address, and the links between them.
 *
 * Objects are found by looking at every slab, so that one that nothing points at yet is there too. Any memory will do,
 * also of a machine stopped in the middle of a function: what does not hold together is noted, and nothing throws.
 */
export function inspect(memory: MemoryImage, near?: Nearness): Inspection {
  const graph = new Graph(memory, near);
  inspectCpus(graph);
  inspectMemory(graph);
  inspectFiles(graph);
  inspectSockets(graph);
  inspectEventpolls(graph);
  inspectContents(graph);
  inspectPageCache(graph);
  inspectPolling(graph);
  inspectAio(graph);
  inspectIoUring(graph);
  inspectSignals(graph);
  inspectTimers(graph);
  inspectNic(graph);
  inspectDisk(graph);
  inspectReclaim(graph);
  inspectPeers(graph);
  inspectTasks(graph);
  const { reader, objects, edges, notes, left } = graph;
  const present = new Set(objects.map(({ address }) => address));
  return {
    tick: reader.get("Kernel", KERNEL_BASE, "tick"),
    inputs: reader.get("Kernel", KERNEL_BASE, "inputs"),
    now: reader.get("Cpu", reader.get("Kernel", KERNEL_BASE, "cpu"), "clock"),
    objects: objects.sort((a, b) => a.address - b.address),
    ...(left ? { left } : {}),
    edges: edges.filter(({ to }) => present.has(to)).sort((a, b) => a.from - b.from),
    notes,
  };
}
