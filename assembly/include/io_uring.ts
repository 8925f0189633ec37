import { CallState } from "./call_state";
import { File, FilesStruct } from "./fs";
import { Hrtimer } from "./time";
import { IoUringSqe } from "./io_uring_abi";
import { KmemCache } from "./mm_types";
import { ListHead } from "./list";
import { MmStruct } from "./mm_struct";
import { RbNode } from "./rbtree_types";
import { SighandStruct } from "./signal";
import { CallbackHead, TaskStruct } from "./sched";
import { WaitQueueEntry, WaitQueueHead } from "./wait";

/*
 * io_uring:
 *
 *   File.private_data --> IoRingCtx --ring_pages--> frames that the program has mapped: IoRings, completions, array
 *                            |      --sqe_pages---> frames that the program has mapped: entries
 *                            | reqs
 *                            v
 *                         IoKiocb, one for each request on its way, with a copy of its entry --link--> the next in its chain
 */

/** What io_uring keeps for itself. */
@unmanaged
export class IoUringState {
  /** Cache of rings. */
  ctx_cachep: KmemCache;
  /** Cache of requests. */
  req_cachep: KmemCache;
  /** Cache of completions for which there was no room. */
  overflow_cachep: KmemCache;
  /** What can be done with a ring's file. */
  io_uring_fops: usize;
  /** (task) => void, an index into the function table: a task that has used rings ends. */
  cancel_task: u32;
  /** (task) => void, an index into the function table: a task that has used rings is to be killed. */
  kill_task: u32;
  /** Scratch memory for what programs hand in. */
  scratch: usize;
  // struct list_head rings
  rings_next: ListHead;
  rings_prev: ListHead;

  /** All rings: IoRingCtx.all of each. */
  @embed @inline get rings(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<IoUringState>("rings_next"));
  }
}

/** A ring. @kernel struct io_ring_ctx, include/linux/io_uring_types.h */
@unmanaged
export class IoRingCtx {
  // struct list_head all
  all_next: ListHead;
  all_prev: ListHead;
  /** IoringSetup bits. */
  flags: u32;
  /** Number of entries that there is room for: a power of two. */
  sq_entries: u32;
  /** Number of completions that there is room for: a power of two. */
  cq_entries: u32;
  /** The next entry to take; the program cannot change it. */
  cached_sq_head: u32;
  /** Where the next completion goes; the program cannot change it. */
  cached_cq_tail: u32;
  /** Entries that had a bad index. */
  sq_dropped: u32;
  /** Completions that got lost because memory was exhausted. */
  cq_overflow: u32;
  /** Where the array of indices lies in the ring. Unit: bytes. */
  sq_array: u32;
  /** Frames of the ring: an array of their addresses, 4 bytes each. */
  ring_pages: usize;
  /** Number of them. */
  nr_ring_pages: u32;
  /** Frames of the entries: an array of their addresses, 4 bytes each. */
  sqe_pages: usize;
  /** Number of them. */
  nr_sqe_pages: u32;
  /** Number of requests on their way. */
  nr_reqs: u32;
  /** 1 once its file is gone. */
  dead: u32;
  /** Completions that the timeouts among the requests have seen. */
  cq_last_tm_flush: u32;
  /** 1 while completions are being handed in. */
  flushing: u32;
  /** 1: the request after the chain that is being put together waits for all earlier ones. */
  drain_next: u32;
  /** 1 once a completion may be missing: then nothing can wait for all earlier ones. */
  drain_disabled: u32;
  // struct list_head reqs
  reqs_next: ListHead;
  reqs_prev: ListHead;
  // struct list_head compl_reqs
  compl_reqs_next: ListHead;
  compl_reqs_prev: ListHead;
  // struct list_head defer_list
  defer_list_next: ListHead;
  defer_list_prev: ListHead;
  // struct list_head cq_overflow_list
  cq_overflow_list_next: ListHead;
  cq_overflow_list_prev: ListHead;
  // struct list_head wq_list
  wq_list_next: ListHead;
  wq_list_prev: ListHead;
  // struct wait_queue_head cq_wait
  cq_wait_head_next: ListHead;
  cq_wait_head_prev: ListHead;
  // struct wait_queue_head poll_wq
  poll_wq_head_next: ListHead;
  poll_wq_head_prev: ListHead;
  // struct wait_queue_head sqo_wait
  sqo_wait_head_next: ListHead;
  sqo_wait_head_prev: ListHead;
  // struct wait_queue_head sqo_sq_wait
  sqo_sq_wait_head_next: ListHead;
  sqo_sq_wait_head_prev: ListHead;
  /** The first request of the chain that is being submitted; null: none. */
  link_head: IoKiocb | null;
  /** Its last request. */
  link_last: IoKiocb | null;
  /** Number of workers. */
  nr_workers: u32;
  /** The task that made it, while it lives. */
  submitter: TaskStruct | null;
  /** The thread that looks for entries; null: none. */
  sq_thread: TaskStruct | null;
  /** How long it looks for entries before it sleeps. Unit: ns. */
  sq_thread_idle: u64;
  /** Until when it looks. Unit: ns since boot. */
  sq_idle_until: u64;
  /** Number of registered buffers. */
  nr_user_bufs: u32;
  /** Registered buffers: an array of addresses of IoMappedUbuf, 4 bytes each. */
  user_bufs: usize;
  /** Number of registered files. */
  nr_user_files: u32;
  /** Registered files: an array of addresses of struct file, 4 bytes each; 0: an empty slot. */
  file_table: usize;
  /** The slot from which on an empty one is looked for. */
  file_alloc_hint: u32;
  /** Number of requests that it has had. */
  generations: u32;
  /** The eventfd that is told of completions; 0: none. */
  @to("EventfdCtx") cq_ev_fd: usize;

  /** Links the ring into the list of all. */
  @embed @inline get all(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<IoRingCtx>("all_next"));
  }
  /** Requests on their way: IoKiocb.node of each, oldest first. */
  @embed @inline get reqs(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<IoRingCtx>("reqs_next"));
  }
  /** Requests that are complete and whose completions are handed in together: IoKiocb.queue of each. */
  @embed @inline get compl_reqs(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<IoRingCtx>("compl_reqs_next"));
  }
  /** Requests that wait for all earlier ones: IoKiocb.queue of each. */
  @embed @inline get defer_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<IoRingCtx>("defer_list_next"));
  }
  /** Completions for which there was no room: IoOverflowCqe.list of each. */
  @embed @inline get cq_overflow_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<IoRingCtx>("cq_overflow_list_next"));
  }
  /** Requests that wait for a worker: IoKiocb.queue of each. */
  @embed @inline get wq_list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<IoRingCtx>("wq_list_next"));
  }
  /** Who waits for completions. */
  @embed @inline get cq_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<IoRingCtx>("cq_wait_head_next"));
  }
  /** Who watches the ring's file. */
  @embed @inline get poll_wq(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<IoRingCtx>("poll_wq_head_next"));
  }
  /** The thread that looks for entries, while it sleeps. */
  @embed @inline get sqo_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<IoRingCtx>("sqo_wait_head_next"));
  }
  /** Who waits for room in the submission queue. */
  @embed @inline get sqo_sq_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<IoRingCtx>("sqo_sq_wait_head_next"));
  }
  /** container_of(link, struct io_ring_ctx, all). */
  @inline static of_all(link: ListHead): IoRingCtx {
    return changetype<IoRingCtx>(changetype<usize>(link) - offsetof<IoRingCtx>("all_next"));
  }
}

/** Where a request stands. */
export enum IoReqState {
  /** It is being looked at, or belongs to a chain whose turn has not come. */
  NONE = 0,
  /** Hung into the wait queue of its file. */
  POLL = 1,
  /** Its time runs. */
  TIMER = 2,
  /** Its submitter is to go on with it. */
  TASK_WORK = 3,
  /** It waits for a worker. */
  QUEUED = 4,
  /** A worker is at it. */
  WORKER = 5,
  /** It waits for all earlier requests. */
  DEFER = 6,
  /** It is complete. */
  DONE = 7,
}

/** Bits of IoKiocb.flags. @kernel include/linux/io_uring_types.h */
export enum IoReqFlags {
  /** It has failed, as far as its chain is concerned. */
  FAIL = 0x1,
  /** The next request of its chain follows if it succeeds. */
  LINK = 0x2,
  /** The next request of its chain follows in any case. */
  HARDLINK = 0x4,
  /** No completion is posted. */
  CQE_SKIP = 0x8,
  /** Its chain is skipped in silence. */
  SKIP_LINK_CQES = 0x10,
  /** -EAGAIN is an answer. */
  NOWAIT = 0x20,
  /** It has been tried before. */
  POLLED = 0x40,
  /** The entry itself asks for a poll, more than once. */
  MULTISHOT = 0x80,
  /** The next request of its chain limits its time, and that time runs. */
  LINK_TIMEOUT = 0x100,
  /** It goes on where it was, not from its beginning. */
  RESUMED = 0x200,
  /** A connection is on its way. */
  CONNECTING = 0x400,
  /** It is being cancelled. */
  CANCELLED = 0x800,
  /** A worker does it from the beginning. */
  FORCE_ASYNC = 0x1000,
  /** Not before all earlier ones are complete. */
  DRAIN = 0x2000,
  /** The worker that does it is not to sleep so that a signal would wake it: nobody wants the request any more. */
  INTERRUPTED = 0x4000,
}

/** A request on its way. @kernel struct io_kiocb, include/linux/io_uring_types.h */
@unmanaged
export class IoKiocb extends CallState {
  /** Its ring. */
  ctx: IoRingCtx;
  /** The task that is to go on with it. */
  task: TaskStruct;
  /** The file that it works on; null: none. */
  file: File | null;
  /** IoringOp. */
  opcode: u32;
  /** IoReqFlags bits. */
  flags: u32;
  /** IoReqState. */
  state: u32;
  /** What it has come to. */
  res: i32;
  /** IoringCqeFlags bits of its completion. */
  cflags: u32;
  /** Of a timeout that counts completions, the one that it waits for. */
  sequence: u32;
  /** How often it was hung into the wait queue of its file. */
  poll_retries: u32;
  /** The next request of its chain; null: none. */
  link: IoKiocb | null;
  /** Of a time limit, the request that it limits; null: none. */
  head: IoKiocb | null;
  /** Number of the request in its ring: another one in the same place of memory has another number. */
  generation: u32;
  /** Of a time limit that is over, the number of the request that it has limited. */
  head_generation: u32;
  // struct list_head node
  node_next: ListHead;
  node_prev: ListHead;
  // struct list_head queue
  queue_next: ListHead;
  queue_prev: ListHead;
  // struct callback_head task_work
  task_work_entry_next: ListHead;
  task_work_entry_prev: ListHead;
  task_work_func: u32;
  /** The address space that a worker borrows; null: none. */
  mm: MmStruct | null;
  /** The descriptors that a worker borrows; null: none. */
  files: FilesStruct | null;
  /** The worker that does it; null: none. */
  worker: TaskStruct | null;
  /** The system call that it is, an index into the function table; 0: it is none. */
  call: u32;
  /** Poll bits that it waits for. */
  poll_events: u32;
  /** The wait queue of its file that it hangs in; null: none. */
  poll_head: WaitQueueHead | null;
  /** The second one. */
  poll_double_head: WaitQueueHead | null;
  // struct wait_queue_entry poll_wait
  poll_wait_flags: u16;
  poll_wait_func: u16;
  poll_wait_task: TaskStruct | null;
  poll_wait_entry_next: ListHead;
  poll_wait_entry_prev: ListHead;
  // struct wait_queue_entry poll_double
  poll_double_flags: u16;
  poll_double_func: u16;
  poll_double_task: TaskStruct | null;
  poll_double_entry_next: ListHead;
  poll_double_entry_prev: ListHead;
  // struct hrtimer timer
  timer_node_parent_color: usize;
  timer_node_right: RbNode | null;
  timer_node_left: RbNode | null;
  timer_func: u16;
  timer_queued: u8;
  timer_kind: u8;
  timer_expires: u64;
  // struct io_uring_sqe sqe
  sqe_opcode: u8;
  sqe_flags: u8;
  sqe_ioprio: u16;
  sqe_fd: i32;
  sqe_off: u64;
  sqe_addr: u64;
  sqe_len: u32;
  sqe_op_flags: u32;
  sqe_user_data: u64;
  sqe_buf_index: u16;
  sqe_personality: u16;
  sqe_file_index: u32;
  sqe_addr3: u64;
  sqe_pad2: u64;
  /** -EINVAL if its file has more wait queues than it could be hung into. */
  poll_error: i32;
  /** The registered buffer that it holds on to; null: none. */
  imu: IoMappedUbuf | null;
  /** What it comes to if it does all that it was asked; -1: that is not known. */
  wanted: i64;
  /** How much of it is done. Unit: bytes. */
  done_io: u32;
  /** Where signals are told of that a worker may read; null: no worker has been asked. */
  sighand: SighandStruct | null;

  /** Whose memory, descriptors and signals it is done with; null: that task has ended. */
  get owner(): TaskStruct | null {
    if (!changetype<usize>(this.task)) return null;
    return this.task.kthread ? this.ctx.submitter : this.task;
  }
  /** Links the request into its ring. */
  @embed @inline get node(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<IoKiocb>("node_next"));
  }
  /** Its place among those that are complete, wait for a worker, or wait for earlier ones. */
  @embed @inline get queue(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<IoKiocb>("queue_next"));
  }
  /** Its place among what its task has to do. */
  @embed @inline get task_work(): CallbackHead {
    return changetype<CallbackHead>(changetype<usize>(this) + offsetof<IoKiocb>("task_work_entry_next"));
  }
  /** Its place in the wait queue of its file. */
  @embed @inline get poll_wait(): WaitQueueEntry {
    return changetype<WaitQueueEntry>(changetype<usize>(this) + offsetof<IoKiocb>("poll_wait_flags"));
  }
  /** Its place in a second wait queue of its file. */
  @embed @inline get poll_double(): WaitQueueEntry {
    return changetype<WaitQueueEntry>(changetype<usize>(this) + offsetof<IoKiocb>("poll_double_flags"));
  }
  /** Its time. */
  @embed @inline get timer(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<IoKiocb>("timer_node_parent_color"));
  }
  /** A copy of its entry, which the program cannot change any more. */
  @embed @inline get sqe(): IoUringSqe {
    return changetype<IoUringSqe>(changetype<usize>(this) + offsetof<IoKiocb>("sqe_opcode"));
  }
  /** container_of(link, struct io_kiocb, node). */
  @inline static of_node(link: ListHead): IoKiocb {
    return changetype<IoKiocb>(changetype<usize>(link) - offsetof<IoKiocb>("node_next"));
  }
  /** container_of(link, struct io_kiocb, queue). */
  @inline static of_queue(link: ListHead): IoKiocb {
    return changetype<IoKiocb>(changetype<usize>(link) - offsetof<IoKiocb>("queue_next"));
  }
  /** container_of(work, struct io_kiocb, task_work). */
  @inline static of_task_work(work: CallbackHead): IoKiocb {
    return changetype<IoKiocb>(changetype<usize>(work) - offsetof<IoKiocb>("task_work_entry_next"));
  }
  /** container_of(timer, struct io_kiocb, timer). */
  @inline static of_timer(timer: Hrtimer): IoKiocb {
    return changetype<IoKiocb>(changetype<usize>(timer) - offsetof<IoKiocb>("timer_node_parent_color"));
  }
}

/** A completion for which there was no room in the ring. @kernel struct io_overflow_cqe, io_uring/io_uring.c */
@unmanaged
export class IoOverflowCqe {
  // struct list_head list
  list_next: ListHead;
  list_prev: ListHead;
  user_data: u64;
  res: i32;
  flags: u32;

  /** Links it to the others. */
  @embed @inline get list(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<IoOverflowCqe>("list_next"));
  }
  /** container_of(link, struct io_overflow_cqe, list). */
  @inline static of_list(link: ListHead): IoOverflowCqe {
    return changetype<IoOverflowCqe>(changetype<usize>(link) - offsetof<IoOverflowCqe>("list_next"));
  }
}

/** A registered buffer; behind it in memory pairs (kernel address, length), 8 bytes each. @kernel io_uring/rsrc.h */
@unmanaged
export class IoMappedUbuf {
  /** Its user address. */
  ubuf: u64;
  /** Its length. Unit: bytes. */
  len: u64;
  /** Number of pairs. */
  nr_bvecs: u32;
  /** Number of references: the ring, requests that use it. */
  refs: u32;

  /** The first pair. */
  @inline get bvec(): usize {
    return changetype<usize>(this) + offsetof<IoMappedUbuf>();
  }
}
