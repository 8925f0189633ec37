import { tcp_syn_retries } from "./sock_options";
import { Errno } from "../include/errno";
import { Hrtimer } from "../include/time";
import { RequestSock } from "../include/inet_sock";
import { Sock, SockFlags } from "../include/sock";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { hrtimer_start, ktime_get } from "../kernel/time";
import { inet_csk_reqsk_queue_drop } from "./inet_connection_sock";
import {
  TCP_SYN_LINEAR_TIMEOUTS,
  TCP_TIMEOUT_INIT,
  tcp_packets_in_flight,
  tcp_rearm_rto,
  tcp_retransmit,
  tcp_send_ack,
  tcp_send_syn,
  tcp_send_synack,
  tcp_write_xmit,
} from "./tcp_output";
import { tcp_v4_send_synack } from "./tcp_reply";
import { tcp_done_with_error } from "./tcp_input";

/** How often a SYN is sent again, the linear attempts not counted: net.ipv4.tcp_syn_retries. */
const TCP_SYN_RETRIES: u32 = 6;
/** How often the answer to a SYN is sent again: net.ipv4.tcp_synack_retries. */
const TCP_SYNACK_RETRIES: u32 = 5;
/** How often data is sent again: net.ipv4.tcp_retries2. */
const TCP_RETRIES2: u32 = 15;

/** How often something is sent again before the connection is given up. @kernel tcp_write_timeout() */
function max_retransmits(sk: Sock): u32 {
  if (sk.skc_state == TcpState.SYN_SENT) {
    return TCP_SYN_LINEAR_TIMEOUTS + (tcp_syn_retries(sk) ? tcp_syn_retries(sk) : TCP_SYN_RETRIES);
  }
  return sk.skc_state == TcpState.SYN_RECV ? TCP_SYNACK_RETRIES : TCP_RETRIES2;
}

/** Sends again what had no answer, or gives up. @kernel tcp_retransmit_timer(), net/ipv4/tcp_timer.c */
function tcp_retransmit_timer(sk: Sock): void {
  if (sk.icsk_retransmits >= max_retransmits(sk)) {
    tcp_done_with_error(sk, Errno.ETIMEDOUT);
    return;
  }
  sk.icsk_retransmits++;
  if (sk.skc_state == TcpState.SYN_SENT) tcp_send_syn(sk);
  else if (sk.skc_state == TcpState.SYN_RECV) tcp_send_synack(sk);
  else {
    tcp_retransmit(sk);
    tcp_rearm_rto(sk);
  }
}

/** The timer of a connection goes off. @kernel tcp_write_timer(), net/ipv4/tcp_timer.c */
export function tcp_write_timer(timer: Hrtimer): void {
  let sk = Sock.of_sk_timer(timer);
  enter(Tp.tcp_write_timer, changetype<usize>(sk), sk.icsk_retransmits, 0);
  if (sk.sk_flags & SockFlags.ACK_PENDING) tcp_send_ack(sk);
  if (tcp_packets_in_flight(sk)) {
    tcp_retransmit_timer(sk);
  } else if (sk.sk_send_head) {
    // Held back for more that did not come, or for memory.
    sk.sk_flags |= SockFlags.PUSH_PENDING;
    tcp_write_xmit(sk);
  }
  leave(0);
}

/** A request has waited too long for the last step of its handshake. @kernel reqsk_timer_handler() */
export function reqsk_timer_handler(timer: Hrtimer): void {
  let req = RequestSock.of_rsk_timer(timer);
  enter(Tp.reqsk_timer_handler, changetype<usize>(req), req.num_timeout, 0);
  let listener = req.rsk_listener;
  if (listener.skc_state != TcpState.LISTEN || req.num_timeout >= TCP_SYNACK_RETRIES) {
    inet_csk_reqsk_queue_drop(req);
    leave(0);
    return;
  }
  req.num_timeout++;
  tcp_v4_send_synack(listener, req);
  hrtimer_start(timer, ktime_get() + (TCP_TIMEOUT_INIT << req.num_timeout));
  leave(0);
}
