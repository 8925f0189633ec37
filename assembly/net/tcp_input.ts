import { PollCode } from "../fs/fasync";
import { sk_wake_async } from "./sock";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { SocketFlags } from "../include/net";
import { Errno } from "../include/errno";
import { SkBuff } from "../include/skbuff";
import { TcpFlags, TcpState, Tcphdr, after, before } from "../include/tcp";
import { data_ready } from "../include/phase";
import { Tp, enter, leave } from "../include/trace";
import { kfree_skb, skb_peek, skb_queue_next, skb_queue_tail, skb_unlink } from "./skbuff";
import { net } from "./net";
import { sk_data_ready, sk_error_report, sk_state_change, skb_set_owner_r } from "./sock";
import { tcp_done, tcp_set_state, tcp_write_queue_purge } from "./tcp";
import { tcp_rearm_rto, tcp_receive_window, tcp_send_ack, tcp_write_xmit } from "./tcp_output";
import { tcp_time_wait } from "./tcp_minisocks";
import { tcp_urg, tcp_urgent_acked } from "./tcp_urgent";

/** The header of a packet. @kernel tcp_hdr(), include/linux/tcp.h */
export function tcp_hdr(skb: SkBuff): Tcphdr {
  return changetype<Tcphdr>(skb.transport_header);
}

/** True if enough has arrived for a reader. @kernel tcp_epollin_ready(), include/net/tcp.h */
export function tcp_epollin_ready(sk: Sock, target: i32): bool {
  let available = <i32>(sk.rcv_nxt - sk.copied_seq);
  return available > 0 && (available >= target || available >= sk.sk_rcvbuf >> 1 || !tcp_receive_window(sk));
}

/** Tells that data has arrived, if there is enough of it. @kernel tcp_data_ready(), net/ipv4/tcp_input.c */
function tcp_data_ready(sk: Sock): void {
  if (!tcp_epollin_ready(sk, sk.sk_rcvlowat) && !(sk.sk_flags & SockFlags.DONE)) return;
  let available = sk.rcv_nxt - sk.copied_seq;
  if (available) data_ready(changetype<usize>(sk), available);
  sk_data_ready(sk);
}

/** The connection was reset by the other side. @kernel tcp_reset(), net/ipv4/tcp_input.c */
export function tcp_reset(sk: Sock): void {
  enter(Tp.tcp_reset, changetype<usize>(sk), sk.skc_state, 0);
  let err = Errno.ECONNRESET;
  if (sk.skc_state == TcpState.SYN_SENT) err = Errno.ECONNREFUSED;
  else if (sk.skc_state == TcpState.CLOSE_WAIT) err = Errno.EPIPE;
  if (sk.skc_state != TcpState.CLOSE) tcp_done_with_error(sk, err);
  leave(0);
}

/** Ends a connection with an error. @kernel tcp_done_with_error(), net/ipv4/tcp_input.c */
export function tcp_done_with_error(sk: Sock, err: i32): void {
  sk.sk_err = <i16>err;
  tcp_write_queue_purge(sk);
  let dead = sk.sk_flags & SockFlags.DEAD;
  tcp_done(sk);
  if (!dead) sk_error_report(sk);
}

/** Drops what was acknowledged from the write queue. @kernel tcp_clean_rtx_queue(), net/ipv4/tcp_input.c */
function tcp_clean_rtx_queue(sk: Sock): void {
  for (let skb = skb_peek(sk.sk_write_queue); skb; skb = skb_peek(sk.sk_write_queue)) {
    if (after(skb.end_seq, sk.snd_una)) break;
    if (skb === sk.sk_send_head) sk.sk_send_head = skb_queue_next(sk.sk_write_queue, skb);
    skb_unlink(skb, sk.sk_write_queue);
    sk.sk_wmem_alloc -= skb.truesize;
    kfree_skb(skb);
  }
}

/**
 * Takes in an acknowledgement and the window that comes with it.
 *
 * @returns  false if it is for something that was never sent. @kernel tcp_ack(), net/ipv4/tcp_input.c
 */
export function tcp_ack(sk: Sock, th: Tcphdr): bool {
  let ack = th.ack_seq;
  if (after(ack, sk.write_seq)) return false;
  if (before(ack, sk.snd_una)) return true;
  enter(Tp.tcp_ack, changetype<usize>(sk), ack, th.window);
  sk.snd_wnd = th.window;
  sk.max_window = max(sk.max_window, th.window);
  if (after(ack, sk.snd_una)) {
    let prior = sk.snd_una;
    sk.snd_una = ack;
    if (sk.urg) tcp_urgent_acked(sk, prior);
    if (after(ack, sk.snd_nxt)) sk.snd_nxt = ack;
    sk.icsk_retransmits = 0;
    tcp_clean_rtx_queue(sk);
    tcp_rearm_rto(sk);
  }
  return leave(true);
}

/** Tells of room in the send buffer if somebody waits for it. @kernel tcp_check_space(), net/ipv4/tcp_input.c */
function tcp_check_space(sk: Sock): void {
  let sock = sk.sk_socket;
  if (sock && sock.flags & SocketFlags.NOSPACE) call_indirect<void>(sk.sk_write_space, sk);
}

/** Sends what an acknowledgement has allowed, and tells of room. @kernel tcp_data_snd_check() */
export function tcp_data_snd_check(sk: Sock): void {
  tcp_write_xmit(sk);
  tcp_check_space(sk);
}

/** Acknowledges what came, unless something sent meanwhile did. @kernel tcp_ack_snd_check(), net/ipv4/tcp_input.c */
export function tcp_ack_snd_check(sk: Sock): void {
  if (sk.rcv_wup != sk.rcv_nxt) tcp_send_ack(sk);
}

/** Appends data to the receive queue. @kernel tcp_queue_rcv(), net/ipv4/tcp_input.c */
function tcp_queue_rcv(sk: Sock, skb: SkBuff): void {
  enter(Tp.tcp_queue_rcv, changetype<usize>(sk), changetype<usize>(skb), skb.len);
  sk.rcv_nxt = skb.seq + skb.len;
  skb_set_owner_r(skb, sk);
  skb_queue_tail(sk.sk_receive_queue, skb);
  leave(0);
}

/** The other side has ended its stream. @kernel tcp_fin(), net/ipv4/tcp_input.c */
function tcp_fin(sk: Sock): void {
  enter(Tp.tcp_fin, changetype<usize>(sk), sk.skc_state, 0);
  sk.sk_shutdown |= <u8>ShutdownMask.RCV;
  sk.sk_flags |= SockFlags.DONE;
  switch (sk.skc_state) {
    case TcpState.SYN_RECV:
    case TcpState.ESTABLISHED:
      tcp_set_state(sk, TcpState.CLOSE_WAIT);
      break;
    case TcpState.FIN_WAIT1:
      tcp_send_ack(sk);
      tcp_set_state(sk, TcpState.CLOSING);
      break;
    case TcpState.FIN_WAIT2:
      tcp_send_ack(sk);
      tcp_time_wait(sk, TcpState.TIME_WAIT);
      break;
  }
  if (!(sk.sk_flags & SockFlags.DEAD)) {
    sk_state_change(sk);
    let is_over = sk.sk_shutdown == ShutdownMask.MASK || sk.skc_state == TcpState.CLOSE;
    sk_wake_async(sk, is_over ? PollCode.POLL_HUP : PollCode.POLL_IN);
  }
  leave(0);
}

/** Cuts off what the receiver has already. */
function drop_old(skb: SkBuff, old: u32): void {
  let linear = skb.len - skb.data_len;
  assert(old <= linear, "a repeated segment overlaps inside its pieces");
  skb.data += old;
  skb.len -= old;
  skb.seq += old;
}

/** Takes the data and the FIN of a segment in; the sk_buff is used up. @kernel tcp_data_queue(), net/ipv4/tcp_input.c */
export function tcp_data_queue(sk: Sock, skb: SkBuff): void {
  let fin = (skb.tcp_flags & TcpFlags.FIN) != 0;
  let wanted = skb.seq != skb.end_seq && !(sk.sk_flags & SockFlags.DONE);
  if (wanted && before(skb.seq, sk.rcv_nxt) && after(skb.end_seq, sk.rcv_nxt) && !skb.data_len) {
    drop_old(skb, min(sk.rcv_nxt - skb.seq, skb.len));
  }
  if (wanted && (skb.seq != sk.rcv_nxt || skb.len > tcp_receive_window(sk))) {
    // Old, or out of order, or more than was allowed: the other side sends it again.
    if (after(skb.seq, sk.rcv_nxt)) net().ofo_drops++;
    wanted = false;
    tcp_send_ack(sk);
  }
  if (!wanted) {
    kfree_skb(skb);
    return;
  }
  if (skb.len) tcp_queue_rcv(sk, skb);
  else kfree_skb(skb);
  if (fin) {
    sk.rcv_nxt++;
    tcp_fin(sk);
  }
  if (!(sk.sk_flags & SockFlags.DEAD)) tcp_data_ready(sk);
}

/** True if a segment touches the window. @kernel tcp_sequence(), net/ipv4/tcp_input.c */
function tcp_sequence(sk: Sock, skb: SkBuff): bool {
  return !before(skb.end_seq, sk.rcv_wup) && !after(skb.seq, sk.rcv_nxt + tcp_receive_window(sk));
}

/**
 * Sorts out segments that are out of place, and resets.
 *
 * @returns  false if the segment is done with. @kernel tcp_validate_incoming(), net/ipv4/tcp_input.c
 */
export function tcp_validate_incoming(sk: Sock, skb: SkBuff, th: Tcphdr): bool {
  if (!tcp_sequence(sk, skb)) {
    if (!(th.flags & TcpFlags.RST)) tcp_send_ack(sk);
    return false;
  }
  if (th.flags & TcpFlags.RST) {
    if (skb.seq == sk.rcv_nxt) tcp_reset(sk);
    else tcp_send_ack(sk);
    return false;
  }
  if (th.flags & TcpFlags.SYN) {
    let crossed = sk.skc_state == TcpState.SYN_RECV && th.flags & TcpFlags.ACK && skb.end_seq == sk.rcv_nxt;
    if (!crossed) tcp_send_ack(sk);
    return crossed != 0;
  }
  return true;
}

/** A segment of an established connection; the sk_buff is used up. @kernel tcp_rcv_established() */
export function tcp_rcv_established(sk: Sock, skb: SkBuff): void {
  enter(Tp.tcp_rcv_established, changetype<usize>(sk), changetype<usize>(skb), skb.len);
  let th = tcp_hdr(skb);
  if (tcp_validate_incoming(sk, skb, th) && th.flags & TcpFlags.ACK) {
    if (!tcp_ack(sk, th)) tcp_send_ack(sk);
    if (th.flags & TcpFlags.URG || sk.urg) tcp_urg(sk, skb, th);
    tcp_data_queue(sk, skb);
    tcp_data_snd_check(sk);
    tcp_ack_snd_check(sk);
  } else {
    kfree_skb(skb);
  }
  leave(0);
}
