import { ListHead } from "./list";
import { Hrtimer } from "./time";
import { RbNode } from "./rbtree_types";
import { TaskStruct } from "./sched";
import { WaitQueueHead } from "./wait";
import { kernel } from "./kernel";

/** Why files are written back. @kernel enum wb_reason, include/linux/backing-dev-defs.h */
export enum WbReason {
  /** Too much is dirty. */
  BACKGROUND = 0,
  /** Memory is looked for. */
  VMSCAN = 1,
  /** Somebody waits for it. */
  SYNC = 2,
  /** It has been dirty for long. */
  PERIODIC = 3,
}

/** Bits of Inode.i_state. @kernel include/linux/fs.h */
export enum InodeState {
  /** It has dirty folios. */
  DIRTY_PAGES = 4,
}

/**
 * The files that have dirty folios, and the thread that writes them back.
 *
 * @kernel struct bdi_writeback, include/linux/backing-dev-defs.h
 */
@unmanaged
export class BdiWriteback {
  // struct list_head b_dirty
  b_dirty_next: ListHead;
  b_dirty_prev: ListHead;
  // struct list_head b_writeback
  b_writeback_next: ListHead;
  b_writeback_prev: ListHead;
  /** The thread; null: it was not needed yet. */
  task: TaskStruct | null;
  // struct wait_queue_head wait
  wait_head_next: ListHead;
  wait_head_prev: ListHead;
  /** 1 if all that is dirty is to be written. */
  start_all: u32;
  // struct hrtimer dwork
  dwork_node_parent_color: usize;
  dwork_node_right: RbNode | null;
  dwork_node_left: RbNode | null;
  dwork_func: u16;
  dwork_queued: u8;
  dwork_kind: u8;
  dwork_expires: u64;
  /** Number of files on b_dirty. */
  nr_dirty_inodes: u32;
  /** (inode: Inode) => void: a file has got its first dirty folio. An index into the function table. */
  mark_inode_dirty: u32;
  /** (reason: WbReason) => void: something is to be written back. An index into the function table. */
  wakeup_flusher: u32;
  /** The thread begins to write when so much of the memory is dirty. Unit: percent. @kernel vm.dirty_background_ratio */
  dirty_background_ratio: u32;
  /** Who writes has to wait when so much of the memory is dirty. Unit: percent. @kernel vm.dirty_ratio */
  dirty_ratio: u32;
  /** How often the thread looks for what has been dirty for long. Unit: 10 ms. @kernel vm.dirty_writeback_centisecs */
  dirty_writeback_interval: u32;
  /** What has been dirty for so long is written. Unit: 10 ms. @kernel vm.dirty_expire_centisecs */
  dirty_expire_interval: u32;
  /** The last error of writing of any file, and how many there were: see lib/errseq.ts. @kernel super_block.s_wb_err */
  s_wb_err: u32;
  /** Number of rounds that calls of sync() have made: each writes all that is dirty, and waits for it. */
  sync_rounds: u32;

  /** Files with dirty folios: Inode.i_io_list of each, the one that became dirty last in front. */
  @embed @inline get b_dirty(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<BdiWriteback>("b_dirty_next"));
  }
  /** Files of which folios are being written: Inode.i_wb_list of each. @kernel super_block.s_inodes_wb */
  @embed @inline get b_writeback(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<BdiWriteback>("b_writeback_next"));
  }
  /** When the thread looks for what has been dirty for long. */
  @embed @inline get dwork(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<BdiWriteback>("dwork_node_parent_color"));
  }
  /** The thread sleeps here. */
  @embed @inline get wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<BdiWriteback>("wait_head_next"));
  }
}

/** What is to be written back. */
export function bdi_writeback(): BdiWriteback {
  return changetype<BdiWriteback>(kernel.wb);
}
