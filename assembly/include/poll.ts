import { File, PollTable } from "./fs";
import { ListHead } from "./list";
import { TaskStruct } from "./sched";
import { WaitQueueEntry, WaitQueueHead } from "./wait";

/*
 * A call of poll() or select() hangs itself into a wait queue of every file that it asks about, each time anew:
 *
 *   TaskStruct.poll_wqueues
 *        |
 *   PollWqueues --entries--> PollTableEntry --> PollTableEntry --> ...      newest first
 *    | list                       | wait             | wait
 *    v                            v                  v
 *   PollList: what the       wait queue of      wait queue of
 *   program has asked        one file           another file
 *
 * When one of the queues is woken, pollwake() wakes the task, which asks all files again and takes all entries back.
 */

/** One descriptor that poll() asks about. @kernel struct pollfd, include/uapi/asm-generic/poll.h */
@unmanaged
export class Pollfd {
  /** Descriptor; a negative one is passed over. */
  fd: i32;
  /** Poll bits that the program asks for. */
  events: u16;
  /** Poll bits that are true of them: the answer. ERR, HUP and NVAL are told unasked. */
  revents: u16;
}

/** A piece of the array that poll() was given. Its entries lie behind it in memory. @kernel struct poll_list, fs/select.c */
@unmanaged
export class PollList {
  /** The next piece. */
  next: PollList | null;
  /** Number of entries. */
  len: u32;

  /** Address of an entry. */
  @inline entry(index: u32): Pollfd {
    return changetype<Pollfd>(changetype<usize>(this) + offsetof<PollList>() + ((<usize>index) << 3));
  }
}

/** A place of a call of poll() or select() in a wait queue. @kernel struct poll_table_entry, include/linux/poll.h */
@unmanaged
export class PollTableEntry {
  /** The place that the call took before this one. */
  next: PollTableEntry | null;
  /** The file that is asked, kept open as long as the call waits. */
  filp: File;
  /** Poll bits that wake the task; a wake-up that tells only others passes it by. */
  key: u32;
  // struct wait_queue_entry wait
  wait_flags: u16;
  wait_func: u16;
  wait_task: TaskStruct | null;
  wait_entry_next: ListHead;
  wait_entry_prev: ListHead;
  /** The wait queue. */
  wait_address: WaitQueueHead;

  /** Links the place into the wait queue; its function is pollwake. */
  @embed @inline get wait(): WaitQueueEntry {
    return changetype<WaitQueueEntry>(changetype<usize>(this) + offsetof<PollTableEntry>("wait_flags"));
  }
  /** container_of(wait, struct poll_table_entry, wait). */
  @inline static of_wait(wait: WaitQueueEntry): PollTableEntry {
    return changetype<PollTableEntry>(changetype<usize>(wait) - offsetof<PollTableEntry>("wait_flags"));
  }
}

/** What a call of poll() or select() keeps while it lasts. @kernel struct poll_wqueues, include/linux/poll.h */
@unmanaged
export class PollWqueues {
  // struct poll_table pt
  pt_qproc: u32;
  pt_key: u32;
  pt_context: usize;
  /** The task that waits. */
  polling_task: TaskStruct;
  /** 1 if a wait queue has been woken since the files were asked last. */
  triggered: u32;
  /** -ENOMEM if there was no memory for a place in a wait queue; otherwise 0. */
  error: i32;
  /** Its places in wait queues, the newest first. */
  entries: PollTableEntry | null;
  /** Number of places. */
  nr_entries: u32;
  /** Descriptors to be asked about: the length of poll()'s array, or the greatest of select()'s sets and 1. */
  nfds: u32;
  /** What poll() was given; null in a call of select(). */
  list: PollList | null;
  /** The sets of select(): three that it was given and three for the answer, one behind the other; 0 in poll(). */
  sets: usize;
  /** Length of each set. Unit: bytes. */
  set_size: u32;

  /** How the files' wait queues are remembered. */
  @embed @inline get pt(): PollTable {
    return changetype<PollTable>(changetype<usize>(this) + offsetof<PollWqueues>("pt_qproc"));
  }
}
