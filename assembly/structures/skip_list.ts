import { Pool, object_give, object_take, pool_give, pool_release, pool_take } from "./pool";
import { From, MISSING, NO_MEMORY } from "./results";
import { Slots, slot_give, slot_take, slots_bytes, slots_release } from "./slots";

/*
 * An ordered map as a skip list (Pugh, 1990): a list in order, with further lists above it that leave nodes out, each
 * holding about a quarter of the one below. Which node stands how high is drawn, from a state that lies in the list: the
 * same calls make the same list.
 */

/** Whether a batch is worth being brought in order: a search goes on from where the last one came through. */
export const GOES_ON: bool = true;

/** Most levels: a quarter for each makes 2^32 keys. */
const LEVELS: u32 = 16;
/** What the drawing begins with. */
const SEED: u32 = 0x9e3779b9;

/** A list. Behind it lie the first node of each level, the way of the last search, and a pool for each height. */
@unmanaged
class SkipList {
  /** Number of keys. */
  size: u32;
  /** How many levels are in use. */
  levels: u32;
  /** The node with the greatest key; 0: there is none. */
  last: usize;
  /** State of the drawing. */
  random: u32;
  // Slots slots: those of the keys.
  slots_free: usize;
  slots_count: u32;
  slots_issued: u32;
  slots_capacity: u32;

  @embed @inline get slots(): Slots {
    return changetype<Slots>(changetype<usize>(this) + offsetof<SkipList>("slots_free"));
  }
}

const FIRST: usize = offsetof<SkipList>();
const WAY: usize = FIRST + ((<usize>LEVELS) << 2);
const POOLS: usize = WAY + ((<usize>LEVELS) << 2);
const LIST_BYTES: usize = POOLS + <usize>LEVELS * offsetof<Pool>();

/** In a node: the one before it in the lowest list. */
const BEFORE: usize = 0;
const SLOT: usize = 4;
const KEY: usize = 8;

/** In a node: how many levels it stands on. */
function height_at<K extends number>(): usize {
  return KEY + sizeof<K>();
}

/** In a node: the next one on each level, from the lowest. */
function next_at<K extends number>(): usize {
  return sizeof<K>() == 4 ? KEY + 8 : KEY + 16;
}

function next_of<K extends number>(node: usize, level: u32): usize {
  return load<usize>(node + ((<usize>level) << 2) + next_at<K>());
}

function set_next<K extends number>(node: usize, level: u32, next: usize): void {
  store<usize>(node + ((<usize>level) << 2) + next_at<K>(), next);
}

/** What stands for a node before the first one: nothing of it but the next nodes may be read. */
function head<K extends number>(map: usize): usize {
  return map + FIRST - next_at<K>();
}

/** The last node of a level whose key is less than that of the last search. */
function way(map: usize, level: u32): usize {
  return load<usize>(map + ((<usize>level) << 2), WAY);
}

function set_way(map: usize, level: u32, node: usize): void {
  store<usize>(map + ((<usize>level) << 2), node, WAY);
}

function pool_of(map: usize, height: u32): Pool {
  return changetype<Pool>(map + POOLS + <usize>(height - 1) * offsetof<Pool>());
}

/** Makes a map; 0: there is no memory left. */
export function map_create(): usize {
  let map = object_take(LIST_BYTES);
  if (map) changetype<SkipList>(map).random = SEED;
  return map;
}

/** Ends a map. */
export function map_destroy(map: usize): void {
  map_clear(map);
  object_give(map, LIST_BYTES);
}

/** Takes all keys out. */
export function map_clear(map: usize): void {
  for (let height: u32 = 1; height <= LEVELS; height++) pool_release(pool_of(map, height));
  slots_release(changetype<SkipList>(map).slots);
  memory.fill(map, 0, LIST_BYTES);
  changetype<SkipList>(map).random = SEED;
}

/** How many keys there are. */
export function map_size(map: usize): u32 {
  return changetype<SkipList>(map).size;
}

/** Memory that the map takes. Unit: bytes. */
export function map_bytes(map: usize): usize {
  let bytes = slots_bytes(changetype<SkipList>(map).slots);
  for (let height: u32 = 1; height <= LEVELS; height++) bytes += pool_of(map, height).bytes;
  return bytes;
}

/** The last node whose key is less, or, with `or_equal`, not greater; the head: there is none. */
function before<K extends number>(map: usize, key: K, or_equal: bool): usize {
  let node = head<K>(map);
  for (let level = changetype<SkipList>(map).levels; level; level--) {
    let next = next_of<K>(node, level - 1);
    while (next && (or_equal ? load<K>(next, KEY) <= key : load<K>(next, KEY) < key)) {
      node = next;
      next = next_of<K>(node, level - 1);
    }
  }
  return node;
}

/** The node of a key if it is the one behind another; 0: it is not. */
function if_behind<K extends number>(node: usize, key: K): usize {
  let next = next_of<K>(node, 0);
  return next && load<K>(next, KEY) == key ? next : 0;
}

/** The slot of a key; MISSING. */
export function map_get<K extends number>(map: usize, key: K): i32 {
  let node = if_behind<K>(before<K>(map, key, false), key);
  return node ? load<i32>(node, SLOT) : MISSING;
}

/** Writes the slot of each key; MISSING. */
export function map_get_many<K extends number>(map: usize, keys: usize, count: u32, slots: usize): void {
  for (let i: u32 = 0; i < count; i++) {
    store<i32>(slots + ((<usize>i) << 2), map_get<K>(map, load<K>(keys + <usize>i * sizeof<K>())));
  }
}

/** Goes down to a key from a node on a level, and notes the way. Returns the last node before the key. */
function descend<K extends number>(map: usize, node: usize, from: u32, key: K): usize {
  for (let level = from; level; level--) {
    let next = next_of<K>(node, level - 1);
    while (next && load<K>(next, KEY) < key) {
      node = next;
      next = next_of<K>(node, level - 1);
    }
    set_way(map, level - 1, node);
  }
  return node;
}

/** The same for a key that is not less than that of the last search: only the levels that it leads past are gone through. */
function go_on<K extends number>(map: usize, key: K): usize {
  let levels = changetype<SkipList>(map).levels;
  let level: u32 = 0;
  let next: usize = 0;
  for (; level < levels; level++) {
    next = next_of<K>(way(map, level), level);
    if (!next || load<K>(next, KEY) >= key) break;
  }
  // On the level below, the way leads on to the last node before the key, at least.
  return level ? descend<K>(map, way(map, level - 1), level, key) : way(map, 0);
}

/** The slot of a key, which is put in if it is not there; NO_MEMORY. */
export function map_set<K extends number>(map: usize, key: K): i32 {
  let at = descend<K>(map, head<K>(map), changetype<SkipList>(map).levels, key);
  return set_behind<K>(map, at, key);
}

/** Sets a key to which the way is noted. */
function set_behind<K extends number>(map: usize, at: usize, key: K): i32 {
  let node = if_behind<K>(at, key);
  if (!node) node = add<K>(map, at, <K>(key + 0)); // -0 is 0
  return node ? load<i32>(node, SLOT) : NO_MEMORY;
}

/** How many levels a new node stands on: one more for each quarter (Marsaglia's xorshift). */
function draw(list: SkipList): u32 {
  let bits = list.random;
  bits ^= bits << 13;
  bits ^= bits >> 17;
  bits ^= bits << 5;
  list.random = bits;
  let height: u32 = (ctz<u32>(bits) >> 1) + 1;
  let most = list.levels + 1;
  return height < most ? height : most < LEVELS ? most : LEVELS;
}

/** Adds a node with a key behind another one, the way to which is noted. Returns it; 0: there is no memory left. */
function add<K extends number>(map: usize, at: usize, key: K): usize {
  let list = changetype<SkipList>(map);
  let height = draw(list);
  let node = pool_take(pool_of(map, height), next_at<K>() + ((<usize>height) << 2), SLOT);
  if (!node) return 0;
  let slot = slot_take(list.slots);
  if (slot < 0) {
    pool_give(pool_of(map, height), node);
    return 0;
  }
  store<i32>(node, slot, SLOT);
  store<K>(node, key, KEY);
  store<u32>(node + height_at<K>(), height);
  if (height > list.levels) {
    list.levels = height;
    set_way(map, height - 1, head<K>(map));
    set_next<K>(head<K>(map), height - 1, 0);
  }
  for (let level: u32 = 0; level < height; level++) {
    let last = way(map, level);
    set_next<K>(node, level, next_of<K>(last, level));
    set_next<K>(last, level, node);
  }
  set_before<K>(map, next_of<K>(node, 0), node);
  store<usize>(node, at == head<K>(map) ? 0 : at, BEFORE);
  list.size++;
  return node;
}

/** Says which node is before another one; before nothing is the last. */
function set_before<K extends number>(map: usize, node: usize, before: usize): void {
  if (node) store<usize>(node, before, BEFORE);
  else changetype<SkipList>(map).last = before;
}

/** Takes a key out. Returns the slot that it had; MISSING. */
export function map_delete<K extends number>(map: usize, key: K): i32 {
  let at = descend<K>(map, head<K>(map), changetype<SkipList>(map).levels, key);
  return delete_behind<K>(map, at, key);
}

/** Takes a key out to which the way is noted. */
function delete_behind<K extends number>(map: usize, at: usize, key: K): i32 {
  let list = changetype<SkipList>(map);
  let node = if_behind<K>(at, key);
  if (!node) return MISSING;
  let height = load<u32>(node + height_at<K>());
  for (let level: u32 = 0; level < height; level++) set_next<K>(way(map, level), level, next_of<K>(node, level));
  set_before<K>(map, next_of<K>(node, 0), load<usize>(node, BEFORE));
  let slot = load<i32>(node, SLOT);
  slot_give(list.slots, slot);
  pool_give(pool_of(map, height), node);
  list.size--;
  while (list.levels && !next_of<K>(head<K>(map), list.levels - 1)) list.levels--;
  return slot;
}

/** Begins a batch whose keys come in order. */
export function map_begin<K extends number>(map: usize): void {
  for (let level: u32 = 0; level < LEVELS; level++) set_way(map, level, head<K>(map));
}

/** Sets a key that is not less than the last one of the batch. */
export function map_set_next<K extends number>(map: usize, key: K): i32 {
  return set_behind<K>(map, go_on<K>(map, key), key);
}

/** Takes a key out that is not less than the last one of the batch. */
export function map_delete_next<K extends number>(map: usize, key: K): i32 {
  return delete_behind<K>(map, go_on<K>(map, key), key);
}

/** Ends a batch. Returns whether there was memory for all of it. */
export function map_end<K extends number>(_map: usize): bool {
  return true;
}

/** Reads keys and their slots. Returns how many there were, at most `most`. */
export function map_scan<K extends number>(map: usize, from: u32, key: K, keys: usize, slots: usize, most: u32): u32 {
  let count: u32 = 0;
  for (let node = begin<K>(map, from, key); node && count < most; count++) {
    store<K>(keys + <usize>count * sizeof<K>(), load<K>(node, KEY));
    store<i32>(slots + ((<usize>count) << 2), load<i32>(node, SLOT));
    node = from >= <u32>From.LAST ? load<usize>(node, BEFORE) : next_of<K>(node, 0);
  }
  return count;
}

/** The node at which reading begins; 0: there is none. */
function begin<K extends number>(map: usize, from: u32, key: K): usize {
  if (from == From.FIRST) return next_of<K>(head<K>(map), 0);
  if (from == From.LAST) return changetype<SkipList>(map).last;
  let node = before<K>(map, key, from == From.ABOVE || from == From.AT_MOST);
  if (from < <u32>From.LAST) return next_of<K>(node, 0);
  return node == head<K>(map) ? 0 : node;
}
