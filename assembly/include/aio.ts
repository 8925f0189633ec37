import { File } from "./fs";
import { Iocb } from "./aio_abi";
import { IovIter } from "./uio";
import { KmemCache } from "./mm_types";
import { ListHead } from "./list";
import { MmStruct } from "./mm_struct";
import { TaskStruct } from "./sched";
import { WaitQueueEntry, WaitQueueHead } from "./wait";

/*
 * Asynchronous input and output, as io_setup(2) has it:
 *
 *   MmStruct.ioctx_table --> Kioctx --ring_pages--> pages that the program has mapped, too:
 *                              |                    | AioRing: head, tail | event | event | ...
 *                              | active_reqs
 *                              v
 *                            AioKiocb, one for each request on its way: its file, its walk over the buffers,
 *                            and what it will come to (ki_res)
 */

/** The contexts of a process by number; their addresses lie behind it in memory. @kernel struct kioctx_table, fs/aio.c */
@unmanaged
export class KioctxTable {
  /** Number of slots. */
  nr: u32;

  /** Where a slot lies. */
  @inline slot(index: u32): usize {
    return changetype<usize>(this) + offsetof<KioctxTable>() + ((<usize>index) << 2);
  }
}

/** A context for requests, and its ring of completions. @kernel struct kioctx, fs/aio.c */
@unmanaged
export class Kioctx {
  // struct list_head all
  all_next: ListHead;
  all_prev: ListHead;
  /** Its address to the program: where the ring is mapped. */
  user_id: u64;
  /** Size of that mapping. Unit: bytes. */
  mmap_size: u64;
  /** The process that it belongs to; null once it is being destroyed. */
  mm: MmStruct | null;
  /** Number in the process: its slot of the KioctxTable. */
  id: u32;
  /** 1 once it is being destroyed. */
  dead: u32;
  /** Number of references: its process, and calls that are at it. With the last one its requests are cancelled. */
  users: u32;
  /** Requests on their way. */
  reqs: u32;
  /** 1 while io_destroy() waits for the last of them. */
  awaited: u32;
  /** Requests that the program has asked for in io_setup(); counts against aio-max-nr. */
  max_reqs: u32;
  /** Slots of the ring. */
  nr_events: u32;
  /** The frames of the ring: an array of their addresses, 4 bytes each. */
  ring_pages: usize;
  /** Number of frames. */
  nr_pages: u32;
  /** Slots that no request and no event has, and no CPU has taken for itself. */
  reqs_available: u32;
  /** How many slots a CPU takes at once. */
  req_batch: u32;
  /** Slots that each CPU has taken for itself: numbers of 4 bytes. @kernel struct kioctx_cpu */
  cpu: usize;
  /** Where the next event goes. The program cannot change it, unlike AioRing.tail. */
  tail: u32;
  /** Events whose slots have not been given back. */
  completed_events: u32;
  // struct list_head active_reqs
  active_reqs_next: ListHead;
  active_reqs_prev: ListHead;
  // struct wait_queue_head wait
  wait_head_next: ListHead;
  wait_head_prev: ListHead;
  // struct wait_queue_head rq_wait
  rq_wait_head_next: ListHead;
  rq_wait_head_prev: ListHead;

  /** Links it to all contexts of the machine: AioState.contexts. */
  @embed @inline get all(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Kioctx>("all_next"));
  }
  /** The requests that can be cancelled: AioKiocb.ki_list of each. */
  @embed @inline get active_reqs(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Kioctx>("active_reqs_next"));
  }
  /** Who waits for events, in io_getevents(). */
  @embed @inline get wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<Kioctx>("wait_head_next"));
  }
  /** Who waits for the last request, in io_destroy(). */
  @embed @inline get rq_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<Kioctx>("rq_wait_head_next"));
  }
  /** container_of(link, struct kioctx, all). */
  @inline static of_all(link: ListHead): Kioctx {
    return changetype<Kioctx>(changetype<usize>(link) - offsetof<Kioctx>("all_next"));
  }
}

/** A request on its way. @kernel struct aio_kiocb, fs/aio.c */
@unmanaged
export class AioKiocb {
  // struct list_head ki_list
  ki_list_next: ListHead;
  ki_list_prev: ListHead;
  /** The context that it belongs to. */
  ki_ctx: Kioctx;
  /** The file. */
  ki_filp: File | null;
  /** Number of references: whoever submits it, and whoever will complete it. */
  ki_refcnt: u32;
  /** IocbCmd: what it asks for. */
  opcode: u32;
  // struct io_event ki_res
  ki_res_data: u64;
  ki_res_obj: u64;
  ki_res_res: i64;
  ki_res_res2: i64;
  /** The counter that is told of its end; 0: none. */
  @to("EventfdCtx") ki_eventfd: usize;
  /** Which of the iocbs of its io_submit() it is. */
  index: u32;
  /** Its walk over the program's buffers, with the position in the file; ki_complete tells of its end. It lies behind this struct. */
  rw: IovIter;
  /** Number of buffers in the copied list of a PREADV or PWRITEV: the list is freed at the end. */
  nr_segs: u64;
  /** Of a POLL: the wait queue that will tell; null: none. */
  poll_head: WaitQueueHead | null;
  /** Of a POLL: what it waits for, Poll bits. */
  poll_events: u32;
  /** Of an FDSYNC: 1. */
  datasync: u32;
  /** Of a POLL: 1 once it was cancelled. */
  poll_cancelled: u32;
  // struct wait_queue_entry poll_wait
  poll_wait_flags: u16;
  poll_wait_func: u16;
  poll_wait_task: TaskStruct | null;
  poll_wait_entry_next: ListHead;
  poll_wait_entry_prev: ListHead;

  /** Links it to the requests of its context that can be cancelled. */
  @embed @inline get ki_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<AioKiocb>("ki_list_next"));
  }
  /** Its place in the wait queue of the file, while it polls: its function is aio_poll_wake. */
  @embed @inline get poll_wait(): WaitQueueEntry {
    return changetype<WaitQueueEntry>(changetype<usize>(this) + offsetof<AioKiocb>("poll_wait_flags"));
  }
  /** container_of(link, struct aio_kiocb, ki_list). */
  @inline static of_list(link: ListHead): AioKiocb {
    return changetype<AioKiocb>(changetype<usize>(link) - offsetof<AioKiocb>("ki_list_next"));
  }
  /** container_of(wait, struct aio_kiocb, poll.wait). */
  @inline static of_wait(wait: WaitQueueEntry): AioKiocb {
    return changetype<AioKiocb>(changetype<usize>(wait) - offsetof<AioKiocb>("poll_wait_flags"));
  }
}

/** What asynchronous input and output keeps for the whole machine. */
@unmanaged
export class AioState {
  /** Cache of contexts. */
  kioctx_cachep: KmemCache;
  /** Cache of requests. */
  kiocb_cachep: KmemCache;
  /** Cache of transfers past the page cache. */
  dio_cachep: KmemCache;
  /** Requests that all contexts have been made for. @kernel /proc/sys/fs/aio-nr */
  aio_nr: u32;
  /** How many that may be. @kernel /proc/sys/fs/aio-max-nr */
  aio_max_nr: u32;
  /** (mm) => void, an index into the function table: an address space goes away. */
  exit_aio: u32;
  /** 1 while a kernel thread does what must sleep. */
  has_worker: u32;
  // struct list_head work
  work_next: ListHead;
  work_prev: ListHead;
  /** An iocb on its way in. */
  iocb: Iocb;
  // struct list_head delayed
  delayed_next: ListHead;
  delayed_prev: ListHead;
  // struct list_head contexts
  contexts_next: ListHead;
  contexts_prev: ListHead;

  /** Requests for that thread: AioKiocb.ki_list of each. */
  @embed @inline get work(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<AioState>("work_next"));
  }
  /** Requests that are over and whose file is still to be released: AioKiocb.ki_list of each. */
  @embed @inline get delayed(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<AioState>("delayed_next"));
  }
  /** All contexts, in order of birth: Kioctx.all of each. */
  @embed @inline get contexts(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<AioState>("contexts_next"));
  }
}
