import { Errno } from "../include/errno";
import { Poll } from "../include/fs";
import { Sock, SockFlags } from "../include/sock";
import { UnixSock, unix_sk } from "../include/un";
import { WaitQueueEntry } from "../include/wait";
import {
  add_wait_queue,
  init_waitqueue_func_entry,
  remove_wait_queue,
  wake_up_all,
  wake_up_poll,
} from "../kernel/wait";
import { sk_error_report, sock_hold } from "./sock";
import { skb_queue_purge } from "./skbuff";

/*
 * To whom messages go. Several sockets may be connected to one; while that has no room, each of them that was asked
 * whether it can be written to hangs in its peer_wait, and passes on what it hears there to those who wait for itself:
 *
 *      UnixSock.peer_wait of the receiver ---> peer_wake of a sender ---> the sender's Socket.wait
 */

/** True if no more messages or connections may wait. @kernel unix_recvq_full(), net/unix/af_unix.c */
export function unix_recvq_full(sk: Sock): bool {
  return sk.sk_receive_queue.qlen > sk.sk_max_ack_backlog;
}

/** True if a socket takes messages from another one: it is connected to nobody, or to that. @kernel unix_may_send() */
export function unix_may_send(sk: Sock, other: Sock): bool {
  let peer = unix_sk(other).peer;
  return !peer || peer === sk;
}

/** Sets the place in other sockets' queues up. */
export function unix_peer_wake_init(u: UnixSock): void {
  init_waitqueue_func_entry(u.peer_wake, unix_dgram_peer_wake_relay.index);
  u.peer_wake.entry.init();
}

/** The receiver has room: who waits for the sender is told. @kernel unix_dgram_peer_wake_relay() */
function unix_dgram_peer_wake_relay(entry: WaitQueueEntry, mode: u32, flags: u32, key: u32): i32 {
  let u = UnixSock.of_peer_wake(entry);
  let on = u.peer_wake_on;
  remove_wait_queue(unix_sk(on!).peer_wait, entry);
  u.peer_wake_on = null;
  let wq = u.sk.sk_wq;
  if (wq) wake_up_poll(wq, key);
  return 0;
}

/** Hangs a sender into the queue of its receiver. @returns whether it was on none. @kernel unix_dgram_peer_wake_connect() */
function unix_dgram_peer_wake_connect(sk: Sock, other: Sock): bool {
  let u = unix_sk(sk);
  if (u.peer_wake_on) return false;
  u.peer_wake_on = other;
  add_wait_queue(unix_sk(other).peer_wait, u.peer_wake);
  return true;
}

/** Takes a sender out of the queue of a receiver. @returns whether it was there. */
export function unix_dgram_peer_wake_disconnect(sk: Sock, other: Sock): bool {
  let u = unix_sk(sk);
  if (u.peer_wake_on !== other) return false;
  remove_wait_queue(unix_sk(other).peer_wait, u.peer_wake);
  u.peer_wake_on = null;
  return true;
}

/** As unix_dgram_peer_wake_disconnect(), and tells who waits for the sender, in any case: it can be written to. */
export function unix_dgram_peer_wake_disconnect_wakeup(sk: Sock, other: Sock): void {
  unix_dgram_peer_wake_disconnect(sk, other);
  let wq = sk.sk_wq;
  if (wq) wake_up_poll(wq, Poll.OUT | Poll.WRNORM | Poll.WRBAND);
}

/**
 * Asks to be told of room at the receiver.
 *
 * @returns  false if there is room already, or the receiver is gone. @kernel unix_dgram_peer_wake_me()
 */
export function unix_dgram_peer_wake_me(sk: Sock, other: Sock): bool {
  let connected = unix_dgram_peer_wake_connect(sk, other);
  if (unix_recvq_full(other) && !(other.sk_flags & SockFlags.DEAD)) return true;
  if (connected) unix_dgram_peer_wake_disconnect(sk, other);
  return false;
}

/** True if a sender has to wait for its receiver, whose messages come from others too. */
export function unix_dgram_peer_full(sk: Sock, other: Sock): bool {
  return other !== sk && unix_sk(other).peer !== sk && unix_recvq_full(other);
}

/** A socket is connected to another one than before: what has come from there is dropped. @kernel unix_dgram_disconnected() */
export function unix_dgram_disconnected(sk: Sock, other: Sock): void {
  if (sk.sk_receive_queue.list.empty) return;
  skb_queue_purge(sk.sk_receive_queue);
  wake_up_all(unix_sk(sk).peer_wait);
  if (other.sk_flags & SockFlags.DEAD || unix_sk(other).peer !== sk) return;
  other.sk_err = <i16>Errno.ECONNRESET;
  sk_error_report(other);
}

/** Lets the messages of a socket go to another one, or to none. @returns the former one, with its reference. */
export function unix_set_peer(sk: Sock, other: Sock | null): Sock | null {
  let u = unix_sk(sk);
  let old = u.peer;
  if (other) sock_hold(other);
  u.peer = other;
  return old;
}
