import { Errno } from "../include/errno";
import { IovIter } from "../include/uio";
import { Msg, SockType } from "../include/socket";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { Socket } from "../include/net";
import { SkBuff } from "../include/skbuff";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { current } from "../kernel/sched";
import { kfree_skb, skb_copy_datagram_iter, skb_peek, skb_queue_tail, skb_unlink } from "./skbuff";
import { no_wait, sk_data_ready, sk_wait, sock_error, sock_put, sock_timed_out } from "./sock";
import { sock_wait_for_wmem, unix_skb_from_iter } from "./unix_skb";

/** Longest message: what a packet's pieces can hold. Unit: bytes. */
const DGRAM_MAX: u64 = 65536;

/** True for sockets with a connection. */
function is_connected_kind(sk: Sock): bool {
  return sk.sk_type == SockType.SEQPACKET;
}

/** The socket that messages go to is gone. @returns -ECONNREFUSED. */
function peer_is_gone(sk: Sock, other: Sock): i32 {
  sk.unix_peer = null;
  sk.skc_state = TcpState.CLOSE;
  sock_put(other);
  return -Errno.ECONNREFUSED;
}

/** Sends one message to the socket at the other end. */
function send_message(sk: Sock, iter: IovIter, flags: u32): i64 {
  if (is_connected_kind(sk)) {
    let pending = sock_error(sk);
    if (pending) return pending;
    if (sk.skc_state != TcpState.ESTABLISHED) return -Errno.ENOTCONN;
  }
  let other = sk.unix_peer;
  if (!other) return -Errno.ENOTCONN;
  if (iter.count > min<u64>(sk.sk_sndbuf - 32, DGRAM_MAX)) return -Errno.EMSGSIZE;
  let wait = sock_wait_for_wmem(sk, flags);
  if (wait) return wait;
  let n = <u32>iter.count;
  let result = unix_skb_from_iter(sk, iter, n);
  if (result < 0) return result;
  let skb = changetype<SkBuff>(<usize>result);
  let err = 0;
  if (other.sk_flags & SockFlags.DEAD) err = is_connected_kind(sk) ? -Errno.EPIPE : peer_is_gone(sk, other);
  else if (other.sk_shutdown & ShutdownMask.RCV) err = -Errno.EPIPE;
  if (err) {
    kfree_skb(skb);
    return err;
  }
  skb_queue_tail(other.sk_receive_queue, skb);
  sk_data_ready(other);
  return n;
}

/** Sends one message. @returns bytes, -errno or SLEEPING. @kernel unix_dgram_sendmsg(), net/unix/af_unix.c */
export function unix_dgram_sendmsg(sock: Socket, iter: IovIter, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.unix_dgram_sendmsg, changetype<usize>(sk), <usize>iter.count, flags);
  return leave(send_message(sk, iter, flags));
}

/** What receiving answers when no message is there. @returns 0, -errno, or 1 if it should wait. */
function no_message(sk: Sock, flags: u32): i32 {
  let err = sock_error(sk);
  if (err) return err;
  if (is_connected_kind(sk) && sk.skc_state != TcpState.ESTABLISHED) return -Errno.ENOTCONN;
  let wait = !no_wait(flags) && !(current().restarting && sock_timed_out());
  if (sk.sk_shutdown & ShutdownMask.RCV && (wait || is_connected_kind(sk))) return 0;
  return wait ? 1 : -Errno.EAGAIN;
}

/** Receives one message; what does not fit the buffer is lost. */
function receive_message(sk: Sock, iter: IovIter, flags: u32): i64 {
  if (flags & Msg.OOB) return -Errno.EOPNOTSUPP;
  let skb = skb_peek(sk.sk_receive_queue);
  if (!skb) {
    let err = no_message(sk, flags);
    return err <= 0 ? err : sk_wait(sk, sk.sk_rcvtimeo, true);
  }
  let want = <u32>min<u64>(skb.len, iter.count);
  let copied = skb_copy_datagram_iter(skb, 0, iter, want);
  let length = skb.len;
  if (!(flags & Msg.PEEK)) {
    skb_unlink(skb, sk.sk_receive_queue);
    kfree_skb(skb);
  }
  if (copied < want) return -Errno.EFAULT;
  return flags & Msg.TRUNC ? length : copied;
}

/** Receives one message. @returns bytes, -errno or SLEEPING. @kernel unix_dgram_recvmsg(), net/unix/af_unix.c */
export function unix_dgram_recvmsg(sock: Socket, iter: IovIter, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.unix_dgram_recvmsg, changetype<usize>(sk), <usize>iter.count, flags);
  return leave(receive_message(sk, iter, flags));
}
