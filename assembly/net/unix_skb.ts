import { SockType } from "../include/socket";
import { sk_wake_async_space } from "./sock";
import { sock_sndtimeo } from "./sock_options";
import { Errno } from "../include/errno";
import { IovIter } from "../include/uio";
import { PAGE_SIZE } from "../include/mm_types";
import { Poll } from "../include/fs";
import { skb_add_data, skb_add_pages } from "./skb_data";
import { SKB_STRUCT_TRUESIZE, alloc_skb, kfree_skb } from "./skbuff";
import { skb_splice_from_iter } from "./skb_splice";
import { Msg } from "../include/socket";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { SocketFlags } from "../include/net";
import { SkBuff } from "../include/skbuff";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { current } from "../kernel/sched";
import { net } from "./net";
import { scm_detach_fds, scm_fp_destroy, scm_fp_dup, scm_put_creds } from "./scm";
import { unix_inflight, unix_notinflight } from "./unix_gc";
import { no_wait, sk_wait, sock_error, sock_hold, sock_put, sock_timed_out } from "./sock";
import { wake_up_interruptible_sync_poll, waitqueue_active } from "../kernel/wait";

/** Most bytes of an sk_buff that lie in its own buffer. Unit: bytes. @kernel SKB_MAX_ALLOC, include/linux/skbuff.h */
const SKB_MAX_ALLOC: u32 = 3776;
/** The same of a message, which is charged for as if it were so. Unit: bytes. */
const MESSAGE_MAX_ALLOC: u32 = 16064;
/** What the administration of a buffer takes. Unit: bytes. @kernel sizeof(struct skb_shared_info) */
const SHARED_INFO_SIZE: u32 = 320;
/** Most bytes of a piece of a stream. Unit: bytes. @kernel SKB_MAX_ALLOC + UNIX_SKB_FRAGS_SZ, net/unix/af_unix.c */
export const UNIX_SKB_MAX: u32 = SKB_MAX_ALLOC + 32768;
/** Most pages that one sk_buff refers to. @kernel MAX_SKB_FRAGS, include/linux/skbuff.h */
const UNIX_SKB_FRAGS: u32 = 17;

/** A number of bytes in whole frames. Unit: bytes. */
function page_align(n: u32): u32 {
  return (n + <u32>PAGE_SIZE - 1) & ~(<u32>PAGE_SIZE - 1);
}

/** How many of n bytes lie in frames of their own. Unit: bytes. */
function data_len_for(n: u32): u32 {
  return n <= SKB_MAX_ALLOC ? 0 : min(n, page_align(n - SKB_MAX_ALLOC));
}

/**
 * Memory that an sk_buff with n bytes is charged for, as on Linux. Unit: bytes.
 *
 * @param linear  how many bytes Linux puts into one buffer: of messages more than of streams.
 */
export function unix_truesize(n: u32, linear: u32): u32 {
  let data_len: u32 = n <= linear ? 0 : min(n, page_align(n - linear));
  let need = n - data_len + SHARED_INFO_SIZE;
  let head: u32 = max<u32>(512, 1 << (32 - <u32>clz(need - 1)));
  return SKB_STRUCT_TRUESIZE + head + page_align(data_len);
}

/**
 * True if a poll reports that a sock can be written to: more than three quarters of its buffer are free.
 *
 * @kernel unix_writable(), net/unix/af_unix.c
 */
export function unix_writable(sk: Sock): bool {
  return sk.skc_state != TcpState.LISTEN && sk.sk_wmem_alloc << 2 < sk.sk_sndbuf;
}

/** The reader has made room: tells the writer, whether it had found no room or not. @kernel unix_write_space() */
export function unix_write_space(sk: Sock): void {
  enter(Tp.unix_write_space, changetype<usize>(sk), sk.sk_wmem_alloc, 0);
  let wq = sk.sk_wq;
  if (unix_writable(sk) && wq && waitqueue_active(wq)) {
    wake_up_interruptible_sync_poll(wq, Poll.OUT | Poll.WRNORM | Poll.WRBAND);
  }
  if (unix_writable(sk)) sk_wake_async_space(sk);
  leave(0);
}

/** Gives the memory of an sk_buff back to its sender. @kernel sock_wfree(), net/core/sock.c */
function sock_wfree(skb: SkBuff): void {
  let sk = skb.sk!;
  sk.sk_wmem_alloc -= skb.truesize;
  unix_write_space(sk);
  sock_put(sk);
}

/** An sk_buff of a UNIX socket goes, with the files that nobody has received. @kernel unix_destruct_scm() */
export function unix_destruct_scm(skb: SkBuff): void {
  let files = skb.scm;
  skb.scm = null;
  sock_wfree(skb);
  if (!files) return;
  unix_notinflight(files);
  scm_fp_destroy(files);
}

/** Lets the control data of the message that is sent go along with an sk_buff. @kernel unix_scm_to_skb() */
export function unix_attach_scm(skb: SkBuff): void {
  let msg = net().msg;
  let files = msg.fp;
  skb.scm = files;
  if (files) unix_inflight(files);
  skb.end_seq = msg.pid;
  msg.fp = null;
}

/** Says who has sent an sk_buff, if one of both ends wants that, or may want it once it is accepted. */
export function unix_maybe_add_creds(skb: SkBuff, sk: Sock, other: Sock): void {
  if (skb.end_seq) return;
  let wanted = (sk.sk_flags | other.sk_flags) & SockFlags.PASSCRED;
  if (wanted || !other.sk_socket) skb.end_seq = current().tgid;
}

/** Gives the program descriptors for the files of an sk_buff. Who only looks gets some of his own. */
export function unix_detach_fds(skb: SkBuff, flags: u32): void {
  let files = skb.scm;
  if (files && flags & Msg.PEEK) files = scm_fp_dup(files);
  else {
    skb.scm = null;
    if (files) unix_notinflight(files);
  }
  if (files) scm_detach_fds(files, flags);
}

/** Gives the program what has come along with a message: who has sent it, and descriptors. @kernel scm_recv_unix() */
export function unix_scm_recv(sk: Sock, skb: SkBuff, flags: u32): void {
  if (sk.sk_flags & SockFlags.PASSCRED) scm_put_creds(skb.end_seq);
  unix_detach_fds(skb, flags);
}

/** Charges an sk_buff to its sender. @kernel skb_set_owner_w(), net/core/sock.c */
export function skb_set_owner_w(skb: SkBuff, sk: Sock): void {
  skb.sk = sk;
  skb.destructor = unix_destruct_scm.index;
  sk.sk_wmem_alloc += skb.truesize;
  sock_hold(sk);
}

/**
 * Waits until a sock may send one more sk_buff.
 *
 * @returns  0 if it may, -errno or SLEEPING. @kernel sock_alloc_send_pskb(), net/core/sock.c
 */
export function sock_wait_for_wmem(sk: Sock, flags: u32): i64 {
  let err = sock_error(sk);
  if (err) return err;
  if (sk.sk_shutdown & ShutdownMask.SEND) return -Errno.EPIPE;
  if (sk.sk_wmem_alloc < sk.sk_sndbuf) return 0;
  let sock = sk.sk_socket;
  if (sock) sock.flags |= <u16>(SocketFlags.NOSPACE | SocketFlags.ASYNC_NOSPACE);
  if (no_wait(flags) || (current().restarting && sock_timed_out())) return -Errno.EAGAIN;
  return sk_wait(sk, sock_sndtimeo(sk), false);
}

/**
 * An sk_buff with n bytes of the program, charged to the sock that sends it. If they cannot be copied, the memory is
 * given back, and who waits for room is told so.
 *
 * @returns  its address, as a number; -EFAULT or -ENOMEM.
 */
export function unix_skb_from_iter(sk: Sock, iter: IovIter, n: u32): i64 {
  let data_len = data_len_for(n);
  let skb = alloc_skb(n - data_len, page_align(data_len) / <u32>PAGE_SIZE);
  if (!skb) return -Errno.ENOMEM;
  skb.truesize = unix_truesize(n, sk.sk_type == SockType.STREAM ? SKB_MAX_ALLOC : MESSAGE_MAX_ALLOC);
  skb_set_owner_w(skb, sk);
  let err = n > data_len ? skb_add_data(skb, iter, n - data_len) : 0;
  if (!err && data_len) err = skb_add_pages(skb, iter, data_len);
  if (!err) return changetype<usize>(skb);
  kfree_skb(skb);
  return err;
}

/**
 * An sk_buff with up to n bytes of pages by reference, charged to the sock that sends it.
 *
 * @returns  its address, as a number; -ENOMEM.
 */
export function unix_skb_splice(sk: Sock, iter: IovIter, n: u32): i64 {
  let skb = alloc_skb(0, UNIX_SKB_FRAGS);
  if (!skb) return -Errno.ENOMEM;
  skb.truesize = unix_truesize(0, SKB_MAX_ALLOC) + skb_splice_from_iter(skb, iter, n);
  skb_set_owner_w(skb, sk);
  return changetype<usize>(skb);
}
