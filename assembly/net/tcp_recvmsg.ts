import { sock_rcvtimeo } from "./sock_options";
import { Errno } from "../include/errno";
import { IovIter } from "../include/uio";
import { Msg } from "../include/socket";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { SkBuff } from "../include/skbuff";
import { TcpState, before } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { __tcp_select_window, tcp_receive_window, tcp_send_ack } from "./tcp_output";
import { SLEEPING } from "../include/sched";
import { current } from "../kernel/sched";
import { skb_copy_datagram_iter } from "./skb_data";
import { kfree_skb, skb_peek, skb_unlink } from "./skbuff";
import { no_wait, sk_wait_more, sock_error, sock_rcvlowat, sock_timed_out } from "./sock";
import { release_sock } from "./tcp";
import { tcp_recv_urg, tcp_urgent_read } from "./tcp_urgent";

/** Tells the sender of the room that reading has made, once it has at least doubled. @kernel tcp_cleanup_rbuf() */
export function tcp_cleanup_rbuf(sk: Sock): void {
  if (sk.skc_state == TcpState.CLOSE || sk.sk_shutdown & ShutdownMask.RCV) return;
  let now = tcp_receive_window(sk);
  if (<i32>(2 * now) > sk.sk_rcvbuf >> 1) return;
  let window = __tcp_select_window(sk);
  if (window && window >= 2 * now) tcp_send_ack(sk);
}

/** Drops an sk_buff that was read to its end. */
function tcp_eat_recv_skb(sk: Sock, skb: SkBuff): void {
  skb_unlink(skb, sk.sk_receive_queue);
  kfree_skb(skb);
}

/** The sk_buff in which a sequence number lies; null if it has not come. */
function find_skb(sk: Sock, seq: u32): SkBuff | null {
  let queue = sk.sk_receive_queue.list;
  for (let link = queue.next; link !== queue; link = link.next) {
    let skb = SkBuff.of_list(link);
    if (before(seq, skb.seq + skb.len)) return skb;
  }
  return null;
}

/** Distance to the urgent byte, which is not to be read over; more than `n` if there is none. Unit: bytes. */
function until_urgent(sk: Sock, seq: u32, n: u32): u32 {
  let urgent = sk.urg;
  if (!urgent || !urgent.urg_data) return n + 1;
  return urgent.urg_seq - seq;
}

/** Copies or drops bytes of an sk_buff. @returns bytes copied: fewer than n at a fault. */
function copy_or_drop(skb: SkBuff, offset: u32, iter: IovIter, n: u32, flags: u32): u32 {
  if (!(flags & Msg.TRUNC)) return skb_copy_datagram_iter(skb, offset, iter, n);
  iter.count -= n;
  return n;
}

/**
 * Copies what has arrived to the program, from `seq` on. At the urgent byte it stops, if something was copied; otherwise
 * that is passed over, or read with SO_OOBINLINE.
 *
 * @returns  bytes copied; -EFAULT if there was something but nothing could be copied.
 */
function copy_arrived(sk: Sock, iter: IovIter, flags: u32, seq: u32, before_sleep: i64): i64 {
  let copied: i64 = 0;
  while (iter.count) {
    if ((copied || before_sleep) && sk.urg && !until_urgent(sk, seq, 0)) break;
    let skb = flags & Msg.PEEK ? find_skb(sk, seq) : skb_peek(sk.sk_receive_queue);
    if (!skb) break;
    let offset = seq - skb.seq;
    let want = <u32>min<u64>(skb.len - offset, iter.count);
    let distance = sk.urg ? until_urgent(sk, seq, want) : want;
    let hole: u32 = 0;
    if (distance) want = min(want, distance);
    else if (!(sk.sk_flags & SockFlags.URGINLINE)) {
      hole = 1;
      want = min(want, skb.len - offset - 1);
    }
    let n = want ? copy_or_drop(skb, offset + hole, iter, want, flags) : 0;
    // A part that meets a fault counts as not read.
    if (n < want) return copied ? copied : -Errno.EFAULT;
    copied += n;
    seq += n + hole;
    if (flags & Msg.PEEK) continue;
    sk.copied_seq = seq;
    if (sk.urg) tcp_urgent_read(sk);
    if (offset + hole + n == skb.len) tcp_eat_recv_skb(sk, skb);
  }
  return copied;
}

/**
 * What reading answers when nothing more has arrived.
 *
 * @returns  0 at the end, -errno, or 1 if it should wait. @kernel tcp_recvmsg_locked(), net/ipv4/tcp.c
 */
export function tcp_nothing_arrived(sk: Sock): i32 {
  if (sk.sk_flags & SockFlags.DONE) return 0;
  if (sk.sk_err) return sock_error(sk);
  if (sk.sk_shutdown & ShutdownMask.RCV) return 0;
  if (sk.skc_state == TcpState.CLOSE) return -Errno.ENOTCONN;
  return 1;
}

/**
 * Where a call begins to read. One that only looks, and has slept, goes on where it was, unless others have read meanwhile:
 * then it begins with what is left. Where it was is in TaskStruct.kept; it may have passed over an urgent byte.
 */
function first_seq(sk: Sock, flags: u32): u32 {
  let task = current();
  if (!(flags & Msg.PEEK) || !task.restarting) return sk.copied_seq;
  let reached = <u32>task.kept;
  task.kept = 0;
  return task.done && reached - <u32>task.done - sk.copied_seq <= 1 ? reached : sk.copied_seq;
}

/** Where reading stands behind n bytes from `seq` on, if it has just begun there. */
function after_read(sk: Sock, flags: u32, seq: u32, n: u32): u32 {
  if (!(flags & Msg.PEEK)) return sk.copied_seq;
  let passes = n != 0 && seq == sk.copied_seq && !(sk.sk_flags & SockFlags.URGINLINE);
  return passes && !until_urgent(sk, seq, 0) ? seq + n + 1 : seq + n;
}

/** True if what was copied so far must do: more cannot come, or not without waiting too long. */
function must_do(sk: Sock, flags: u32): bool {
  return (
    sk.sk_err != 0 ||
    sk.skc_state == TcpState.CLOSE ||
    (sk.sk_shutdown & ShutdownMask.RCV) != 0 ||
    no_wait(flags) ||
    (current().restarting != 0 && sock_timed_out())
  );
}

/**
 * Receives from a connection into a program's buffer.
 *
 * @returns  bytes, 0 at the end of the stream, -errno or SLEEPING. @kernel tcp_recvmsg(), net/ipv4/tcp.c
 */
export function tcp_recvmsg(sk: Sock, iter: IovIter, flags: u32): i64 {
  enter(Tp.tcp_recvmsg, changetype<usize>(sk), <usize>iter.count, flags);
  let result = tcp_recvmsg_locked(sk, iter, flags);
  release_sock(sk);
  return leave(result);
}

/** The part of tcp_recvmsg() that works on the queue. */
function tcp_recvmsg_locked(sk: Sock, iter: IovIter, flags: u32): i64 {
  if (sk.skc_state == TcpState.LISTEN) return -Errno.ENOTCONN;
  if (flags & Msg.OOB) return tcp_recv_urg(sk, iter, flags);
  // Who asks for nothing sleeps once, until anything happens.
  let asks = iter.count || current().done;
  if (!asks && (!sk.sk_receive_queue.list.empty || current().restarting)) return 0;
  let before_sleep = <i64>current().done;
  let seq = first_seq(sk, flags);
  let target = sock_rcvlowat(sk, (flags & Msg.WAITALL) != 0, iter.count + <u64>before_sleep);
  let n = copy_arrived(sk, iter, flags, seq, before_sleep);
  if (n < 0) return before_sleep ? before_sleep : n;
  if (n && !(flags & Msg.PEEK)) tcp_cleanup_rbuf(sk);
  let copied = before_sleep + n;
  let reached = after_read(sk, flags, seq, <u32>n);
  if (copied >= <i64>target) return copied;
  if (copied && (must_do(sk, flags) || (sk.urg && !until_urgent(sk, reached, 0)))) return copied;
  if (!copied) {
    let err = tcp_nothing_arrived(sk);
    if (err <= 0) return err;
    if (no_wait(flags) || (current().restarting && sock_timed_out())) return -Errno.EAGAIN;
  }
  let result = sk_wait_more(sk, sock_rcvtimeo(sk), copied);
  current().kept = result == SLEEPING && flags & Msg.PEEK ? <usize>reached : 0;
  return result;
}
