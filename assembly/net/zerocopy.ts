import { CacheType, KmemCache, page_address } from "../include/mm_types";
import { ListHead } from "../include/list";
import { OPTMEM_MAX } from "./scm";
import { SkBuff, UbufInfoMsgzc } from "../include/skbuff";
import { Sock, SockFlags } from "../include/sock";
import { Tp, enter, leave, trace } from "../include/trace";
import { account_copy, account_page } from "../include/account";
import { alloc_pages } from "../mm/page_alloc";
import { alloc_skb, kfree_skb, skb_frag, skb_shinfo } from "./skbuff";
import { kmem_cache_alloc, kmem_cache_create, kmem_cache_free } from "../mm/slab";
import { net } from "./net";
import { sk_error_report, sock_hold, sock_put } from "./sock";
import { skb_add_frag } from "./skb_data";
import { sock_options } from "./sock_options";

/*
 * MSG_ZEROCOPY: packets hold the program's own pages, and the program is told when it may use them again. A call's
 * UbufInfoMsgzc is held by the call and by every packet with its pages; when the last one lets go, it goes to the error
 * queue of the socket as a notification, where neighbours become one.
 */

/** Memory that a call is charged for until the program has read of its end. Unit: bytes. @kernel SKB_TRUESIZE(0) */
export const UBUF_TRUESIZE: u32 = 768;
/** Most bytes of calls that are told of together. @kernel byte_limit in msg_zerocopy_realloc() */
const BYTE_LIMIT: u64 = 1 << 19;
/** Most calls that are told of together. */
const MOST_CALLS: u32 = 0xfffe;

/** Makes the cache of struct ubuf_info_msgzc. */
export function zerocopy_init(): KmemCache {
  return kmem_cache_create(CacheType.UbufInfoMsgzc, offsetof<UbufInfoMsgzc>(), 8);
}

/**
 * Takes the next number for a call whose pages will be sent.
 *
 * @returns  held by the call; null when memory, or the socket's share of it, is exhausted.
 * @kernel msg_zerocopy_alloc(), net/core/skbuff.c
 */
export function msg_zerocopy_alloc(sk: Sock, bytes: u64): UbufInfoMsgzc | null {
  let options = sock_options(sk);
  if (!options || options.sk_omem_alloc + UBUF_TRUESIZE > <u32>OPTMEM_MAX) return null;
  let at = kmem_cache_alloc(net().ubuf_cachep);
  if (!at) return null;
  let uarg = changetype<UbufInfoMsgzc>(at);
  uarg.link.init();
  uarg.sk = sk;
  uarg.refcnt = 1;
  uarg.id = options.sk_zckey++;
  uarg.len = 1;
  uarg.zerocopy = 1;
  uarg.queued = 0;
  uarg.bytelen = bytes;
  options.sk_omem_alloc += UBUF_TRUESIZE;
  sock_hold(sk);
  trace(Tp.msg_zerocopy_alloc, at, changetype<usize>(sk), uarg.id);
  return uarg;
}

/**
 * As msg_zerocopy_alloc(); but if the packet that the pages will be appended to belongs to the call before, both are told
 * of together.
 *
 * @param last  that packet's; null if it has none. @kernel msg_zerocopy_realloc(), net/core/skbuff.c
 */
export function msg_zerocopy_realloc(sk: Sock, bytes: u64, last: UbufInfoMsgzc | null): UbufInfoMsgzc | null {
  if (!last || last.len == MOST_CALLS || last.bytelen + bytes > BYTE_LIMIT) return msg_zerocopy_alloc(sk, bytes);
  // Who has sent before has options.
  let options = sk.options!;
  if (last.id + last.len != options.sk_zckey) return msg_zerocopy_alloc(sk, bytes);
  last.len++;
  last.bytelen += bytes;
  last.refcnt++;
  options.sk_zckey++;
  return last;
}

/** Somebody lets go of a call's pages; the last one has the program told. @kernel net_zcopy_put(), include/linux/skbuff.h */
export function net_zcopy_put(uarg: UbufInfoMsgzc): void {
  if (!--uarg.refcnt) msg_zerocopy_complete(uarg);
}

/** A call that has sent nothing gives its number back. @kernel msg_zerocopy_put_abort(), net/core/skbuff.c */
export function net_zcopy_put_abort(uarg: UbufInfoMsgzc): void {
  uarg.sk.options!.sk_zckey--;
  uarg.len--;
  net_zcopy_put(uarg);
}

/** Joins a notification to the newest one of the queue, if their numbers follow. @kernel skb_zerocopy_notify_extend() */
function notify_extend(queue: ListHead, uarg: UbufInfoMsgzc): bool {
  if (queue.empty) return false;
  let tail = UbufInfoMsgzc.of_link(queue.prev);
  if (tail.id + tail.len != uarg.id) return false;
  tail.len += uarg.len;
  return true;
}

/** Nobody uses the pages of a call any more: the program is told. @kernel __msg_zerocopy_callback(), net/core/skbuff.c */
function msg_zerocopy_complete(uarg: UbufInfoMsgzc): void {
  let sk = uarg.sk;
  enter(Tp.msg_zerocopy_complete, changetype<usize>(uarg), changetype<usize>(sk), uarg.zerocopy);
  if (!uarg.len || sk.sk_flags & SockFlags.DEAD) {
    free_ubuf(uarg);
  } else {
    let queue = sk.options!.sk_error_queue;
    if (notify_extend(queue, uarg)) {
      free_ubuf(uarg);
    } else {
      uarg.queued = 1;
      queue.add_tail(uarg.link);
    }
    sk_error_report(sk);
  }
  sock_put(sk);
  leave(0);
}

/** Frees what is known of a call, and the socket's charge for it. */
export function free_ubuf(uarg: UbufInfoMsgzc): void {
  uarg.sk.options!.sk_omem_alloc -= UBUF_TRUESIZE;
  kmem_cache_free(net().ubuf_cachep, changetype<usize>(uarg));
}

/** Throws away what nobody has read of the error queue. */
export function purge_error_queue(sk: Sock): void {
  let queue = sk.options!.sk_error_queue;
  while (!queue.empty) {
    let uarg = UbufInfoMsgzc.of_link(queue.next);
    uarg.link.del();
    free_ubuf(uarg);
  }
}

/** True if there is something in the error queue of a socket. */
export function sk_has_notifications(sk: Sock): bool {
  let options = sk.options;
  return options !== null && !options.sk_error_queue.empty;
}

/**
 * A packet reaches a receiver of this machine, who may keep it for long: the sender's pages are copied after all.
 *
 * @returns  false when memory is exhausted. @kernel skb_copy_ubufs(), net/core/skbuff.c
 */
export function skb_copy_ubufs(skb: SkBuff): bool {
  let info = skb_shinfo(skb);
  let copy = alloc_skb(skb.end - skb.head, info.nr_frags);
  if (!copy) return false;
  for (let i: u32 = 0; i < info.nr_frags; i++) {
    let page = alloc_pages(0);
    if (!page) {
      kfree_skb(copy);
      return false;
    }
    let frag = skb_frag(skb, i);
    memory.copy(page_address(page), page_address(frag.page) + frag.offset, frag.size);
    account_page();
    account_copy(frag.size);
    skb_add_frag(copy, page, 0, frag.size);
  }
  memory.copy(copy.head, skb.head, skb.end - skb.head);
  info.uarg!.zerocopy = 0;
  exchange_buffers(skb, copy);
  kfree_skb(copy);
  trace(Tp.skb_copy_ubufs, changetype<usize>(skb), skb.data_len, 0);
  return true;
}

/** Two sk_buffs exchange their buffers, in which the same data lies at the same places. */
function exchange_buffers(skb: SkBuff, other: SkBuff): void {
  let head = skb.head;
  let end = skb.end;
  skb.data = other.head + (skb.data - head);
  skb.transport_header = other.head + (skb.transport_header - head);
  skb.head = other.head;
  skb.end = other.end;
  other.head = head;
  other.end = end;
}
