import { Errno } from "../include/errno";
import { Hrtimer, NSEC_PER_SEC } from "../include/time";
import { HlistHead, ListHead } from "../include/list";
import { Peer, WireListener } from "../include/peer";
import { TCP_HEADER_SIZE, TCP_MSS_WIRE, TcpFlags, TcpState, Tcphdr, before, v4mapped_tail } from "../include/tcp";
import { Tp, trace } from "../include/trace";
import { WireDirection } from "../include/nic";
import { XArray, xa_load, xa_store } from "../lib/xarray";
import { alloc_packet, packet_bytes, wire_transmit } from "./wire";
import { drop_waiting, keep_received, keep_waiting, read_received, take_waiting } from "./peer_buffer";
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
const PEER_WINDOW: u32 = 1 << 20;
/** A SYN is sent again so often before the client gives up, as with Linux's tcp_syn_retries. */
const SYN_RETRIES: u32 = 6;
/** The first port of clients, and how many ports one address has. */
const FIRST_PORT: u32 = 32768;
const PORTS: u32 = 28232;

/** Address of the machine on the wire: 10.0.0.1. */
export const MACHINE_ADDRESS: u32 = 0x0100_000a;
/** First address of clients outside: 10.1.0.1; the next one follows when all its ports are used. */
const FIRST_CLIENT: u32 = 0x0a01_0001;

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
function new_peer(addr_tail: u64, port: u32, daddr_tail: u64, dport: u32): Peer | null {
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
function send_packet(peer: Peer, flags: u32, n: u32, now: u64): bool {
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
function flush(peer: Peer, now: u64): void {
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
function send_syn(peer: Peer, now: u64): void {
  peer.snd_nxt = peer.snd_una;
  send_packet(peer, TcpFlags.SYN, 0, now);
  peer.snd_nxt = peer.snd_una + 1;
  hrtimer_start(peer.timer, now + (NSEC_PER_SEC << peer.retries));
}

/** The connection is over. @param error why, an Errno; 0: both sides were done. */
function finish(peer: Peer, error: i32): void {
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

/*
 * What the host lets the world do. Handles are numbers of peers; a server outside is known by its port. All but the
 * reading are inputs.
 */

/**
 * A client outside connects to a port of the machine.
 *
 * @param window  how much it will receive before it stops reading, in bytes; 0: it reads at once, always.
 * @returns       its handle, or -ENOMEM.
 */
export function wire_connect(port: u32, window: u32): i32 {
  let number = world().clients++;
  let address = v4mapped_tail(bswap<u32>(FIRST_CLIENT + number / PORTS));
  let peer = new_peer(address, FIRST_PORT + (number % PORTS), v4mapped_tail(MACHINE_ADDRESS), port);
  if (!peer) return -Errno.ENOMEM;
  if (window) {
    peer.window = window;
    peer.reads = 0;
  }
  peer.state = TcpState.SYN_SENT;
  send_syn(peer, kernel.cpu.clock);
  return <i32>peer.handle;
}

/** A server outside listens. @returns 0, -EADDRINUSE, -ENOMEM. */
export function wire_listen(port: u32): i32 {
  if (find_listener(port)) return -Errno.EADDRINUSE;
  let at = kzalloc(offsetof<WireListener>());
  if (!at) return -Errno.ENOMEM;
  let listener = changetype<WireListener>(at);
  listener.port = port;
  listener.peers.init();
  world().listeners.add_tail(listener.link);
  return 0;
}

/** The server outside at a port, or null. */
function find_listener(port: u32): WireListener | null {
  for (let link = world().listeners.next; link !== world().listeners; link = link.next) {
    let listener = WireListener.of_link(link);
    if (listener.port == port) return listener;
  }
  return null;
}

/** Handle of a server's n-th connection, from 0; 0 if there are not so many. Changes nothing. */
export function wire_accepted(port: u32, n: u32): u32 {
  let listener = find_listener(port);
  if (!listener) return 0;
  let left = n;
  for (let link = listener.peers.next; link !== listener.peers; link = link.next) {
    if (!left--) return Peer.of_link(link).handle;
  }
  return 0;
}

/** A peer that can still send; null if there is none. */
function sending_peer(handle: u32): Peer | null {
  let peer = peer_of(handle);
  if (!peer || peer.fin_queued || peer.closed) return null;
  let state = peer.state;
  let open = state == TcpState.SYN_SENT || state == TcpState.SYN_RECV || state == TcpState.ESTABLISHED;
  return open || state == TcpState.CLOSE_WAIT ? peer : null;
}

/** A peer sends bytes, once it is connected and as fast as the machine receives them. @returns 0, -EPIPE, -ENOMEM. */
export function wire_send(handle: u32, from: usize, n: usize): i32 {
  let peer = sending_peer(handle);
  if (!peer) return -Errno.EPIPE;
  if (!keep_waiting(peer, from, <u32>n)) return -Errno.ENOMEM;
  flush(peer, kernel.cpu.clock);
  return 0;
}

/** A peer says, behind what it has sent, that it will send no more. @returns 0 or -EPIPE. */
export function wire_shutdown(handle: u32): i32 {
  let peer = sending_peer(handle);
  if (!peer) return -Errno.EPIPE;
  peer.fin_queued = 1;
  flush(peer, kernel.cpu.clock);
  return 0;
}

/** A peer closes: it sends what waits and a FIN, and takes no more data. @returns 0 or -EBADF. */
export function wire_close(handle: u32): i32 {
  let peer = peer_of(handle);
  if (!peer) return -Errno.EBADF;
  wire_shutdown(handle);
  peer.closed = 1;
  return 0;
}

/** A peer breaks the connection off. @returns 0 or -EBADF. */
export function wire_reset(handle: u32): i32 {
  let peer = peer_of(handle);
  if (!peer) return -Errno.EBADF;
  if (peer.state == TcpState.CLOSE) return 0;
  if (peer.state != TcpState.SYN_SENT) send_packet(peer, TcpFlags.RST | TcpFlags.ACK, 0, kernel.cpu.clock);
  finish(peer, 0);
  return 0;
}

/** A peer that had stopped reading reads on. @param window how much more it will receive. @returns 0 or -EBADF. */
export function wire_window(handle: u32, window: u32): i32 {
  let peer = peer_of(handle);
  if (!peer) return -Errno.EBADF;
  peer.window = window ? window : PEER_WINDOW;
  peer.reads = window ? 0 : 1;
  if (peer.state == TcpState.ESTABLISHED || peer.state == TcpState.FIN_WAIT2) {
    send_packet(peer, TcpFlags.ACK, 0, kernel.cpu.clock);
  }
  return 0;
}

/** Copies what a peer has received, from an offset on. @returns bytes copied. Changes nothing of the machine. */
export function wire_read(handle: u32, offset: u64, to: usize, n: usize): usize {
  let peer = peer_of(handle);
  return peer ? read_received(peer, offset, to, n) : 0;
}
