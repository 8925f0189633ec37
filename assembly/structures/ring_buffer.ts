import { chunk_give, chunk_order, chunk_take } from "./chunks";
import { object_give, object_take } from "./pool";

export { taken } from "./chunks";
export { room_give, room_take } from "./rooms";

/*
 * A ring for one who writes and one who reads, as the kernel's kfifo: a power of two of elements of the same size, and two
 * counts that run on for ever, of what was written and what was read. Their difference is what is in the ring; so
 * neither has to be reset, and a full ring is not taken for an empty one.
 */

/** A ring. The host reads and writes it too (lib/structures/fifo.ts). */
@unmanaged
class Ring {
  /** How many elements there is room for: a power of two. */
  capacity: u32;
  /** Size of an element. Unit: bytes. */
  record: u32;
  /** Address of the elements. */
  data: usize;
  /** Their chunk, as a power of two. */
  order: u32;
}

/** In a ring: how many elements were written so far. Each count lies in a line of the processor's cache of its own. */
const IN: usize = 64;
/** How many were read. */
const OUT: usize = 128;
/** Size of a ring without its elements. Unit: bytes. */
const RING_BYTES: usize = 256;

/** Makes a ring. @param capacity  A power of two. @returns  0: there is no memory left. */
export function create(capacity: u32, record: u32): usize {
  let ring = changetype<Ring>(object_take(RING_BYTES));
  if (!changetype<usize>(ring)) return 0;
  ring.capacity = capacity;
  ring.record = record;
  ring.order = chunk_order(<usize>capacity * record);
  ring.data = chunk_take(ring.order);
  if (ring.data) return changetype<usize>(ring);
  object_give(changetype<usize>(ring), RING_BYTES);
  return 0;
}

/** Ends a ring. */
export function destroy(at: usize): void {
  let ring = changetype<Ring>(at);
  chunk_give(ring.data, ring.order);
  object_give(at, RING_BYTES);
}

/** Address of the elements. */
export function data(ring: usize): usize {
  return changetype<Ring>(ring).data;
}

/** Writes elements, as many as there is room for. Returns how many. @param from  Their address. @kernel kfifo_in() */
export function write(at: usize, from: usize, count: u32): u32 {
  let ring = changetype<Ring>(at);
  let begin = load<u32>(at, IN);
  let room = ring.capacity - (begin - load<u32>(at, OUT));
  if (count > room) count = room;
  copy(ring, begin, from, count, true);
  store<u32>(at, begin + count, IN);
  return count;
}

/** Reads elements, as many as there are. Returns how many. @param to  Where they go. @kernel kfifo_out() */
export function read(at: usize, to: usize, count: u32): u32 {
  let ring = changetype<Ring>(at);
  let begin = load<u32>(at, OUT);
  let filled = load<u32>(at, IN) - begin;
  if (count > filled) count = filled;
  copy(ring, begin, to, count, false);
  store<u32>(at, begin + count, OUT);
  return count;
}

/** Copies elements into the ring or out of it, in two pieces if they go past its end. */
function copy(ring: Ring, begin: u32, other: usize, count: u32, is_in: bool): void {
  let start = begin & (ring.capacity - 1);
  let first: u32 = ring.capacity - start < count ? ring.capacity - start : count;
  let here = ring.data + <usize>start * ring.record;
  let bytes = <usize>first * ring.record;
  let rest = <usize>(count - first) * ring.record;
  memory.copy(is_in ? here : other, is_in ? other : here, bytes);
  if (rest) memory.copy(is_in ? ring.data : other + bytes, is_in ? other + bytes : ring.data, rest);
}

/**
 * Writes messages and reads each of them again, for the race.
 *
 * @param messages  Address of `different` messages, one behind the other, which are sent in turn.
 * @param size      Of a message. Unit: bytes.
 * @param into      Where each is read to.
 * @returns         The chain of the sums of their first, middle and last bytes.
 */
export function loop_messages(at: usize, messages: usize, different: u32, size: u32, into: usize, count: u32): i32 {
  let elements = size / changetype<Ring>(at).record;
  let sum: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    write(at, messages + <usize>(i % different) * size, elements);
    read(at, into, elements);
    let answer = <i32>load<u8>(into) + <i32>load<u8>(into + (size >> 1)) + <i32>load<u8>(into + size - 1);
    sum = sum * 31 + answer;
  }
  return sum;
}
