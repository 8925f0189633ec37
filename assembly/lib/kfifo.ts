/*
 * A queue of records of one size in a ring of a power of two of them. `in` and `out` count all records that ever went
 * in and came out, and simply wrap at 2^32: their difference is the number of records inside, and their low bits are
 * the places in the ring. So the whole ring can be used, and a full one differs from an empty one.
 *
 *            out & mask          in & mask
 *                 v                   v
 *      +----+----+----+----+----+----+----+----+
 *      |    |    | ## | ## | ## | ## |    |    |       in - out = 4,  mask = 7
 *      +----+----+----+----+----+----+----+----+
 */

/** A queue of records in a ring. @kernel struct __kfifo, include/linux/kfifo.h */
@unmanaged
export class Kfifo {
  /** Number of records ever put in. */
  in: u32;
  /** Number of records ever taken out. */
  out: u32;
  /** Number of records that there is room for, minus 1. */
  mask: u32;
  /** Size of a record. Unit: bytes. */
  esize: u32;
  /** The ring. */
  data: usize;
}

/**
 * Makes an empty queue in a buffer, which stays the caller's. It uses the greatest power of two of records that the
 * buffer holds.
 *
 * @param buffer  Address of the buffer.
 * @param size    Size of the buffer. Unit: bytes.
 * @param esize   Size of a record. Unit: bytes; 1 makes a queue of bytes.
 * @returns       whether the buffer holds at least two records; if not, the queue has no room at all.
 * @kernel __kfifo_init(), lib/kfifo.c
 */
export function kfifo_init(fifo: Kfifo, buffer: usize, size: u32, esize: u32): bool {
  let records = esize ? size / esize : 0;
  fifo.in = 0;
  fifo.out = 0;
  fifo.esize = esize;
  fifo.data = buffer;
  // A mask of 2^32 - 1 gives a size of 0: nothing goes in.
  fifo.mask = records < 2 ? u32.MAX_VALUE : (0x8000_0000 >> (<u32>clz(records))) - 1;
  return records >= 2;
}

/** Number of records that there is room for in all. @kernel kfifo_size(), include/linux/kfifo.h */
export function kfifo_size(fifo: Kfifo): u32 {
  return fifo.mask + 1;
}

/** Number of records inside. @kernel kfifo_len(), include/linux/kfifo.h */
export function kfifo_len(fifo: Kfifo): u32 {
  return fifo.in - fifo.out;
}

/** Number of records that there is still room for. @kernel kfifo_avail(), include/linux/kfifo.h */
export function kfifo_avail(fifo: Kfifo): u32 {
  return kfifo_size(fifo) - kfifo_len(fifo);
}

/** Whether nothing is inside. @kernel kfifo_is_empty(), include/linux/kfifo.h */
export function kfifo_is_empty(fifo: Kfifo): bool {
  return fifo.in == fifo.out;
}

/** Whether there is no more room. @kernel kfifo_is_full(), include/linux/kfifo.h */
export function kfifo_is_full(fifo: Kfifo): bool {
  return kfifo_len(fifo) == kfifo_size(fifo);
}

/** Throws everything away. @kernel kfifo_reset(), include/linux/kfifo.h */
export function kfifo_reset(fifo: Kfifo): void {
  fifo.in = 0;
  fifo.out = 0;
}

/** Copies records to the ring, from the place that the count `at` stands for. */
function copy_in(fifo: Kfifo, from: usize, count: u32, at: u32): void {
  let first = (<usize>at) & fifo.mask;
  let head = min<usize>(count, <usize>kfifo_size(fifo) - first) * fifo.esize;
  memory.copy(fifo.data + first * fifo.esize, from, head);
  memory.copy(fifo.data, from + head, <usize>count * fifo.esize - head);
}

/** Copies records out of the ring, from the place that the count `at` stands for. */
function copy_out(fifo: Kfifo, to: usize, count: u32, at: u32): void {
  let first = (<usize>at) & fifo.mask;
  let head = min<usize>(count, <usize>kfifo_size(fifo) - first) * fifo.esize;
  memory.copy(to, fifo.data + first * fifo.esize, head);
  memory.copy(to + head, fifo.data, <usize>count * fifo.esize - head);
}

/**
 * Puts records in, as many as there is room for.
 *
 * @param from   Address of the first record.
 * @param count  Number of records.
 * @returns      the number of records put in. @kernel kfifo_in(), include/linux/kfifo.h
 */
export function kfifo_in(fifo: Kfifo, from: usize, count: u32): u32 {
  count = min(count, kfifo_avail(fifo));
  if (count) copy_in(fifo, from, count, fifo.in);
  fifo.in += count;
  return count;
}

/**
 * Takes the oldest records out, as many as there are.
 *
 * @param to     Where they go.
 * @param count  Number of records.
 * @returns      the number of records taken out. @kernel kfifo_out(), include/linux/kfifo.h
 */
export function kfifo_out(fifo: Kfifo, to: usize, count: u32): u32 {
  count = kfifo_out_peek(fifo, to, count);
  fifo.out += count;
  return count;
}

/** Like kfifo_out(), but the records stay inside. @kernel kfifo_out_peek(), include/linux/kfifo.h */
export function kfifo_out_peek(fifo: Kfifo, to: usize, count: u32): u32 {
  count = min(count, kfifo_len(fifo));
  if (count) copy_out(fifo, to, count, fifo.out);
  return count;
}

/** Throws the oldest records away. Returns how many there were. @kernel kfifo_skip_count(), include/linux/kfifo.h */
export function kfifo_skip(fifo: Kfifo, count: u32): u32 {
  count = min(count, kfifo_len(fifo));
  fifo.out += count;
  return count;
}

/** Puts one record in. Returns whether there was room. @kernel kfifo_put(), include/linux/kfifo.h */
export function kfifo_put(fifo: Kfifo, record: usize): bool {
  if (kfifo_is_full(fifo)) return false;
  memory.copy(fifo.data + ((<usize>fifo.in) & fifo.mask) * fifo.esize, record, fifo.esize);
  fifo.in++;
  return true;
}

/** Takes the oldest record out. Returns whether there was one. @kernel kfifo_get(), include/linux/kfifo.h */
export function kfifo_get(fifo: Kfifo, to: usize): bool {
  if (!kfifo_peek(fifo, to)) return false;
  fifo.out++;
  return true;
}

/** Like kfifo_get(), but the record stays inside. @kernel kfifo_peek(), include/linux/kfifo.h */
export function kfifo_peek(fifo: Kfifo, to: usize): bool {
  if (kfifo_is_empty(fifo)) return false;
  memory.copy(to, fifo.data + ((<usize>fifo.out) & fifo.mask) * fifo.esize, fifo.esize);
  return true;
}
