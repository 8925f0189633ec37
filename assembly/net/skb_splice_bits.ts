import { PAGE_SIZE, page_address, virt_to_page } from "../include/mm_types";
import { PipeBufOps, PipeInodeInfo } from "../fs/pipe_ring";
import { SkBuff } from "../include/skbuff";
import { Tp, enter, leave } from "../include/trace";
import { account_copy } from "../include/account";
import { add_to_pipe } from "../fs/pipe_buf";
import { alloc_pages, get_page } from "../mm/page_alloc";
import { skb_frag, skb_shinfo } from "./skbuff";

/* The data of sk_buffs goes into pipes: frames are referred to, what lies in a buffer from kmalloc() is copied. */

/** A slot refers to bytes in a frame. */
function share(pipe: PipeInodeInfo, address: usize, n: u32): u32 {
  get_page(virt_to_page(address));
  let offset = address & (PAGE_SIZE - 1);
  add_to_pipe(pipe, address - offset, <u32>offset, n, PipeBufOps.SKB);
  return n;
}

/** A slot gets a copy of bytes. @returns how many; 0 if memory is exhausted. @kernel linear_to_page(), skbuff.c */
function linear_to_page(pipe: PipeInodeInfo, address: usize, n: u32): u32 {
  let frame = alloc_pages(0);
  if (!frame) return 0;
  n = min(n, <u32>PAGE_SIZE);
  let page = page_address(frame);
  memory.copy(page, address, n);
  account_copy(n);
  add_to_pipe(pipe, page, 0, n, PipeBufOps.SKB);
  return n;
}

/** Puts what lies in the buffer itself into a pipe. @returns bytes: fewer than n if there is no room for them. */
function splice_linear(skb: SkBuff, offset: u32, pipe: PipeInodeInfo, n: u32): u32 {
  let done: u32 = 0;
  while (done < n && !pipe.full) {
    let address = skb.data + offset + done;
    let part = skb.head_frag ? share(pipe, address, n - done) : linear_to_page(pipe, address, n - done);
    if (!part) break;
    done += part;
  }
  return done;
}

/** The walk over the frames of an sk_buff. @returns bytes, with the `done` ones. */
function splice_frags(skb: SkBuff, offset: u32, pipe: PipeInodeInfo, n: u32, done: u32): u32 {
  let start = skb.len - skb.data_len;
  let frags = skb_shinfo(skb).nr_frags;
  for (let i: u32 = 0; i < frags && done < n && !pipe.full; i++) {
    let frag = skb_frag(skb, i);
    let end = start + frag.size;
    if (offset + done < end) {
      let skip = offset + done - start;
      let address = page_address(frag.page) + frag.offset + skip;
      done += share(pipe, address, min(n - done, frag.size - skip));
    }
    start = end;
  }
  return done;
}

/**
 * Puts n bytes of an sk_buff, from `offset` on, into a pipe, as far as there are free slots.
 *
 * @returns  bytes. @kernel skb_splice_bits(), net/core/skbuff.c
 */
export function skb_splice_bits(skb: SkBuff, offset: u32, pipe: PipeInodeInfo, n: u32): u32 {
  enter(Tp.skb_splice_bits, changetype<usize>(skb), changetype<usize>(pipe), n);
  let linear = skb.len - skb.data_len;
  let part = offset < linear ? min(n, linear - offset) : 0;
  let done = part ? splice_linear(skb, offset, pipe, part) : 0;
  return leave(done < part ? done : splice_frags(skb, offset, pipe, n, done));
}
