/** What the segments of an IovIter are. @kernel enum iter_type, include/linux/uio.h */
export enum IterType {
  /** One buffer, or several, in user memory. */
  ITER_UBUF = 0,
  /** Pieces of kernel memory, such as pages of a pipe. */
  ITER_KVEC = 3,
}

/** Bits of IovIter.ki_flags. @kernel IOCB_*, include/linux/fs.h */
export enum IocbFlags {
  /** Answer -EAGAIN instead of waiting: RWF_NOWAIT. */
  NOWAIT = 0x8,
  /** The call is high priority: RWF_HIPRI. */
  HIPRI = 0x1,
  /** The data must be on the disk before the call returns: O_DSYNC, RWF_DSYNC. */
  DSYNC = 0x2,
  /** The same of everything known of the file: O_SYNC, RWF_SYNC. */
  SYNC = 0x4,
  /** Write at the end of the file: O_APPEND, RWF_APPEND. */
  APPEND = 0x10,
  /** Write where the position is, even if the file was opened to append: RWF_NOAPPEND. */
  NOAPPEND = 0x20,
  /** Keep no pages in the page cache: RWF_DONTCACHE. */
  DONTCACHE = 0x80,
  /** It writes. */
  WRITE = 0x4_0000,
  /** Past the page cache: O_DIRECT. */
  DIRECT = 0x2_0000,
  /** Answer -EAGAIN instead of starting to read from the disk: RWF_NOWAIT of a read. */
  NOIO = 0x10_0000,
  /** What was written is on its way to the disk: the call waits for that. */
  WRITTEN = 0x20_0000,
}

/**
 * A walk over buffers: where the next byte comes from or goes to.
 *
 * @kernel struct iov_iter (with the position and flags of struct kiocb), include/linux/uio.h
 */
@unmanaged
export class IovIter {
  /** Address of the next byte in the current segment, as `type` says. */
  base: u64;
  /** Bytes left in the current segment. */
  segment_left: u64;
  /** Bytes left in all segments. */
  count: u64;
  /** Segments that follow the current one. */
  nr_segs: u32;
  /** Flags of the call, such as MSG_DONTWAIT. */
  flags: u32;
  /** The segments that follow: an array of pairs (address, length) of 8 bytes each, in kernel memory. */
  iov: usize;
  /** IterType: what memory the segments are in. */
  type: u32;
  /** Position in the file. Unit: bytes. */
  pos: i64;
  /** How much of a file the call has read or written so far. Unit: bytes. */
  done: u64;
  /** IocbFlags bits. */
  ki_flags: u32;
  /** (iter, result) => void: told of the end of a call that was not waited for; 0: the call is waited for. */
  ki_complete: u32;
  /** Belongs to whoever set ki_complete. */
  ki_private: usize;
  /** What a call past the page cache that sleeps has under way; 0: nothing. */
  @to("IomapDio") ki_dio: usize;
}
