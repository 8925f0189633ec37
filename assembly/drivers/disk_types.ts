import { Hrtimer } from "../include/time";
import { ListHead } from "../include/list";
import { RbNode } from "../include/rbtree_types";
import { Request } from "../include/blkdev";
import { XArray, XaNode } from "../include/xarray_types";
import { kernel } from "../include/kernel";

/** Kinds of disks. */
export enum DiskKind {
  /** No moving parts: every command takes the same time, and several go on at once. */
  FLASH = 0,
  /** A head that moves over turning platters. */
  ROTATING = 1,
}

/**
 * A stretch of the disk that one file lies in: 2^32 blocks of 4 KiB. Only what was ever written is kept; the rest is
 * made from the seed when it is read, and is zeros behind what the file was born with.
 */
@unmanaged
export class DiskExtent {
  /** Its number: the sectors from number * 2^35 on belong to it. */
  number: u32;
  /** Number of levels of `table`. */
  height: u32;
  /** What the bytes are made from that nobody has written. */
  seed: u64;
  /** Number of bytes, from the beginning, that are made from the seed. */
  born: u64;
  /** Where its first block lies on the platters. Unit: 4 KiB. */
  platter: u64;
  /** The written blocks: a tree of tables of 1024 addresses each, the lowest ones those of blocks. 0: none. */
  table: usize;
  /** Number of written blocks. */
  stored: u32;
}

/** Commands that are to fail. */
@unmanaged
export class DiskFault {
  // struct list_head link
  link_next: ListHead;
  link_prev: ListHead;
  /** ReqOp: which commands. */
  op: u32;
  /** How many of them still. */
  count: u32;
  /** First sector that cannot be read or written. */
  first: u64;
  /** Last such sector. */
  last: u64;

  /** Links it into DiskState.faults. */
  @embed @inline get link(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<DiskFault>("link_next"));
  }
  /** container_of(link, DiskFault, link). */
  @inline static of_link(link: ListHead): DiskFault {
    return changetype<DiskFault>(changetype<usize>(link) - offsetof<DiskFault>("link_next"));
  }
}

/** The disk itself: its mechanics, its controller, and what lies on it. */
@unmanaged
export class DiskState {
  // struct hrtimer timer
  timer_node_parent_color: usize;
  timer_node_right: RbNode | null;
  timer_node_left: RbNode | null;
  timer_func: u16;
  timer_queued: u8;
  timer_kind: u8;
  timer_expires: u64;
  // struct list_head commands
  commands_next: ListHead;
  commands_prev: ListHead;
  // struct list_head done
  done_next: ListHead;
  done_prev: ListHead;
  // struct list_head faults
  faults_next: ListHead;
  faults_prev: ListHead;
  // struct xarray extents
  extents_head: XaNode | null;
  /** DiskKind. */
  kind: u32;
  /** 1 if a CPU moves every word between disk and memory (programmed I/O); 0: the disk does it by itself. */
  pio: u32;
  /** 1 while a CPU waits for the disk by looking at it: no interrupt is needed. */
  polled: u32;
  /** Commands that a flash disk works on at once. */
  channels: u32;
  /** When each channel is free again: `channels` times of 8 bytes. Unit: ns since boot. */
  channel_free: usize;
  /** When the way between a flash disk and the memory is free again. Unit: ns since boot. */
  bus_free: u64;
  /** What a rotating disk's head does now; null: nothing. */
  active: Request | null;
  /** Where a rotating disk's head is. Unit: tracks. */
  track: u64;
  /** How much of the platters was given to files. Unit: 4 KiB. */
  platter_used: u64;
  /** Number of the last extent. */
  last_extent: u32;
  /** Blocks that were written, of all extents. */
  stored: u32;
  /** Bytes read since boot. */
  bytes_read: u64;
  /** Bytes written since boot. */
  bytes_written: u64;

  /** When the next command is finished. */
  @embed @inline get timer(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<DiskState>("timer_node_parent_color"));
  }
  /** The commands that it has been given: Request.queuelist of each. */
  @embed @inline get commands(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<DiskState>("commands_next"));
  }
  /** The commands that it has finished, and whose interrupt has not been taken: Request.queuelist of each. */
  @embed @inline get done(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<DiskState>("done_next"));
  }
  /** What is to fail: DiskFault.link of each. */
  @embed @inline get faults(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<DiskState>("faults_next"));
  }
  /** The stretches that files lie in, by number. */
  @embed @inline get extents(): XArray {
    return changetype<XArray>(changetype<usize>(this) + offsetof<DiskState>("extents_head"));
  }
}

/** The disk. */
export function disk(): DiskState {
  return changetype<DiskState>(kernel.disk);
}
