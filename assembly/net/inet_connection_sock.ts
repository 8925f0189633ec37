import { sock_rcvtimeo } from "./sock_options";
import { Errno } from "../include/errno";
import { NSEC_PER_SEC } from "../include/time";
import { RequestSock, RequestSockQueue } from "../include/inet_sock";
import { Sock } from "../include/sock";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave, trace } from "../include/trace";
import { current } from "../kernel/sched";
import { hrtimer_cancel, hrtimer_start, ktime_get } from "../kernel/time";
import { inet_csk_get_port, inet_put_port } from "./inet_bind";
import { inet_ehash_insert, inet_ehash_remove, inet_listen_hash, inet_unhash } from "./inet_hashtables";
import { kmem_cache_free, kzalloc } from "../mm/slab";
import { net } from "./net";
import { no_wait, sk_wait, sock_hold, sock_orphan, sock_put, sock_timed_out } from "./sock";
import { tcp_disconnect, tcp_write_queue_purge } from "./tcp";
import { skb_queue_purge } from "./skbuff";
import { tcp_forget_urgent } from "./tcp_urgent";

/*
 * How a connection comes to accept():
 *
 *   SYN ---> RequestSock in the table of connections, answered; the listening sock counts it in qlen
 *   ACK ---> Sock of the new connection made (RequestSock.sk), the request moved to the accept queue:
 *
 *      listener: rskq_accept_head ---> RequestSock --dl_next--> RequestSock --dl_next--> null
 *                                         | sk                      | sk
 *                                         v                         v
 *                                        Sock                      Sock
 *
 *   accept() takes the first request, frees it, and joins its Sock with the new Socket.
 */

/** The requests of a sock that listens, or has listened. */
function accept_queue(sk: Sock): RequestSockQueue {
  return sk.icsk_accept_queue!;
}

/** Number of connections that wait to be accepted. */
export function sk_ack_backlog(sk: Sock): u32 {
  let queue = sk.icsk_accept_queue;
  return queue ? queue.sk_ack_backlog : 0;
}

/** True if no more connections may wait to be accepted. @kernel sk_acceptq_is_full(), include/net/sock.h */
export function sk_acceptq_is_full(sk: Sock): bool {
  return accept_queue(sk).sk_ack_backlog > sk.sk_max_ack_backlog;
}

/** True if no more requests may be under way. @kernel inet_csk_reqsk_queue_is_full() */
export function inet_csk_reqsk_queue_is_full(sk: Sock): bool {
  return accept_queue(sk).qlen > sk.sk_max_ack_backlog;
}

/** Lets a request be found, and its answer be repeated. @kernel inet_csk_reqsk_queue_hash_add() */
export function inet_csk_reqsk_queue_hash_add(sk: Sock, req: RequestSock): void {
  inet_ehash_insert(req.skc);
  accept_queue(sk).qlen++;
  hrtimer_start(req.rsk_timer, ktime_get() + NSEC_PER_SEC);
}

/** Gives a request up that has not become a connection. @kernel inet_csk_reqsk_queue_drop() */
export function inet_csk_reqsk_queue_drop(req: RequestSock): void {
  reqsk_queue_unlink(req);
  reqsk_free(req);
}

/** Takes a request out of the table of connections: it is one now, or none. @kernel reqsk_queue_unlink() */
export function reqsk_queue_unlink(req: RequestSock): void {
  hrtimer_cancel(req.rsk_timer);
  inet_ehash_remove(req.skc);
  accept_queue(req.rsk_listener).qlen--;
}

/** Frees a request, which holds on to its listening socket. @kernel reqsk_free(), include/net/request_sock.h */
export function reqsk_free(req: RequestSock): void {
  sock_put(req.rsk_listener);
  kmem_cache_free(net().request_sock_cachep, changetype<usize>(req));
}

/** Appends a finished request to the accept queue. @kernel inet_csk_reqsk_queue_add() */
export function inet_csk_reqsk_queue_add(sk: Sock, req: RequestSock, child: Sock): void {
  req.sk = child;
  req.dl_next = null;
  let queue = accept_queue(sk);
  let tail = queue.rskq_accept_tail;
  if (tail) tail.dl_next = req;
  else queue.rskq_accept_head = req;
  queue.rskq_accept_tail = req;
  queue.sk_ack_backlog++;
  trace(Tp.inet_csk_reqsk_queue_add, changetype<usize>(sk), changetype<usize>(req), changetype<usize>(child));
}

/** Takes the oldest request off the accept queue, which is not empty. @kernel reqsk_queue_remove() */
function reqsk_queue_remove(sk: Sock): RequestSock {
  let queue = accept_queue(sk);
  let req = queue.rskq_accept_head!;
  queue.rskq_accept_head = req.dl_next;
  if (!req.dl_next) queue.rskq_accept_tail = null;
  queue.sk_ack_backlog--;
  trace(Tp.reqsk_queue_remove, changetype<usize>(sk), changetype<usize>(req), changetype<usize>(req.sk));
  return req;
}

/**
 * Takes the oldest connection off the accept queue; waits for one if there is none.
 *
 * @returns  the connection's Sock, as a number; -errno or SLEEPING.
 * @kernel inet_csk_accept(), net/ipv4/inet_connection_sock.c
 */
export function inet_csk_accept(sk: Sock, flags: u32): i64 {
  enter(Tp.inet_csk_accept, changetype<usize>(sk), sk_ack_backlog(sk), 0);
  if (sk.skc_state != TcpState.LISTEN) return leave<i64>(-Errno.EINVAL);
  if (!sk_ack_backlog(sk)) {
    if (no_wait(flags) || (current().restarting && sock_timed_out())) return leave<i64>(-Errno.EAGAIN);
    return leave(sk_wait(sk, sock_rcvtimeo(sk), true));
  }
  let req = reqsk_queue_remove(sk);
  let newsk = req.sk!;
  reqsk_free(req);
  return leave<i64>(changetype<usize>(newsk));
}

/**
 * Begins to listen.
 *
 * @returns  0, -EADDRINUSE or -ENOMEM.
 * @kernel inet_csk_listen_start(), net/ipv4/inet_connection_sock.c
 */
export function inet_csk_listen_start(sk: Sock): i32 {
  enter(Tp.inet_csk_listen_start, changetype<usize>(sk), sk.sk_max_ack_backlog, 0);
  if (!sk.icsk_accept_queue) {
    let queue = kzalloc(offsetof<RequestSockQueue>());
    if (!queue) return leave(-Errno.ENOMEM);
    sk.icsk_accept_queue = changetype<RequestSockQueue>(queue);
  }
  sk.skc_state = TcpState.LISTEN;
  let err = inet_csk_get_port(sk, sk.skc_num);
  if (err) {
    sk.skc_state = TcpState.CLOSE;
    return leave(err);
  }
  sk.inet_sport = sk.skc_num;
  inet_listen_hash(sk);
  return leave(0);
}

/** Resets every connection that was not accepted, and gives every request up. @kernel inet_csk_listen_stop() */
export function inet_csk_listen_stop(sk: Sock): void {
  enter(Tp.inet_csk_listen_stop, changetype<usize>(sk), sk_ack_backlog(sk), 0);
  while (sk_ack_backlog(sk)) {
    let req = reqsk_queue_remove(sk);
    let child = req.sk!;
    reqsk_free(req);
    sock_hold(child);
    tcp_disconnect(child);
    sock_orphan(child);
    inet_csk_destroy_sock(child);
    sock_put(child);
  }
  leave(0);
}

/** Takes a closed sock apart that nobody uses any more. @kernel inet_csk_destroy_sock() */
export function inet_csk_destroy_sock(sk: Sock): void {
  enter(Tp.inet_csk_destroy_sock, changetype<usize>(sk), 0, 0);
  assert(sk.skc_state == TcpState.CLOSE, "a connection is taken apart that is not closed");
  hrtimer_cancel(sk.sk_timer);
  tcp_write_queue_purge(sk);
  skb_queue_purge(sk.sk_receive_queue);
  tcp_forget_urgent(sk);
  inet_unhash(sk);
  inet_put_port(sk);
  sock_put(sk);
  leave(0);
}
