import { Errno } from "../include/errno";
import { Hrtimer, NSEC_PER_SEC } from "../include/time";
import { Peer, PeerUnacked } from "../include/peer";
import { TCP_HEADER_SIZE, TCP_MSS_WIRE, TcpFlags, TcpState, Tcphdr, before } from "../include/tcp";
import { Tp, trace } from "../include/trace";
import { alloc_packet, packet_bytes, wire_transmit } from "./wire";
import { copy_waiting, drop_waiting, forget_waiting, keep_received } from "./peer_buffer";
import { digest_received } from "./peer_digest";
import {
  find_listener,
  find_peer,
  forget_peer,
  free_unacked,
  new_peer,
  new_unacked,
  unhash_peer,
  world,
} from "./peer_table";
import { hardware_timer_init, hrtimer_cancel, hrtimer_start } from "../kernel/time";

/*
 * The world at the other end of the wire. A peer is a client or a connection of a server there: a small TCP of its own
 * that reads at once and acknowledges every packet. It lives in the same memory as the machine, so that a copy of the
 * memory is a copy of the world as well; no CPU's time passes in it.
 */

/** So many times a SYN is sent again at the same distance, before that is doubled, as on Linux. */
const LINEAR_RETRIES: u32 = 4;
/** A SYN is sent again so often before the client gives up. */
const SYN_RETRIES: u32 = 10;
/** The answer to a SYN is sent again so often before the server gives up. */
const SYNACK_RETRIES: u32 = 5;
/** Data is sent again so often before the peer gives up. */
const DATA_RETRIES: u32 = 15;
/** Longest time between two attempts. Unit: ns. */
const RTO_MAX: u64 = 120 * NSEC_PER_SEC;
/** Time after which data that was not acknowledged is sent again. Unit: ns. */
const RTO: u64 = 200_000_000;

/** Sends a packet with the next n bytes that are to be sent. @returns false when memory is exhausted: it is lost. */
export function send_packet(peer: Peer, flags: u32, n: u32, now: u64): bool {
  let packet = alloc_packet(<u32>TCP_HEADER_SIZE + n);
  if (!packet) return false;
  let header = changetype<Tcphdr>(packet_bytes(packet));
  header.saddr_head = header.daddr_head = 0;
  header.saddr_tail = peer.addr_tail;
  header.daddr_tail = peer.daddr_tail;
  header.source = peer.port;
  header.dest = peer.dport;
  header.seq = peer.snd_nxt;
  header.ack_seq = peer.rcv_nxt;
  header.flags = <u16>flags;
  header.mss = <u16>TCP_MSS_WIRE;
  header.window = peer.window;
  header.len = <u16>n;
  if (n) copy_waiting(peer, peer.snd_nxt - peer.snd_una, packet_bytes(packet) + TCP_HEADER_SIZE, n);
  peer.snd_nxt += n + (flags & (TcpFlags.SYN | TcpFlags.FIN) ? 1 : 0);
  wire_transmit(world().inbound, packet, now);
  return true;
}

/** Answers a packet that is for nobody. */
function send_reset_for(header: Tcphdr, now: u64): void {
  let packet = alloc_packet(<u32>TCP_HEADER_SIZE);
  if (!packet) return;
  let answer = changetype<Tcphdr>(packet_bytes(packet));
  memory.fill(changetype<usize>(answer), 0, TCP_HEADER_SIZE);
  answer.saddr_head = header.daddr_head;
  answer.saddr_tail = header.daddr_tail;
  answer.daddr_head = header.saddr_head;
  answer.daddr_tail = header.saddr_tail;
  answer.source = header.dest;
  answer.dest = header.source;
  answer.flags = <u16>(TcpFlags.RST | TcpFlags.ACK);
  answer.seq = header.ack_seq;
  answer.ack_seq = header.seq + header.len + (header.flags & (TcpFlags.SYN | TcpFlags.FIN) ? 1 : 0);
  wire_transmit(world().inbound, packet, now);
}

/** True for a peer that has something to send, or has sent its FIN and no acknowledgement of it. */
function may_send(state: u32): bool {
  return state == TcpState.ESTABLISHED || state == TcpState.CLOSE_WAIT || fin_sent(state);
}

/** True for a peer whose FIN was sent and not acknowledged. */
function fin_sent(state: u32): bool {
  return state == TcpState.FIN_WAIT1 || state == TcpState.CLOSING || state == TcpState.LAST_ACK;
}

/** Sends what is to be sent, as far as the machine's window allows, and the FIN behind it. */
export function flush(peer: Peer, now: u64): void {
  if (!may_send(peer.state)) return;
  let sent = peer.snd_nxt - peer.snd_una;
  while (sent < peer.waiting) {
    let room = <i32>(peer.snd_wnd - sent);
    if (room <= 0) return;
    let n = <u32>min<u64>(peer.waiting - sent, <u64>min<u32>(room, TCP_MSS_WIRE));
    let lost = !send_packet(peer, TcpFlags.ACK | TcpFlags.PSH, n, now);
    wait_for_ack(peer, now);
    if (lost) return;
    sent += n;
  }
  if (sent > peer.waiting || !(peer.fin_queued || fin_sent(peer.state))) return;
  send_packet(peer, TcpFlags.FIN | TcpFlags.ACK, 0, now);
  wait_for_ack(peer, now);
  peer.fin_queued = 0;
  if (peer.state == TcpState.ESTABLISHED) peer.state = <u8>TcpState.FIN_WAIT1;
  else if (peer.state == TcpState.CLOSE_WAIT) peer.state = <u8>TcpState.LAST_ACK;
}

/** Sets the timer for what was sent, unless it runs already. */
function wait_for_ack(peer: Peer, now: u64): void {
  let unacked = peer.unacked!;
  if (!unacked.timer_queued) hrtimer_start(unacked.timer, now + min(RTO << (<u64>peer.retries), RTO_MAX));
}

/** Makes sure that a peer, which is connected or connects, can send. @returns false when memory is exhausted. */
export function prepare(peer: Peer): bool {
  if (peer.unacked) return true;
  if (!new_unacked(peer)) return false;
  hardware_timer_init(peer.unacked!.timer, peer_timer.index);
  return true;
}

/** Gives back what a peer needs to send, unless something was not acknowledged or is yet to be sent. */
export function settle(peer: Peer): void {
  let connecting = peer.state == TcpState.SYN_SENT || peer.state == TcpState.SYN_RECV;
  if (!connecting && !peer.waiting && !peer.fin_queued && !fin_sent(peer.state)) free_unacked(peer);
}

/** How often something is sent again before the peer gives up. */
function most_retries(state: u32): u32 {
  if (state == TcpState.SYN_SENT) return SYN_RETRIES;
  return state == TcpState.SYN_RECV ? SYNACK_RETRIES : DATA_RETRIES;
}

/** Nobody has answered for a while: what was sent is sent again. */
function peer_timer(timer: Hrtimer): void {
  let peer = PeerUnacked.of_timer(timer).peer;
  if (peer.retries >= most_retries(peer.state)) return finish(peer, Errno.ETIMEDOUT);
  peer.retries++;
  if (peer.state == TcpState.SYN_SENT) return send_syn(peer, TcpFlags.SYN, timer.expires);
  if (peer.state == TcpState.SYN_RECV) return send_syn(peer, TcpFlags.SYN | TcpFlags.ACK, timer.expires);
  peer.snd_nxt = peer.snd_una;
  flush(peer, timer.expires);
}

/** Begins a connection. @param flags with SYN. */
export function open(peer: Peer, flags: u32, now: u64): void {
  hardware_timer_init(peer.unacked!.timer, peer_timer.index);
  send_syn(peer, flags, now);
}

/** Sends the first packet of a connection, for the first time or again. @param flags with SYN. */
function send_syn(peer: Peer, flags: u32, now: u64): void {
  peer.snd_nxt = peer.snd_una;
  send_packet(peer, flags, 0, now);
  peer.snd_nxt = peer.snd_una + 1;
  let doublings: u32 = peer.retries;
  if (peer.state == TcpState.SYN_SENT) doublings = max(doublings, LINEAR_RETRIES) - LINEAR_RETRIES;
  hrtimer_start(peer.unacked!.timer, now + (NSEC_PER_SEC << doublings));
}

/** The connection is over. @param error why, an Errno; 0: both sides were done. */
export function finish(peer: Peer, error: i32): void {
  peer.state = <u8>TcpState.CLOSE;
  peer.error = <u16>error;
  if (peer.unacked) hrtimer_cancel(peer.unacked!.timer);
  drop_waiting(peer);
  free_unacked(peer);
  unhash_peer(peer);
}

/** A packet arrives in the world. @param packet header and data. @param now ns since boot. */
export function peer_receive(packet: usize, length: u32, now: u64): void {
  let header = changetype<Tcphdr>(packet);
  let peer = find_peer(header);
  trace(Tp.wire_receive, changetype<usize>(peer), header.len, header.flags);
  if (header.flags & TcpFlags.RST) {
    if (peer) finish(peer, peer.state == TcpState.SYN_SENT ? Errno.ECONNREFUSED : Errno.ECONNRESET);
    return;
  }
  if (peer) receive(peer, header, now);
  else if (!(header.flags & TcpFlags.SYN) || !accept_outside(header, now)) send_reset_for(header, now);
}

/** A server outside takes a connection of the machine. @returns false if there is none at that port. */
function accept_outside(header: Tcphdr, now: u64): bool {
  let listener = find_listener(header.dest);
  if (!listener) return false;
  let peer = new_peer(header.daddr_tail, header.dest, header.saddr_tail, header.source);
  // Without memory there is no answer, and the machine will ask again.
  if (!peer) return true;
  if (listener.digests && !digest_received(peer)) {
    forget_peer(peer);
    return true;
  }
  peer.server = 1;
  if (listener.peers_last) listener.peers_last!.next = peer;
  else listener.peers_first = peer;
  listener.peers_last = peer;
  peer.state = <u8>TcpState.SYN_RECV;
  peer.rcv_nxt = header.seq + 1;
  peer.snd_wnd = header.window;
  open(peer, TcpFlags.SYN | TcpFlags.ACK, now);
  return true;
}

/** A packet for a peer. */
function receive(peer: Peer, header: Tcphdr, now: u64): void {
  if (header.flags & TcpFlags.SYN) return receive_syn(peer, header, now);
  if (header.flags & TcpFlags.ACK) receive_ack(peer, header, now);
  if (peer.state == TcpState.CLOSE) return;
  let answer = header.len > 0 || (header.flags & TcpFlags.FIN) != 0;
  // The beginning may have come before.
  let old = peer.rcv_nxt - header.seq;
  if (old < header.len) {
    if (peer.closed) {
      send_reset_for(header, now);
      return finish(peer, 0);
    }
    let data = changetype<usize>(header) + TCP_HEADER_SIZE + old;
    let n = min(header.len - old, peer.window);
    let kept = keep_received(peer, data, n);
    peer.rcv_nxt += kept;
    if (kept) peer.received_at = now;
    if (!peer.reads) peer.window -= kept;
  }
  if (header.flags & TcpFlags.FIN && header.seq + header.len == peer.rcv_nxt) receive_fin(peer);
  if (answer) send_packet(peer, TcpFlags.ACK, 0, now);
  flush(peer, now);
}

/** The machine's SYN with its ACK: the connection stands. A SYN that comes again is answered again. */
function receive_syn(peer: Peer, header: Tcphdr, now: u64): void {
  if (peer.state == TcpState.SYN_SENT && header.flags & TcpFlags.ACK) {
    hrtimer_cancel(peer.unacked!.timer);
    peer.retries = 0;
    peer.rcv_nxt = header.seq + 1;
    peer.snd_una = header.ack_seq;
    peer.snd_wnd = header.window;
    peer.state = <u8>TcpState.ESTABLISHED;
  } else if (peer.state == TcpState.SYN_RECV) {
    return send_syn(peer, TcpFlags.SYN | TcpFlags.ACK, now);
  }
  send_packet(peer, TcpFlags.ACK, 0, now);
  flush(peer, now);
  settle(peer);
}

/** The machine has acknowledged what was sent. */
function receive_ack(peer: Peer, header: Tcphdr, now: u64): void {
  if (before(header.ack_seq, peer.snd_una)) return;
  let acked = header.ack_seq - peer.snd_una;
  peer.snd_wnd = header.window;
  if (!acked) return;
  if (peer.state == TcpState.SYN_RECV) {
    peer.state = <u8>TcpState.ESTABLISHED;
    acked--;
  }
  let fin = acked > peer.waiting;
  forget_waiting(peer, <u32>min<u64>(acked, peer.waiting));
  peer.snd_una = header.ack_seq;
  if (before(peer.snd_nxt, peer.snd_una)) peer.snd_nxt = peer.snd_una;
  peer.retries = 0;
  hrtimer_cancel(peer.unacked!.timer);
  if (fin && (peer.state == TcpState.LAST_ACK || peer.state == TcpState.CLOSING)) return finish(peer, 0);
  if (fin && peer.state == TcpState.FIN_WAIT1) peer.state = <u8>TcpState.FIN_WAIT2;
  // There may have been no memory for the FIN behind what was acknowledged.
  if (peer.snd_una != peer.snd_nxt || fin_sent(peer.state)) wait_for_ack(peer, now);
  settle(peer);
}

/** The machine will send no more. */
function receive_fin(peer: Peer): void {
  peer.rcv_nxt++;
  if (peer.state == TcpState.ESTABLISHED) peer.state = <u8>TcpState.CLOSE_WAIT;
  else if (peer.state == TcpState.FIN_WAIT1) peer.state = <u8>TcpState.CLOSING;
  else if (peer.state == TcpState.FIN_WAIT2) peer.state = <u8>TcpState.TIME_WAIT;
}
