import { MAX_TCP_HEADER, alloc_skb, skb_reserve } from "./skbuff";
import { RequestSock } from "../include/inet_sock";
import { SkBuff } from "../include/skbuff";
import { Sock } from "../include/sock";
import { TcpFlags, Tcphdr } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { ip_queue_xmit, tcp_push_header } from "./tcp_output";

/* Packets that answer another one without a connection of their own. Without memory they are not sent. */

/** A header with the ends of another packet exchanged. */
function tcp_reply(skb: SkBuff, to: Tcphdr): Tcphdr {
  let th = tcp_push_header(skb);
  th.saddr_head = to.daddr_head;
  th.saddr_tail = to.daddr_tail;
  th.daddr_head = to.saddr_head;
  th.daddr_tail = to.saddr_tail;
  th.source = to.dest;
  th.dest = to.source;
  th.mss = 0;
  th.window = 0;
  th.len = 0;
  return th;
}

/** Answers a packet that belongs to no connection. @kernel tcp_v4_send_reset(), net/ipv4/tcp_ipv4.c */
export function tcp_v4_send_reset(skb: SkBuff): void {
  let to = changetype<Tcphdr>(skb.transport_header);
  if (to.flags & TcpFlags.RST) return;
  enter(Tp.tcp_v4_send_reset, changetype<usize>(skb), to.source, to.dest);
  let reply = alloc_skb(MAX_TCP_HEADER, 0);
  if (reply) {
    skb_reserve(reply, MAX_TCP_HEADER);
    let th = tcp_reply(reply, to);
    let has_ack = (to.flags & TcpFlags.ACK) != 0;
    th.seq = has_ack ? to.ack_seq : 0;
    th.ack_seq = has_ack ? 0 : skb.end_seq;
    th.flags = <u16>(has_ack ? TcpFlags.RST : TcpFlags.RST | TcpFlags.ACK);
    reply.dev = skb.dev;
    ip_queue_xmit(reply);
  }
  leave(0);
}

/** Acknowledges a late packet of a closed connection. @kernel tcp_v4_timewait_ack(), net/ipv4/tcp_ipv4.c */
export function tcp_v4_timewait_ack(skb: SkBuff, seq: u32, ack_seq: u32): void {
  let reply = alloc_skb(MAX_TCP_HEADER, 0);
  if (!reply) return;
  skb_reserve(reply, MAX_TCP_HEADER);
  let th = tcp_reply(reply, changetype<Tcphdr>(skb.transport_header));
  th.seq = seq;
  th.ack_seq = ack_seq;
  th.flags = <u16>TcpFlags.ACK;
  reply.dev = skb.dev;
  ip_queue_xmit(reply);
}

/** Answers a client's SYN. @kernel tcp_v4_send_synack(), net/ipv4/tcp_ipv4.c */
export function tcp_v4_send_synack(listener: Sock, req: RequestSock): void {
  enter(Tp.tcp_v4_send_synack, changetype<usize>(listener), changetype<usize>(req), 0);
  let skb = alloc_skb(MAX_TCP_HEADER, 0);
  if (skb) {
    skb_reserve(skb, MAX_TCP_HEADER);
    let th = tcp_push_header(skb);
    th.saddr_head = req.skc_rcv_saddr_head;
    th.saddr_tail = req.skc_rcv_saddr_tail;
    th.daddr_head = req.skc_daddr_head;
    th.daddr_tail = req.skc_daddr_tail;
    th.source = req.skc_num;
    th.dest = req.skc_dport;
    th.seq = req.snt_isn;
    th.ack_seq = req.rcv_isn + 1;
    th.flags = <u16>(TcpFlags.SYN | TcpFlags.ACK);
    th.mss = <u16>req.skc_dev!.mss;
    th.window = <u32>(listener.sk_rcvbuf >> 1);
    th.len = 0;
    skb.dev = req.skc_dev;
    ip_queue_xmit(skb);
  }
  leave(0);
}
