import { EpollFlags } from "../include/eventpoll";
import { File, FileKind } from "../include/fs";
import { HlistNode, ListHead } from "../include/list";
import { RbNode, RbRootCached } from "../include/rbtree_types";
import { TaskStruct } from "../include/sched";
import { WaitQueueEntry, WaitQueueHead } from "../include/wait";

/*
 * An eventpoll watches files. Each item is in two structures at once: for good in a tree, to be found by epoll_ctl(),
 * and in a list while it may have something to tell, to be found by epoll_wait() without a search.
 *
 *   Eventpoll
 *    | rbr ------> tree of all items, ordered by (file, descriptor)
 *    | rdllist --> item --> item --> (back)         ready, oldest first
 *    | ovflist --> item --> item                    became ready during a scan, newest first
 *    | wq -------> sleepers of epoll_wait()
 *    | poll_wait > who watches the eventpoll itself
 *
 *   Epitem
 *    | pwqlist --> EppollEntry --> ...              its places in the wait queues of its file
 *    | fllink ---> next item of the same file       from File.f_ep
 *
 * "Scan": the time in which epoll_wait(), or a poll of the eventpoll, owns the ready list.
 */

/** Bits of an interest mask that are no events. @kernel EP_PRIVATE_BITS, fs/eventpoll.c */
export const EP_PRIVATE_BITS: u32 = EpollFlags.WAKEUP | EpollFlags.ONESHOT | EpollFlags.ET | EpollFlags.EXCLUSIVE;

/** An epoll instance. @kernel struct eventpoll, fs/eventpoll.c */
@unmanaged
export class Eventpoll {
  // struct wait_queue_head wq
  wq_head_next: ListHead;
  wq_head_prev: ListHead;
  // struct wait_queue_head poll_wait
  poll_wait_head_next: ListHead;
  poll_wait_head_prev: ListHead;
  // struct list_head rdllist
  rdllist_next: ListHead;
  rdllist_prev: ListHead;
  // struct list_head txlist
  txlist_next: ListHead;
  txlist_prev: ListHead;
  // struct rb_root_cached rbr
  rbr_root_node: RbNode | null;
  rbr_leftmost: RbNode | null;
  /** 1 while a scan owns the ready list. */
  scanning: u32;
  /** Items that became ready during the scan, newest first, linked by Epitem.next; null if there are none. */
  ovflist: Epitem | null;
  /** The open file that this eventpoll is. Eventpolls that watch it are found from its File.f_ep. */
  file: File;
  /** Number of the last walk through nested eventpolls that came by. */
  gen: u32;
  /** What that walk found: levels of eventpolls below or above this one. */
  loop_check_depth: u32;

  /** Tasks that sleep in epoll_wait(): each is exclusive, the newest in front. */
  @embed @inline get wq(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<Eventpoll>("wq_head_next"));
  }
  /** Those who watch the eventpoll itself: poll(), select() and other eventpolls. */
  @embed @inline get poll_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<Eventpoll>("poll_wait_head_next"));
  }
  /** Items that may be ready, oldest first: Epitem.rdllink of each. */
  @embed @inline get rdllist(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Eventpoll>("rdllist_next"));
  }
  /** The batch that a scan has taken from the ready list: Epitem.rdllink of each. Empty outside of scans. */
  @embed @inline get txlist(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Eventpoll>("txlist_next"));
  }
  /** All items, by (file, descriptor): Epitem.rbn of each. */
  @embed @inline get rbr(): RbRootCached {
    return changetype<RbRootCached>(changetype<usize>(this) + offsetof<Eventpoll>("rbr_root_node"));
  }
}

/** One watched file of an eventpoll. @kernel struct epitem, fs/eventpoll.c */
@unmanaged
export class Epitem {
  // struct rb_node rbn
  rbn_parent_color: usize;
  rbn_right: RbNode | null;
  rbn_left: RbNode | null;
  // struct list_head rdllink
  rdllink_next: ListHead;
  rdllink_prev: ListHead;
  /** Next item that became ready during the scan; the last one points at itself; null while not among them. */
  next: Epitem | null;
  /** The watched file. */
  ffd_file: File;
  /** The descriptor by which it was added; it may stand for something else by now. */
  ffd_fd: i32;
  /** Its places in the wait queues of its file. */
  pwqlist: EppollEntry | null;
  /** The eventpoll that it belongs to. */
  ep: Eventpoll;
  // struct hlist_node fllink
  fllink_next: HlistNode | null;
  fllink_pprev: usize;
  /** Interest mask: Poll and EpollFlags bits. Only EpollFlags are left once EPOLLONESHOT has told. */
  event_events: u32;
  /** The program's own number, handed out with every event. */
  event_data: u64;

  /** Links the item into Eventpoll.rbr. */
  @embed @inline get rbn(): RbNode {
    return changetype<RbNode>(changetype<usize>(this) + offsetof<Epitem>("rbn_parent_color"));
  }
  /** Links the item into Eventpoll.rdllist or txlist; points at itself while the item is in neither. */
  @embed @inline get rdllink(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Epitem>("rdllink_next"));
  }
  /** Links the item into File.f_ep. */
  @embed @inline get fllink(): HlistNode {
    return changetype<HlistNode>(changetype<usize>(this) + offsetof<Epitem>("fllink_next"));
  }
  /** Whether the item is in the ready list or in the batch of a scan. @kernel ep_is_linked(), fs/eventpoll.c */
  @inline get is_linked(): bool {
    return !this.rdllink.empty;
  }
  /** container_of(node, struct epitem, rbn). */
  @inline static of_rbn(node: RbNode): Epitem {
    return changetype<Epitem>(changetype<usize>(node) - offsetof<Epitem>("rbn_parent_color"));
  }
  /** container_of(link, struct epitem, rdllink). */
  @inline static of_rdllink(link: ListHead): Epitem {
    return changetype<Epitem>(changetype<usize>(link) - offsetof<Epitem>("rdllink_next"));
  }
  /** container_of(node, struct epitem, fllink). */
  @inline static of_fllink(node: HlistNode): Epitem {
    return changetype<Epitem>(changetype<usize>(node) - offsetof<Epitem>("fllink_next"));
  }
}

/** A place of an item in a wait queue of its file. @kernel struct eppoll_entry, fs/eventpoll.c */
@unmanaged
export class EppollEntry {
  /** Next place of the same item. */
  next: EppollEntry | null;
  /** The item. */
  base: Epitem;
  // struct wait_queue_entry wait
  wait_flags: u16;
  wait_func: u16;
  wait_task: TaskStruct | null;
  wait_entry_next: ListHead;
  wait_entry_prev: ListHead;
  /** The wait queue; null once that has gone away. */
  whead: WaitQueueHead | null;

  /** Links the place into the wait queue; its function is ep_poll_callback. */
  @embed @inline get wait(): WaitQueueEntry {
    return changetype<WaitQueueEntry>(changetype<usize>(this) + offsetof<EppollEntry>("wait_flags"));
  }
  /** container_of(wait, struct eppoll_entry, wait). */
  @inline static of_wait(wait: WaitQueueEntry): EppollEntry {
    return changetype<EppollEntry>(changetype<usize>(wait) - offsetof<EppollEntry>("wait_flags"));
  }
}

/** Whether a file is an eventpoll. @kernel is_file_epoll(), fs/eventpoll.c */
export function is_file_epoll(file: File): bool {
  return file.f_op.kind == FileKind.EVENTPOLL;
}

/** The eventpoll that a file is. */
export function file_eventpoll(file: File): Eventpoll {
  return changetype<Eventpoll>(file.private_data);
}
