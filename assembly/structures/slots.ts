import { chunk_give, chunk_order, chunk_take } from "./chunks";

/*
 * Slots for maps whose keys do not stay where they are: numbers that are given out, the smallest new one where none has
 * come back.
 */

/** Slots of one map. */
@unmanaged
export class Slots {
  /** Those that were given back, as a stack; 0: there was none yet. */
  free: usize;
  /** How many those are. */
  count: u32;
  /** How many were ever given out. */
  issued: u32;
  /** How many the stack holds: never fewer than were ever given out, so that giving back cannot fail. */
  capacity: u32;
}

/** Takes a slot; -1: there is no memory left. */
export function slot_take(slots: Slots): i32 {
  if (slots.count) {
    slots.count--;
    return load<i32>(slots.free + ((<usize>slots.count) << 2));
  }
  if (slots.issued == slots.capacity && !grow(slots)) return -1;
  return slots.issued++;
}

/** Gives a slot back. */
export function slot_give(slots: Slots, slot: i32): void {
  store<i32>(slots.free + ((<usize>slots.count) << 2), slot);
  slots.count++;
}

/** Makes the stack twice as large. It is empty, as no slot is left: there is nothing to copy. */
function grow(slots: Slots): bool {
  let order = slots.capacity ? chunk_order((<usize>slots.capacity) << 3) : chunk_order(1);
  let chunk = chunk_take(order);
  if (!chunk) return false;
  if (slots.capacity) chunk_give(slots.free, chunk_order((<usize>slots.capacity) << 2));
  slots.free = chunk;
  slots.capacity = 1 << (order - 2);
  return true;
}

/** Bytes that the slots take. */
export function slots_bytes(slots: Slots): usize {
  return (<usize>slots.capacity) << 2;
}

/** Gives all memory back: no slot was ever given out. */
export function slots_release(slots: Slots): void {
  if (slots.capacity) chunk_give(slots.free, chunk_order((<usize>slots.capacity) << 2));
  memory.fill(changetype<usize>(slots), 0, offsetof<Slots>());
}
