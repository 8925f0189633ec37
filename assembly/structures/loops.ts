import { map_delete, map_get, map_scan, map_set, map_size } from "./map";
import { From, NO_MEMORY } from "./results";

export { room_give, room_take } from "./rooms";

/*
 * Work that is done wholly in here, for the race: keys (i32) are read from memory, and values (i32) lie by slot in an
 * array beside the map, so that no call crosses to the host. Each answers with a sum that nothing can be left out of.
 */

/** How many keys are read at once by a loop over all. */
const AT_ONCE: u32 = 512;

/** Puts keys in, with their places as values. Returns the map's size; NO_MEMORY. */
export function loop_insert(map: usize, keys: usize, count: u32, values: usize): i32 {
  for (let i: u32 = 0; i < count; i++) {
    let slot = map_set<i32>(map, load<i32>(keys + ((<usize>i) << 2)));
    if (slot < 0) return NO_MEMORY;
    store<u32>(values + ((<usize>slot) << 2), i);
  }
  return map_size(map);
}

/** Looks keys up. Returns the sum of their values; -1 for each that there is not. */
export function loop_find(map: usize, keys: usize, count: u32, values: usize): i32 {
  let sum: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    let slot = map_get<i32>(map, load<i32>(keys + ((<usize>i) << 2)));
    sum += slot < 0 ? -1 : load<i32>(values + ((<usize>slot) << 2));
  }
  return sum;
}

/** Takes keys out. Returns how many were there, and are left. */
export function loop_delete(map: usize, keys: usize, count: u32): i32 {
  let sum: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    if (map_delete<i32>(map, load<i32>(keys + ((<usize>i) << 2))) >= 0) sum++;
  }
  return sum + map_size(map);
}

/**
 * Goes through all keys in their order.
 *
 * @param buffer  Memory for 512 keys and slots.
 * @returns       A sum of keys and values that depends on their order.
 */
export function loop_iterate(map: usize, values: usize, buffer: usize): i32 {
  let slots = buffer + (AT_ONCE << 2);
  let sum: i32 = 0;
  let key: i32 = 0;
  let from: u32 = From.FIRST;
  while (true) {
    let count = map_scan<i32>(map, from, key, buffer, slots, AT_ONCE);
    for (let i: usize = 0; i < (<usize>count) << 2; i += 4) {
      key = load<i32>(buffer + i);
      sum = sum * 31 + key + load<i32>(values + ((<usize>load<u32>(slots + i)) << 2));
    }
    if (count < AT_ONCE) return sum;
    from = From.ABOVE;
  }
}

/**
 * Rounds as epoll has them: so many keys are looked up, so many taken out, as many put in with their places as values.
 *
 * @returns  The sum of the values found, -1 for each that there is not; of how many were taken out; and the size at last.
 */
export function loop_churn(map: usize, keys: usize, count: u32, values: usize, finds: u32, changes: u32): i32 {
  let sum: i32 = 0;
  for (let i: u32 = 0; i + finds + 2 * changes <= count;) {
    sum += loop_find(map, keys + ((<usize>i) << 2), finds, values);
    i += finds;
    for (let end = i + changes; i < end; i++) {
      if (map_delete<i32>(map, load<i32>(keys + ((<usize>i) << 2))) >= 0) sum++;
    }
    for (let end = i + changes; i < end; i++) {
      let slot = map_set<i32>(map, load<i32>(keys + ((<usize>i) << 2)));
      if (slot < 0) return NO_MEMORY;
      store<u32>(values + ((<usize>slot) << 2), i);
    }
  }
  return sum + map_size(map);
}
