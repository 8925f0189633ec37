import { IovIter } from "../include/uio";
import { PAGE_SIZE, virt_to_page } from "../include/mm_types";
import { SkBuff } from "../include/skbuff";
import { Tp, trace } from "../include/trace";
import { account_page } from "../include/account";
import { get_page } from "../mm/page_alloc";
import { iov_iter_advance, next_segment } from "../mm/iov_iter";
import { skb_add_frag } from "./skb_data";
import { skb_frag, skb_shinfo } from "./skbuff";

/*
 * Pages that travel by reference: an sk_buff's piece is the page itself, of the page cache or of a pipe. Whoever changes
 * the page before the packet is read by the device, or by the receiver on this machine, changes what arrives.
 */

/** Appends a stretch of one frame by reference, to the last piece if it follows that. @returns false without room. */
export function skb_append_page(skb: SkBuff, address: usize, n: u32): bool {
  let info = skb_shinfo(skb);
  let page = virt_to_page(address);
  let offset = <u32>(address & (PAGE_SIZE - 1));
  let last = info.nr_frags ? skb_frag(skb, info.nr_frags - 1) : null;
  if (last && last.page === page && last.offset + last.size == offset) {
    last.size += n;
    skb.len += n;
    skb.data_len += n;
    return true;
  }
  if (info.nr_frags == info.max_frags) return false;
  get_page(page);
  account_page();
  skb_add_frag(skb, page, offset, n);
  return true;
}

/**
 * Appends up to n bytes of a walk over kernel memory by reference: nothing is copied.
 *
 * @param iter  of type ITER_KVEC, over frames that may be shared.
 * @returns     bytes appended: fewer when there is no room for more pieces.
 * @kernel skb_splice_from_iter(), net/core/skbuff.c
 */
export function skb_splice_from_iter(skb: SkBuff, iter: IovIter, n: u32): u32 {
  let done: u32 = 0;
  while (done < n) {
    next_segment(iter);
    let address = <usize>iter.base;
    let in_frame = <u32>(PAGE_SIZE - (address & (PAGE_SIZE - 1)));
    let part = min(min(n - done, in_frame), <u32>min<u64>(iter.segment_left, PAGE_SIZE));
    if (!part || !skb_append_page(skb, address, part)) break;
    iov_iter_advance(iter, part);
    done += part;
  }
  trace(Tp.skb_splice_from_iter, changetype<usize>(skb), done, 0);
  return done;
}
