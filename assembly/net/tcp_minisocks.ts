import { InetTimewaitSock, RequestSock } from "../include/inet_sock";
import { Sock, SockFlags } from "../include/sock";
import { SkBuff } from "../include/skbuff";
import { TcpFlags, TcpState, after, before } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { hrtimer_init } from "../kernel/time";
import {
  inet_csk_reqsk_queue_add,
  inet_csk_reqsk_queue_drop,
  reqsk_queue_unlink,
  sk_acceptq_is_full,
} from "./inet_connection_sock";
import { inet_ehash_insert } from "./inet_hashtables";
import { inet_inherit_port } from "./inet_bind";
import { inet_twsk_hashdance, inet_twsk_kill, inet_twsk_reschedule } from "./inet_timewait_sock";
import { kfree_skb } from "./skbuff";
import { net } from "./net";
import { sk_alloc, sk_data_ready, sock_hold, sock_init_data, sock_put } from "./sock";
import { sock_copy_options } from "./sock_options";
import { tcp_done } from "./tcp";
import { tcp_hdr } from "./tcp_input";
import { tcp_rcv_state_process } from "./tcp_states";
import { tcp_v4_send_reset, tcp_v4_send_synack, tcp_v4_timewait_ack } from "./tcp_reply";
import { tcp_write_timer } from "./tcp_timer";

/** Options that an accepted connection takes over from the socket that listened. */
const INHERITED: u32 =
  SockFlags.KEEPOPEN |
  SockFlags.LINGER |
  SockFlags.NODELAY |
  SockFlags.SNDBUF_LOCK |
  SockFlags.RCVBUF_LOCK |
  SockFlags.ZEROCOPY;

/**
 * Replaces a connection by its late end: enough to answer what still comes.
 *
 * @param substate  TcpState: TIME_WAIT, or FIN_WAIT2 if the other side has not ended yet.
 * @kernel tcp_time_wait(), net/ipv4/tcp_minisocks.c
 */
export function tcp_time_wait(sk: Sock, substate: u32): void {
  inet_twsk_hashdance(sk, substate);
  tcp_done(sk);
}

/** What is to be done with a packet for a late end. @kernel enum tcp_tw_status, include/net/tcp.h */
export enum TcpTwStatus {
  /** Nothing. */
  SUCCESS = 0,
  /** Tell the sender that the connection is gone. */
  RST = 1,
  /** Acknowledge it. */
  ACK = 2,
  /** It begins a new connection. */
  SYN = 3,
}

/**
 * A packet for a connection of which only the late end is left. That may be gone afterwards.
 *
 * @kernel tcp_timewait_state_process(), net/ipv4/tcp_minisocks.c
 */
export function tcp_timewait_state_process(tw: InetTimewaitSock, skb: SkBuff): TcpTwStatus {
  let th = tcp_hdr(skb);
  enter(Tp.tcp_timewait_state_process, changetype<usize>(tw), changetype<usize>(skb), tw.tw_substate);
  if (th.flags & TcpFlags.RST) {
    if (skb.seq == tw.tw_rcv_nxt) inet_twsk_kill(tw);
    return leave(TcpTwStatus.SUCCESS);
  }
  if (th.flags & TcpFlags.SYN && !(th.flags & TcpFlags.ACK) && after(skb.seq, tw.tw_rcv_nxt)) {
    inet_twsk_kill(tw);
    return leave(TcpTwStatus.SYN);
  }
  if (tw.tw_substate == TcpState.FIN_WAIT2 && !before(skb.seq, tw.tw_rcv_nxt)) {
    if (skb.len || th.flags & TcpFlags.SYN) {
      inet_twsk_kill(tw);
      return leave(TcpTwStatus.RST);
    }
    if (!(th.flags & TcpFlags.FIN)) return leave(TcpTwStatus.SUCCESS);
    tw.tw_substate = TcpState.TIME_WAIT;
    tw.tw_rcv_nxt = skb.end_seq;
    inet_twsk_reschedule(tw);
    return leave(TcpTwStatus.ACK);
  }
  if (skb.seq == tw.tw_rcv_nxt && skb.seq == skb.end_seq) return leave(TcpTwStatus.SUCCESS);
  inet_twsk_reschedule(tw);
  return leave(TcpTwStatus.ACK);
}

/** Answers a packet as tcp_timewait_state_process() said; the sk_buff stays the caller's. */
export function tcp_timewait_answer(tw: InetTimewaitSock, skb: SkBuff, status: TcpTwStatus): void {
  if (status == TcpTwStatus.RST) tcp_v4_send_reset(skb);
  else if (status == TcpTwStatus.ACK) tcp_v4_timewait_ack(skb, tw.tw_snd_nxt, tw.tw_rcv_nxt);
}

/** The connection that a request asks for; null when memory is exhausted. @kernel tcp_create_openreq_child() */
function tcp_create_openreq_child(listener: Sock, req: RequestSock): Sock | null {
  let child = sk_alloc(listener.skc_family, listener.sk_protocol);
  if (!child) return null;
  sock_init_data(null, child);
  if (!sock_copy_options(listener, child)) {
    sock_put(child);
    return null;
  }
  child.sk_type = listener.sk_type;
  child.sk_prot = listener.sk_prot;
  child.sk_write_space = listener.sk_write_space;
  child.sk_flags = listener.sk_flags & INHERITED;
  child.sk_shutdown = listener.sk_shutdown;
  child.sk_rcvbuf = listener.sk_rcvbuf;
  child.sk_sndbuf = listener.sk_sndbuf;
  child.sk_rcvlowat = listener.sk_rcvlowat;
  child.skc_state = TcpState.SYN_RECV;
  child.skc_reuse = listener.skc_reuse;
  child.skc_dport = req.skc_dport;
  child.skc_dev = req.skc_dev;
  child.skc_daddr_head = req.skc_daddr_head;
  child.skc_daddr_tail = req.skc_daddr_tail;
  child.skc_rcv_saddr_head = req.skc_rcv_saddr_head;
  child.skc_rcv_saddr_tail = req.skc_rcv_saddr_tail;
  child.rcv_nxt = req.rcv_isn + 1;
  child.copied_seq = child.rcv_nxt;
  child.rcv_wup = child.rcv_nxt;
  child.rcv_wnd = <u32>(listener.sk_rcvbuf >> 1);
  child.snd_una = req.snt_isn;
  child.snd_nxt = req.snt_isn + 1;
  child.snd_sml = child.snd_nxt;
  child.write_seq = child.snd_nxt;
  child.snd_wnd = req.snd_wnd;
  child.max_window = req.snd_wnd;
  child.mss_cache = <u16>req.mss;
  hrtimer_init(child.sk_timer, tcp_write_timer.index);
  return child;
}

/**
 * A packet for a request. If it ends the handshake, the connection is made and put in the accept queue.
 *
 * @returns  the new connection; null if there is none, and then the sk_buff stays the caller's.
 * @kernel tcp_check_req(), net/ipv4/tcp_minisocks.c
 */
export function tcp_check_req(listener: Sock, skb: SkBuff, req: RequestSock): Sock | null {
  enter(Tp.tcp_check_req, changetype<usize>(listener), changetype<usize>(req), 0);
  let th = tcp_hdr(skb);
  if (th.flags & TcpFlags.SYN && skb.seq == req.rcv_isn && !(th.flags & TcpFlags.ACK)) {
    tcp_v4_send_synack(listener, req);
    return leave<Sock | null>(null);
  }
  if (th.flags & TcpFlags.RST) {
    if (skb.seq == req.rcv_isn + 1) inet_csk_reqsk_queue_drop(req);
    return leave<Sock | null>(null);
  }
  if (!(th.flags & TcpFlags.ACK)) return leave<Sock | null>(null);
  if (th.ack_seq != req.snt_isn + 1) {
    tcp_v4_send_reset(skb);
    return leave<Sock | null>(null);
  }
  if (sk_acceptq_is_full(listener)) {
    net().listen_overflows++;
    net().listen_drops++;
    return leave<Sock | null>(null);
  }
  let child = tcp_create_openreq_child(listener, req);
  if (!child) {
    net().listen_drops++;
    return leave<Sock | null>(null);
  }
  inet_inherit_port(listener, child);
  reqsk_queue_unlink(req);
  inet_ehash_insert(child.skc);
  inet_csk_reqsk_queue_add(listener, req, child);
  return leave<Sock | null>(child);
}

/** Lets a new connection take in the packet that has finished its handshake. @kernel tcp_child_process() */
export function tcp_child_process(parent: Sock, child: Sock, skb: SkBuff): void {
  enter(Tp.tcp_child_process, changetype<usize>(parent), changetype<usize>(child), 0);
  sock_hold(child);
  if (tcp_rcv_state_process(child, skb)) {
    tcp_v4_send_reset(skb);
    kfree_skb(skb);
  }
  if (child.skc_state != TcpState.SYN_RECV) sk_data_ready(parent);
  sock_put(child);
  leave(0);
}
