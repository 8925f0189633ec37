import { ListHead } from "./list";
import { TaskStruct } from "./sched";

/** Bits of WaitQueueEntry.flags. @kernel include/linux/wait.h */
export enum WaitQueueFlags {
  /** Waking stops after enough entries of this kind were woken. */
  EXCLUSIVE = 1,
}

/**
 * A waiter in a wait queue, and what to do when it is woken.
 *
 * @kernel struct wait_queue_entry, include/linux/wait.h
 */
@unmanaged
export class WaitQueueEntry {
  /** WaitQueueFlags bits. */
  flags: u16;
  /** Callback, an index into the function table: (entry, mode, flags, key) => 1 if it woke someone. */
  func: u16;
  /** The task to wake; null if the function wakes something else. The kernel calls it `private`. */
  task: TaskStruct | null;
  // struct list_head entry
  entry_next: ListHead;
  entry_prev: ListHead;

  /** Links the waiter into the wait queue. */
  @embed @inline get entry(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<WaitQueueEntry>("entry_next"));
  }
  /** container_of(link, struct wait_queue_entry, entry). */
  @inline static of_entry(link: ListHead): WaitQueueEntry {
    return changetype<WaitQueueEntry>(changetype<usize>(link) - offsetof<WaitQueueEntry>("entry_next"));
  }
}

/** A queue of waiters. @kernel struct wait_queue_head, include/linux/wait.h */
@unmanaged
export class WaitQueueHead {
  // struct list_head head
  head_next: ListHead;
  head_prev: ListHead;

  /** The waiters: WaitQueueEntry.entry of each. */
  @embed @inline get head(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<WaitQueueHead>("head_next"));
  }
}
