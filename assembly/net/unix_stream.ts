import { Signal } from "../include/signal";
import { send_sig } from "../kernel/signal";
import { sock_rcvtimeo } from "./sock_options";
import { Errno } from "../include/errno";
import { IovIter } from "../include/uio";
import { Msg } from "../include/socket";
import { SLEEPING } from "../include/sched";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { Socket } from "../include/net";
import { SkBuff } from "../include/skbuff";
import { TcpState } from "../include/tcp";
import { data_ready } from "../include/phase";
import { Tp, enter, leave } from "../include/trace";
import {
  UNIX_SKB_MAX,
  sock_wait_for_wmem,
  unix_attach_scm,
  unix_detach_fds,
  unix_maybe_add_creds,
  unix_scm_recv,
  unix_skb_from_iter,
  unix_skb_splice,
} from "./unix_skb";
import { net } from "./net";
import { scm_destroy, scm_keep, scm_put_creds, scm_put_no_creds, scm_send } from "./scm";
import { unix_sk } from "../include/un";
import { unix_tell_name } from "./unix_addr";
import { current } from "../kernel/sched";
import { skb_copy_datagram_iter } from "./skb_data";
import { fault_in_from_disk } from "../mm/gup";
import { kfree_skb, skb_peek, skb_queue_next, skb_queue_tail, skb_unlink } from "./skbuff";
import { no_wait, sk_data_ready, sk_wait_more, sock_error, sock_rcvlowat, sock_timed_out } from "./sock";

/** What a call that has sent something answers, or the error. */
function sent_or(sent: u64, err: i64): i64 {
  return sent ? <i64>sent : err;
}

/**
 * Sends one piece of a stream.
 *
 * @returns  bytes sent, -errno or SLEEPING.
 */
function unix_send_one(sk: Sock, other: Sock, iter: IovIter, flags: u32): i64 {
  let wait = sock_wait_for_wmem(sk, flags);
  if (wait) return wait;
  let n = <u32>min<u64>(iter.count, i32.MAX_VALUE);
  // How many pages a piece refers to is limited by its number of places for them alone.
  let by_reference = flags & Msg.SPLICE_PAGES;
  if (!by_reference) {
    n = min(min<u32>(n, (sk.sk_sndbuf >> 1) - 64), UNIX_SKB_MAX);
    let asleep = fault_in_from_disk(iter, n, 0);
    if (asleep) return asleep;
  }
  let result = by_reference ? unix_skb_splice(sk, iter, n) : unix_skb_from_iter(sk, iter, n);
  if (result < 0) return result;
  let skb = changetype<SkBuff>(<usize>result);
  n = skb.len;
  if (other.sk_flags & SockFlags.DEAD || other.sk_shutdown & ShutdownMask.RCV) {
    kfree_skb(skb);
    return -Errno.EPIPE;
  }
  // Files go along with the first piece.
  unix_attach_scm(skb);
  unix_maybe_add_creds(skb, sk, other);
  skb_queue_tail(other.sk_receive_queue, skb);
  data_ready(changetype<usize>(other), n);
  sk_data_ready(other);
  return n;
}

/** Sends on a UNIX stream, files with the first piece. */
function unix_stream_send(sk: Sock, iter: IovIter, flags: u32): i64 {
  let sent = current().done;
  let other = unix_sk(sk).peer;
  if (net().msg.msg_namelen) return other ? -Errno.EISCONN : -Errno.EOPNOTSUPP;
  if (!other) return sent_or(sent, -Errno.ENOTCONN);
  // One that has waited for room looks for an error first, as sock_wait_for_wmem() does.
  let waited = current().restarting != 0;
  if (!waited && sk.sk_shutdown & ShutdownMask.SEND) return -Errno.EPIPE;
  while (iter.count) {
    let n = unix_send_one(sk, other, iter, flags);
    if (n == SLEEPING) {
      current().done = sent;
      return n;
    }
    if (n < 0) return sent_or(sent, n);
    sent += n;
  }
  return <i64>sent;
}

/**
 * Sends on a UNIX stream: the data goes straight to the receive queue of the other socket.
 *
 * @returns  bytes, -errno or SLEEPING. @kernel unix_stream_sendmsg(), net/unix/af_unix.c
 */
export function unix_stream_sendmsg(sock: Socket, iter: IovIter, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.unix_stream_sendmsg, changetype<usize>(sk), <usize>iter.count, flags);
  let result: i64 = scm_send();
  if (result) return leave(result);
  result = flags & Msg.OOB ? -Errno.EOPNOTSUPP : unix_stream_send(sk, iter, flags);
  if (result == -Errno.EPIPE && !(flags & Msg.NOSIGNAL)) send_sig(Signal.SIGPIPE, current());
  if (result == SLEEPING) scm_keep();
  else scm_destroy();
  return leave(result);
}

/** What receiving answers when nothing is there. @returns 0 at the end, -errno, or 1 if it should wait. */
function nothing_there(sk: Sock, flags: u32): i32 {
  let err = sock_error(sk);
  if (err) return err;
  if (sk.sk_shutdown & ShutdownMask.RCV) return 0;
  return no_wait(flags) || (current().restarting && sock_timed_out()) ? -Errno.EAGAIN : 1;
}

/** Copies what is there, as long as one process has sent it; that one is noted in NetState.msg. @returns bytes copied; -EFAULT if there was something but nothing could be copied. */
function read_arrived(sk: Sock, iter: IovIter, flags: u32, before_sleep: bool): i64 {
  let queue = sk.sk_receive_queue;
  let copied: i64 = 0;
  let skb = skb_peek(queue);
  let msg = net().msg;
  msg.ends = 0;
  let wants_creds = (sk.sk_flags & SockFlags.PASSCRED) != 0;
  if (before_sleep) {
    // Who has sent what was read before is told in any case.
    msg.pid = <u32>current().kept;
    current().kept = 0;
    if (wants_creds) scm_put_creds(msg.pid);
  }
  if (!skb || !iter.count) return 0;
  if (!before_sleep) msg.pid = skb.end_seq;
  unix_tell_name(skb);
  // Who only looks goes on when the memory is full: the files of the next piece are told all the same.
  while (skb && (iter.count || flags & Msg.PEEK)) {
    if (wants_creds && skb.end_seq != msg.pid) msg.ends = 1;
    if (msg.ends) break;
    let want = <u32>min<u64>(skb.len - skb.seq, iter.count);
    if (skb_copy_datagram_iter(skb, skb.seq, iter, want) < want) return copied ? copied : -Errno.EFAULT;
    if (!copied && !before_sleep && wants_creds) scm_put_creds(msg.pid);
    copied += want;
    if (skb.scm) {
      msg.ends = 1;
      unix_detach_fds(skb, flags);
    }
    if (flags & Msg.PEEK) {
      skb = skb_queue_next(queue, skb);
      continue;
    }
    skb.seq += want;
    if (skb.seq < skb.len) break;
    skb_unlink(skb, queue);
    kfree_skb(skb);
    skb = skb_peek(queue);
  }
  return copied;
}

/**
 * Receives from a UNIX stream.
 *
 * @returns  bytes, 0 at the end, -errno or SLEEPING. @kernel unix_stream_read_generic(), net/unix/af_unix.c
 */
export function unix_stream_recvmsg(sock: Socket, iter: IovIter, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.unix_stream_read_generic, changetype<usize>(sk), <usize>iter.count, flags);
  let result = unix_stream_read(sk, iter, flags);
  net().msg.pid = 0;
  return leave(result);
}

/** The part of unix_stream_recvmsg() that does it. */
function unix_stream_read(sk: Sock, iter: IovIter, flags: u32): i64 {
  if (sk.skc_state != TcpState.ESTABLISHED || flags & Msg.OOB) return -Errno.EINVAL;
  let before = <i64>current().done;
  let target = sock_rcvlowat(sk, (flags & Msg.WAITALL) != 0, iter.count + <u64>before);
  if (!iter.count && !sk.sk_receive_queue.list.empty) {
    let skb = skb_peek(sk.sk_receive_queue)!;
    unix_tell_name(skb);
    unix_scm_recv(sk, skb, flags);
    return 0;
  }
  let n = read_arrived(sk, iter, flags, before != 0);
  if (n < 0) return before ? before : n;
  let copied = before + n;
  if (copied >= <i64>target || (copied && flags & Msg.PEEK) || (copied && net().msg.ends)) return copied;
  let err = nothing_there(sk, flags);
  if (!err && !copied && sk.sk_flags & SockFlags.PASSCRED) scm_put_no_creds();
  if (err <= 0) return copied ? copied : err;
  let result = sk_wait_more(sk, sock_rcvtimeo(sk), copied);
  if (result == SLEEPING) current().kept = net().msg.pid;
  return result;
}
