import { PollCode } from "../fs/fasync";
import { sk_wake_async } from "./sock";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { SkBuff } from "../include/skbuff";
import { TcpFlags, TcpState, Tcphdr, after } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { kfree_skb } from "./skbuff";
import { sk_state_change } from "./sock";
import {
  tcp_ack,
  tcp_ack_snd_check,
  tcp_data_queue,
  tcp_data_snd_check,
  tcp_hdr,
  tcp_reset,
  tcp_validate_incoming,
} from "./tcp_input";
import { tcp_conn_request } from "./tcp_ipv4";
import { tcp_done, tcp_init_buffer_space, tcp_set_state, tcp_shutdown } from "./tcp";
import { tcp_rearm_rto, tcp_send_ack, tcp_send_synack } from "./tcp_output";
import { tcp_time_wait } from "./tcp_minisocks";
import { tcp_urg } from "./tcp_urgent";

/*
 * How a connection is made and ended, segment by segment:
 *
 *   CLOSE --connect()--> SYN_SENT --SYN,ACK--> ESTABLISHED
 *                            `--SYN--> SYN_RECV --ACK--> ESTABLISHED <--ACK-- SYN_RECV of an accepted child
 *
 *   ESTABLISHED --shutdown()--> FIN_WAIT1 --ACK--> FIN_WAIT2 --FIN--> TIME_WAIT
 *                                   `--FIN--> CLOSING --ACK--> TIME_WAIT
 *   ESTABLISHED --FIN--> CLOSE_WAIT --shutdown()--> LAST_ACK --ACK--> CLOSE
 */

/** The connection is established. @kernel tcp_init_transfer(), net/ipv4/tcp_input.c */
function tcp_init_transfer(sk: Sock, th: Tcphdr): void {
  sk.snd_wnd = th.window;
  sk.max_window = max(sk.max_window, th.window);
  sk.icsk_retransmits = 0;
  tcp_init_buffer_space(sk);
}

/**
 * An answer to this side's SYN; the sk_buff stays the caller's.
 *
 * @returns  true if the sender must be told that there is no such connection.
 * @kernel tcp_rcv_synsent_state_process(), net/ipv4/tcp_input.c
 */
function tcp_rcv_synsent_state_process(sk: Sock, skb: SkBuff, th: Tcphdr): bool {
  if (th.flags & TcpFlags.ACK && (!after(th.ack_seq, sk.snd_una) || after(th.ack_seq, sk.snd_nxt))) return true;
  if (th.flags & TcpFlags.RST) {
    if (th.flags & TcpFlags.ACK) tcp_reset(sk);
    return false;
  }
  if (!(th.flags & TcpFlags.SYN)) return false;
  sk.rcv_nxt = skb.seq + 1;
  sk.copied_seq = sk.rcv_nxt;
  sk.rcv_wup = sk.rcv_nxt;
  sk.mss_cache = min(sk.mss_cache, th.mss);
  if (!(th.flags & TcpFlags.ACK)) {
    // Both sides have sent a SYN at the same time.
    tcp_set_state(sk, TcpState.SYN_RECV);
    tcp_send_synack(sk);
    return false;
  }
  sk.snd_una = th.ack_seq;
  tcp_init_transfer(sk, th);
  tcp_rearm_rto(sk);
  tcp_finish_connect(sk);
  tcp_send_ack(sk);
  return false;
}

/** The connection that this side has asked for is there. @kernel tcp_finish_connect(), net/ipv4/tcp_input.c */
function tcp_finish_connect(sk: Sock): void {
  enter(Tp.tcp_finish_connect, changetype<usize>(sk), 0, 0);
  tcp_set_state(sk, TcpState.ESTABLISHED);
  if (!(sk.sk_flags & SockFlags.DEAD)) {
    sk_state_change(sk);
    sk_wake_async(sk, PollCode.POLL_OUT);
  }
  leave(0);
}

/** The last step of a handshake that the other side has begun. */
function tcp_syn_recv_done(sk: Sock, th: Tcphdr): void {
  tcp_set_state(sk, TcpState.ESTABLISHED);
  sk_state_change(sk);
  sk.snd_una = th.ack_seq;
  tcp_init_transfer(sk, th);
  tcp_rearm_rto(sk);
  // A program may have ended its stream before there was one.
  if (sk.sk_shutdown & ShutdownMask.SEND) tcp_shutdown(sk, ShutdownMask.SEND);
}

/**
 * This side's FIN was acknowledged.
 *
 * @returns  false if the connection is gone.
 */
function tcp_fin_acked(sk: Sock): bool {
  switch (sk.skc_state) {
    case TcpState.FIN_WAIT1:
      tcp_set_state(sk, TcpState.FIN_WAIT2);
      sk.sk_shutdown |= <u8>ShutdownMask.SEND;
      if (!(sk.sk_flags & SockFlags.DEAD)) sk_state_change(sk);
      return true;
    case TcpState.CLOSING:
      tcp_time_wait(sk, TcpState.TIME_WAIT);
      return false;
    case TcpState.LAST_ACK:
      tcp_done(sk);
      return false;
  }
  return true;
}

/** True if the segment brings data that nobody will read any more. */
function data_after_close(sk: Sock, skb: SkBuff): bool {
  if (!(sk.sk_shutdown & ShutdownMask.RCV) || !skb.len) return false;
  let state = sk.skc_state;
  if (state != TcpState.FIN_WAIT1 && state != TcpState.FIN_WAIT2) return false;
  return after(skb.seq + skb.len, sk.rcv_nxt);
}

/**
 * A segment in any state but ESTABLISHED; the sk_buff is used up.
 *
 * @returns  true if the sender must be told that there is no such connection; then the sk_buff is not used up.
 * @kernel tcp_rcv_state_process(), net/ipv4/tcp_input.c
 */
export function tcp_rcv_state_process(sk: Sock, skb: SkBuff): bool {
  enter(Tp.tcp_rcv_state_process, changetype<usize>(sk), changetype<usize>(skb), sk.skc_state);
  let th = tcp_hdr(skb);
  switch (sk.skc_state) {
    case TcpState.CLOSE:
      kfree_skb(skb);
      return leave(false);
    case TcpState.LISTEN:
      if (th.flags & TcpFlags.ACK) return leave(true);
      if (th.flags & TcpFlags.SYN && !(th.flags & (TcpFlags.RST | TcpFlags.FIN))) tcp_conn_request(sk, skb);
      kfree_skb(skb);
      return leave(false);
    case TcpState.SYN_SENT:
      if (tcp_rcv_synsent_state_process(sk, skb, th)) return leave(true);
      tcp_data_snd_check(sk);
      kfree_skb(skb);
      return leave(false);
  }
  if (!tcp_validate_incoming(sk, skb, th) || !(th.flags & TcpFlags.ACK)) {
    kfree_skb(skb);
    return leave(false);
  }
  return leave(tcp_rcv_synchronized(sk, skb, th));
}

/** A segment in its place, in a state in which both sides know each other's numbers. */
function tcp_rcv_synchronized(sk: Sock, skb: SkBuff, th: Tcphdr): bool {
  let acceptable = tcp_ack(sk, th);
  if (sk.skc_state == TcpState.SYN_RECV) {
    if (!acceptable || th.ack_seq != sk.write_seq) return true;
    tcp_syn_recv_done(sk, th);
  } else if (!acceptable) {
    tcp_send_ack(sk);
  }
  let fin_acked = (sk.sk_flags & SockFlags.FIN_QUEUED) != 0 && sk.snd_una == sk.write_seq;
  if (fin_acked && !tcp_fin_acked(sk)) {
    kfree_skb(skb);
    return false;
  }
  // The urgent byte is kept aside even if the data that it is in comes too late.
  if (th.flags & TcpFlags.URG || sk.urg) tcp_urg(sk, skb, th);
  if (data_after_close(sk, skb)) {
    tcp_reset(sk);
    return true;
  }
  tcp_data_queue(sk, skb);
  if (sk.skc_state != TcpState.CLOSE) {
    tcp_data_snd_check(sk);
    tcp_ack_snd_check(sk);
  }
  if (sk.skc_state == TcpState.FIN_WAIT2 && sk.sk_flags & SockFlags.DEAD) tcp_time_wait(sk, TcpState.FIN_WAIT2);
  return false;
}
