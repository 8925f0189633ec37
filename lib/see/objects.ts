import type { AioKiocbObject, AioRingObject, IomapDioObject, KioctxObject } from "./objects/aio.ts";
import type { IoKiocbObject, IoRingCtxObject, IoRingsObject } from "./objects/io_uring.ts";
import type { CpuObject, MmObject, TaskObject } from "./objects/tasks.ts";
import type { BioObject, BlkRequestObject, DiskObject, RequestQueueObject } from "./objects/disks.ts";
import type { EpitemObject, EppollEntryObject, EventpollObject } from "./objects/eventpolls.ts";
import type { EventfdObject, FileObject, FilesObject, InodeObject, PipeObject } from "./objects/files.ts";
import type { LruObject, WritebackObject } from "./objects/writeback.ts";
import type { NicRingObject, PeerObject, TimerObject } from "./objects/devices.ts";
import type { PollTableEntryObject, PollWqueuesObject, TimerfdObject } from "./objects/polling.ts";
import type { SighandObject, SignalObject, SignalfdObject } from "./objects/signals.ts";
import type { FolioObject } from "./objects/page_cache.ts";
import type { RequestObject, SkBuffObject, SockObject, SocketObject, UbufInfoObject } from "./objects/sockets.ts";

export type * from "./objects/aio.ts";
export type * from "./objects/io_uring.ts";
export type * from "./objects/base.ts";
export type * from "./objects/devices.ts";
export type * from "./objects/disks.ts";
export type * from "./objects/eventpolls.ts";
export type * from "./objects/files.ts";
export type * from "./objects/page_cache.ts";
export type * from "./objects/writeback.ts";
export type * from "./objects/polling.ts";
export type * from "./objects/signals.ts";
export type * from "./objects/sockets.ts";
export type * from "./objects/tasks.ts";

/** Any object of the machine. */
export type KernelObject =
  | TaskObject
  | CpuObject
  | FilesObject
  | FileObject
  | SocketObject
  | SockObject
  | SkBuffObject
  | UbufInfoObject
  | RequestObject
  | EventpollObject
  | EpitemObject
  | EppollEntryObject
  | PollWqueuesObject
  | PollTableEntryObject
  | PipeObject
  | EventfdObject
  | SighandObject
  | SignalObject
  | SignalfdObject
  | TimerfdObject
  | InodeObject
  | FolioObject
  | KioctxObject
  | AioRingObject
  | AioKiocbObject
  | IomapDioObject
  | IoRingCtxObject
  | IoRingsObject
  | IoKiocbObject
  | MmObject
  | TimerObject
  | NicRingObject
  | DiskObject
  | RequestQueueObject
  | BlkRequestObject
  | BioObject
  | LruObject
  | WritebackObject
  | PeerObject;

/** What an edge stands for. */
export type EdgeKind =
  | "curr"
  | "files"
  | "mm"
  | "sighand"
  | "signal"
  | "fd"
  | "private_data"
  | "sk"
  | "receive_queue"
  | "write_queue"
  | "accept_queue"
  | "tree"
  | "ready"
  | "batch"
  | "overflow"
  | "waits"
  | "base"
  | "ffd"
  | "listener"
  | "peer"
  | "held"
  | "rights"
  | "polls"
  | "entries"
  | "aio"
  | "requests"
  | "chain"
  | "ring"
  | "dio"
  | "commands"
  | "bios"
  | "folios"
  | "slot"
  | "fragment"
  | "pin"
  | "io"
  | "maps"
  | "dirty";

/** A link from one object to another. */
export interface Edge {
  /** Address of the object that holds the link. */
  readonly from: number;
  /** Address of the object that it leads to. */
  readonly to: number;
  readonly kind: EdgeKind;
  /** More about it: `5` for descriptor 5, `left`, the name of a wait queue, the place in a list. */
  readonly label: string;
}

/** The machine as a graph of objects. */
export interface Inspection {
  /** Number of tracepoints passed. */
  readonly tick: number;
  /** Number of inputs taken. */
  readonly inputs: number;
  /** Clock of the CPU whose time passes. Unit: ns since boot. */
  readonly now: number;
  /** All objects, by address. */
  readonly objects: readonly KernelObject[];
  /** Of how many objects of a struct nothing is said, because there are very many; absent: of none. */
  readonly left?: Readonly<Record<string, number>>;
  /** All links, by the address that they come from. */
  readonly edges: readonly Edge[];
  /** What does not hold together: a machine stopped in the middle of a function may have a broken link. */
  readonly notes: readonly string[];
}

/** The objects of one struct, by address. */
export function objectsOf<S extends KernelObject["struct"]>(
  inspection: Inspection,
  struct: S,
): Extract<KernelObject, { struct: S }>[] {
  return inspection.objects.filter((object) => object.struct === struct) as Extract<KernelObject, { struct: S }>[];
}

/** The object at an address; undefined: there is none. */
export function objectBy(inspection: Inspection, address: number): KernelObject | undefined {
  const { objects } = inspection;
  let low = 0;
  for (let high = objects.length; low < high;) {
    const middle = (low + high) >>> 1;
    if (objects[middle]!.address < address) low = middle + 1;
    else high = middle;
  }
  return objects[low]?.address === address ? objects[low] : undefined;
}
