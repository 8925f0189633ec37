/* What programs and the kernel share of io_uring(7). @kernel include/uapi/linux/io_uring.h */

/** Flags of io_uring_setup(). */
export enum IoringSetup {
  /** A thread of the kernel looks for entries. */
  SQPOLL = 0x2,
  /** The program says how many completions there is room for. */
  CQSIZE = 0x8,
  /** Too large numbers of entries become the greatest possible. */
  CLAMP = 0x10,
  /** The ring takes no entries before it is enabled. */
  R_DISABLED = 0x40,
  /** A bad entry does not keep those behind it from being submitted. */
  SUBMIT_ALL = 0x80,
  /** The submitter is not interrupted for the sake of completions. */
  COOP_TASKRUN = 0x100,
  /** Completions that wait for the submitter show in the flags of the ring. */
  TASKRUN_FLAG = 0x200,
  /** One task alone submits. */
  SINGLE_ISSUER = 0x1000,
}

/** Flags of io_uring_enter(). */
export enum IoringEnter {
  /** Wait for completions. */
  GETEVENTS = 0x1,
  /** Wake the thread that looks for entries. */
  SQ_WAKEUP = 0x2,
  /** Wait until there is room for entries. */
  SQ_WAIT = 0x4,
  /** The last argument is a struct io_uring_getevents_arg. */
  EXT_ARG = 0x8,
  /** The descriptor is one of those registered: not here. */
  REGISTERED_RING = 0x10,
  /** The time is one of the clock, not one from now on. */
  ABS_TIMER = 0x20,
  /** The last argument lies in memory that was registered. */
  EXT_ARG_REG = 0x40,
  /** Waiting does not count as waiting for a disk. */
  NO_IOWAIT = 0x80,
}

/** What the kernel says it can do. */
export enum IoringFeat {
  SINGLE_MMAP = 0x1,
  ALL = 0x3_ffff,
}

/** Flags of an entry. */
export enum IosqeFlags {
  /** The file is one of those registered. */
  FIXED_FILE = 0x1,
  /** Not before all earlier ones are complete. */
  IO_DRAIN = 0x2,
  /** The next one follows if this one succeeds. */
  IO_LINK = 0x4,
  /** The next one follows in any case. */
  IO_HARDLINK = 0x8,
  /** A worker does it from the beginning. */
  ASYNC = 0x10,
  /** The buffer is one of those provided. */
  BUFFER_SELECT = 0x20,
  /** Success is not told. */
  CQE_SKIP_SUCCESS = 0x40,
}

/** Flags of a completion. */
export enum IoringCqeFlags {
  /** More completions of the same entry follow. */
  MORE = 0x2,
  /** There is more to receive. */
  SOCK_NONEMPTY = 0x4,
}

/** Flags of the submission queue, in the ring. */
export enum IoringSqFlags {
  /** The thread that looks for entries sleeps. */
  NEED_WAKEUP = 0x1,
  /** Completions wait for room in the ring. */
  CQ_OVERFLOW = 0x2,
  /** Completions wait for the submitter to enter the kernel. */
  TASKRUN = 0x4,
}

/** Where mmap() finds the parts of a ring. */
export enum IoringOff {
  SQ_RING = 0,
  CQ_RING = 0x800_0000,
  SQES = 0x1000_0000,
}

/** What an entry asks for. */
export enum IoringOp {
  NOP = 0,
  READV = 1,
  WRITEV = 2,
  FSYNC = 3,
  READ_FIXED = 4,
  WRITE_FIXED = 5,
  POLL_ADD = 6,
  POLL_REMOVE = 7,
  SENDMSG = 9,
  RECVMSG = 10,
  TIMEOUT = 11,
  TIMEOUT_REMOVE = 12,
  ACCEPT = 13,
  ASYNC_CANCEL = 14,
  LINK_TIMEOUT = 15,
  CONNECT = 16,
  FALLOCATE = 17,
  OPENAT = 18,
  CLOSE = 19,
  FILES_UPDATE = 20,
  READ = 22,
  WRITE = 23,
  SEND = 26,
  RECV = 27,
  EPOLL_CTL = 29,
  SPLICE = 30,
  TEE = 33,
  SHUTDOWN = 34,
  SOCKET = 45,
  EPOLL_WAIT = 59,
}

/** Flags of timeouts. */
export enum IoringTimeout {
  ABS = 0x1,
  UPDATE = 0x2,
  /** Running out of time is no failure. */
  ETIME_SUCCESS = 0x20,
}

/** Flags of POLL_ADD and POLL_REMOVE. */
export enum IoringPoll {
  /** Tell every time. */
  ADD_MULTI = 0x1,
}

/** Flags of ASYNC_CANCEL. */
export enum IoringCancel {
  /** All that match. */
  ALL = 0x1,
  /** Match by descriptor. */
  FD = 0x2,
  /** Match any. */
  ANY = 0x4,
  /** Match by user_data; the default. */
  USERDATA = 0x10,
  /** Match by opcode. */
  OP = 0x20,
}

/** Flags of ACCEPT, RECV and their like, in ioprio. */
export enum IoringIoprio {
  /** RECV and SEND: wait for readiness first. */
  POLL_FIRST = 0x1,
  /** ACCEPT: do not stop at the first one. RECV has 0x2 for that. */
  ACCEPT_MULTISHOT = 0x1,
}

/** FILES_UPDATE is to find empty slots itself. @kernel include/uapi/linux/io_uring.h */
export const IORING_FILE_INDEX_ALLOC: u32 = 0xffff_ffff;
/** In place of a descriptor: the slot stays as it is. @kernel include/uapi/linux/io_uring.h */
export const IORING_REGISTER_FILES_SKIP: i64 = -2;

/** What io_uring_register() registers. */
export enum IoringRegister {
  BUFFERS = 0,
  UNREGISTER_BUFFERS = 1,
  FILES = 2,
  UNREGISTER_FILES = 3,
  EVENTFD = 4,
  UNREGISTER_EVENTFD = 5,
  FILES_UPDATE = 6,
  EVENTFD_ASYNC = 7,
  ENABLE_RINGS = 12,
}

/** An entry of the submission queue: 64 bytes. @kernel struct io_uring_sqe */
@unmanaged
export class IoUringSqe {
  /** IoringOp. */
  opcode: u8;
  /** IosqeFlags bits. */
  flags: u8;
  /** Urgency, or flags of some requests. */
  ioprio: u16;
  /** The file. */
  fd: i32;
  /** Position in the file, or a second address. */
  off: u64;
  /** Address of the buffer. */
  addr: u64;
  /** Length of the buffer, or number of buffers. */
  len: u32;
  /** Flags of what is asked for. */
  op_flags: u32;
  /** The program's own: comes back in the completion. */
  user_data: u64;
  /** Which of the registered buffers. */
  buf_index: u16;
  /** Whose rights it has. */
  personality: u16;
  /** A second descriptor, or a registered slot. */
  file_index: u32;
  /** A third address. */
  addr3: u64;
  /** Must be 0. */
  pad2: u64;
}

/** A completion: 16 bytes. @kernel struct io_uring_cqe */
@unmanaged
export class IoUringCqe {
  /** The entry's user_data. */
  user_data: u64;
  /** What it has come to: a result, or -errno. */
  res: i32;
  /** IoringCqeFlags bits. */
  flags: u32;
}

/** The beginning of the memory that program and kernel share. @kernel struct io_rings, include/linux/io_uring_types.h */
@unmanaged
export class IoRings {
  /** The next entry that the kernel takes. */
  sq_head: u32;
  /** Behind the last entry: the program's. */
  sq_tail: u32;
  /** The next completion that the program takes: the program's. */
  cq_head: u32;
  /** Behind the last completion. */
  cq_tail: u32;
  sq_ring_mask: u32;
  cq_ring_mask: u32;
  sq_ring_entries: u32;
  cq_ring_entries: u32;
  /** Entries that had a bad index. */
  sq_dropped: u32;
  /** IoringSqFlags bits. */
  sq_flags: u32;
  /** Flags of the program. */
  cq_flags: u32;
  /** Completions that got lost because memory was exhausted. */
  cq_overflow: u32;
}

/** Size of the beginning: the completions lie behind it. Unit: bytes. */
export const IO_RINGS_SIZE: usize = 64;
/** Size of struct io_uring_params. Unit: bytes. */
export const IO_URING_PARAMS_SIZE: usize = 120;

/** What io_uring_setup() is given and answers. @kernel struct io_uring_params */
@unmanaged
export class IoUringParams {
  sq_entries: u32;
  cq_entries: u32;
  /** IoringSetup bits. */
  flags: u32;
  sq_thread_cpu: u32;
  /** How long the thread looks for entries before it sleeps. Unit: ms. */
  sq_thread_idle: u32;
  /** IoringFeat bits. */
  features: u32;
  wq_fd: u32;
  resv_0: u32;
  resv_1: u32;
  resv_2: u32;
  sq_off_head: u32;
  sq_off_tail: u32;
  sq_off_ring_mask: u32;
  sq_off_ring_entries: u32;
  sq_off_flags: u32;
  sq_off_dropped: u32;
  sq_off_array: u32;
  sq_off_resv1: u32;
  sq_off_user_addr: u64;
  cq_off_head: u32;
  cq_off_tail: u32;
  cq_off_ring_mask: u32;
  cq_off_ring_entries: u32;
  cq_off_overflow: u32;
  cq_off_cqes: u32;
  cq_off_flags: u32;
  cq_off_resv1: u32;
  cq_off_user_addr: u64;
}
