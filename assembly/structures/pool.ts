import { chunk_give, chunk_order, chunk_take } from "./chunks";

/** The first chunk of a pool; each further one is twice as large, up to 2^18. */
const FIRST_ORDER: u32 = 9;
const LAST_ORDER: u32 = 18;

/** Nodes of one size. Each has a slot, a number below the greatest count of nodes so far, that it keeps for ever. */
@unmanaged
export class Pool {
  /** The first of the nodes that were given back; each begins with the address of the next one. */
  free: usize;
  /** Where the next node will lie that nobody has had yet. */
  bump: usize;
  /** Where the chunk ends in which that is. */
  end: usize;
  /** The chunk that was taken last; each begins with the address of the one before, and its order. */
  chunk: usize;
  /** Nodes that somebody has had. */
  slots: u32;
  /** Bytes of all chunks. */
  bytes: usize;
}

/**
 * Takes a node; 0: there is no memory left.
 *
 * @param stride   Size of a node. It is the same in every call.
 * @param slot_at  Where in the node its slot lies; not at its beginning.
 */
export function pool_take(pool: Pool, stride: usize, slot_at: usize): usize {
  let node = pool.free;
  if (node) {
    pool.free = load<u32>(node);
    return node;
  }
  if (pool.bump + stride > pool.end && !pool_grow(pool)) return 0;
  node = pool.bump;
  pool.bump += stride;
  store<u32>(node + slot_at, pool.slots++);
  return node;
}

/** Makes sure that so many nodes can be taken; the sizes are those of pool_take(). Returns whether there is memory for them. */
export function pool_reserve(pool: Pool, count: u32, stride: usize, slot_at: usize): bool {
  let nodes: usize = 0;
  let taken: u32 = 0;
  while (taken < count) {
    let node = pool_take(pool, stride, slot_at);
    if (!node) break;
    store<u32>(node, <u32>nodes);
    nodes = node;
    taken++;
  }
  for (let node = nodes; node;) {
    let next: usize = load<u32>(node);
    pool_give(pool, node);
    node = next;
  }
  return taken == count;
}

/** Gives a node back. */
export function pool_give(pool: Pool, node: usize): void {
  store<u32>(node, <u32>pool.free);
  pool.free = node;
}

function pool_grow(pool: Pool): bool {
  let order = pool.chunk ? load<u32>(pool.chunk, 4) + 1 : FIRST_ORDER;
  if (order > LAST_ORDER) order = LAST_ORDER;
  let chunk = chunk_take(order);
  if (!chunk) return false;
  store<u32>(chunk, <u32>pool.chunk);
  store<u32>(chunk, order, 4);
  pool.chunk = chunk;
  pool.bump = chunk + 8;
  pool.end = chunk + ((<usize>1) << order);
  pool.bytes += (<usize>1) << order;
  return true;
}

/** Gives all chunks back: the pool is as new. */
export function pool_release(pool: Pool): void {
  for (let chunk = pool.chunk; chunk;) {
    let before: usize = load<u32>(chunk);
    chunk_give(chunk, load<u32>(chunk, 4));
    chunk = before;
  }
  memory.fill(changetype<usize>(pool), 0, offsetof<Pool>());
}

/** Takes memory for an object that is not one of many, filled with zeros; 0: there is none left. */
export function object_take(bytes: usize): usize {
  let object = chunk_take(chunk_order(bytes));
  if (object) memory.fill(object, 0, bytes);
  return object;
}

/** Gives an object back. */
export function object_give(object: usize, bytes: usize): void {
  chunk_give(object, chunk_order(bytes));
}
