import { sock_lingertime } from "./sock_options";
import { Errno } from "../include/errno";
import { Poll, PollTable, File } from "../include/fs";
import { ShutdownMask, Sock, SockFlags } from "../include/sock";
import { Socket, SocketFlags } from "../include/net";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave, trace } from "../include/trace";
import { tcp_send_active_reset, tcp_send_fin } from "./tcp_output";
import { hrtimer_cancel, hrtimer_init } from "../kernel/time";
import { inet_csk_destroy_sock, inet_csk_listen_stop, sk_ack_backlog } from "./inet_connection_sock";
import { inet_put_port } from "./inet_bind";
import { any_tail } from "./inet_addr";
import { inet_unhash } from "./inet_hashtables";
import { local_bh_enable } from "../kernel/softirq";
import { poll_wait } from "../fs/select";
import { skb_queue_purge } from "./skbuff";
import {
  sk_error_report,
  sk_state_change,
  sk_stream_is_writeable,
  sk_stream_write_space,
  sock_hold,
  sock_orphan,
  sock_put,
} from "./sock";
import { tcp_epollin_ready } from "./tcp_input";
import { tcp_time_wait } from "./tcp_minisocks";
import { sk_has_notifications } from "./zerocopy";
import { tcp_write_timer } from "./tcp_timer";
import { tcp_at_urgent, tcp_forget_urgent, tcp_has_urgent } from "./tcp_urgent";

/** First size of the send buffer: net.ipv4.tcp_wmem[1]. Unit: bytes. */
const TCP_WMEM_DEFAULT: i32 = 16384;
/** Greatest size of a send buffer that grows by itself: net.ipv4.tcp_wmem[2]. Unit: bytes. */
const TCP_WMEM_MAX: u32 = 4194304;
/** Size of the receive buffer: net.ipv4.tcp_rmem[1]. Unit: bytes. */
const TCP_RMEM_DEFAULT: i32 = 131072;
/** Segments in flight that the send buffer has room for, twice. @kernel TCP_INIT_CWND, include/net/tcp.h */
const TCP_INIT_CWND: u32 = 10;
/** Memory for the header and the administration of one segment. Unit: bytes. */
const SEGMENT_OVERHEAD: u32 = 640;
/** Memory for the sk_buff of one segment. Unit: bytes. */
const SKB_OVERHEAD: u32 = 256;

/** Sets up what is TCP's of a sock. @kernel tcp_init_sock(), net/ipv4/tcp.c */
export function tcp_init_sock(sk: Sock): void {
  sk.sk_sndbuf = TCP_WMEM_DEFAULT;
  sk.sk_rcvbuf = TCP_RMEM_DEFAULT;
  sk.sk_write_space = <u16>sk_stream_write_space.index;
  hrtimer_init(sk.sk_timer, tcp_write_timer.index);
}

/** Lets the send buffer grow to what the device can take at once. @kernel tcp_sndbuf_expand(), net/ipv4/tcp_input.c */
export function tcp_init_buffer_space(sk: Sock): void {
  if (sk.sk_flags & SockFlags.SNDBUF_LOCK) return;
  let per_segment = SKB_OVERHEAD + (1 << (32 - <u32>clz(sk.skc_dev!.mss + SEGMENT_OVERHEAD - 1)));
  sk.sk_sndbuf = max<i32>(sk.sk_sndbuf, min(2 * TCP_INIT_CWND * per_segment, TCP_WMEM_MAX));
}

/** The connection goes on to another state. @kernel tcp_set_state(), net/ipv4/tcp.c */
export function tcp_set_state(sk: Sock, state: u32): void {
  let old = sk.skc_state;
  if (state == TcpState.CLOSE) {
    inet_unhash(sk);
    if (!(sk.sk_flags & SockFlags.BINDPORT_LOCK)) inet_put_port(sk);
  }
  sk.skc_state = state;
  trace(Tp.tcp_set_state, changetype<usize>(sk), old, state);
}

/** The connection is over; if nobody uses the sock any more, it goes. @kernel tcp_done(), net/ipv4/tcp.c */
export function tcp_done(sk: Sock): void {
  enter(Tp.tcp_done, changetype<usize>(sk), sk.skc_state, 0);
  tcp_set_state(sk, TcpState.CLOSE);
  hrtimer_cancel(sk.sk_timer);
  sk.sk_shutdown = <u8>ShutdownMask.MASK;
  if (sk.sk_flags & SockFlags.DEAD) inet_csk_destroy_sock(sk);
  else sk_state_change(sk);
  leave(0);
}

/** Drops everything that was written and not acknowledged. @kernel tcp_write_queue_purge(), net/ipv4/tcp.c */
export function tcp_write_queue_purge(sk: Sock): void {
  skb_queue_purge(sk.sk_write_queue);
  sk.sk_send_head = null;
  sk.sk_wmem_alloc = 0;
}

/** Packets that a system call has sent over the loopback device are received now. @kernel release_sock() */
export function release_sock(sk: Sock): void {
  local_bh_enable();
}

/** True if enough can be read without waiting. @kernel tcp_stream_is_readable(), net/ipv4/tcp.c */
function tcp_stream_is_readable(sk: Sock): bool {
  return tcp_epollin_ready(sk, sk.sk_rcvlowat + (tcp_at_urgent(sk) ? 1 : 0));
}

/** The part of tcp_poll() that concerns sending; notes that somebody wants to be told of room. */
function tcp_poll_out(sk: Sock, sock: Socket): u32 {
  if (sk.sk_shutdown & ShutdownMask.SEND || sk_stream_is_writeable(sk)) return Poll.OUT | Poll.WRNORM;
  sock.flags |= <u16>(SocketFlags.NOSPACE | SocketFlags.ASYNC_NOSPACE);
  return 0;
}

/** What is true of a TCP socket now. @kernel tcp_poll(), net/ipv4/tcp.c */
export function tcp_poll(file: File, sock: Socket, table: PollTable | null): u32 {
  let sk = sock.sk!;
  enter(Tp.tcp_poll, changetype<usize>(sk), sk.skc_state, 0);
  poll_wait(file, sock.wait, table);
  if (sk.skc_state == TcpState.LISTEN) return leave<u32>(sk_ack_backlog(sk) ? Poll.IN | Poll.RDNORM : 0);
  let mask: u32 = 0;
  if (sk.sk_shutdown == ShutdownMask.MASK || sk.skc_state == TcpState.CLOSE) mask |= Poll.HUP;
  if (sk.sk_shutdown & ShutdownMask.RCV) mask |= Poll.IN | Poll.RDNORM | Poll.RDHUP;
  if (sk.skc_state != TcpState.SYN_SENT && sk.skc_state != TcpState.SYN_RECV) {
    if (tcp_stream_is_readable(sk)) mask |= Poll.IN | Poll.RDNORM;
    mask |= tcp_poll_out(sk, sock);
    if (tcp_has_urgent(sk)) mask |= Poll.PRI;
  }
  if (sk.sk_err || sk_has_notifications(sk)) mask |= Poll.ERR;
  return leave(mask);
}

/**
 * Goes on to the state that sending a FIN leads to.
 *
 * @returns  whether a FIN is to be sent. @kernel tcp_close_state(), net/ipv4/tcp.c
 */
function tcp_close_state(sk: Sock): bool {
  switch (sk.skc_state) {
    case TcpState.ESTABLISHED:
    case TcpState.SYN_RECV:
      tcp_set_state(sk, TcpState.FIN_WAIT1);
      return true;
    case TcpState.CLOSE_WAIT:
      tcp_set_state(sk, TcpState.LAST_ACK);
      return true;
    case TcpState.SYN_SENT:
      tcp_set_state(sk, TcpState.CLOSE);
      return false;
  }
  return false;
}

/** Ends sending; ending receiving needs nothing to be sent. @kernel tcp_shutdown(), net/ipv4/tcp.c */
export function tcp_shutdown(sk: Sock, how: u32): void {
  if (!(how & ShutdownMask.SEND)) return;
  enter(Tp.tcp_shutdown, changetype<usize>(sk), how, 0);
  let state = sk.skc_state;
  let open = state == TcpState.ESTABLISHED || state == TcpState.SYN_SENT || state == TcpState.CLOSE_WAIT;
  if (open && tcp_close_state(sk)) tcp_send_fin(sk);
  leave(0);
}

/** True if the other side must be told that the connection is gone. @kernel tcp_need_reset(), net/ipv4/tcp.c */
function tcp_need_reset(state: u32): bool {
  return (
    state == TcpState.ESTABLISHED ||
    state == TcpState.CLOSE_WAIT ||
    state == TcpState.FIN_WAIT1 ||
    state == TcpState.FIN_WAIT2 ||
    state == TcpState.SYN_RECV
  );
}

/** Forgets the connection at once, and tells the other side with a reset. @kernel tcp_disconnect(), net/ipv4/tcp.c */
export function tcp_disconnect(sk: Sock): i32 {
  enter(Tp.tcp_disconnect, changetype<usize>(sk), sk.skc_state, 0);
  let state = sk.skc_state;
  if (state == TcpState.LISTEN) {
    tcp_set_state(sk, TcpState.CLOSE);
    inet_csk_listen_stop(sk);
  } else if (tcp_need_reset(state)) {
    tcp_send_active_reset(sk);
    sk.sk_err = <i16>Errno.ECONNRESET;
  } else if (state == TcpState.SYN_SENT) {
    sk.sk_err = <i16>Errno.ECONNRESET;
  }
  if (sk.skc_state != TcpState.CLOSE) tcp_set_state(sk, TcpState.CLOSE);
  hrtimer_cancel(sk.sk_timer);
  skb_queue_purge(sk.sk_receive_queue);
  sk.copied_seq = sk.rcv_nxt;
  tcp_forget_urgent(sk);
  tcp_write_queue_purge(sk);
  sk.skc_dport = 0;
  if (!(sk.sk_flags & SockFlags.BINDADDR_LOCK)) {
    sk.skc_rcv_saddr_head = 0;
    sk.skc_rcv_saddr_tail = any_tail(sk.skc_family);
  }
  sk.sk_shutdown = 0;
  sk.sk_flags &= ~(SockFlags.DONE | SockFlags.FIN_QUEUED | SockFlags.ACK_PENDING | SockFlags.PUSH_PENDING);
  sk.icsk_retransmits = 0;
  // The other side hears of it first, if it is on this machine.
  release_sock(sk);
  sk_error_report(sk);
  return leave(0);
}

/** Throws away what was not read. @returns whether there was anything. */
function discard_unread(sk: Sock): bool {
  let unread = !sk.sk_receive_queue.list.empty;
  skb_queue_purge(sk.sk_receive_queue);
  return unread;
}

/** Ends the connection in the way that its state and its unread data ask for. */
function tcp_close_connection(sk: Sock): void {
  let unread = discard_unread(sk);
  if (sk.skc_state == TcpState.CLOSE) return;
  if (unread) {
    // The other side must learn that its data was not read.
    tcp_send_active_reset(sk);
    tcp_set_state(sk, TcpState.CLOSE);
  } else if (sk.sk_flags & SockFlags.LINGER && !sock_lingertime(sk)) {
    tcp_disconnect(sk);
  } else if (tcp_close_state(sk)) {
    tcp_send_fin(sk);
  }
}

/** Nobody uses the sock any more; what is to be sent is still sent. @kernel tcp_close(), net/ipv4/tcp.c */
export function tcp_close(sk: Sock): void {
  enter(Tp.tcp_close, changetype<usize>(sk), sk.skc_state, 0);
  sock_hold(sk);
  sk.sk_shutdown = <u8>ShutdownMask.MASK;
  if (sk.skc_state == TcpState.LISTEN) {
    tcp_set_state(sk, TcpState.CLOSE);
    inet_csk_listen_stop(sk);
  } else {
    tcp_close_connection(sk);
  }
  sock_orphan(sk);
  if (sk.skc_state == TcpState.FIN_WAIT2) tcp_time_wait(sk, TcpState.FIN_WAIT2);
  else if (sk.skc_state == TcpState.CLOSE) inet_csk_destroy_sock(sk);
  release_sock(sk);
  sock_put(sk);
  leave(0);
}
