import { sock_rcvtimeo, sock_sndtimeo } from "./sock_options";
import { Errno } from "../include/errno";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { Socket, SocketState } from "../include/net";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { alloc_skb, kfree_skb, skb_dequeue, skb_queue_tail } from "./skbuff";
import { current, signal_pending } from "../kernel/sched";
import { finish_wait, wake_up, wake_up_all } from "../kernel/wait";
import { no_wait, sk_data_ready, sk_wait, sock_graft, sock_hold, sock_put, sock_timed_out, sock_wait_on } from "./sock";
import { sock_intr_errno } from "./sock";
import { skb_set_owner_w, unix_truesize } from "./unix_skb";
import { SLEEPING } from "../include/sched";
import { unix_create1 } from "./af_unix";
import { unix_autobind, unix_find_other, unix_validate_addr } from "./unix_addr";
import { unix_recvq_full } from "./unix_peer";
import { unix_sk } from "../include/un";

/*
 * A UNIX connection is made by connect() alone: it makes the Sock for the other end and puts it, as the sender of an
 * empty sk_buff, into the receive queue of the listening Sock. accept() takes it from there.
 */

/** Begins to listen. @returns 0 or -errno. @kernel unix_listen(), net/unix/af_unix.c */
export function unix_listen(sock: Socket, backlog: u32): i32 {
  let sk = sock.sk!;
  enter(Tp.unix_listen, changetype<usize>(sk), backlog, 0);
  if (!unix_sk(sk).addr) return leave(-Errno.EINVAL);
  if (sk.skc_state != TcpState.CLOSE && sk.skc_state != TcpState.LISTEN) return leave(-Errno.EINVAL);
  // There may be room now for those who wait to connect.
  if (backlog > sk.sk_max_ack_backlog) wake_up_all(unix_sk(sk).peer_wait);
  sk.sk_max_ack_backlog = <u16>backlog;
  sk.skc_state = TcpState.LISTEN;
  return leave(0);
}

/** Puts a new connection into the queue of a listening sock. @returns 0 or -ENOMEM. */
function make_connection(sock: Socket, sk: Sock, other: Sock): i32 {
  let newsk = unix_create1(null, sk.sk_type);
  if (!newsk) return -Errno.ENOMEM;
  let skb = alloc_skb(8, 0);
  if (!skb) {
    sock_put(newsk);
    return -Errno.ENOMEM;
  }
  skb.truesize = unix_truesize(1, 1);
  let name = unix_sk(other).addr;
  unix_sk(newsk).addr = name;
  if (name) name.refcnt++;
  newsk.sk_flags |= other.sk_flags & SockFlags.PASSCRED;
  newsk.skc_state = TcpState.ESTABLISHED;
  unix_sk(newsk).peer = sk;
  sock_hold(sk);
  unix_sk(sk).peer = newsk;
  sock_hold(newsk);
  sk.skc_state = TcpState.ESTABLISHED;
  sock.state = <u8>SocketState.CONNECTED;
  skb_set_owner_w(skb, newsk);
  skb_queue_tail(other.sk_receive_queue, skb);
  sk_data_ready(other);
  return 0;
}

/**
 * Waits until somebody accepts. The task holds on to the listening sock meanwhile, in TaskStruct.done: its queue must
 * stay when the socket is closed.
 *
 * @kernel unix_wait_for_peer(), net/unix/af_unix.c
 */
function unix_wait_for_peer(sk: Sock, other: Sock): i64 {
  sock_hold(other);
  current().done = changetype<usize>(other);
  let result = sock_wait_on(unix_sk(other).peer_wait, sock_sndtimeo(sk), true);
  return result == SLEEPING ? result : unix_stop_waiting(result);
}

/** The task has waited, or cannot wait: it gives up the listening sock that it held. @returns `result`. */
export function unix_stop_waiting(result: i64): i64 {
  let task = current();
  let other = changetype<Sock | null>(<usize>task.done);
  task.done = 0;
  if (!other) return result;
  finish_wait();
  sock_put(other);
  return result;
}

/** Connects to a name. @returns 0, -errno or SLEEPING. @kernel unix_stream_connect(), net/unix/af_unix.c */
export function unix_connect(sock: Socket, at: usize, len: u32, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.unix_stream_connect, changetype<usize>(sk), 0, 0);
  if (current().restarting) {
    unix_stop_waiting(0);
    if (signal_pending(current())) return leave<i64>(sock_intr_errno(sock_sndtimeo(sk) != 0));
  }
  let err = unix_validate_addr(at, len);
  if (err) return leave<i64>(err);
  if (sk.sk_flags & SockFlags.PASSCRED && !unix_sk(sk).addr && unix_autobind(sk)) return leave<i64>(-Errno.ENOMEM);
  let found = unix_find_other(sk, at, len);
  if (found < 0) return leave(found);
  let other = changetype<Sock>(<usize>found);
  if (other.skc_state != TcpState.LISTEN || other.sk_shutdown & ShutdownMask.RCV)
    return leave<i64>(-Errno.ECONNREFUSED);
  if (unix_recvq_full(other)) {
    if (no_wait(flags) || (current().restarting && sock_timed_out())) return leave<i64>(-Errno.EAGAIN);
    return leave(unix_wait_for_peer(sk, other));
  }
  if (sk.skc_state != TcpState.CLOSE) {
    return leave<i64>(sk.skc_state == TcpState.ESTABLISHED ? -Errno.EISCONN : -Errno.EINVAL);
  }
  return leave<i64>(make_connection(sock, sk, other));
}

/**
 * Takes the oldest connection out of the queue and joins it with a new socket.
 *
 * @returns  0, -errno or SLEEPING. @kernel unix_accept(), net/unix/af_unix.c
 */
export function unix_accept(sock: Socket, newsock: Socket, flags: u32): i64 {
  let sk = sock.sk!;
  enter(Tp.unix_accept, changetype<usize>(sk), 0, 0);
  if (sk.skc_state != TcpState.LISTEN) return leave<i64>(-Errno.EINVAL);
  let skb = skb_dequeue(sk.sk_receive_queue);
  if (!skb) {
    if (sk.sk_shutdown & ShutdownMask.RCV && !no_wait(flags)) return leave<i64>(-Errno.EINVAL);
    if (no_wait(flags) || (current().restarting && sock_timed_out())) return leave<i64>(-Errno.EAGAIN);
    return leave(sk_wait(sk, sock_rcvtimeo(sk), true));
  }
  let newsk = skb.sk!;
  kfree_skb(skb);
  wake_up(unix_sk(sk).peer_wait);
  newsock.state = <u8>SocketState.CONNECTED;
  sock_graft(newsk, newsock);
  return leave<i64>(0);
}
