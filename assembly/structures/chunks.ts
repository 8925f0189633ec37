/*
 * The linear memory, given out in chunks of powers of two. What was given back is given out again to who asks for the
 * same size; nothing ever moves.
 */

/** The smallest chunk is 2^8 bytes. */
const MIN_ORDER: u32 = 8;
/** The largest one is 2^31 bytes. */
const MAX_ORDER: u32 = 31;

/** What is known of the memory. */
@unmanaged
class Chunks {
  /** Nothing has been given out from here on; 0: nothing at all. */
  top: usize;
  /** Bytes that are given out. */
  taken: usize;
  /** A chunk that is lent to the host for a batch; 0: none. */
  scratch: usize;
  /** Its size, as a power of two. */
  scratch_order: u32;
}

const chunks = changetype<Chunks>(memory.data(offsetof<Chunks>(), 16));
/** For each order, the first of the chunks that were given back; each begins with the address of the next one. */
const free_lists = memory.data(<i32>((MAX_ORDER + 1) << 2), 16);

/** The order of the smallest chunk that holds so many bytes. */
export function chunk_order(bytes: usize): u32 {
  let order: u32 = 32 - clz<u32>(<u32>bytes - 1);
  return bytes <= 1 << MIN_ORDER ? MIN_ORDER : order;
}

/** Takes a chunk of 2^order bytes, aligned to 16; 0: there is no memory left. */
export function chunk_take(order: u32): usize {
  if (order > MAX_ORDER) return 0;
  let list = free_lists + ((<usize>order) << 2);
  let chunk: usize = load<u32>(list);
  if (chunk) store<u32>(list, load<u32>(chunk));
  else chunk = take_new((<usize>1) << order);
  if (chunk) chunks.taken += (<usize>1) << order;
  return chunk;
}

/** Gives a chunk back. */
export function chunk_give(chunk: usize, order: u32): void {
  let list = free_lists + ((<usize>order) << 2);
  store<u32>(chunk, load<u32>(list));
  store<u32>(list, <u32>chunk);
  chunks.taken -= (<usize>1) << order;
}

function take_new(bytes: usize): usize {
  let chunk = chunks.top ? chunks.top : (__heap_base + 15) & ~15;
  let end = <u64>chunk + bytes;
  let have = (<u64>memory.size()) << 16;
  if (end > have) {
    let wanted = <i32>((end - have + 0xffff) >> 16);
    // A quarter more, so that growing stays rare; if that is too much, as much as is needed.
    if (memory.grow(wanted + (memory.size() >> 2)) < 0 && memory.grow(wanted) < 0) return 0;
  }
  chunks.top = <usize>end;
  return chunk;
}

/** Bytes of the memory that are given out. */
export function taken(): usize {
  return chunks.taken;
}

/** Memory for what the host writes and reads in a batch; it stays valid until more is asked for. 0: there is none left. */
export function scratch(bytes: usize): usize {
  let order = chunk_order(bytes);
  if (chunks.scratch && order <= chunks.scratch_order) return chunks.scratch;
  if (chunks.scratch) chunk_give(chunks.scratch, chunks.scratch_order);
  chunks.scratch = chunk_take(order);
  chunks.scratch_order = order;
  return chunks.scratch;
}
