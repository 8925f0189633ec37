/** What an iocb asks for. @kernel IOCB_CMD_*, include/uapi/linux/aio_abi.h */
export enum IocbCmd {
  /** Read into one buffer, from a position. */
  PREAD = 0,
  /** Write from one buffer, at a position. */
  PWRITE = 1,
  /** What was written gets to the disk, with all that is known of the file. */
  FSYNC = 2,
  /** What was written gets to the disk. */
  FDSYNC = 3,
  /** Wait once until something is true of a file. */
  POLL = 5,
  /** Nothing. No kernel takes it. */
  NOOP = 6,
  /** Read into several buffers. */
  PREADV = 7,
  /** Write from several buffers. */
  PWRITEV = 8,
}

/** Bits of Iocb.aio_flags. @kernel include/uapi/linux/aio_abi.h */
export enum IocbFlag {
  /** Add 1 to the eventfd aio_resfd when the request is done. */
  RESFD = 1,
  /** aio_reqprio says how urgent it is. */
  IOPRIO = 2,
}

/** What a program asks for with io_submit(2). @kernel struct iocb, include/uapi/linux/aio_abi.h */
@unmanaged
export class Iocb {
  /** The program's own: comes back in the event. */
  aio_data: u64;
  /** The kernel sets it to 0; io_cancel() looks at it. */
  aio_key: u32;
  /** RwFlags bits. */
  aio_rw_flags: u32;
  /** IocbCmd. */
  aio_lio_opcode: u16;
  /** How urgent it is, if aio_flags says so. */
  aio_reqprio: i16;
  /** The file. */
  aio_fildes: u32;
  /** User address of the buffer, or of the list of buffers; of a POLL: the Poll bits to wait for. */
  aio_buf: u64;
  /** Bytes, or number of buffers. */
  aio_nbytes: u64;
  /** Position in the file. Unit: bytes. */
  aio_offset: i64;
  /** Must be 0. */
  aio_reserved2: u64;
  /** IocbFlag bits. */
  aio_flags: u32;
  /** An eventfd. */
  aio_resfd: u32;
}

/** A completion, as the program finds it. @kernel struct io_event, include/uapi/linux/aio_abi.h */
@unmanaged
export class IoEvent {
  /** Iocb.aio_data of the request. */
  data: u64;
  /** User address of the request's iocb. */
  obj: u64;
  /** What the request came to: bytes, Poll bits, 0, or -errno. */
  res: i64;
  /** 0. */
  res2: i64;
}

/**
 * The head of the ring of completions, in memory that the program sees, too; the events lie behind it.
 *
 * @kernel struct aio_ring, fs/aio.c
 */
@unmanaged
export class AioRing {
  /** Number of the context in its process. */
  id: u32;
  /** Number of slots for events. */
  nr: u32;
  /** The next event to take: written by whoever takes events, the program or io_getevents(). */
  head: u32;
  /** Where the next event goes: written by the kernel. */
  tail: u32;
  /** AIO_RING_MAGIC. */
  magic: u32;
  /** 1. */
  compat_features: u32;
  /** 0. */
  incompat_features: u32;
  /** Size of this head. Unit: bytes. */
  header_length: u32;
}

/** What AioRing.magic is. @kernel AIO_RING_MAGIC, fs/aio.c */
export const AIO_RING_MAGIC: u32 = 0xa10a10a1;
