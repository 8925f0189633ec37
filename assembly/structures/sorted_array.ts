import { chunk_give, chunk_order, chunk_take } from "./chunks";
import { object_give, object_take } from "./pool";
import { From, MISSING, NO_MEMORY } from "./results";
import { Slots, slot_give, slot_take, slots_bytes, slots_release } from "./slots";

/*
 * An ordered map as an array in order, and beside it an array of slots. A search halves what is left of it; a key that
 * comes or goes moves all that are greater. In a batch all are moved once.
 */

/** Whether a batch is worth being brought in order: what it puts in is merged with what is there. */
export const GOES_ON: bool = true;

/** Bytes of the first array, as a power of two. */
const FIRST_ORDER: u32 = 9;
/** Bytes of a new key of a batch with its slot, as a power of two. */
const FRESH_SHIFT: usize = 4;

/** An array. */
@unmanaged
class Sorted {
  /** The keys, in order; 0: there is no array yet. */
  keys: usize;
  /** Their slots. */
  items: usize;
  /** How many there are. */
  size: u32;
  /** How many there is room for. */
  capacity: u32;
  /** Bytes of a key. */
  width: u32;
  // Slots slots: those of the keys.
  slots_free: usize;
  slots_count: u32;
  slots_issued: u32;
  slots_capacity: u32;
  /** In a batch: all before this index are less than the last key of the batch. */
  at: u32;
  /** In a batch that takes keys out: all from here on is still where it was. */
  rest: u32;
  /** What is left of what was before ends here. */
  end: u32;
  /** In a batch that puts keys in: the new ones, each with its slot; 0: there are none. */
  fresh: usize;
  /** How many of those there are. */
  fresh_count: u32;
  /** How many there is room for. */
  fresh_capacity: u32;

  @embed @inline get slots(): Slots {
    return changetype<Slots>(changetype<usize>(this) + offsetof<Sorted>("slots_free"));
  }
}

/** Makes a map; 0: there is no memory left. */
export function map_create(): usize {
  return object_take(offsetof<Sorted>());
}

/** Ends a map. */
export function map_destroy(map: usize): void {
  map_clear(map);
  object_give(map, offsetof<Sorted>());
}

/** Takes all keys out. */
export function map_clear(map: usize): void {
  let sorted = changetype<Sorted>(map);
  give(sorted);
  slots_release(sorted.slots);
  memory.fill(map, 0, offsetof<Sorted>());
}

/** Gives the arrays back. */
function give(sorted: Sorted): void {
  if (!sorted.capacity) return;
  chunk_give(sorted.keys, chunk_order(<usize>sorted.capacity * sorted.width));
  chunk_give(sorted.items, chunk_order((<usize>sorted.capacity) << 2));
}

/** How many keys there are. */
export function map_size(map: usize): u32 {
  return changetype<Sorted>(map).size;
}

/** Memory that the map takes. Unit: bytes. */
export function map_bytes(map: usize): usize {
  let sorted = changetype<Sorted>(map);
  return <usize>sorted.capacity * (sorted.width + 4) + slots_bytes(sorted.slots);
}

function key_at<K extends number>(sorted: Sorted, index: u32): usize {
  return sorted.keys + <usize>index * sizeof<K>();
}

function item_at(sorted: Sorted, index: u32): usize {
  return sorted.items + ((<usize>index) << 2);
}

/** The first index, from one on, whose key is not less; with `or_equal`, whose key is greater. */
function search<K extends number>(sorted: Sorted, from: u32, end: u32, key: K, or_equal: bool): u32 {
  let at = key_at<K>(sorted, from);
  let count = end - from;
  while (count > 1) {
    let half = count >> 1;
    let middle = at + <usize>half * sizeof<K>();
    let before = load<K>(middle - sizeof<K>());
    at = select<usize>(middle, at, or_equal ? before <= key : before < key);
    count -= half;
  }
  let index = <u32>((at - sorted.keys) / sizeof<K>());
  if (count && (or_equal ? load<K>(at) <= key : load<K>(at) < key)) index++;
  return index;
}

/** The same, near the index: the steps become twice as large until they have gone too far. */
function search_near<K extends number>(sorted: Sorted, from: u32, key: K): u32 {
  let step: u32 = 1;
  let low = from;
  while (low + step < sorted.size && load<K>(key_at<K>(sorted, low + step)) < key) {
    low += step;
    step <<= 1;
  }
  let end = low + step;
  return search<K>(sorted, low, end < sorted.size ? end : sorted.size, key, false);
}

/** Whether a key lies at an index. */
function is_at<K extends number>(sorted: Sorted, index: u32, key: K): bool {
  return index < sorted.size && load<K>(key_at<K>(sorted, index)) == key;
}

/** The slot of a key; MISSING. */
export function map_get<K extends number>(map: usize, key: K): i32 {
  let sorted = changetype<Sorted>(map);
  let index = search<K>(sorted, 0, sorted.size, key, false);
  return is_at<K>(sorted, index, key) ? load<i32>(item_at(sorted, index)) : MISSING;
}

/** Writes the slot of each key; MISSING. */
export function map_get_many<K extends number>(map: usize, keys: usize, count: u32, slots: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<i32>(slots + ((<usize>i) << 2), map_get<K>(map, load<K>(keys + <usize>i * sizeof<K>())));
  }
}

/** Makes room for so many keys. Returns whether there is memory for it. */
function reserve<K extends number>(sorted: Sorted, size: u32): bool {
  if (size <= sorted.capacity) return true;
  let order = chunk_order(<usize>size * sizeof<K>());
  if (order < FIRST_ORDER) order = FIRST_ORDER;
  let capacity: u32 = (1 << order) / <u32>sizeof<K>();
  let keys = chunk_take(order);
  if (!keys) return false;
  let items = chunk_take(chunk_order((<usize>capacity) << 2));
  if (!items) {
    chunk_give(keys, order);
    return false;
  }
  memory.copy(keys, sorted.keys, <usize>sorted.size * sizeof<K>());
  memory.copy(items, sorted.items, (<usize>sorted.size) << 2);
  give(sorted);
  sorted.keys = keys;
  sorted.items = items;
  sorted.capacity = capacity;
  sorted.width = <u32>sizeof<K>();
  return true;
}

/** Moves keys with their slots from one index to another. */
function move<K extends number>(sorted: Sorted, from: u32, to: u32, count: u32): void {
  memory.copy(key_at<K>(sorted, to), key_at<K>(sorted, from), <usize>count * sizeof<K>());
  memory.copy(item_at(sorted, to), item_at(sorted, from), (<usize>count) << 2);
}

/** The slot of a key, which is put in if it is not there; NO_MEMORY. */
export function map_set<K extends number>(map: usize, key: K): i32 {
  let sorted = changetype<Sorted>(map);
  let index = search<K>(sorted, 0, sorted.size, key, false);
  if (is_at<K>(sorted, index, key)) return load<i32>(item_at(sorted, index));
  if (!reserve<K>(sorted, sorted.size + 1)) return NO_MEMORY;
  let slot = slot_take(sorted.slots);
  if (slot < 0) return NO_MEMORY;
  if (index < sorted.size) move<K>(sorted, index, index + 1, sorted.size - index);
  store<K>(key_at<K>(sorted, index), <K>(key + 0)); // -0 is 0
  store<i32>(item_at(sorted, index), slot);
  sorted.size++;
  return slot;
}

/** Takes a key out. Returns the slot that it had; MISSING. */
export function map_delete<K extends number>(map: usize, key: K): i32 {
  let sorted = changetype<Sorted>(map);
  let index = search<K>(sorted, 0, sorted.size, key, false);
  if (!is_at<K>(sorted, index, key)) return MISSING;
  let slot = load<i32>(item_at(sorted, index));
  slot_give(sorted.slots, slot);
  sorted.size--;
  if (index < sorted.size) move<K>(sorted, index + 1, index, sorted.size - index);
  return slot;
}

/** Begins a batch whose keys come in order. */
export function map_begin<K extends number>(map: usize): void {
  let sorted = changetype<Sorted>(map);
  sorted.at = 0;
  sorted.rest = 0;
  sorted.end = 0;
}

/** Where a new key of the batch lies; its slot is 8 bytes behind. */
function fresh_at(sorted: Sorted, index: u32): usize {
  return sorted.fresh + ((<usize>index) << FRESH_SHIFT);
}

/** Sets a key that is not less than the last one of the batch. A new one is in the array when the batch has ended. */
export function map_set_next<K extends number>(map: usize, key: K): i32 {
  let sorted = changetype<Sorted>(map);
  let count = sorted.fresh_count;
  if (count && load<K>(fresh_at(sorted, count - 1)) == key) return load<i32>(fresh_at(sorted, count - 1), 8);
  sorted.at = search_near<K>(sorted, sorted.at, key);
  if (is_at<K>(sorted, sorted.at, key)) return load<i32>(item_at(sorted, sorted.at));
  if (count == sorted.fresh_capacity && !grow_fresh(sorted)) return NO_MEMORY;
  let slot = slot_take(sorted.slots);
  if (slot < 0) return NO_MEMORY;
  store<K>(fresh_at(sorted, count), <K>(key + 0));
  store<i32>(fresh_at(sorted, count), slot, 8);
  sorted.fresh_count = count + 1;
  return slot;
}

/** Makes room for twice as many new keys. Returns whether there is memory for them. */
function grow_fresh(sorted: Sorted): bool {
  let capacity: u32 = sorted.fresh_capacity ? sorted.fresh_capacity << 1 : 64;
  let bytes = (<u64>capacity) << FRESH_SHIFT;
  let fresh = bytes < 1 << 31 ? chunk_take(chunk_order(<usize>bytes)) : 0;
  if (!fresh) return false;
  memory.copy(fresh, sorted.fresh, (<usize>sorted.fresh_count) << FRESH_SHIFT);
  give_fresh(sorted);
  sorted.fresh = fresh;
  sorted.fresh_capacity = capacity;
  return true;
}

function give_fresh(sorted: Sorted): void {
  if (sorted.fresh) chunk_give(sorted.fresh, chunk_order((<usize>sorted.fresh_capacity) << FRESH_SHIFT));
  sorted.fresh = 0;
  sorted.fresh_capacity = 0;
}

/** Takes a key out that is not less than the last one of the batch. What lies before it moves to where it will stay. */
export function map_delete_next<K extends number>(map: usize, key: K): i32 {
  let sorted = changetype<Sorted>(map);
  sorted.at = search_near<K>(sorted, sorted.at, key);
  if (!is_at<K>(sorted, sorted.at, key)) return MISSING;
  let slot = load<i32>(item_at(sorted, sorted.at));
  slot_give(sorted.slots, slot);
  close_up<K>(sorted, sorted.at);
  sorted.at++;
  sorted.rest = sorted.at;
  return slot;
}

/** Moves what is left before an index. */
function close_up<K extends number>(sorted: Sorted, end: u32): void {
  let to = sorted.end;
  for (let from = sorted.rest; from < end; from++, to++) {
    store<K>(key_at<K>(sorted, to), load<K>(key_at<K>(sorted, from)));
    store<i32>(item_at(sorted, to), load<i32>(item_at(sorted, from)));
  }
  sorted.end = to;
}

/** Ends a batch: what it has put in comes to its place. Returns whether there was memory for all of it. */
export function map_end<K extends number>(map: usize): bool {
  let sorted = changetype<Sorted>(map);
  if (sorted.rest != sorted.end) {
    close_up<K>(sorted, sorted.size);
    sorted.size = sorted.end;
  }
  let has_room = reserve<K>(sorted, sorted.size + sorted.fresh_count);
  if (has_room) merge<K>(sorted);
  else for (let i: u32 = 0; i < sorted.fresh_count; i++) slot_give(sorted.slots, load<i32>(fresh_at(sorted, i), 8));
  give_fresh(sorted);
  sorted.fresh_count = 0;
  return has_room;
}

/** Merges new keys with those that are there, from the greatest on: nothing is in the way then. */
function merge<K extends number>(sorted: Sorted): void {
  let index = sorted.size;
  let to = sorted.size + sorted.fresh_count;
  sorted.size = to;
  for (let left = sorted.fresh_count; left;) {
    let fresh = fresh_at(sorted, left - 1);
    let key = load<K>(fresh);
    let slot = load<i32>(fresh, 8);
    if (index && load<K>(key_at<K>(sorted, index - 1)) > key) {
      index--;
      key = load<K>(key_at<K>(sorted, index));
      slot = load<i32>(item_at(sorted, index));
    } else left--;
    to--;
    store<K>(key_at<K>(sorted, to), key);
    store<i32>(item_at(sorted, to), slot);
  }
}

/** Reads keys and their slots. Returns how many there were, at most `most`. */
export function map_scan<K extends number>(map: usize, from: u32, key: K, keys: usize, slots: usize, most: u32): u32 {
  let sorted = changetype<Sorted>(map);
  let index: i32 = begin<K>(sorted, from, key);
  let step = from >= <u32>From.LAST ? -1 : 1;
  let count: u32 = 0;
  for (; index >= 0 && index < <i32>sorted.size && count < most; count++) {
    store<K>(keys + <usize>count * sizeof<K>(), load<K>(key_at<K>(sorted, index)));
    store<i32>(slots + ((<usize>count) << 2), load<i32>(item_at(sorted, index)));
    index += step;
  }
  return count;
}

/** The index at which reading begins; out of the array: there is nothing to be read. */
function begin<K extends number>(sorted: Sorted, from: u32, key: K): i32 {
  if (from == From.FIRST) return 0;
  if (from == From.LAST) return sorted.size - 1;
  let or_equal = from == From.ABOVE || from == From.AT_MOST;
  let index = search<K>(sorted, 0, sorted.size, key, or_equal);
  return from >= <u32>From.LAST ? index - 1 : index;
}
