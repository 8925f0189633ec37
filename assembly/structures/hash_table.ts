import { chunk_give, chunk_order, chunk_take } from "./chunks";
import { object_give, object_take } from "./pool";
import { From, MISSING, NO_MEMORY } from "./results";
import { Slots, slot_give, slot_take, slots_bytes, slots_release } from "./slots";

/*
 * A map without order, as a hash table with open addressing: a key lies at the place that its hash names, or in the next
 * one that is free. What is taken out leaves no mark: those behind it move up. The table becomes twice as large when five
 * of eight places are taken, in one go: that one insertion takes as long as all keys together.
 */

/** Whether a batch is worth being brought in order: keys that are neighbours lie anywhere. */
export const GOES_ON: bool = false;

/** Places of the first table, as a power of two. */
const FIRST_ORDER: u32 = 5;

/** A table. */
@unmanaged
class Table {
  /** The places: each a key, and behind it its slot and 1, or 0 if nothing lies there. 0: there is no table yet. */
  places: usize;
  /** How many places there are, as a power of two. */
  order: u32;
  /** Number of keys. */
  size: u32;
  // Slots slots: those of the keys.
  slots_free: usize;
  slots_count: u32;
  slots_issued: u32;
  slots_capacity: u32;
  /** Bytes of all places. */
  bytes: usize;

  @embed @inline get slots(): Slots {
    return changetype<Slots>(changetype<usize>(this) + offsetof<Table>("slots_free"));
  }
}

/** Bytes of a place, as a power of two: half of it is the key. */
function place_shift<K extends number>(): usize {
  return sizeof<K>() == 4 ? 3 : 4;
}

/** Makes a map; 0: there is no memory left. */
export function map_create(): usize {
  return object_take(offsetof<Table>());
}

/** Ends a map. */
export function map_destroy(map: usize): void {
  map_clear(map);
  object_give(map, offsetof<Table>());
}

/** Takes all keys out. */
export function map_clear(map: usize): void {
  let table = changetype<Table>(map);
  if (table.places) chunk_give(table.places, chunk_order(table.bytes));
  slots_release(table.slots);
  memory.fill(map, 0, offsetof<Table>());
}

/** How many keys there are. */
export function map_size(map: usize): u32 {
  return changetype<Table>(map).size;
}

/** Memory that the map takes. Unit: bytes. */
export function map_bytes(map: usize): usize {
  let table = changetype<Table>(map);
  return table.bytes + slots_bytes(table.slots);
}

/** The place that a key's hash names: the upper bits of a product with the golden ratio (Knuth, volume 3, 6.4). */
function home_of<K extends number>(key: K, order: u32): usize {
  if (sizeof<K>() == 4) return <usize>((<u32>key * 0x9e3779b1) >> (32 - order));
  let bits = reinterpret<u64>(<f64>key + 0.0); // -0 is 0
  return <usize>(((bits ^ (bits >> 32)) * 0x9e3779b97f4a7c15) >> (64 - order));
}

/** The slot and 1 at a place; 0: nothing lies there. */
function slot_at<K extends number>(place: usize): u32 {
  return load<u32>(place + sizeof<K>());
}

/** Where a key lies, or the free place where it would. There is a table. */
function find<K extends number>(table: Table, key: K): usize {
  let mask = ((<usize>1) << table.order) - 1;
  let index = home_of<K>(key, table.order);
  while (true) {
    let place = table.places + (index << place_shift<K>());
    if (!slot_at<K>(place) || load<K>(place) == key) return place;
    index = (index + 1) & mask;
  }
}

/** The slot of a key; MISSING. */
export function map_get<K extends number>(map: usize, key: K): i32 {
  let table = changetype<Table>(map);
  return table.places ? <i32>slot_at<K>(find<K>(table, key)) - 1 : MISSING;
}

/** Writes the slot of each key; MISSING. */
export function map_get_many<K extends number>(map: usize, keys: usize, count: u32, slots: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<i32>(slots + ((<usize>i) << 2), map_get<K>(map, load<K>(keys + <usize>i * sizeof<K>())));
  }
}

/** The slot of a key, which is put in if it is not there; NO_MEMORY. */
export function map_set<K extends number>(map: usize, key: K): i32 {
  let table = changetype<Table>(map);
  if (!table.places && !grow<K>(table)) return NO_MEMORY;
  let place = find<K>(table, key);
  if (slot_at<K>(place)) return <i32>slot_at<K>(place) - 1;
  if ((<u64>table.size) << 3 >= (<u64>5) << table.order) {
    if (!grow<K>(table)) return NO_MEMORY;
    place = find<K>(table, key);
  }
  let slot = slot_take(table.slots);
  if (slot < 0) return NO_MEMORY;
  store<K>(place, <K>(key + 0)); // -0 is 0
  store<u32>(place + sizeof<K>(), slot + 1);
  table.size++;
  return slot;
}

/** Makes the table, or one that is twice as large. Returns whether there is memory for it. */
function grow<K extends number>(table: Table): bool {
  let old = table.places;
  let end = old + table.bytes;
  let order = old ? table.order + 1 : FIRST_ORDER;
  let bytes = (<usize>1) << (order + <u32>place_shift<K>());
  let places = order + <u32>place_shift<K>() < 32 ? chunk_take(chunk_order(bytes)) : 0;
  if (!places) return false;
  memory.fill(places, 0, bytes);
  table.places = places;
  table.order = order;
  for (let place = old; place < end; place += (<usize>1) << place_shift<K>()) {
    let slot = slot_at<K>(place);
    if (!slot) continue;
    let to = find<K>(table, load<K>(place));
    store<K>(to, load<K>(place));
    store<u32>(to + sizeof<K>(), slot);
  }
  if (old) chunk_give(old, chunk_order(table.bytes));
  table.bytes = bytes;
  return true;
}

/** Takes a key out. Returns the slot that it had; MISSING. */
export function map_delete<K extends number>(map: usize, key: K): i32 {
  let table = changetype<Table>(map);
  if (!table.places) return MISSING;
  let place = find<K>(table, key);
  let slot = <i32>slot_at<K>(place) - 1;
  if (slot < 0) return MISSING;
  close<K>(table, place);
  slot_give(table.slots, slot);
  table.size--;
  return slot;
}

/** Fills a place that becomes free with the next key that may lie there, and so on: no search ends too early then. */
function close<K extends number>(table: Table, free: usize): void {
  let mask = ((<usize>1) << table.order) - 1;
  let hole = (free - table.places) >> place_shift<K>();
  let index = hole;
  while (true) {
    index = (index + 1) & mask;
    let place = table.places + (index << place_shift<K>());
    if (!slot_at<K>(place)) break;
    // It may not lie before the place that its hash names.
    let away = (index - home_of<K>(load<K>(place), table.order)) & mask;
    if (away < ((index - hole) & mask)) continue;
    let to = table.places + (hole << place_shift<K>());
    store<K>(to, load<K>(place));
    store<u32>(to + sizeof<K>(), slot_at<K>(place));
    hole = index;
  }
  store<u32>(table.places + (hole << place_shift<K>()) + sizeof<K>(), 0);
}

/** Reads keys and their slots in the order of their places: nothing else than From.FIRST has a meaning. */
export function map_scan<K extends number>(map: usize, from: u32, _key: K, keys: usize, slots: usize, most: u32): u32 {
  let table = changetype<Table>(map);
  let end = table.places + table.bytes;
  let count: u32 = 0;
  if (from != From.FIRST) return 0;
  for (let place = table.places; place < end && count < most; place += (<usize>1) << place_shift<K>()) {
    if (!slot_at<K>(place)) continue;
    store<K>(keys + <usize>count * sizeof<K>(), load<K>(place));
    store<u32>(slots + ((<usize>count) << 2), slot_at<K>(place) - 1);
    count++;
  }
  return count;
}

/** Nothing: batches are done key by key. */
export function map_begin<K extends number>(_map: usize): void {}

/** As map_set(). */
export function map_set_next<K extends number>(map: usize, key: K): i32 {
  return map_set<K>(map, key);
}

/** As map_delete(). */
export function map_delete_next<K extends number>(map: usize, key: K): i32 {
  return map_delete<K>(map, key);
}

/** Nothing: see map_begin(). */
export function map_end<K extends number>(_map: usize): bool {
  return true;
}
