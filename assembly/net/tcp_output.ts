import { pages_for, skb_split } from "./skb_data";
import {
  MAX_TCP_HEADER,
  alloc_skb,
  skb_clone,
  skb_peek,
  skb_queue_after,
  skb_queue_next,
  skb_reserve,
  skb_shinfo,
} from "./skbuff";
import { NSEC_PER_MSEC, NSEC_PER_SEC } from "../include/time";
import { Sock, SockFlags } from "../include/sock";
import { SkBuff } from "../include/skbuff";
import { TCP_HEADER_SIZE, TcpFlags, TcpState, Tcphdr, after } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { dev_queue_xmit } from "./dev";
import { get_random_u32 } from "../lib/random";
import { hrtimer_cancel, hrtimer_start, ktime_get } from "../kernel/time";
import { net } from "./net";
import { tcp_point_at_urgent } from "./tcp_urgent";

/** Shortest time after which a segment without an answer is sent again. Unit: ns. @kernel TCP_RTO_MIN */
export const TCP_RTO_MIN: u64 = 200 * NSEC_PER_MSEC;
/** Time after which a SYN without an answer is sent again. Unit: ns. @kernel TCP_TIMEOUT_INIT, include/net/tcp.h */
export const TCP_TIMEOUT_INIT: u64 = NSEC_PER_SEC;
/** So many times a SYN is sent again at the same distance, before that is doubled: tcp_syn_linear_timeouts. */
export const TCP_SYN_LINEAR_TIMEOUTS: u32 = 4;
/** Longest time between two attempts. Unit: ns. @kernel TCP_RTO_MAX, include/net/tcp.h */
export const TCP_RTO_MAX: u64 = 120 * NSEC_PER_SEC;
/** How long a small segment is held back by MSG_MORE at most. Unit: ns. */
const CORK_TIME: u64 = 200 * NSEC_PER_MSEC;
/** Memory that a sent sk_buff is charged for, besides its data. Unit: bytes. */
export const TCP_SKB_TRUESIZE: u32 = 1280;

/**
 * Length up to which an sk_buff of the write queue is filled: a segment, or what the device cuts into segments. Unit: bytes.
 *
 * Differs from Linux: whole frames instead of whole segments; only the card sees where it cuts.
 *
 * @kernel tcp_xmit_size_goal(), net/ipv4/tcp.c
 */
export function tcp_size_goal(sk: Sock): u32 {
  return max<u32>(sk.mss_cache, sk.skc_dev!.gso_max_size);
}

/** True while something was sent that is not acknowledged. */
export function tcp_packets_in_flight(sk: Sock): bool {
  return sk.snd_una != sk.snd_nxt;
}

/** Sets the timer for what is in flight; stops it if nothing is. @kernel tcp_rearm_rto(), net/ipv4/tcp_input.c */
export function tcp_rearm_rto(sk: Sock): void {
  if (!tcp_packets_in_flight(sk) && !(sk.sk_flags & SockFlags.ACK_PENDING)) {
    hrtimer_cancel(sk.sk_timer);
    return;
  }
  hrtimer_start(sk.sk_timer, ktime_get() + tcp_timeout(sk));
}

/** How long to wait for an answer before the next attempt. Unit: ns. */
function tcp_timeout(sk: Sock): u64 {
  let doublings: u32 = sk.icsk_retransmits;
  let first = TCP_RTO_MIN;
  if (sk.skc_state == TcpState.SYN_SENT || sk.skc_state == TcpState.SYN_RECV) first = TCP_TIMEOUT_INIT;
  if (sk.skc_state == TcpState.SYN_SENT) doublings = max(doublings, TCP_SYN_LINEAR_TIMEOUTS) - TCP_SYN_LINEAR_TIMEOUTS;
  return min(first << min<u64>(doublings, 10), TCP_RTO_MAX);
}

/** Sets the timer unless it runs already. */
function arm_timer(sk: Sock): void {
  if (!sk.sk_timer_queued) tcp_rearm_rto(sk);
}

/** What is free of the receive window. Unit: bytes. @kernel tcp_receive_window(), include/net/tcp.h */
export function tcp_receive_window(sk: Sock): u32 {
  return <u32>max<i32>(<i32>(sk.rcv_wup + sk.rcv_wnd - sk.rcv_nxt), 0);
}

/**
 * The window that could be announced: half of the receive buffer, less what was not yet read; nothing if that is little.
 *
 * @kernel __tcp_select_window(), net/ipv4/tcp_output.c
 */
export function __tcp_select_window(sk: Sock): u32 {
  let full = <u32>(sk.sk_rcvbuf >> 1);
  let unread = sk.rcv_nxt - sk.copied_seq;
  if (unread >= full) return 0;
  let free = full - unread;
  return free < full >> 4 ? 0 : free;
}

/** The window to announce: never less than what was promised. @kernel tcp_select_window(), net/ipv4/tcp_output.c */
function tcp_select_window(sk: Sock): u32 {
  sk.rcv_wnd = max(tcp_receive_window(sk), __tcp_select_window(sk));
  sk.rcv_wup = sk.rcv_nxt;
  return sk.rcv_wnd;
}

/** Puts a packet on its way. @kernel __ip_queue_xmit(), net/ipv4/ip_output.c */
export function ip_queue_xmit(skb: SkBuff): void {
  enter(Tp.ip_queue_xmit, changetype<usize>(skb), changetype<usize>(skb.dev), skb.len);
  dev_queue_xmit(skb);
  leave(0);
}

/** The room for a header in front of a packet's data. */
export function tcp_push_header(skb: SkBuff): Tcphdr {
  skb.transport_header = skb.data - TCP_HEADER_SIZE;
  return changetype<Tcphdr>(skb.transport_header);
}

/** Sends an sk_buff, which is used up, with a header that says where the connection stands. */
function tcp_transmit(sk: Sock, skb: SkBuff, seq: u32, flags: u32): void {
  enter(Tp.__tcp_transmit_skb, changetype<usize>(sk), changetype<usize>(skb), seq);
  let th = tcp_push_header(skb);
  th.saddr_head = sk.skc_rcv_saddr_head;
  th.saddr_tail = sk.skc_rcv_saddr_tail;
  th.daddr_head = sk.skc_daddr_head;
  th.daddr_tail = sk.skc_daddr_tail;
  th.source = sk.inet_sport;
  th.dest = sk.skc_dport;
  th.seq = seq;
  th.flags = <u16>flags;
  th.ack_seq = flags & TcpFlags.ACK ? sk.rcv_nxt : 0;
  th.mss = flags & TcpFlags.SYN ? <u16>sk.skc_dev!.mss : 0;
  th.window = flags & TcpFlags.RST ? 0 : tcp_select_window(sk);
  th.len = <u16>skb.len;
  tcp_point_at_urgent(sk, th, seq);
  skb.dev = sk.skc_dev;
  if (flags & TcpFlags.ACK) sk.sk_flags &= ~SockFlags.ACK_PENDING;
  ip_queue_xmit(skb);
  leave(0);
}

/** Sends a segment without data. @returns whether there was memory for it. */
function tcp_transmit_control(sk: Sock, seq: u32, flags: u32): bool {
  let skb = alloc_skb(MAX_TCP_HEADER, 0);
  if (!skb) return false;
  skb_reserve(skb, MAX_TCP_HEADER);
  tcp_transmit(sk, skb, seq, flags);
  return true;
}

/** Acknowledges what has come; if there is no memory for that now, soon. @kernel tcp_send_ack(), net/ipv4/tcp_output.c */
export function tcp_send_ack(sk: Sock): void {
  if (sk.skc_state == TcpState.CLOSE) return;
  enter(Tp.tcp_send_ack, changetype<usize>(sk), sk.rcv_nxt, 0);
  if (!tcp_transmit_control(sk, sk.snd_nxt, TcpFlags.ACK)) {
    sk.sk_flags |= SockFlags.ACK_PENDING;
    arm_timer(sk);
  }
  leave(0);
}

/** Tells the other side that the connection is gone. @kernel tcp_send_active_reset(), net/ipv4/tcp_output.c */
export function tcp_send_active_reset(sk: Sock): void {
  enter(Tp.tcp_send_active_reset, changetype<usize>(sk), 0, 0);
  tcp_transmit_control(sk, sk.snd_nxt, TcpFlags.RST | TcpFlags.ACK);
  leave(0);
}

/** Sends the first segment of a connection, or sends it again. */
export function tcp_send_syn(sk: Sock): void {
  sk.snd_nxt = sk.snd_una + 1;
  tcp_transmit_control(sk, sk.snd_una, TcpFlags.SYN);
  tcp_rearm_rto(sk);
}

/** Answers a SYN that crossed this side's own, or answers it again. @kernel tcp_send_synack() */
export function tcp_send_synack(sk: Sock): void {
  tcp_transmit_control(sk, sk.snd_una, TcpFlags.SYN | TcpFlags.ACK);
  tcp_rearm_rto(sk);
}

/** Begins a connection: its numbers are chosen and the SYN is sent. @kernel tcp_connect(), net/ipv4/tcp_output.c */
export function tcp_connect(sk: Sock): void {
  enter(Tp.tcp_connect, changetype<usize>(sk), sk.skc_num, sk.skc_dport);
  let isn = get_random_u32();
  sk.snd_una = isn;
  sk.snd_sml = isn;
  sk.write_seq = isn + 1;
  sk.rcv_nxt = 0;
  sk.copied_seq = 0;
  sk.rcv_wup = 0;
  sk.rcv_wnd = 0;
  sk.snd_wnd = 0;
  sk.max_window = 0;
  sk.mss_cache = <u16>sk.skc_dev!.mss;
  sk.icsk_retransmits = 0;
  sk.sk_err = 0;
  sk.sk_flags &= ~SockFlags.DONE;
  tcp_send_syn(sk);
  leave(0);
}

/** True if a small segment should wait for more (Nagle's algorithm). @kernel tcp_nagle_check() */
function tcp_nagle_check(sk: Sock, skb: SkBuff): bool {
  if (sk.sk_flags & (SockFlags.PUSH_PENDING | SockFlags.FIN_QUEUED)) return false;
  if (!sk.sk_write_queue.list.is_last(skb.list)) return false;
  if (sk.sk_flags & SockFlags.CORK) return skb.len < tcp_size_goal(sk);
  if (skb.len >= sk.mss_cache || sk.sk_flags & SockFlags.NODELAY) return false;
  return tcp_packets_in_flight(sk) && after(sk.snd_sml, sk.snd_una) && !after(sk.snd_sml, sk.snd_nxt);
}

/**
 * Shortens an unsent sk_buff to `len` bytes; the rest follows it in the queue.
 *
 * @returns  whether there was memory. @kernel tcp_fragment(), net/ipv4/tcp_output.c
 */
function tcp_fragment(sk: Sock, skb: SkBuff, len: u32): bool {
  let linear = skb.len - skb.data_len;
  // What was spliced lies in pieces that may be much smaller than pages.
  let pieces = max<u32>(pages_for(skb.data_len) + 1, skb_shinfo(skb).nr_frags);
  let rest = alloc_skb(MAX_TCP_HEADER + (len < linear ? linear - len : 0), pieces);
  if (!rest) return false;
  skb_reserve(rest, MAX_TCP_HEADER);
  skb_split(skb, rest, len);
  rest.seq = skb.seq + len;
  rest.end_seq = skb.end_seq;
  skb.end_seq = rest.seq;
  skb.truesize -= rest.len;
  rest.truesize = TCP_SKB_TRUESIZE + rest.len;
  rest.sk = sk;
  sk.sk_wmem_alloc += TCP_SKB_TRUESIZE;
  skb_queue_after(sk.sk_write_queue, skb, rest);
  return true;
}

/**
 * How much of an sk_buff may be sent now. Small parts are sent only if nothing is in flight: the receiver would have to
 * open its window bit by bit otherwise (the silly window syndrome).
 */
function sendable(sk: Sock, skb: SkBuff): u32 {
  let room = <i32>(sk.snd_una + sk.snd_wnd - skb.seq);
  if (room <= 0) return 0;
  let segment: u32 = sk.mss_cache;
  let size = min(skb.len, tcp_size_goal(sk));
  if (<u32>room >= size) return size;
  if (<u32>room >= segment) return <u32>room - (<u32>room % segment);
  return !tcp_packets_in_flight(sk) || <u32>room >= sk.max_window >> 1 ? <u32>room : 0;
}

/** Sends one sk_buff of the write queue; a clone goes on its way, so that it can be sent again. */
function tcp_transmit_skb(sk: Sock, skb: SkBuff): bool {
  let clone = skb_clone(skb);
  if (!clone) return false;
  let last = skb.end_seq + 1 == sk.write_seq && sk.sk_flags & SockFlags.FIN_QUEUED;
  let flags = TcpFlags.ACK | TcpFlags.PSH | (last ? TcpFlags.FIN : 0);
  if (skb.sent++) net().retrans_segs++;
  if (skb.len < sk.mss_cache) sk.snd_sml = skb.end_seq;
  let end = skb.end_seq + (last ? 1 : 0);
  sk.snd_nxt = end;
  tcp_transmit(sk, clone, skb.seq, flags);
  return true;
}

/**
 * Sends what the window and Nagle's algorithm allow.
 *
 * Differs from Linux: there is no congestion window; the links lose nothing but for want of memory.
 *
 * @kernel tcp_write_xmit(), net/ipv4/tcp_output.c
 */
export function tcp_write_xmit(sk: Sock): void {
  if (!sk.sk_send_head && !tcp_fin_is_due(sk)) return;
  enter(Tp.tcp_write_xmit, changetype<usize>(sk), sk.write_seq - sk.snd_nxt, 0);
  for (let skb = sk.sk_send_head; skb; skb = sk.sk_send_head) {
    let size = sendable(sk, skb);
    if (!size || tcp_nagle_check(sk, skb)) break;
    if (size < skb.len && !tcp_fragment(sk, skb, size)) break;
    if (!tcp_transmit_skb(sk, skb)) {
      hrtimer_start(sk.sk_timer, ktime_get() + TCP_RTO_MIN);
      break;
    }
    sk.sk_send_head = skb_queue_next(sk.sk_write_queue, skb);
  }
  if (!sk.sk_send_head) sk.sk_flags &= ~SockFlags.PUSH_PENDING;
  if (tcp_fin_is_due(sk)) {
    sk.snd_nxt = sk.write_seq;
    tcp_transmit_control(sk, sk.write_seq - 1, TcpFlags.FIN | TcpFlags.ACK);
  }
  if (tcp_packets_in_flight(sk)) arm_timer(sk);
  leave(0);
}

/** True if all data was sent and the FIN is next. */
function tcp_fin_is_due(sk: Sock): bool {
  return (sk.sk_flags & SockFlags.FIN_QUEUED) != 0 && !sk.sk_send_head && sk.snd_nxt == sk.write_seq - 1;
}

/**
 * Sends what was written, unless it is little and more is to come.
 *
 * @param more  true: the program has said that more is to come. @kernel tcp_push(), net/ipv4/tcp.c
 */
export function tcp_push(sk: Sock, more: bool): void {
  let flags = sk.sk_flags;
  if (more) sk.sk_flags |= SockFlags.CORK;
  tcp_write_xmit(sk);
  sk.sk_flags = (sk.sk_flags & ~SockFlags.CORK) | (flags & SockFlags.CORK);
  if (sk.sk_send_head && !sk.sk_timer_queued && sk.snd_wnd) hrtimer_start(sk.sk_timer, ktime_get() + CORK_TIME);
}

/** Appends the end of the stream and sends what can be sent. @kernel tcp_send_fin(), net/ipv4/tcp_output.c */
export function tcp_send_fin(sk: Sock): void {
  enter(Tp.tcp_send_fin, changetype<usize>(sk), sk.write_seq, 0);
  sk.sk_flags |= SockFlags.FIN_QUEUED;
  sk.write_seq++;
  tcp_write_xmit(sk);
  leave(0);
}

/** Sends everything again that was not acknowledged. @kernel tcp_retransmit_timer(), net/ipv4/tcp_timer.c */
export function tcp_retransmit(sk: Sock): void {
  enter(Tp.tcp_retransmit_skb, changetype<usize>(sk), sk.snd_una, sk.icsk_retransmits);
  sk.sk_send_head = skb_peek(sk.sk_write_queue);
  sk.snd_nxt = sk.snd_una;
  tcp_write_xmit(sk);
  leave(0);
}
