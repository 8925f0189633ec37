import { InetTimewaitSock, RequestSock } from "../include/inet_sock";
import { Sock, SockCommon } from "../include/sock";
import { SkBuff } from "../include/skbuff";
import { TcpFlags, TcpState, Tcphdr } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { get_random_u32 } from "../lib/random";
import { hrtimer_init } from "../kernel/time";
import {
  inet_csk_reqsk_queue_drop,
  inet_csk_reqsk_queue_hash_add,
  inet_csk_reqsk_queue_is_full,
  sk_ack_backlog,
  sk_acceptq_is_full,
} from "./inet_connection_sock";
import { inet_lookup_established, inet_lookup_listener } from "./inet_hashtables";
import { jhash_3words } from "../lib/hash";
import { kfree_skb } from "./skbuff";
import { kmem_cache_zalloc } from "../mm/slab";
import { net } from "./net";
import { reqsk_timer_handler } from "./tcp_timer";
import { sock_hold, sock_put } from "./sock";
import {
  TcpTwStatus,
  tcp_check_req,
  tcp_child_process,
  tcp_timewait_answer,
  tcp_timewait_state_process,
} from "./tcp_minisocks";
import { tcp_hdr, tcp_rcv_established } from "./tcp_input";
import { tcp_rcv_state_process } from "./tcp_states";
import { tcp_v4_send_reset, tcp_v4_send_synack } from "./tcp_reply";

/** Seed of the hash that spreads connections over the sockets of one port. */
const REUSEPORT_SEED: u32 = 0x696f;

/** A request for a connection, as a SYN asks for it; null when memory is exhausted. @kernel inet_reqsk_alloc() */
function inet_reqsk_alloc(listener: Sock, skb: SkBuff): RequestSock | null {
  let req = changetype<RequestSock>(kmem_cache_zalloc(net().request_sock_cachep));
  if (!changetype<usize>(req)) return null;
  let th = tcp_hdr(skb);
  req.skc_state = TcpState.NEW_SYN_RECV;
  req.skc_family = listener.skc_family;
  req.skc_num = th.dest;
  req.skc_dport = th.source;
  req.skc_dev = skb.dev;
  req.skc_daddr_head = th.saddr_head;
  req.skc_daddr_tail = th.saddr_tail;
  req.skc_rcv_saddr_head = th.daddr_head;
  req.skc_rcv_saddr_tail = th.daddr_tail;
  req.rsk_listener = listener;
  req.rcv_isn = skb.seq;
  req.snt_isn = get_random_u32();
  req.snd_wnd = th.window;
  req.mss = min<u32>(th.mss, skb.dev!.mss);
  hrtimer_init(req.rsk_timer, reqsk_timer_handler.index);
  sock_hold(listener);
  return req;
}

/**
 * A SYN for a socket that listens: makes a request and answers, or drops it. The sk_buff stays the caller's.
 *
 * Differs from Linux: no SYN cookies.
 *
 * @kernel tcp_conn_request(), net/ipv4/tcp_input.c
 */
export function tcp_conn_request(sk: Sock, skb: SkBuff): void {
  enter(Tp.tcp_conn_request, changetype<usize>(sk), sk_ack_backlog(sk), sk.icsk_accept_queue!.qlen);
  let full = sk_acceptq_is_full(sk);
  let req: RequestSock | null = null;
  if (!full && !inet_csk_reqsk_queue_is_full(sk)) req = inet_reqsk_alloc(sk, skb);
  if (req) {
    inet_csk_reqsk_queue_hash_add(sk, req);
    tcp_v4_send_synack(sk, req);
  } else {
    if (full) net().listen_overflows++;
    net().listen_drops++;
  }
  leave(0);
}

/** Hands a packet to a sock. @kernel tcp_v4_do_rcv(), net/ipv4/tcp_ipv4.c */
function tcp_v4_do_rcv(sk: Sock, skb: SkBuff): void {
  sock_hold(sk);
  if (sk.skc_state == TcpState.ESTABLISHED) {
    tcp_rcv_established(sk, skb);
  } else if (tcp_rcv_state_process(sk, skb)) {
    tcp_v4_send_reset(skb);
    kfree_skb(skb);
  }
  sock_put(sk);
}

/** Notes the sequence numbers of a packet beside it. @kernel tcp_v4_fill_cb(), net/ipv4/tcp_ipv4.c */
function tcp_v4_fill_cb(skb: SkBuff, th: Tcphdr): void {
  skb.seq = th.seq;
  skb.tcp_flags = <u8>th.flags;
  skb.end_seq = th.seq + skb.len + (th.flags & TcpFlags.SYN ? 1 : 0) + (th.flags & TcpFlags.FIN ? 1 : 0);
}

/** The socket that listens where a packet goes to; null if none does. */
function lookup_listener(th: Tcphdr): Sock | null {
  let hash = jhash_3words((<u32>(th.saddr_tail >> 32)) ^ (<u32>th.saddr_head), th.source, th.dest, REUSEPORT_SEED);
  return inet_lookup_listener(th.daddr_head, th.daddr_tail, th.dest, hash);
}

/** A packet for a request for a connection. */
function tcp_v4_rcv_request(req: RequestSock, skb: SkBuff): void {
  let listener = req.rsk_listener;
  if (listener.skc_state != TcpState.LISTEN) {
    inet_csk_reqsk_queue_drop(req);
    tcp_v4_rcv_listener(skb);
    return;
  }
  sock_hold(listener);
  let child = tcp_check_req(listener, skb, req);
  if (child) tcp_child_process(listener, child, skb);
  else kfree_skb(skb);
  sock_put(listener);
}

/** A packet that belongs to no connection: for a socket that listens, or for nobody. */
function tcp_v4_rcv_listener(skb: SkBuff): void {
  let listener = lookup_listener(tcp_hdr(skb));
  if (listener) {
    tcp_v4_do_rcv(listener, skb);
  } else {
    tcp_v4_send_reset(skb);
    kfree_skb(skb);
  }
}

/** A packet for the late end of a connection. */
function tcp_v4_rcv_timewait(tw: InetTimewaitSock, skb: SkBuff): void {
  let status = tcp_timewait_state_process(tw, skb);
  if (status == TcpTwStatus.SYN) {
    tcp_v4_rcv_listener(skb);
    return;
  }
  tcp_timewait_answer(tw, skb, status);
  kfree_skb(skb);
}

/**
 * A packet of TCP has arrived, of either version of IP; it is used up.
 *
 * @kernel tcp_v4_rcv(), net/ipv4/tcp_ipv4.c; tcp_v6_rcv(), net/ipv6/tcp_ipv6.c
 */
export function tcp_v4_rcv(skb: SkBuff): void {
  let th = tcp_hdr(skb);
  enter(Tp.tcp_v4_rcv, changetype<usize>(skb), th.source, th.dest);
  tcp_v4_fill_cb(skb, th);
  let found: SockCommon | null = inet_lookup_established(
    skb.dev!,
    th.saddr_head,
    th.saddr_tail,
    th.source,
    th.daddr_head,
    th.daddr_tail,
    th.dest,
  );
  if (!found) tcp_v4_rcv_listener(skb);
  else if (found.state == TcpState.TIME_WAIT) tcp_v4_rcv_timewait(changetype<InetTimewaitSock>(found), skb);
  else if (found.state == TcpState.NEW_SYN_RECV) tcp_v4_rcv_request(changetype<RequestSock>(found), skb);
  else tcp_v4_do_rcv(changetype<Sock>(found), skb);
  leave(0);
}
