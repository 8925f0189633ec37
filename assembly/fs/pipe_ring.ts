import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { Inode } from "../include/inode";
import { ListHead } from "../include/list";
import { TaskStruct } from "../include/sched";
import { PAGE_SHIFT, PAGE_SIZE, page_address, virt_to_page } from "../include/mm_types";
import { Tp, enter, leave, trace } from "../include/trace";
import { WaitQueueHead } from "../include/wait";
import { alloc_pages, free_page } from "../mm/page_alloc";
import { kfree, kmalloc } from "../mm/slab";
import { wake_up } from "../kernel/wait";

/*
 * A pipe is a ring of slots, each of which stands for a piece of one page. `head` and `tail` only ever grow; their low
 * bits are slots. Bytes are written at the head and read at the tail:
 *
 *   bufs   | free | page 40..4096 | page 0..4096 | page 0..12 | free | ...
 *                    ^ tail                                     ^ head
 *
 * "Full" means that no slot is free, however few bytes are in them.
 */

/** Slots of a new pipe. @kernel PIPE_DEF_BUFFERS, include/linux/pipe_fs_i.h */
export const PIPE_DEF_BUFFERS: u32 = 16;
/** Greatest size that a pipe can be given. Unit: bytes. @kernel pipe_max_size, fs/pipe.c */
const PIPE_MAX_SIZE: u32 = 1 << 20;

/** Bits of PipeBuffer.flags. @kernel include/linux/pipe_fs_i.h */
export enum PipeBufFlags {
  /** A read takes this slot, and throws away what does not fit: it is a packet. */
  PACKET = 0x8,
  /** A small write may be added to this slot. */
  CAN_MERGE = 0x10,
  /** The program has given its page away. */
  GIFT = 0x4,
}

/** Whose page a slot refers to, PipeBuffer.ops. @kernel struct pipe_buf_operations, include/linux/pipe_fs_i.h */
export enum PipeBufOps {
  /** The pipe's own: bytes were copied into it. */
  ANON = 0,
  /** A page of a file, in the page cache: it shows what the file holds when it is read. */
  PAGE_CACHE = 1,
  /** A page of a program's memory: it shows what the program has there when it is read. */
  USER = 2,
  /** A frame of an sk_buff. */
  SKB = 3,
  /** A page that a file was read into, to be moved on. */
  DEFAULT = 4,
}

/** A slot of a pipe: a piece of a page. @kernel struct pipe_buffer, include/linux/pipe_fs_i.h */
@unmanaged
export class PipeBuffer {
  /** Address of the page. */
  page: usize;
  /** Where in the page the bytes begin. */
  offset: u32;
  /** Number of bytes. */
  len: u32;
  /** PipeBufFlags. */
  flags: u32;
  /** PipeBufOps: whose page it is. */
  ops: u32;
}

/** A pipe. @kernel struct pipe_inode_info, include/linux/pipe_fs_i.h */
@unmanaged
export class PipeInodeInfo {
  // struct wait_queue_head rd_wait
  rd_wait_head_next: ListHead;
  rd_wait_head_prev: ListHead;
  // struct wait_queue_head wr_wait
  wr_wait_head_next: ListHead;
  wr_wait_head_prev: ListHead;
  // struct wait_queue_head mutex_wait
  mutex_wait_head_next: ListHead;
  mutex_wait_head_prev: ListHead;
  /** The task that has the pipe to itself while it sleeps for something else; null: nobody. */
  mutex_owner: TaskStruct | null;
  /** Number of slots filled since the pipe was made. */
  head: u32;
  /** Number of slots emptied since the pipe was made. */
  tail: u32;
  /** Number of slots: a power of two. */
  ring_size: u32;
  /** The slots, one behind the other. */
  bufs: PipeBuffer;
  /** Open files that can read. */
  readers: u32;
  /** Open files that can write. */
  writers: u32;
  /** Open files in all. */
  files: u32;
  /** How many files that can read there have been. */
  r_counter: u32;
  /** How many files that can write there have been. */
  w_counter: u32;
  /** The name of a FIFO; null for a pipe without a name. */
  inode: Inode | null;
  /** Number of a pipe without a name. */
  i_ino: u32;
  /** 1 once somebody has polled: from then on every write tells the watchers. */
  poll_usage: u32;
  /** Readers that are told by a signal; null: none. */
  @to("FasyncStruct") fasync_readers: usize;
  /** Writers that are told by a signal; null: none. */
  @to("FasyncStruct") fasync_writers: usize;
  /** A page kept for the next slot; 0: none. */
  tmp_page_0: usize;
  /** Another one. */
  tmp_page_1: usize;

  /** Readers that wait for bytes, and watchers of the read end. */
  @embed @inline get rd_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<PipeInodeInfo>("rd_wait_head_next"));
  }
  /** Writers that wait for a free slot, and watchers of the write end. */
  @embed @inline get wr_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<PipeInodeInfo>("wr_wait_head_next"));
  }
  /** Tasks that wait until the pipe is nobody's any more. */
  @embed @inline get mutex_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<PipeInodeInfo>("mutex_wait_head_next"));
  }
  /** Whether no slot is in use. @kernel pipe_empty(), include/linux/pipe_fs_i.h */
  @inline get empty(): bool {
    return this.head == this.tail;
  }
  /** Whether no slot is free. @kernel pipe_full(), include/linux/pipe_fs_i.h */
  @inline get full(): bool {
    return this.head - this.tail >= this.ring_size;
  }
}

/** The pipe that a file is an end of. */
export function file_pipe(file: File): PipeInodeInfo {
  return changetype<PipeInodeInfo>(file.private_data);
}

/** The slot with a number, counted from the making of the pipe. @kernel pipe_buf(), include/linux/pipe_fs_i.h */
export function pipe_buf(pipe: PipeInodeInfo, number: u32): PipeBuffer {
  let index = <usize>(number & (pipe.ring_size - 1));
  return changetype<PipeBuffer>(changetype<usize>(pipe.bufs) + index * offsetof<PipeBuffer>());
}

/** A page for a slot: one that was kept, or a new one; 0 if memory is exhausted. @kernel anon_pipe_get_page() */
export function anon_pipe_get_page(pipe: PipeInodeInfo): usize {
  let page = pipe.tmp_page_0;
  if (page) {
    pipe.tmp_page_0 = pipe.tmp_page_1;
    pipe.tmp_page_1 = 0;
    return page;
  }
  let fresh = alloc_pages(0);
  return fresh ? page_address(fresh) : 0;
}

/** Gives a page back: it is kept if there is room and nobody else refers to it. @kernel anon_pipe_put_page() */
export function anon_pipe_put_page(pipe: PipeInodeInfo, page: usize): void {
  if (pipe.tmp_page_1 || virt_to_page(page).refcount != 1) {
    free_page(page);
    return;
  }
  pipe.tmp_page_1 = pipe.tmp_page_0;
  pipe.tmp_page_0 = page;
}

/** Fills the next slot, which must be free, with bytes at the beginning of a page of the pipe's own. */
export function pipe_push(pipe: PipeInodeInfo, page: usize, len: u32, flags: u32): void {
  let slot = pipe_buf(pipe, pipe.head);
  slot.page = page;
  slot.offset = 0;
  slot.len = len;
  slot.flags = flags;
  slot.ops = PipeBufOps.ANON;
  pipe.head++;
  trace(Tp.pipe_buf_add, changetype<usize>(pipe), changetype<usize>(slot), len);
}

/** Frees the oldest slot. @kernel pipe_buf_release(), include/linux/pipe_fs_i.h */
export function pipe_pop(pipe: PipeInodeInfo): void {
  let slot = pipe_buf(pipe, pipe.tail);
  let page = slot.page;
  slot.page = 0;
  slot.len = 0;
  pipe.tail++;
  if (slot.ops) free_page(page);
  else anon_pipe_put_page(pipe, page);
  trace(Tp.pipe_buf_release, changetype<usize>(pipe), 0, 0);
}

/** Frees everything that a pipe holds. */
export function pipe_free_pages(pipe: PipeInodeInfo): void {
  for (let number = pipe.tail; number != pipe.head; number++) free_page(pipe_buf(pipe, number).page);
  free_page(pipe.tmp_page_0);
  free_page(pipe.tmp_page_1);
  kfree(changetype<usize>(pipe.bufs));
}

/** New slots for a pipe, all free; 0 if memory is exhausted. */
export function alloc_slots(count: u32): usize {
  let bytes = count * offsetof<PipeBuffer>();
  let slots = kmalloc(bytes);
  if (slots) memory.fill(slots, 0, bytes);
  return slots;
}

/** Gives a pipe another number of slots. @returns 0, -EBUSY, -ENOMEM. @kernel pipe_resize_ring(), fs/pipe.c */
function pipe_resize_ring(pipe: PipeInodeInfo, slots: u32): i32 {
  enter(Tp.pipe_resize_ring, changetype<usize>(pipe), slots, 0);
  let used = pipe.head - pipe.tail;
  if (slots < used) return leave(-Errno.EBUSY);
  let bufs = alloc_slots(slots);
  if (!bufs) return leave(-Errno.ENOMEM);
  for (let i: u32 = 0; i < used; i++) {
    let from = changetype<usize>(pipe_buf(pipe, pipe.tail + i));
    memory.copy(bufs + i * offsetof<PipeBuffer>(), from, offsetof<PipeBuffer>());
  }
  kfree(changetype<usize>(pipe.bufs));
  pipe.bufs = changetype<PipeBuffer>(bufs);
  pipe.ring_size = slots;
  pipe.tail = 0;
  pipe.head = used;
  wake_up(pipe.wr_wait);
  return leave(0);
}

/** Size of a pipe, full of full pages. Unit: bytes. */
export function pipe_size(pipe: PipeInodeInfo): u32 {
  return pipe.ring_size << PAGE_SHIFT;
}

/**
 * Sets the size of a pipe to the next power of two of pages.
 *
 * @returns  the size; -EINVAL, -EPERM above what everybody may have, -EBUSY if it holds more, -ENOMEM.
 * @kernel pipe_set_size(), fs/pipe.c
 */
export function pipe_set_size(pipe: PipeInodeInfo, size: u32): i32 {
  if (size > 0x8000_0000) return -Errno.EINVAL;
  let pages: u32 = size <= <u32>PAGE_SIZE ? 1 : 1 << (32 - PAGE_SHIFT - clz(size - 1));
  if (pages > pipe.ring_size && pages << PAGE_SHIFT > PIPE_MAX_SIZE) return -Errno.EPERM;
  let error = pipe_resize_ring(pipe, pages);
  return error ? error : <i32>pipe_size(pipe);
}
