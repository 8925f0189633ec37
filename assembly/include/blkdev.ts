import { ListHead } from "./list";
import { kernel } from "./kernel";

/** Binary logarithm of SECTOR_SIZE. */
export const SECTOR_SHIFT: u32 = 9;
/** The unit of addresses on a disk. Unit: bytes. */
export const SECTOR_SIZE: u32 = 1 << SECTOR_SHIFT;
/** Greatest number of pieces of memory that one bio has. */
export const BIO_MAX_VECS: u32 = 256;
/** Number of pieces of memory that a bio has room for without a table of its own. */
export const BIO_INLINE_VECS: u32 = 4;
/** Number of requests that a queue has. */
export const NR_REQUESTS: u32 = 64;
/** Greatest number of bytes of one request. */
export const MAX_REQUEST_BYTES: u32 = 1280 << 10;
/** Greatest number of pieces of memory that one request has. */
export const MAX_SEGMENTS: u32 = 512;

/** What a disk is asked to do: the lowest bits of Bio.bi_opf. @kernel enum req_op, include/linux/blk_types.h */
export enum ReqOp {
  /** Reads sectors into memory. */
  READ = 0,
  /** Writes memory into sectors. */
  WRITE = 1,
  /** Makes everything that was written last. It has no sectors. */
  FLUSH = 2,
}

/** The bits of Bio.bi_opf that are a ReqOp. */
export const REQ_OP_MASK: u32 = 0xff;

/** Further bits of Bio.bi_opf. @kernel enum req_flag_bits, include/linux/blk_types.h */
export enum ReqFlags {
  /** Somebody waits for it. */
  SYNC = 0x800,
  /** Nobody has asked for it yet: it is read ahead. */
  RAHEAD = 0x8_0000,
}

/** A piece of memory that a disk reads from or writes to. @kernel struct bio_vec, include/linux/bvec.h */
@unmanaged
export class BioVec {
  /** Where it begins. */
  bv_address: usize;
  /** Unit: bytes; a multiple of 512. */
  bv_len: u32;
}

/**
 * Neighbouring sectors and the pieces of memory that they are read into or written from.
 *
 * @kernel struct bio, include/linux/blk_types.h
 */
@unmanaged
export class Bio {
  /** The next bio of its request, or of those that wait for a request. */
  bi_next: Bio | null;
  /** The disk. */
  bi_disk: GenDisk;
  /** ReqOp, and ReqFlags bits. */
  bi_opf: u32;
  /** 0, or the -errno that it has ended with. */
  bi_status: i32;
  /** First sector. */
  bi_sector: u64;
  /** Number of bytes, of all pieces together. */
  bi_size: u32;
  /** Number of pieces. */
  bi_vcnt: u16;
  /** Number of pieces that there is room for. */
  bi_max_vecs: u16;
  /** The pieces: an array of struct BioVec. */
  @to("BioVec") bi_io_vec: usize;
  /** Called when it has ended: (bio) => void, an index into the function table. 0: nobody. */
  bi_end_io: u32;
  /** The submitter's own. */
  bi_private: usize;
  /** The task that has submitted it; 0: none. */
  bi_pid: u32;
}

/** How far a request has come. @kernel enum mq_rq_state, include/linux/blk-mq.h */
export enum RequestState {
  /** It is free. */
  IDLE = 0,
  /** It waits in its queue, and may still grow. */
  QUEUED = 1,
  /** The disk has it. */
  IN_FLIGHT = 2,
  /** The disk is done with it. */
  COMPLETE = 3,
}

/**
 * A command for a disk: neighbouring bios, made into one.
 *
 * @kernel struct request, include/linux/blk-mq.h
 */
@unmanaged
export class Request {
  // struct list_head queuelist
  queuelist_next: ListHead;
  queuelist_prev: ListHead;
  /** Its queue. */
  q: RequestQueue;
  /** Its number among the requests of the queue. */
  tag: u32;
  /** RequestState. */
  state: u32;
  /** ReqOp, and ReqFlags bits. */
  cmd_flags: u32;
  /** First sector. */
  sector: u64;
  /** Number of bytes. */
  data_len: u32;
  /** Number of pieces of memory. */
  nr_segments: u32;
  /** Its first bio, in order of sectors; Bio.bi_next leads to the others. */
  bio: Bio | null;
  /** Its last bio. */
  biotail: Bio | null;
  /** When the disk was given it. Unit: ns since boot. */
  issued: u64;
  /** When the disk will be done with it, or with its next part; 0: the disk has not begun. Unit: ns since boot. */
  finish: u64;
  /** Number of bytes that a CPU has moved for it word by word. */
  pio_done: u32;

  /** Links it into the queue's free or waiting requests, or into the disk's commands. */
  @embed @inline get queuelist(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Request>("queuelist_next"));
  }
  /** container_of(link, struct request, queuelist). */
  @inline static of_queuelist(link: ListHead): Request {
    return changetype<Request>(changetype<usize>(link) - offsetof<Request>("queuelist_next"));
  }
}

/** What a disk still has to do. @kernel struct request_queue, include/linux/blkdev.h */
@unmanaged
export class RequestQueue {
  /** Its requests: NR_REQUESTS structs Request; null until the first is needed. */
  requests: Request | null;
  // struct list_head free
  free_next: ListHead;
  free_prev: ListHead;
  // struct list_head waiting
  waiting_next: ListHead;
  waiting_prev: ListHead;
  /** First bio that waits for a free request; Bio.bi_next leads to the others. */
  bio_first: Bio | null;
  /** Last bio that waits for a free request. */
  bio_last: Bio | null;
  /** How many requests the disk takes at once. */
  queue_depth: u32;
  /** Number of requests that the disk has. */
  in_flight: u32;
  /** How many callers still collect bios, so that neighbours can be made into one request. */
  plugged: u32;
  /** Bios submitted since boot. */
  nr_bios: u64;
  /** Bios that became part of a request that was waiting, since boot. */
  nr_merged: u64;
  /** Requests given to the disk since boot. */
  nr_issued: u64;
  /** Requests that the disk was done with since boot. */
  nr_completed: u64;

  /** The free requests: Request.queuelist of each. */
  @embed @inline get free(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<RequestQueue>("free_next"));
  }
  /** The requests that the disk has not been given yet, oldest first: Request.queuelist of each. */
  @embed @inline get waiting(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<RequestQueue>("waiting_next"));
  }
}

/** A disk as the block layer knows it. @kernel struct gendisk, include/linux/blkdev.h */
@unmanaged
export class GenDisk {
  /** What it still has to do. */
  queue: RequestQueue;
  /** (request) => void: the driver gives the disk a command. */
  queue_rq: u32;
  /** (request) => void: the driver says that the disk is done with a command. */
  complete: u32;
  /** () => bool: lets time pass until a command is done. */
  poll: u32;
}

/** The machine's disk. */
export function gendisk(): GenDisk {
  return changetype<GenDisk>(kernel.block);
}

/**
 * For code below the block layer that must wait for the disk where no task can sleep: see blk_poll().
 *
 * @returns  false if the disk has nothing to do.
 */
export function poll_disk(): bool {
  return kernel.block != 0 && call_indirect<bool>(gendisk().poll);
}
