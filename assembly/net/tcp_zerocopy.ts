import { Errno } from "../include/errno";
import { IovIter } from "../include/uio";
import { NetdevFeatures } from "../include/net";
import { PAGE_SIZE } from "../include/mm_types";
import { SLEEPING } from "../include/sched";
import { SkBuff, UbufInfoMsgzc } from "../include/skbuff";
import { Sock } from "../include/sock";
import { current } from "../kernel/sched";
import { iov_iter_advance, next_segment, user_backed_iter } from "../mm/iov_iter";
import { msg_zerocopy_realloc, net_zcopy_put, net_zcopy_put_abort } from "./zerocopy";
import { pin_user_page } from "../mm/gup";
import { free_page } from "../mm/page_alloc";
import { sk_stream_error } from "./sock";
import { skb_append_page, skb_splice_from_iter } from "./skb_splice";
import { skb_peek_tail, skb_shinfo } from "./skbuff";
import { skb_trim } from "./skb_data";
import { tcp_send } from "./tcp_sendmsg";

/* Sending with MSG_ZEROCOPY: sk_buffs hold the program's pages. */

/** The call whose pages the last sk_buff that was not yet sent holds; null if there is none. */
function uarg_of_tail(sk: Sock): UbufInfoMsgzc | null {
  let tail = sk.sk_send_head ? skb_peek_tail(sk.sk_write_queue) : null;
  return tail ? skb_shinfo(tail).uarg : null;
}

/** Begins a call with MSG_ZEROCOPY. @returns null without memory for that. */
function begin(sk: Sock, iter: IovIter): UbufInfoMsgzc | null {
  let uarg = msg_zerocopy_realloc(sk, iter.count, uarg_of_tail(sk));
  let dev = sk.skc_dev;
  if (uarg && dev && !(dev.features & NetdevFeatures.SG)) uarg.zerocopy = 0;
  return uarg;
}

/**
 * Sends a program's pages themselves; a call that sleeps keeps its number in TaskStruct.kept.
 *
 * @returns  bytes taken, -errno or SLEEPING. @kernel tcp_sendmsg_locked(), net/ipv4/tcp.c
 */
export function tcp_sendmsg_zerocopy(sk: Sock, iter: IovIter, flags: u32): i64 {
  let task = current();
  let uarg = task.restarting ? changetype<UbufInfoMsgzc | null>(task.kept) : begin(sk, iter);
  task.kept = 0;
  if (!uarg) return sk_stream_error(sk, flags, -Errno.ENOBUFS);
  let result = tcp_send(sk, iter, flags, uarg);
  if (result == SLEEPING) task.kept = changetype<usize>(uarg);
  else if (result < 0) net_zcopy_put_abort(uarg);
  else net_zcopy_put(uarg);
  return result;
}

/** Puts a walk over user memory back where it was. */
function restore(iter: IovIter, base: u64, left: u64, count: u64, nr_segs: u32, iov: usize): void {
  iter.base = base;
  iter.segment_left = left;
  iter.count = count;
  iter.nr_segs = nr_segs;
  iter.iov = iov;
}

/**
 * Appends up to n bytes of the program's pages by reference: at a fault none at all.
 *
 * @returns  bytes appended: fewer, or 0, when there is no room for more pieces, or the sk_buff holds pages of another call;
 *           -EFAULT or SLEEPING. @kernel skb_zerocopy_iter_stream(), net/core/skbuff.c
 */
export function skb_zerocopy_iter_stream(skb: SkBuff, iter: IovIter, n: u32, uarg: UbufInfoMsgzc): i64 {
  let info = skb_shinfo(skb);
  if (info.uarg !== null && info.uarg !== uarg) return 0;
  let old = skb.len;
  let err: i64 = 0;
  if (!user_backed_iter(iter)) skb_splice_from_iter(skb, iter, n);
  else err = append_user_pages(skb, iter, n);
  if (err) return err;
  if (skb.len > old && !info.uarg) {
    info.uarg = uarg;
    uarg.refcnt++;
  }
  return skb.len - old;
}

/** The part of skb_zerocopy_iter_stream() that pins pages. @returns 0, -EFAULT or SLEEPING. */
function append_user_pages(skb: SkBuff, iter: IovIter, n: u32): i64 {
  let base = iter.base;
  let left = iter.segment_left;
  let count = iter.count;
  let nr_segs = iter.nr_segs;
  let iov = iter.iov;
  let old = skb.len;
  while (skb.len < old + n) {
    next_segment(iter);
    let offset = (<usize>iter.base) & (PAGE_SIZE - 1);
    let part = min(old + n - skb.len, <u32>min<u64>(iter.segment_left, PAGE_SIZE - offset));
    if (!part) break;
    let frame = pin_user_page(iter.base, false);
    if (frame < 0 || frame == SLEEPING) {
      skb_trim(skb, old);
      restore(iter, base, left, count, nr_segs, iov);
      return frame;
    }
    let fits = skb_append_page(skb, <usize>frame + offset, part);
    // The sk_buff has a reference of its own.
    free_page(<usize>frame);
    if (!fits) break;
    iov_iter_advance(iter, part);
  }
  return 0;
}
