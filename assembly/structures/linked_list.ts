import { ListHead } from "../include/list";
import { Pool, object_give, object_take, pool_give, pool_release, pool_take } from "./pool";
import { NO_MEMORY } from "./results";

export { scratch, taken } from "./chunks";
export { room_give, room_take } from "./rooms";

/*
 * A doubly linked list: the kernel's own (include/list.ts), with a value in each node. The host names a node by a number
 * that holds its place and a stamp, so that a node which was taken out is not taken for the one that lies there now.
 */

/** What a list holds: slots, by which the host finds its values, or the values themselves. */
enum Kind {
  SLOTS = 0,
  I32 = 1,
  F64 = 2,
}

/** A list. */
@unmanaged
class List {
  // ListHead head: the nodes.
  head_next: usize;
  head_prev: usize;
  /** Number of nodes. */
  size: u32;
  /** Kind: what it holds. */
  kind: u32;
  // Pool pool: where the nodes come from.
  pool_free: usize;
  pool_bump: usize;
  pool_end: usize;
  pool_chunk: usize;
  pool_slots: u32;
  pool_bytes: usize;

  @embed @inline get head(): ListHead {
    return changetype<ListHead>(this);
  }
  @embed @inline get pool(): Pool {
    return changetype<Pool>(changetype<usize>(this) + offsetof<List>("pool_free"));
  }
}

/** In a node: behind ListHead the list that it is in; 0: none. */
const OWNER: usize = 8;
/** Its stamp. */
const STAMP: usize = 12;
/** Its slot, an i32, or an f64. The host reads and writes it here. */
const VALUE: usize = 16;

/** Bits of the number of a node that are its place, in units of four bytes; those above are its stamp. */
const PLACE_BITS: u64 = 30;
const PLACES: u64 = (1 << PLACE_BITS) - 1;
/** Stamps are 1 to this, in turns: what is left of the 53 bits that a number holds. */
const MOST_STAMPS: u32 = (1 << 23) - 1;

/** Address of the stamp that was given last, to a node of any list. */
const last_stamp = memory.data(4, 4);

/** Size of a node. Unit: bytes. */
function stride(list: List): usize {
  return list.kind == Kind.F64 ? VALUE + 8 : VALUE + 4;
}

/** Makes a list; 0: there is no memory left. */
export function create(kind: u32): usize {
  let list = changetype<List>(object_take(offsetof<List>()));
  if (!changetype<usize>(list)) return 0;
  list.kind = kind;
  list.head.init();
  return changetype<usize>(list);
}

/** Ends a list. */
export function destroy(list: usize): void {
  clear(list);
  object_give(list, offsetof<List>());
}

/** Takes all nodes out. */
export function clear(at: usize): void {
  let list = changetype<List>(at);
  // Their memory may hold the nodes of another list next: none of these may be known by its number any more.
  for (let link = list.head.next; link !== list.head; link = link.next) store<u32>(changetype<usize>(link), 0, OWNER);
  pool_release(list.pool);
  list.head.init();
  list.size = 0;
}

/** How many nodes there are. */
export function size(list: usize): u32 {
  return changetype<List>(list).size;
}

/** Memory that the nodes take. Unit: bytes. */
export function bytes(list: usize): usize {
  return changetype<List>(list).pool.bytes;
}

/** The number of a node, which is an integer; 0 for the head, which the host does not know. */
function number_of(list: List, node: ListHead): f64 {
  if (node === list.head) return 0;
  let at = changetype<usize>(node);
  return <f64>(((<u64>load<u32>(at, STAMP)) << PLACE_BITS) | ((<u64>at) >> 2));
}

/** The node of a number; 0: it is not in this list. */
export function find(list: usize, number: f64): usize {
  if (!(number > 0 && number < 9007199254740992)) return 0; // 2^53
  let bits = <u64>number;
  let at = <usize>((bits & PLACES) << 2);
  if (at + VALUE > (<usize>memory.size()) << 16) return 0;
  let is_here = <usize>load<u32>(at, OWNER) == list && <u64>load<u32>(at, STAMP) == bits >> PLACE_BITS;
  return is_here ? at : 0;
}

/** Takes a new node, which is in the list's hands but in no place yet; 0: there is no memory left. */
function take(list: List): usize {
  let node = pool_take(list.pool, stride(list), VALUE);
  if (!node) return 0;
  let stamp = load<u32>(last_stamp);
  stamp = stamp < MOST_STAMPS ? stamp + 1 : 1;
  store<u32>(last_stamp, stamp);
  store<u32>(node, stamp, STAMP);
  store<u32>(node, <u32>changetype<usize>(list), OWNER);
  list.size++;
  return node;
}

/** Takes a node out. Its value stays where it is until another node lies there. */
function drop(list: List, node: usize): usize {
  changetype<ListHead>(node).del();
  store<u32>(node, 0, OWNER);
  pool_give(list.pool, node);
  list.size--;
  return node;
}

/** Puts a new node before another one, or at the end if that is the head. Returns its number; 0: no memory is left. */
function insert(list: List, next: ListHead): f64 {
  let node = take(list);
  if (!node) return 0;
  next.add_tail(changetype<ListHead>(node));
  return number_of(list, changetype<ListHead>(node));
}

/** Puts a node at the end. Returns its number; 0: there is no memory left. Its value is the host's to write. */
export function push(at: usize): f64 {
  let list = changetype<List>(at);
  return insert(list, list.head);
}

/** Puts a node at the beginning. Returns its number; 0: there is no memory left. */
export function unshift(at: usize): f64 {
  let list = changetype<List>(at);
  return insert(list, list.head.next);
}

/** Puts a node before another one. Returns its number; 0: there is no memory left. @param node  Its address. */
export function insert_before(list: usize, node: usize): f64 {
  return insert(changetype<List>(list), changetype<ListHead>(node));
}

/** Puts a node behind another one. Returns its number; 0: there is no memory left. @param node  Its address. */
export function insert_after(list: usize, node: usize): f64 {
  return insert(changetype<List>(list), changetype<ListHead>(node).next);
}

/** Takes the last node out. Returns its address, where its value still lies; 0: the list is empty. */
export function pop(at: usize): usize {
  let list = changetype<List>(at);
  return list.size ? drop(list, changetype<usize>(list.head.prev)) : 0;
}

/** Takes the first node out. Returns its address, where its value still lies; 0: the list is empty. */
export function shift(at: usize): usize {
  let list = changetype<List>(at);
  return list.size ? drop(list, changetype<usize>(list.head.next)) : 0;
}

/** Takes a node out. Returns its address, where its value still lies; 0: it is not in this list. */
export function remove(list: usize, number: f64): usize {
  let node = find(list, number);
  return node ? drop(changetype<List>(list), node) : 0;
}

/** Makes a node the first. Returns whether it is in this list. */
export function move_to_front(list: usize, number: f64): bool {
  let node = find(list, number);
  if (!node) return false;
  changetype<List>(list).head.move(changetype<ListHead>(node));
  return true;
}

/** Makes a node the last. Returns whether it is in this list. */
export function move_to_back(list: usize, number: f64): bool {
  let node = find(list, number);
  if (!node) return false;
  changetype<List>(list).head.move_tail(changetype<ListHead>(node));
  return true;
}

/**
 * Makes nodes the first, one after another, so that the last one of them ends up first.
 *
 * @param numbers  Address of their numbers.
 * @returns        `count`; less: the place of one that is not in this list, and nothing has been moved.
 */
export function move_many_to_front(list: usize, numbers: usize, count: u32): u32 {
  for (let i: u32 = 0; i < count; i++) if (!find(list, load<f64>(numbers + ((<usize>i) << 3)))) return i;
  let head = changetype<List>(list).head;
  for (let i: u32 = 0; i < count; i++) {
    let bits = <u64>load<f64>(numbers + ((<usize>i) << 3));
    head.move(changetype<ListHead>(<usize>((bits & PLACES) << 2)));
  }
  return count;
}

/** The number of the first node; 0: the list is empty. */
export function first(list: usize): f64 {
  return number_of(changetype<List>(list), changetype<List>(list).head.next);
}

/** The number of the last node; 0: the list is empty. */
export function last(list: usize): f64 {
  return number_of(changetype<List>(list), changetype<List>(list).head.prev);
}

/** Address of the first node, where its value lies; 0: the list is empty. */
export function first_at(at: usize): usize {
  let list = changetype<List>(at);
  return list.size ? changetype<usize>(list.head.next) : 0;
}

/** Address of the last node, where its value lies; 0: the list is empty. */
export function last_at(at: usize): usize {
  let list = changetype<List>(at);
  return list.size ? changetype<usize>(list.head.prev) : 0;
}

/** The number of the node behind another one; 0: that is the last. @param node  Its address. */
export function next(list: usize, node: usize): f64 {
  return number_of(changetype<List>(list), changetype<ListHead>(node).next);
}

/** The number of the node before another one; 0: that is the first. @param node  Its address. */
export function previous(list: usize, node: usize): f64 {
  return number_of(changetype<List>(list), changetype<ListHead>(node).prev);
}

/** Copies the value of a node out. Returns where the next one belongs. */
function copy_out(kind: u32, node: usize, to: usize): usize {
  if (kind == Kind.F64) {
    store<f64>(to, load<f64>(node, VALUE));
    return to + 8;
  }
  store<u32>(to, load<u32>(node, VALUE));
  return to + 4;
}

/**
 * Puts nodes at the end.
 *
 * @param values  Address of their values; where the host has them, the slots are written here.
 * @returns       0; NO_MEMORY: nothing has changed.
 */
export function push_many(at: usize, values: usize, count: u32): i32 {
  let list = changetype<List>(at);
  for (let i: u32 = 0; i < count; i++) {
    let node = take(list);
    if (!node) {
      while (i--) drop(list, changetype<usize>(list.head.prev));
      return NO_MEMORY;
    }
    list.head.add_tail(changetype<ListHead>(node));
    let value = values + ((<usize>i) << (list.kind == Kind.F64 ? 3 : 2));
    if (list.kind == Kind.F64) store<f64>(node, load<f64>(value), VALUE);
    else if (list.kind == Kind.I32) store<i32>(node, load<i32>(value), VALUE);
    else store<u32>(value, load<u32>(node, VALUE));
  }
  return 0;
}

/** Takes the first nodes out, and copies their values. Returns how many there were, at most `most`. */
export function shift_many(at: usize, values: usize, most: u32): u32 {
  let list = changetype<List>(at);
  let count: u32 = list.size < most ? list.size : most;
  for (let i: u32 = 0; i < count; i++) {
    values = copy_out(list.kind, drop(list, changetype<usize>(list.head.next)), values);
  }
  return count;
}

/**
 * Copies values out in their order, or against it.
 *
 * @param from    Address of the node that is the first; 0: where the list begins, or ends.
 * @param values  Where the number of the node to go on from is written, 0: there is none; the values follow it.
 * @returns       How many there were, at most `most`.
 */
export function scan(at: usize, from: usize, is_backward: bool, values: usize, most: u32): u32 {
  let list = changetype<List>(at);
  let node = from ? changetype<ListHead>(from) : is_backward ? list.head.prev : list.head.next;
  let to = values + 8;
  let count: u32 = 0;
  for (; node !== list.head && count < most; count++) {
    to = copy_out(list.kind, changetype<usize>(node), to);
    node = is_backward ? node.prev : node.next;
  }
  store<f64>(values, number_of(list, node));
  return count;
}

/** A link of a sum that depends on the order of answers. */
function chain(sum: i32, answer: i32): i32 {
  return sum * 31 + answer;
}

/**
 * Puts values (i32) at the end and takes as many from the beginning, piece by piece, for the race.
 *
 * @param values  Their address.
 * @param piece   How many at a time.
 * @returns       The chain of what was taken; less if there was no memory.
 */
export function loop_queue(at: usize, values: usize, count: u32, piece: u32): i32 {
  let list = changetype<List>(at);
  let sum: i32 = 0;
  for (let done: u32 = 0; done < count;) {
    let end = count - done < piece ? count : done + piece;
    for (let i = done; i < end; i++) {
      let node = take(list);
      if (!node) return 0;
      store<i32>(node, load<i32>(values + ((<usize>i) << 2)), VALUE);
      list.head.add_tail(changetype<ListHead>(node));
    }
    for (; done < end; done++) sum = chain(sum, load<i32>(drop(list, changetype<usize>(list.head.next)), VALUE));
  }
  return sum;
}

/**
 * Makes nodes the first, one after another, for the race.
 *
 * @param numbers  Address of the numbers (f64) of nodes that hold i32.
 * @param probes   Address of the places (i32) in there.
 * @returns        The chain of the last value in the list after each of them.
 */
export function loop_lru(at: usize, numbers: usize, probes: usize, count: u32): i32 {
  let head = changetype<List>(at).head;
  let sum: i32 = 0;
  for (let i: u32 = 0; i < count; i++) {
    let place: usize = load<u32>(probes + ((<usize>i) << 2));
    move_to_front(at, load<f64>(numbers + (place << 3)));
    sum = chain(sum, load<i32>(changetype<usize>(head.prev), VALUE));
  }
  return sum;
}
