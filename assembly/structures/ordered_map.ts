import { WORTH_SORTING, batch_end, batch_sort, record_key, record_place, record_shift } from "./batch";
import {
  GOES_ON,
  map_begin,
  map_bytes,
  map_clear,
  map_create,
  map_delete,
  map_delete_next,
  map_destroy,
  map_end,
  map_get,
  map_get_many,
  map_scan,
  map_set,
  map_set_next,
  map_size,
} from "./map";
import { NO_MEMORY } from "./results";

export { scratch, taken } from "./chunks";
export * from "./loops";

/*
 * The door of every module of an ordered map. Which map is behind it, the build says (transform/modules.mjs).
 */

/** Makes a map; 0: there is no memory left. */
export function create(): usize {
  return map_create();
}

/** Ends a map. */
export function destroy(map: usize): void {
  map_destroy(map);
}

/** Takes all keys out. */
export function clear(map: usize): void {
  map_clear(map);
}

/** How many keys there are. */
export function size(map: usize): u32 {
  return map_size(map);
}

/** Memory that the map takes. Unit: bytes. */
export function bytes(map: usize): usize {
  return map_bytes(map);
}

/** Sets keys one after another. */
function set_each<K extends number>(map: usize, keys: usize, count: u32, slots: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    let slot = map_set<K>(map, load<K>(keys + <usize>i * sizeof<K>()));
    if (slot == NO_MEMORY) return NO_MEMORY;
    store<i32>(slots + ((<usize>i) << 2), slot);
  }
  return 0;
}

/** Sets many keys in their order. */
function set_many<K extends number>(map: usize, keys: usize, count: u32, slots: usize): i32 {
  if (!GOES_ON || count < WORTH_SORTING) return set_each<K>(map, keys, count, slots);
  let record = batch_sort<K>(keys, count);
  if (!record) return NO_MEMORY;
  map_begin<K>(map);
  let slot: i32 = 0;
  for (let i: u32 = 0; i < count && slot != NO_MEMORY; i++) {
    slot = map_set_next<K>(map, record_key<K>(record));
    store<i32>(slots + ((<usize>record_place<K>(record)) << 2), slot);
    record += 1 << record_shift<K>();
  }
  let has_memory = map_end<K>(map);
  batch_end();
  return slot == NO_MEMORY || !has_memory ? NO_MEMORY : 0;
}

/** Takes keys out one after another. */
function delete_each<K extends number>(map: usize, keys: usize, count: u32, slots: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    store<i32>(slots + ((<usize>i) << 2), map_delete<K>(map, load<K>(keys + <usize>i * sizeof<K>())));
  }
  return 0;
}

/** Takes many keys out in their order. */
function delete_many<K extends number>(map: usize, keys: usize, count: u32, slots: usize): i32 {
  if (!GOES_ON || count < WORTH_SORTING) return delete_each<K>(map, keys, count, slots);
  let record = batch_sort<K>(keys, count);
  if (!record) return NO_MEMORY;
  map_begin<K>(map);
  for (let i: u32 = 0; i < count; i++) {
    let slot = map_delete_next<K>(map, record_key<K>(record));
    store<i32>(slots + ((<usize>record_place<K>(record)) << 2), slot);
    record += 1 << record_shift<K>();
  }
  map_end<K>(map);
  batch_end();
  return 0;
}

/** The slot of a key, which is put in if it is not there; NO_MEMORY. */
export function set_i32(map: usize, key: i32): i32 {
  return map_set<i32>(map, key);
}

/** The slot of a key; MISSING. */
export function get_i32(map: usize, key: i32): i32 {
  return map_get<i32>(map, key);
}

/** Takes a key out. Returns the slot that it had; MISSING. */
export function delete_i32(map: usize, key: i32): i32 {
  return map_delete<i32>(map, key);
}

/**
 * Reads keys and their slots, in order.
 *
 * @param from  From: where to begin; `key` matters to those that are about a key.
 * @returns     How many there were, at most `most`.
 */
export function scan_i32(map: usize, from: u32, key: i32, keys: usize, slots: usize, most: u32): u32 {
  return map_scan<i32>(map, from, key, keys, slots, most);
}

/** Puts keys in, and writes the slot of each. Returns 0; NO_MEMORY: not all are in. */
export function set_many_i32(map: usize, keys: usize, count: u32, slots: usize): i32 {
  return set_many<i32>(map, keys, count, slots);
}

/** Writes the slot of each key; MISSING. */
export function get_many_i32(map: usize, keys: usize, count: u32, slots: usize): void {
  map_get_many<i32>(map, keys, count, slots);
}

/** Takes keys out, and writes the slot that each had; MISSING. Returns 0; NO_MEMORY: all are still there. */
export function delete_many_i32(map: usize, keys: usize, count: u32, slots: usize): i32 {
  return delete_many<i32>(map, keys, count, slots);
}

/** The slot of a key, which is put in if it is not there; NO_MEMORY. */
export function set_f64(map: usize, key: f64): i32 {
  return map_set<f64>(map, key);
}

/** The slot of a key; MISSING. */
export function get_f64(map: usize, key: f64): i32 {
  return map_get<f64>(map, key);
}

/** Takes a key out. Returns the slot that it had; MISSING. */
export function delete_f64(map: usize, key: f64): i32 {
  return map_delete<f64>(map, key);
}

/**
 * Reads keys and their slots, in order.
 *
 * @param from  From: where to begin; `key` matters to those that are about a key.
 * @returns     How many there were, at most `most`.
 */
export function scan_f64(map: usize, from: u32, key: f64, keys: usize, slots: usize, most: u32): u32 {
  return map_scan<f64>(map, from, key, keys, slots, most);
}

/** Puts keys in, and writes the slot of each. Returns 0; NO_MEMORY: not all are in. */
export function set_many_f64(map: usize, keys: usize, count: u32, slots: usize): i32 {
  return set_many<f64>(map, keys, count, slots);
}

/** Writes the slot of each key; MISSING. */
export function get_many_f64(map: usize, keys: usize, count: u32, slots: usize): void {
  map_get_many<f64>(map, keys, count, slots);
}

/** Takes keys out, and writes the slot that each had; MISSING. Returns 0; NO_MEMORY: all are still there. */
export function delete_many_f64(map: usize, keys: usize, count: u32, slots: usize): i32 {
  return delete_many<f64>(map, keys, count, slots);
}
