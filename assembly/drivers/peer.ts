import { Errno } from "../include/errno";
import { Hrtimer, NSEC_PER_SEC } from "../include/time";
import { HlistHead, ListHead } from "../include/list";
import { Peer, WireListener } from "../include/peer";
import { TCP_HEADER_SIZE, TCP_MSS_WIRE, TcpFlags, TcpState, Tcphdr, before } from "../include/tcp";
import { v4mapped_tail } from "../include/in6";
import { Tp, trace } from "../include/trace";
import { WireDirection } from "../include/nic";
import { XArray, xa_load, xa_store } from "../lib/xarray";
import { alloc_packet, packet_bytes, wire_transmit } from "./wire";
import { drop_waiting, keep_received, take_waiting } from "./peer_buffer";
import { hardware_timer_init, hrtimer_cancel, hrtimer_start } from "../kernel/time";
import { hash_add, hash_bucket, hash_init, hash_table_size } from "../lib/hashtable";
import { jhash_3words } from "../lib/hash";
import { kernel } from "../include/kernel";
import { kfree, kzalloc } from "../mm/slab";

/*
 * The world at the other end of the wire. A peer is a client or a connection of a server there: a small TCP of its own
 * that reads at once and acknowledges every packet. It lives in the same memory as the machine, so that a copy of the
 * memory is a copy of the world as well; no CPU's time passes in it.
 */

/** Binary logarithm of the number of buckets of the table of peers. */
const PEER_HASH_BITS: u32 = 8;
/** The window of a peer that reads at once. Unit: bytes. */
export const PEER_WINDOW: u32 = 1 << 20;
/** A SYN is sent again so often before the client gives up, as with Linux's tcp_syn_retries. */
const SYN_RETRIES: u32 = 6;
/** Address of the machine on the wire: 10.0.0.1. */
export const MACHINE_ADDRESS: u32 = 0x0100_000a;

/** The world outside. */
@unmanaged
export class Wire {
  /** Peers by their handle. */
  peers: XArray;
  /** Number of handles given out. */
  last_handle: u32;
  /** Number of clients made. */
  clients: u32;
  /** Peers by address and ports: a hash table. */
  table: usize;
  /** Where packets to the machine go. */
  inbound: WireDirection;
  // struct list_head listeners
  listeners_next: ListHead;
  listeners_prev: ListHead;

  /** Servers outside: WireListener.link of each. */
  @embed @inline get listeners(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<Wire>("listeners_next"));
  }
}

/** The world. */
export function world(): Wire {
  return changetype<Wire>(kernel.wire);
}

/** Makes an empty world. @param inbound the direction of the wire that leads to the machine. */
export function peers_init(inbound: WireDirection): void {
  kernel.wire = kzalloc(offsetof<Wire>());
  let outside = world();
  outside.peers = changetype<XArray>(kzalloc(offsetof<XArray>()));
  outside.table = kzalloc(hash_table_size(PEER_HASH_BITS));
  outside.inbound = inbound;
  outside.listeners.init();
  hash_init(outside.table, PEER_HASH_BITS);
}

/** Which bucket a peer is in. */
function peer_key(addr_tail: u64, port: u32, dport: u32): u32 {
  return jhash_3words(<u32>(addr_tail >> 32), port, dport, 0);
}

/** The peer that a packet is for, or null. */
function find_peer(header: Tcphdr): Peer | null {
  let key = peer_key(header.daddr_tail, header.dest, header.source);
  let bucket: HlistHead = hash_bucket(world().table, PEER_HASH_BITS, key);
  let next = bucket.first;
  while (next) {
    let peer = Peer.of_node(next);
    next = next.next;
    if (
      peer.port == header.dest &&
      peer.dport == header.source &&
      peer.addr_tail == header.daddr_tail &&
      peer.daddr_tail == header.saddr_tail &&
      peer.state != TcpState.CLOSE
    ) {
      return peer;
    }
  }
  return null;
}

/** A new peer with a handle; null when memory is exhausted. */
export function new_peer(addr_tail: u64, port: u32, daddr_tail: u64, dport: u32): Peer | null {
  let at = kzalloc(offsetof<Peer>());
  if (!at) return null;
  let peer = changetype<Peer>(at);
  let handle = world().last_handle + 1;
  if (xa_store(world().peers, handle, at) < 0) {
    kfree(at);
    return null;
  }
  world().last_handle = handle;
  peer.handle = handle;
  peer.addr_tail = addr_tail;
  peer.daddr_tail = daddr_tail;
  peer.port = <u16>port;
  peer.dport = <u16>dport;
  peer.snd_nxt = peer.snd_una = handle << 12;
  peer.window = PEER_WINDOW;
  peer.reads = 1;
  peer.link.init();
  hardware_timer_init(peer.timer, peer_timer.index);
  hash_add(world().table, PEER_HASH_BITS, peer.node, peer_key(addr_tail, port, dport));
  return peer;
}

/** Sends a packet with the next n bytes that wait. @returns false when memory is exhausted. */
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
  header.len = n;
  if (n) take_waiting(peer, packet_bytes(packet) + TCP_HEADER_SIZE, n);
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

/** Sends what waits, as far as the machine's window allows, and the FIN behind it. */
export function flush(peer: Peer, now: u64): void {
  if (peer.state != TcpState.ESTABLISHED && peer.state != TcpState.CLOSE_WAIT) return;
  while (peer.waiting) {
    let room = <i32>(peer.snd_una + peer.snd_wnd - peer.snd_nxt);
    if (room <= 0) return;
    let n = <u32>min<u64>(peer.waiting, <u64>min<u32>(room, TCP_MSS_WIRE));
    if (!send_packet(peer, TcpFlags.ACK | TcpFlags.PSH, n, now)) return again_later(peer, now);
  }
  if (!peer.fin_queued) return;
  if (!send_packet(peer, TcpFlags.FIN | TcpFlags.ACK, 0, now)) return again_later(peer, now);
  peer.fin_queued = 0;
  peer.state = peer.state == TcpState.ESTABLISHED ? TcpState.FIN_WAIT1 : TcpState.LAST_ACK;
}

/** No memory for a packet: the peer tries again in a millisecond. */
function again_later(peer: Peer, now: u64): void {
  hrtimer_start(peer.timer, now + 1_000_000);
}

/** A peer's timer: its SYN was not answered, or it had no memory to send. */
function peer_timer(timer: Hrtimer): void {
  let peer = Peer.of_timer(timer);
  if (peer.state != TcpState.SYN_SENT) return flush(peer, timer.expires);
  if (peer.retries == SYN_RETRIES) {
    peer.state = TcpState.CLOSE;
    peer.error = Errno.ETIMEDOUT;
    return;
  }
  peer.retries++;
  send_syn(peer, timer.expires);
}

/** Sends the SYN, for the first time or again. */
export function send_syn(peer: Peer, now: u64): void {
  peer.snd_nxt = peer.snd_una;
  send_packet(peer, TcpFlags.SYN, 0, now);
  peer.snd_nxt = peer.snd_una + 1;
  hrtimer_start(peer.timer, now + (NSEC_PER_SEC << peer.retries));
}

/** The connection is over. @param error why, an Errno; 0: both sides were done. */
export function finish(peer: Peer, error: i32): void {
  peer.state = TcpState.CLOSE;
  peer.error = error;
  hrtimer_cancel(peer.timer);
  drop_waiting(peer);
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
  peer.listener = listener;
  listener.peers.add_tail(peer.link);
  peer.state = TcpState.SYN_RECV;
  peer.rcv_nxt = header.seq + 1;
  peer.snd_wnd = header.window;
  send_packet(peer, TcpFlags.SYN | TcpFlags.ACK, 0, now);
  return true;
}

/** A packet for a peer. */
function receive(peer: Peer, header: Tcphdr, now: u64): void {
  if (header.flags & TcpFlags.SYN) return receive_syn(peer, header, now);
  if (header.flags & TcpFlags.ACK) receive_ack(peer, header);
  if (peer.state == TcpState.CLOSE) return;
  let answer = header.len > 0 || (header.flags & TcpFlags.FIN) != 0;
  if (header.len && header.seq == peer.rcv_nxt) {
    if (peer.closed) {
      send_reset_for(header, now);
      return finish(peer, 0);
    }
    let kept = keep_received(peer, changetype<usize>(header) + TCP_HEADER_SIZE, min(header.len, peer.window));
    peer.rcv_nxt += kept;
    if (!peer.reads) peer.window -= kept;
  }
  if (header.flags & TcpFlags.FIN && header.seq + header.len == peer.rcv_nxt) receive_fin(peer);
  if (answer) send_packet(peer, TcpFlags.ACK, 0, now);
  flush(peer, now);
}

/** The machine's SYN with its ACK: the connection stands. A SYN that comes again is answered again. */
function receive_syn(peer: Peer, header: Tcphdr, now: u64): void {
  if (peer.state == TcpState.SYN_SENT && header.flags & TcpFlags.ACK) {
    hrtimer_cancel(peer.timer);
    peer.rcv_nxt = header.seq + 1;
    peer.snd_una = header.ack_seq;
    peer.snd_wnd = header.window;
    peer.state = TcpState.ESTABLISHED;
  } else if (peer.state == TcpState.SYN_RECV) {
    peer.snd_nxt = peer.snd_una;
    send_packet(peer, TcpFlags.SYN | TcpFlags.ACK, 0, now);
    return;
  }
  send_packet(peer, TcpFlags.ACK, 0, now);
  flush(peer, now);
}

/** The machine has acknowledged what was sent. */
function receive_ack(peer: Peer, header: Tcphdr): void {
  if (before(header.ack_seq, peer.snd_una)) return;
  peer.snd_una = header.ack_seq;
  peer.snd_wnd = header.window;
  if (peer.state == TcpState.SYN_RECV) peer.state = TcpState.ESTABLISHED;
  if (peer.snd_una != peer.snd_nxt) return;
  if (peer.state == TcpState.FIN_WAIT1) peer.state = TcpState.FIN_WAIT2;
  else if (peer.state == TcpState.LAST_ACK || peer.state == TcpState.CLOSING) finish(peer, 0);
}

/** The machine will send no more. */
function receive_fin(peer: Peer): void {
  peer.rcv_nxt++;
  if (peer.state == TcpState.ESTABLISHED) peer.state = TcpState.CLOSE_WAIT;
  else if (peer.state == TcpState.FIN_WAIT1) peer.state = TcpState.CLOSING;
  else if (peer.state == TcpState.FIN_WAIT2) peer.state = TcpState.TIME_WAIT;
}

/** The peer with a handle; null if there is none. */
export function peer_of(handle: u32): Peer | null {
  return changetype<Peer | null>(xa_load(world().peers, handle));
}

/** The server outside at a port, or null. */
export function find_listener(port: u32): WireListener | null {
  for (let link = world().listeners.next; link !== world().listeners; link = link.next) {
    let listener = WireListener.of_link(link);
    if (listener.port == port) return listener;
  }
  return null;
}
