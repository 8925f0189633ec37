import { CacheType, KmemCache, PAGE_SIZE, virt_to_page } from "../include/mm_types";
import { SkBuff, SkBuffHead, SkbFrag, SkbSharedInfo } from "../include/skbuff";
import { put_page } from "../mm/page_alloc";
import { kfree, kmalloc, kmem_cache_alloc, kmem_cache_create, kmem_cache_free } from "../mm/slab";
import { Tp, trace } from "../include/trace";
import { net } from "./net";
import { net_zcopy_put } from "./zerocopy";

/** Memory that an sk_buff itself is charged for. Unit: bytes. @kernel sizeof(struct sk_buff) */
export const SKB_STRUCT_TRUESIZE: u32 = 256;
/** Room for a packet's header in front of its data. Unit: bytes. @kernel MAX_TCP_HEADER, include/net/tcp.h */
export const MAX_TCP_HEADER: u32 = 64;
/** Greatest number of pieces that a packet can have. @kernel MAX_SKB_FRAGS, include/linux/skbuff.h */
export const MAX_SKB_FRAGS: u32 = 15;

/** Makes the cache of sk_buffs. @kernel skb_init(), net/core/skbuff.c */
export function skb_init(): KmemCache {
  return kmem_cache_create(CacheType.SkBuff, offsetof<SkBuff>(), 8);
}

/** What all sk_buffs of one buffer share. @kernel skb_shinfo(), include/linux/skbuff.h */
export function skb_shinfo(skb: SkBuff): SkbSharedInfo {
  return changetype<SkbSharedInfo>(skb.end);
}

/** One of a packet's pieces. */
export function skb_frag(skb: SkBuff, index: u32): SkbFrag {
  return changetype<SkbFrag>(skb.end + offsetof<SkbSharedInfo>() + index * offsetof<SkbFrag>());
}

/** Makes an empty queue. @kernel skb_queue_head_init(), include/linux/skbuff.h */
export function skb_queue_head_init(queue: SkBuffHead): void {
  queue.list.init();
  queue.qlen = 0;
}

/** The oldest sk_buff of a queue; null if there is none. @kernel skb_peek(), include/linux/skbuff.h */
export function skb_peek(queue: SkBuffHead): SkBuff | null {
  return queue.list.empty ? null : SkBuff.of_list(queue.list.next);
}

/** The newest sk_buff of a queue; null if there is none. @kernel skb_peek_tail(), include/linux/skbuff.h */
export function skb_peek_tail(queue: SkBuffHead): SkBuff | null {
  return queue.list.empty ? null : SkBuff.of_list(queue.list.prev);
}

/** The sk_buff behind another one of the same queue; null at the end. @kernel skb_queue_next() */
export function skb_queue_next(queue: SkBuffHead, skb: SkBuff): SkBuff | null {
  return queue.list.is_last(skb.list) ? null : SkBuff.of_list(skb.list.next);
}

/** Appends an sk_buff to a queue. @kernel __skb_queue_tail(), include/linux/skbuff.h */
export function skb_queue_tail(queue: SkBuffHead, skb: SkBuff): void {
  queue.list.add_tail(skb.list);
  queue.qlen++;
  trace(Tp.skb_queue_tail, changetype<usize>(skb), changetype<usize>(queue), skb.len);
}

/** Inserts an sk_buff behind another one. @kernel __skb_queue_after(), include/linux/skbuff.h */
export function skb_queue_after(queue: SkBuffHead, after: SkBuff, skb: SkBuff): void {
  after.list.add(skb.list);
  queue.qlen++;
}

/** Takes an sk_buff out of its queue. @kernel __skb_unlink(), include/linux/skbuff.h */
export function skb_unlink(skb: SkBuff, queue: SkBuffHead): void {
  skb.list.del();
  queue.qlen--;
}

/** Takes the oldest sk_buff out of a queue; null if there is none. @kernel __skb_dequeue(), include/linux/skbuff.h */
export function skb_dequeue(queue: SkBuffHead): SkBuff | null {
  let skb = skb_peek(queue);
  if (skb) skb_unlink(skb, queue);
  return skb;
}

/** Frees everything in a queue. @kernel __skb_queue_purge(), include/linux/skbuff.h */
export function skb_queue_purge(queue: SkBuffHead): void {
  for (let skb = skb_dequeue(queue); skb; skb = skb_dequeue(queue)) kfree_skb(skb);
}

/** A fresh sk_buff over a buffer; null when memory is exhausted. */
function skb_over(head: usize, end: usize, max_frags: u32): SkBuff | null {
  let at = kmem_cache_alloc(net().skbuff_cachep);
  if (!at) return null;
  memory.fill(at, 0, offsetof<SkBuff>());
  let skb = changetype<SkBuff>(at);
  skb.head = head;
  skb.data = head;
  skb.end = end;
  let info = skb_shinfo(skb);
  info.dataref = 1;
  info.nr_frags = 0;
  info.max_frags = <u8>max_frags;
  info.uarg = null;
  return skb;
}

/**
 * An empty sk_buff with its buffer.
 *
 * @param size       room in the buffer. Unit: bytes.
 * @param max_frags  room for so many pieces in frames of their own.
 * @returns          null when memory is exhausted.
 * @kernel alloc_skb(), include/linux/skbuff.h
 */
export function alloc_skb(size: usize, max_frags: u32): SkBuff | null {
  size = (size + 7) & ~7;
  let head = kmalloc(size + offsetof<SkbSharedInfo>() + max_frags * offsetof<SkbFrag>());
  if (!head) return null;
  let skb = skb_over(head, head + size, max_frags);
  if (!skb) kfree(head);
  return skb;
}

/**
 * An sk_buff over a frame that a device has filled: the bytes stay where they are. The frame then belongs to it.
 *
 * @returns  null when memory is exhausted; the frame still belongs to the caller.
 * @kernel build_skb(), net/core/skbuff.c
 */
export function build_skb(frame: usize): SkBuff | null {
  let skb = skb_over(frame, frame + PAGE_SIZE - offsetof<SkbSharedInfo>(), 0);
  if (!skb) return null;
  skb.head_frag = 1;
  skb.truesize = SKB_STRUCT_TRUESIZE + <u32>PAGE_SIZE;
  return skb;
}

/** Leaves room in front of the data of an empty sk_buff. @kernel skb_reserve(), include/linux/skbuff.h */
export function skb_reserve(skb: SkBuff, size: u32): void {
  skb.data += size;
}

/** Where the next byte of the buffer's own data goes. @kernel skb_tail_pointer(), include/linux/skbuff.h */
export function skb_tail_pointer(skb: SkBuff): usize {
  return skb.data + (skb.len - skb.data_len);
}

/** Room behind the buffer's own data; 0 once there are pieces in frames. Unit: bytes. @kernel skb_tailroom() */
export function skb_tailroom(skb: SkBuff): u32 {
  return skb.data_len ? 0 : <u32>(skb.end - skb_tail_pointer(skb));
}

/**
 * A second sk_buff over the same buffer. It is charged to nobody.
 *
 * @returns  null when memory is exhausted.
 * @kernel skb_clone(), net/core/skbuff.c
 */
export function skb_clone(skb: SkBuff): SkBuff | null {
  let at = kmem_cache_alloc(net().skbuff_cachep);
  if (!at) return null;
  memory.copy(at, changetype<usize>(skb), offsetof<SkBuff>());
  let clone = changetype<SkBuff>(at);
  clone.sk = null;
  clone.destructor = 0;
  clone.scm = null;
  skb_shinfo(skb).dataref++;
  return clone;
}

/** Gives up one use of an sk_buff's buffer. @kernel skb_release_data(), net/core/skbuff.c */
function skb_release_data(skb: SkBuff): void {
  let info = skb_shinfo(skb);
  if (--info.dataref) return;
  let uarg = info.uarg;
  if (uarg) net_zcopy_put(uarg);
  for (let i: u32 = 0; i < info.nr_frags; i++) put_page(skb_frag(skb, i).page);
  if (skb.head_frag) put_page(virt_to_page(skb.head));
  else kfree(skb.head);
}

/** Frees an sk_buff, and its buffer with the last one that shares it. @kernel kfree_skb(), net/core/skbuff.c */
export function kfree_skb(skb: SkBuff): void {
  if (skb.destructor) call_indirect<void>(skb.destructor, skb);
  skb_release_data(skb);
  kmem_cache_free(net().skbuff_cachep, changetype<usize>(skb));
}
