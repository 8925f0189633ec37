import { sock_rcvtimeo, sock_sndtimeo } from "./sock_options";
import { Errno } from "../include/errno";
import { IovIter } from "../include/uio";
import { Msg, SockType } from "../include/socket";
import { Poll } from "../include/fs";
import { SLEEPING } from "../include/sched";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { Socket } from "../include/net";
import { SkBuff } from "../include/skbuff";
import { TcpState } from "../include/tcp";
import { data_ready } from "../include/phase";
import { Tp, enter, leave } from "../include/trace";
import { current } from "../kernel/sched";
import { skb_copy_datagram_iter } from "./skb_data";
import { kfree_skb, skb_peek, skb_queue_tail, skb_unlink } from "./skbuff";
import { net } from "./net";
import { no_wait, sk_data_ready, sk_wait, sock_error, sock_hold, sock_put, sock_timed_out, sock_wait_on } from "./sock";
import { scm_destroy, scm_keep, scm_send } from "./scm";
import {
  sock_wait_for_wmem,
  unix_attach_scm,
  unix_maybe_add_creds,
  unix_scm_recv,
  unix_skb_from_iter,
} from "./unix_skb";
import { unix_autobind, unix_find_other, unix_tell_name, unix_validate_addr } from "./unix_addr";
import {
  unix_dgram_disconnected,
  unix_dgram_peer_full,
  unix_dgram_peer_wake_disconnect_wakeup,
  unix_dgram_peer_wake_me,
  unix_may_send,
} from "./unix_peer";
import { unix_sk } from "../include/un";
import { wake_up_interruptible_sync_poll, waitqueue_active } from "../kernel/wait";

/*
 * Messages: UNIX sockets of the types DGRAM and SEQPACKET. A call that waits for room at the receiver has made its packet
 * already: it is in TaskStruct.done, and the receiver, whose queue it waits on, in TaskStruct.kept.
 */

/** Longest message: what a packet's pieces can hold. Unit: bytes. */
const DGRAM_MAX: u64 = 65536;

/** True for sockets with a connection. */
function is_connected_kind(sk: Sock): bool {
  return sk.sk_type == SockType.SEQPACKET;
}

/** The socket that messages go to is gone. @returns -ECONNREFUSED. */
function peer_is_gone(sk: Sock, other: Sock): i32 {
  unix_sk(sk).peer = null;
  unix_dgram_peer_wake_disconnect_wakeup(sk, other);
  sk.skc_state = TcpState.CLOSE;
  unix_dgram_disconnected(sk, other);
  sock_put(other);
  return -Errno.ECONNREFUSED;
}

/** What can be said against sending before the message is looked at. @returns 0 or -errno. */
function check_send(sk: Sock, iter: IovIter, flags: u32): i32 {
  let msg = net().msg;
  if (flags & Msg.OOB) return -Errno.EOPNOTSUPP;
  if (msg.msg_namelen) {
    let err = unix_validate_addr(net().address, msg.msg_namelen);
    if (err) return err;
  }
  if (sk.sk_flags & SockFlags.PASSCRED && !unix_sk(sk).addr && unix_autobind(sk)) return -Errno.ENOMEM;
  return iter.count > min<u64>(sk.sk_sndbuf - 32, DGRAM_MAX) ? -Errno.EMSGSIZE : 0;
}

/** The packet of a message, with its control data. @returns it, as a number; -errno or SLEEPING. */
function make_packet(sk: Sock, iter: IovIter, flags: u32): i64 {
  let result: i64 = scm_send();
  if (result) return result;
  if (!current().restarting) result = check_send(sk, iter, flags);
  if (!result) result = sock_wait_for_wmem(sk, flags);
  if (result == SLEEPING) {
    scm_keep();
    return result;
  }
  if (!result) result = unix_skb_from_iter(sk, iter, <u32>iter.count);
  if (result > 0) unix_attach_scm(changetype<SkBuff>(<usize>result));
  else scm_destroy();
  return result;
}

/** Who is to receive: the socket of the name, or the one at the other end. @returns it, as a number, or -errno. */
function find_receiver(sk: Sock): i64 {
  let msg = net().msg;
  if (msg.msg_namelen) {
    let found = unix_find_other(sk, net().address, msg.msg_namelen);
    return found;
  }
  let other = unix_sk(sk).peer;
  if (!other) return -Errno.ENOTCONN;
  return changetype<usize>(other);
}

/** Whether a receiver takes the message. @returns 0, -errno, or 1 if the sender must wait. */
function check_receiver(sk: Sock, other: Sock, flags: u32): i32 {
  if (!unix_may_send(sk, other)) return -Errno.EPERM;
  if (other.sk_flags & SockFlags.DEAD) return is_connected_kind(sk) ? -Errno.EPIPE : peer_is_gone(sk, other);
  if (other.sk_shutdown & ShutdownMask.RCV) return -Errno.EPIPE;
  if (!unix_dgram_peer_full(sk, other)) return 0;
  if (!no_wait(flags) && !(current().restarting && sock_timed_out())) return 1;
  if (unix_sk(sk).peer !== other || unix_dgram_peer_wake_me(sk, other)) return -Errno.EAGAIN;
  return 0;
}

/** The receiver has no room: the task waits, and holds on to it and to the packet. */
function wait_for_receiver(sk: Sock, other: Sock, skb: SkBuff): i64 {
  let task = current();
  let result = sock_wait_on(unix_sk(other).peer_wait, sock_sndtimeo(sk), true);
  if (result != SLEEPING) return result;
  sock_hold(other);
  task.kept = changetype<usize>(other);
  task.done = changetype<usize>(skb);
  return result;
}

/** Gives the packet to its receiver. @returns its length, -errno or SLEEPING. */
function deliver(sk: Sock, skb: SkBuff, flags: u32): i64 {
  let result = find_receiver(sk);
  if (result > 0) {
    let other = changetype<Sock>(<usize>result);
    let n = skb.len;
    result = check_receiver(sk, other, flags);
    if (result > 0) result = wait_for_receiver(sk, other, skb);
    if (result == SLEEPING) return result;
    if (!result) {
      unix_maybe_add_creds(skb, sk, other);
      skb_queue_tail(other.sk_receive_queue, skb);
      data_ready(changetype<usize>(other), n);
      sk_data_ready(other);
      return n;
    }
  }
  kfree_skb(skb);
  return result;
}

/** Goes on with a call that has waited for its receiver. @returns the packet; null if it has not come so far. */
function waited_packet(): SkBuff | null {
  let task = current();
  if (!task.restarting || !task.done) return null;
  let skb = changetype<SkBuff>(<usize>task.done);
  sock_put(changetype<Sock>(task.kept));
  task.done = 0;
  task.kept = 0;
  return skb;
}

/** Sends one message. */
function send_message(sk: Sock, iter: IovIter, flags: u32): i64 {
  let waited = waited_packet();
  if (waited) return deliver(sk, waited, flags);
  if (is_connected_kind(sk) && !current().restarting) {
    let err = sock_error(sk);
    if (err) return err;
    if (sk.skc_state != TcpState.ESTABLISHED) return -Errno.ENOTCONN;
    // There is one place where messages can go to.
    net().msg.msg_namelen = 0;
  }
  let result = make_packet(sk, iter, flags);
  return result <= 0 ? result : deliver(sk, changetype<SkBuff>(<usize>result), flags);
}

/** Sends one message. @returns bytes, -errno or SLEEPING. @kernel unix_dgram_sendmsg(), net/unix/af_unix.c */
export function unix_dgram_sendmsg(sock: Socket, iter: IovIter, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.unix_dgram_sendmsg, changetype<usize>(sk), <usize>iter.count, flags);
  return leave(send_message(sk, iter, flags));
}

/** What receiving answers when no message is there. @returns 0, -errno, or 1 if it should wait. */
function no_message(sk: Sock, flags: u32): i32 {
  let wait = !no_wait(flags) && !(current().restarting && sock_timed_out());
  if (sk.sk_shutdown & ShutdownMask.RCV && (wait || is_connected_kind(sk))) return 0;
  return wait ? 1 : -Errno.EAGAIN;
}

/** Tells those who wait to send that there is room. */
function tell_of_room(sk: Sock): void {
  let wq = unix_sk(sk).peer_wait;
  if (waitqueue_active(wq)) wake_up_interruptible_sync_poll(wq, Poll.OUT | Poll.WRNORM | Poll.WRBAND);
}

/** Receives one message; what does not fit the buffer is lost. */
function receive_message(sk: Sock, iter: IovIter, flags: u32): i64 {
  // In the queue of one that listens there are connections, not messages.
  if (is_connected_kind(sk) && sk.skc_state != TcpState.ESTABLISHED) return -Errno.ENOTCONN;
  if (flags & Msg.OOB) return -Errno.EOPNOTSUPP;
  let pending = sock_error(sk);
  if (pending) return pending;
  let skb = skb_peek(sk.sk_receive_queue);
  if (!skb) {
    let err = no_message(sk, flags);
    return err <= 0 ? err : sk_wait(sk, sock_rcvtimeo(sk), true);
  }
  let length = skb.len;
  let want = <u32>min<u64>(length, iter.count);
  if (!(flags & Msg.PEEK)) {
    skb_unlink(skb, sk.sk_receive_queue);
    tell_of_room(sk);
  }
  unix_tell_name(skb);
  if (want < length) net().msg.msg_flags |= Msg.TRUNC;
  let copied = skb_copy_datagram_iter(skb, 0, iter, want);
  if (copied == want) unix_scm_recv(sk, skb, flags);
  if (!(flags & Msg.PEEK)) kfree_skb(skb);
  if (copied < want) return -Errno.EFAULT;
  return flags & Msg.TRUNC ? length : copied;
}

/** Receives one message. @returns bytes, -errno or SLEEPING. @kernel unix_dgram_recvmsg(), net/unix/af_unix.c */
export function unix_dgram_recvmsg(sock: Socket, iter: IovIter, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.unix_dgram_recvmsg, changetype<usize>(sk), <usize>iter.count, flags);
  return leave(receive_message(sk, iter, flags));
}
