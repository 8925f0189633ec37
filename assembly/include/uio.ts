/**
 * A walk over a program's buffers: where the next byte comes from or goes to.
 *
 * @kernel struct iov_iter (with the position and flags of struct kiocb), include/linux/uio.h
 */
@unmanaged
export class IovIter {
  /** User address of the next byte in the current segment. */
  base: u64;
  /** Bytes left in the current segment. */
  segment_left: u64;
  /** Bytes left in all segments. */
  count: u64;
  /** Segments that follow the current one. */
  nr_segs: u32;
  /** Flags of the call, such as MSG_DONTWAIT. */
  flags: u32;
  /** The segments that follow: an array of pairs (user address, length) of 8 bytes each, in kernel memory. */
  iov: usize;
  /** Position in the file. Unit: bytes. */
  pos: i64;
}
