import { sock_sndtimeo } from "./sock_options";
import { Errno } from "../include/errno";
import { IovIter } from "../include/uio";
import { pages_for, skb_add_data, skb_add_pages, skb_frag_room } from "./skb_data";
import { skb_splice_from_iter } from "./skb_splice";
import { charge_checksum } from "./dev";
import {
  MAX_SKB_FRAGS,
  MAX_TCP_HEADER,
  alloc_skb,
  kfree_skb,
  skb_frag,
  skb_peek_tail,
  skb_queue_tail,
  skb_reserve,
  skb_shinfo,
  skb_tailroom,
} from "./skbuff";
import { Msg } from "../include/socket";
import { PAGE_SIZE } from "../include/mm_types";
import { SLEEPING } from "../include/sched";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { NetdevFeatures, SocketFlags } from "../include/net";
import { SkBuff, UbufInfoMsgzc } from "../include/skbuff";
import { TCP_SKB_TRUESIZE, tcp_connect, tcp_push, tcp_size_goal } from "./tcp_output";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { current } from "../kernel/sched";
import { fault_in_from_disk } from "../mm/gup";
import { inet_hash_connect } from "./inet_bind";
import { ip_route_connect, parse_sockaddr } from "./inet_addr";
import {
  no_wait,
  sk_stream_error,
  sk_stream_memory_free,
  sk_wait,
  sk_wait_more,
  sock_error,
  sock_timed_out,
} from "./sock";
import { tcp_mark_urg } from "./tcp_urgent";
import { skb_zerocopy_iter_stream, tcp_sendmsg_zerocopy } from "./tcp_zerocopy";
import { release_sock, tcp_set_state } from "./tcp";

/** Data up to this length lies in the sk_buff's own buffer; more lies in frames. Unit: bytes. */
const LINEAR_MAX: u32 = 1976;

/**
 * Begins a connection to an address.
 *
 * @returns  0, or -errno. @kernel tcp_v4_connect(), net/ipv4/tcp_ipv4.c
 */
export function tcp_v4_connect(sk: Sock, at: usize, len: u32): i32 {
  enter(Tp.tcp_v4_connect, changetype<usize>(sk), 0, 0);
  let err = parse_sockaddr(sk, at, len);
  if (!err) err = ip_route_connect(sk);
  if (!err) err = start(sk);
  return leave(err);
}

/** Takes a port and sends the SYN. */
function start(sk: Sock): i32 {
  sk.skc_state = TcpState.SYN_SENT;
  let err = inet_hash_connect(sk);
  if (err) {
    tcp_set_state(sk, TcpState.CLOSE);
    sk.skc_dport = 0;
    return err;
  }
  sk.inet_sport = sk.skc_num;
  tcp_connect(sk);
  return 0;
}

/**
 * Waits until a connection that is under way is there.
 *
 * @returns  0 if it is, -errno or SLEEPING. @kernel sk_stream_wait_connect(), net/core/stream.c
 */
function sk_stream_wait_connect(sk: Sock, flags: u32): i64 {
  if (sk.sk_err) return sock_error(sk);
  if (sk.skc_state != TcpState.SYN_SENT && sk.skc_state != TcpState.SYN_RECV) return -Errno.EPIPE;
  if (no_wait(flags) || sock_timed_out()) return -Errno.EAGAIN;
  return sk_wait(sk, sock_sndtimeo(sk), false);
}

/** True if an sk_buff is not yet sent and shorter than it may be. */
function is_open(sk: Sock, skb: SkBuff): bool {
  return sk.sk_send_head !== null && skb.sent == 0 && skb.len < tcp_size_goal(sk);
}

/** How much may be appended to an sk_buff. Unit: bytes. */
function room_in(sk: Sock, skb: SkBuff): u32 {
  let info = skb_shinfo(skb);
  let room = skb_tailroom(skb);
  if (info.max_frags) {
    room = (info.max_frags - info.nr_frags) * <u32>PAGE_SIZE;
    if (info.nr_frags) room += skb_frag_room(skb_frag(skb, info.nr_frags - 1));
  }
  return min<u32>(room, tcp_size_goal(sk) - skb.len);
}

/** A new sk_buff for n more bytes; null when memory is exhausted. @kernel tcp_stream_alloc_skb(), net/ipv4/tcp.c */
function tcp_stream_alloc_skb(sk: Sock, n: u32): SkBuff | null {
  let linear = n <= LINEAR_MAX;
  // What waits in the queue already will be followed by more: leave room for it.
  if (linear && sk.sk_send_head) n = min(tcp_size_goal(sk), LINEAR_MAX);
  if (linear) return tcp_alloc_skb(sk, n, 0);
  return tcp_alloc_skb(sk, 0, sk.sk_send_head ? MAX_SKB_FRAGS : min(pages_for(n), MAX_SKB_FRAGS));
}

/** An empty sk_buff at the end of the stream, with room for so many bytes, or pieces; null when memory is exhausted. */
function tcp_alloc_skb(sk: Sock, n: u32, max_frags: u32): SkBuff | null {
  let skb = alloc_skb(MAX_TCP_HEADER + n, max_frags);
  if (!skb) return null;
  skb_reserve(skb, MAX_TCP_HEADER);
  skb.seq = sk.write_seq;
  skb.end_seq = sk.write_seq;
  skb.truesize = TCP_SKB_TRUESIZE;
  return skb;
}

/** Appends a filled sk_buff to the write queue. @kernel tcp_skb_entail(), net/ipv4/tcp.c */
function tcp_skb_entail(sk: Sock, skb: SkBuff): void {
  skb_queue_tail(sk.sk_write_queue, skb);
  sk.sk_wmem_alloc += skb.truesize;
  if (!sk.sk_send_head) sk.sk_send_head = skb;
}

/** Copies n bytes from the program into an sk_buff, all or none. @returns 0, -EFAULT or -ENOMEM. */
function fill(sk: Sock, skb: SkBuff, iter: IovIter, n: u32): i32 {
  // Whoever copies sums the bytes as well, if the device does not.
  if (!(sk.skc_dev!.features & NetdevFeatures.HW_CSUM)) charge_checksum(n);
  return skb_shinfo(skb).max_frags ? skb_add_pages(skb, iter, n) : skb_add_data(skb, iter, n);
}

/** Notes that an sk_buff and the stream have grown. */
function account(sk: Sock, skb: SkBuff, n: u32): void {
  skb.end_seq += n;
  skb.truesize += n;
  sk.write_seq += n;
}

/**
 * Appends to the last sk_buff, or to a new one.
 *
 * @returns  bytes taken from the program, -EFAULT, -ENOMEM or SLEEPING.
 */
function tcp_append(sk: Sock, iter: IovIter): i64 {
  let asleep = fault_in_from_disk(iter, min(tcp_size_goal(sk), MAX_SKB_FRAGS * <u32>PAGE_SIZE), 0);
  if (asleep) return asleep;
  let tail = skb_peek_tail(sk.sk_write_queue);
  let room = tail && is_open(sk, tail) ? room_in(sk, tail) : 0;
  if (room) {
    let n = <u32>min<u64>(iter.count, room);
    let err = fill(sk, tail!, iter, n);
    if (err) return err;
    account(sk, tail!, n);
    sk.sk_wmem_alloc += n;
    return n;
  }
  let n = <u32>min<u64>(iter.count, min(tcp_size_goal(sk), MAX_SKB_FRAGS * <u32>PAGE_SIZE));
  let skb = tcp_stream_alloc_skb(sk, n);
  if (!skb) return -Errno.ENOMEM;
  let err = fill(sk, skb, iter, n);
  if (err) {
    kfree_skb(skb);
    return err;
  }
  account(sk, skb, n);
  tcp_skb_entail(sk, skb);
  return n;
}

/** Appends pages to one sk_buff by reference. @returns bytes appended, -EFAULT or SLEEPING. */
function append_to(skb: SkBuff, iter: IovIter, n: u32, uarg: UbufInfoMsgzc | null): i64 {
  n = <u32>min<u64>(iter.count, n);
  return uarg ? skb_zerocopy_iter_stream(skb, iter, n, uarg) : <i64>skb_splice_from_iter(skb, iter, n);
}

/**
 * Appends pages by reference, to the last sk_buff or to a new one.
 *
 * @param uarg  the call whose pages they are; null: they are the kernel's.
 * @returns     bytes appended, -EFAULT, -ENOMEM or SLEEPING.
 */
function tcp_append_pages(sk: Sock, iter: IovIter, uarg: UbufInfoMsgzc | null): i64 {
  let goal = tcp_size_goal(sk);
  let tail = skb_peek_tail(sk.sk_write_queue);
  if (tail && is_open(sk, tail)) {
    let n = append_to(tail, iter, goal - tail.len, uarg);
    if (n < 0 || n == SLEEPING) return n;
    account(sk, tail, <u32>n);
    sk.sk_wmem_alloc += <u32>n;
    if (n) return n;
  }
  let skb = tcp_alloc_skb(sk, 0, MAX_SKB_FRAGS);
  if (!skb) return -Errno.ENOMEM;
  let n = append_to(skb, iter, goal, uarg);
  if (n < 0 || n == SLEEPING) {
    kfree_skb(skb);
    return n;
  }
  account(sk, skb, <u32>n);
  tcp_skb_entail(sk, skb);
  return n;
}

/** What a call that has sent something answers, or the error. */
function sent(copied: u64, err: i32): i64 {
  return copied ? <i64>copied : err;
}

/** Waits for room in the send buffer. @returns bytes sent, -errno or SLEEPING. @kernel sk_stream_wait_memory() */
function sk_stream_wait_memory(sk: Sock, copied: u64, flags: u32): i64 {
  sk.sk_socket!.flags |= <u16>(SocketFlags.NOSPACE | SocketFlags.ASYNC_NOSPACE);
  if (no_wait(flags) || (sock_timed_out() && current().restarting)) return sent(copied, -Errno.EAGAIN);
  return sk_wait_more(sk, sock_sndtimeo(sk), copied);
}

/**
 * Sends a program's bytes on a connection.
 *
 * @returns  bytes taken, -errno or SLEEPING. @kernel tcp_sendmsg(), net/ipv4/tcp.c
 */
export function tcp_sendmsg(sk: Sock, iter: IovIter, flags: u32): i64 {
  enter(Tp.tcp_sendmsg, changetype<usize>(sk), <usize>iter.count, flags);
  let zerocopy = flags & Msg.ZEROCOPY && iter.count && sk.sk_flags & SockFlags.ZEROCOPY;
  return leave(zerocopy ? tcp_sendmsg_zerocopy(sk, iter, flags) : tcp_send(sk, iter, flags, null));
}

/** Sends as tcp_sendmsg(). @param uarg the call whose pages are sent themselves; null: they are copied. */
export function tcp_send(sk: Sock, iter: IovIter, flags: u32, uarg: UbufInfoMsgzc | null): i64 {
  // A call that has sent something tells that first; an error waits for the next one.
  let begun = current().done != 0;
  if (!begun && sk.skc_state != TcpState.ESTABLISHED && sk.skc_state != TcpState.CLOSE_WAIT) {
    let err = sk_stream_wait_connect(sk, flags);
    if (err) return err == SLEEPING ? err : sk_stream_error(sk, flags, <i32>err);
  }
  return tcp_sendmsg_locked(sk, iter, flags, uarg);
}

/** The part of tcp_sendmsg() that works on a connection. */
function tcp_sendmsg_locked(sk: Sock, iter: IovIter, flags: u32, uarg: UbufInfoMsgzc | null): i64 {
  let copied = current().done;
  let wanted = uarg !== null || (flags & Msg.SPLICE_PAGES) != 0;
  let by_reference = wanted && (sk.skc_dev!.features & NetdevFeatures.SG) != 0;
  if (sk.sk_err || sk.sk_shutdown & ShutdownMask.SEND)
    return copied ? <i64>copied : sk_stream_error(sk, flags, -Errno.EPIPE);
  while (iter.count) {
    if (sk.sk_err || sk.sk_shutdown & ShutdownMask.SEND)
      return copied ? <i64>copied : sk_stream_error(sk, flags, -Errno.EPIPE);
    if (!sk_stream_memory_free(sk)) return sk_stream_wait_memory(sk, copied, flags);
    let n = by_reference ? tcp_append_pages(sk, iter, uarg) : tcp_append(sk, iter);
    if (n == SLEEPING) {
      current().done = copied;
      return n;
    }
    if (n < 0) {
      tcp_push(sk, false);
      release_sock(sk);
      return sent(copied, <i32>n);
    }
    copied += n;
    if (flags & Msg.OOB && !iter.count) tcp_mark_urg(sk);
    tcp_push(sk, (flags & Msg.MORE) != 0);
    // What goes over the loopback device arrives now, and may make room, or end the connection.
    release_sock(sk);
  }
  return <i64>copied;
}
