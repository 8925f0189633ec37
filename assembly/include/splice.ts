import { File } from "./fs";

/** What splice(2), tee(2) and vmsplice(2) can be told. @kernel include/linux/splice.h */
export enum SpliceFlags {
  /** Move pages instead of copying them: nothing but a hint. */
  MOVE = 1,
  /** Do not wait for a pipe. */
  NONBLOCK = 2,
  /** More data will follow: a socket may wait for it. */
  MORE = 4,
  /** The program gives its pages away. */
  GIFT = 8,
  /** All of them. */
  ALL = 15,
}

/** Which positions a call was given by the program: bits of SpliceDesc.given. */
export enum SpliceGiven {
  /** That of the file which bytes come from. */
  IN = 1,
  /** That of the file which bytes go to. */
  OUT = 2,
}

/**
 * What a call that moves pages keeps while it lasts, over its sleeps as well.
 *
 * @kernel struct splice_desc, include/linux/splice.h
 */
@unmanaged
export class SpliceDesc {
  /** The file that bytes come from. */
  in_file: File | null;
  /** The file that bytes go to. */
  out_file: File | null;
  /** Where the next byte comes from. Unit: bytes. */
  pos: i64;
  /** Where the next byte goes to. Unit: bytes. */
  opos: i64;
  /** Bytes that the call is asked to move. */
  len: u64;
  /** SpliceFlags bits. */
  flags: u32;
  /** SpliceGiven bits. */
  given: u32;

  /** 1 while a step is under way: filling a pipe, or emptying one. */
  busy: u32;
  /** 1 once the step has freed a slot of a pipe whose writers are not told yet. */
  need_wakeup: u32;
  /** Bytes that the step is asked to move. */
  total_len: u64;
  /** Bytes that the step has moved. */
  num_spliced: u64;
  /** The pages that a read, a write or a send of the step is at work on: pairs (address, length); 0: none is under way. */
  kvec: usize;
  /** Number of these pairs. */
  nr_kvec: u32;

  /** 1 while what the private pipe was filled with is on its way out. */
  draining: u32;
  /** Bytes that all rounds through the private pipe have moved. */
  bytes: u64;
  /** Bytes that this round has put into the private pipe. */
  read_len: u64;
  /** Where they came from. Unit: bytes. */
  prev_pos: i64;
}
