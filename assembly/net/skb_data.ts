import { Errno } from "../include/errno";
import { IovIter } from "../include/uio";
import { PAGE_SHIFT, PAGE_SIZE, Page, page_address } from "../include/mm_types";
import { SkBuff, SkbFrag } from "../include/skbuff";
import { alloc_pages, get_page, put_page } from "../mm/page_alloc";
import { copy_from_iter, copy_to_iter } from "../mm/iov_iter";
import { skb_frag, skb_shinfo, skb_tail_pointer } from "./skbuff";

/* The data of sk_buffs: put in, cut, and copied out, in the buffer itself and in frames. */

/**
 * Appends a piece that lies in a frame; the caller's reference to the frame passes to the sk_buff.
 *
 * @kernel skb_fill_page_desc(), include/linux/skbuff.h
 */
export function skb_add_frag(skb: SkBuff, page: Page, offset: u32, size: u32): void {
  let info = skb_shinfo(skb);
  assert(info.nr_frags < info.max_frags, "no room for another piece of a packet");
  let frag = skb_frag(skb, info.nr_frags++);
  frag.page = page;
  frag.offset = offset;
  frag.size = size;
  skb.len += size;
  skb.data_len += size;
}

/**
 * Copies n bytes from the program into the buffer's own room, all of them or none.
 *
 * @returns  0 or -EFAULT. @kernel skb_do_copy_data_nocache(), include/net/sock.h
 */
export function skb_add_data(skb: SkBuff, iter: IovIter, n: u32): i32 {
  if (<u32>copy_from_iter(skb_tail_pointer(skb), n, iter) < n) return -Errno.EFAULT;
  skb.len += n;
  return 0;
}

/** Room behind a piece in its frame: none if anybody else holds the frame. Unit: bytes. */
export function skb_frag_room(frag: SkbFrag): u32 {
  return frag.page.refcount == 1 ? <u32>PAGE_SIZE - frag.offset - frag.size : 0;
}

/**
 * Copies n bytes from the program into frames, all of them or none; the last piece is filled up first. There must be
 * room for the pieces.
 *
 * @returns  0, -EFAULT or -ENOMEM. @kernel skb_copy_to_page_nocache(), include/net/sock.h
 */
export function skb_add_pages(skb: SkBuff, iter: IovIter, n: u32): i32 {
  let info = skb_shinfo(skb);
  let old = skb.len;
  let err = 0;
  while (skb.len < old + n) {
    let last = info.nr_frags ? skb_frag(skb, info.nr_frags - 1) : null;
    if (!last || !skb_frag_room(last)) {
      let page = alloc_pages(0);
      if (!page) {
        err = -Errno.ENOMEM;
        break;
      }
      skb_add_frag(skb, page, 0, 0);
      continue;
    }
    let want = min(old + n - skb.len, <u32>PAGE_SIZE - last.offset - last.size);
    let copied = <u32>copy_from_iter(page_address(last.page) + last.offset + last.size, want, iter);
    last.size += copied;
    skb.len += copied;
    skb.data_len += copied;
    if (copied == want) continue;
    err = -Errno.EFAULT;
    break;
  }
  if (err) skb_trim(skb, old);
  return err;
}

/** Takes the last bytes away again, with the frames that get empty. @kernel skb_trim(), net/core/skbuff.c */
export function skb_trim(skb: SkBuff, len: u32): void {
  let info = skb_shinfo(skb);
  while (info.nr_frags) {
    let last = skb_frag(skb, info.nr_frags - 1);
    let cut = min(last.size, skb.len - len);
    last.size -= cut;
    skb.len -= cut;
    skb.data_len -= cut;
    if (last.size) break;
    put_page(last.page);
    info.nr_frags--;
  }
  skb.len = min(skb.len, len);
}

/**
 * Copies n bytes, from `offset` on, to the program.
 *
 * @returns  bytes copied; fewer than n at a fault.
 * @kernel skb_copy_datagram_iter(), net/core/datagram.c
 */
export function skb_copy_datagram_iter(skb: SkBuff, offset: u32, iter: IovIter, n: u32): u32 {
  let linear = skb.len - skb.data_len;
  let done: u32 = 0;
  if (offset < linear) {
    let part = min(n, linear - offset);
    done = <u32>copy_to_iter(skb.data + offset, part, iter);
    if (done < part) return done;
  }
  let start = linear;
  for (let i: u32 = 0; done < n; i++) {
    let frag = skb_frag(skb, i);
    let end = start + frag.size;
    if (offset + done < end) {
      let skip = offset + done - start;
      let part = min(n - done, frag.size - skip);
      let copied = <u32>copy_to_iter(page_address(frag.page) + frag.offset + skip, part, iter);
      done += copied;
      if (copied < part) break;
    }
    start = end;
  }
  return done;
}

/**
 * Moves the data from `len` on into another, empty sk_buff: pieces in frames are shared, the buffer's own are copied.
 *
 * @param rest  an empty sk_buff with room for all of it.
 * @kernel skb_split(), net/core/skbuff.c
 */
export function skb_split(skb: SkBuff, rest: SkBuff, len: u32): void {
  let linear = skb.len - skb.data_len;
  if (len < linear) {
    memory.copy(skb_tail_pointer(rest), skb.data + len, linear - len);
    rest.len += linear - len;
  }
  let start = linear;
  for (let i: u32 = 0; i < skb_shinfo(skb).nr_frags; i++) {
    let frag = skb_frag(skb, i);
    let skip = len > start ? min(len - start, frag.size) : 0;
    if (skip < frag.size) {
      get_page(frag.page);
      skb_add_frag(rest, frag.page, frag.offset + skip, frag.size - skip);
    }
    start += frag.size;
  }
  let uarg = skb_shinfo(skb).uarg;
  if (uarg) {
    skb_shinfo(rest).uarg = uarg;
    uarg.refcnt++;
  }
  skb_trim(skb, len);
}

/** Frames that n bytes need. */
export function pages_for(n: u32): u32 {
  return (n + <u32>PAGE_SIZE - 1) >> PAGE_SHIFT;
}

/** Copies n bytes, from `offset` on, to kernel memory. There must be so many. @kernel skb_copy_bits() */
export function skb_copy_bits(skb: SkBuff, offset: u32, to: usize, n: u32): void {
  let linear = skb.len - skb.data_len;
  let start: u32 = 0;
  for (let i: u32 = 0; n; i++) {
    let size = i ? skb_frag(skb, i - 1).size : linear;
    if (offset < start + size) {
      let frag = i ? skb_frag(skb, i - 1) : null;
      let from = (frag ? page_address(frag.page) + frag.offset : skb.data) + (offset - start);
      let part = min(n, start + size - offset);
      memory.copy(to, from, part);
      to += part;
      offset += part;
      n -= part;
    }
    start += size;
  }
}
