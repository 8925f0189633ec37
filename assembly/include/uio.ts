/** What the segments of an IovIter are. @kernel enum iter_type, include/linux/uio.h */
export enum IterType {
  /** One buffer, or several, in user memory. */
  ITER_UBUF = 0,
  /** Pieces of kernel memory, such as pages of a pipe. */
  ITER_KVEC = 3,
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
