import { RbNode } from "./rbtree_types";

/** Nanoseconds in a microsecond. */
export const NSEC_PER_USEC: u64 = 1_000;
/** Microseconds in a second. */
export const USEC_PER_SEC: u64 = 1_000_000;
/** Nanoseconds in a millisecond. */
export const NSEC_PER_MSEC: u64 = 1_000_000;
/** Nanoseconds in a second. */
export const NSEC_PER_SEC: u64 = 1_000_000_000;
/** Clocks of the machine. All of them tell its virtual time. @kernel include/uapi/linux/time.h */
export enum Clock {
  REALTIME = 0,
  MONOTONIC = 1,
  PROCESS_CPUTIME_ID = 2,
  THREAD_CPUTIME_ID = 3,
  MONOTONIC_RAW = 4,
  REALTIME_COARSE = 5,
  MONOTONIC_COARSE = 6,
  BOOTTIME = 7,
  REALTIME_ALARM = 8,
  BOOTTIME_ALARM = 9,
  TAI = 11,
}
/** A time that never comes. */
export const KTIME_MAX: u64 = 0x7fff_ffff_ffff_ffff;

/** Kinds of timers, Hrtimer.kind. */
export enum HrtimerKind {
  /** An alarm of a CPU, which takes an interrupt when it is due. */
  ALARM = 0,
  /** What a device, or the world outside, does by itself then. */
  HARDWARE = 1,
  /** An alarm for work that can wait: nobody lets time pass only for it. */
  DEFERRABLE = 2,
}

/**
 * Something that is to happen at a time: a sleeper's alarm, a device's completion, a packet's arrival.
 *
 * @kernel struct hrtimer, include/linux/hrtimer.h
 */
@unmanaged
export class Hrtimer {
  // struct rb_node node
  node_parent_color: usize;
  node_right: RbNode | null;
  node_left: RbNode | null;
  /** What to do then, an index into the function table: (timer) => void. */
  func: u16;
  /** 1 while it is waiting in the tree of timers. */
  queued: u8;
  /** HrtimerKind. */
  kind: u8;
  /** When it is due. Unit: ns since boot. */
  expires: u64;

  /** Links the timer into the tree of timers. */
  @embed @inline get node(): RbNode {
    return changetype<RbNode>(changetype<usize>(this) + offsetof<Hrtimer>("node_parent_color"));
  }
  /** container_of(node, struct hrtimer, node). */
  @inline static of_node(node: RbNode): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(node) - offsetof<Hrtimer>("node_parent_color"));
  }
}
