import { Errno } from "../include/errno";
import { Peer, WireListener } from "../include/peer";
import { TcpFlags, TcpState } from "../include/tcp";
import { OWN_ADDRESS_4, v4mapped_tail } from "../include/in6";
import { PEER_WINDOW, find_listener, forget_peer, new_peer, peer_of, world } from "./peer_table";
import { digest_of, digest_received, received_digest } from "./peer_digest";
import { finish, flush, open, prepare, send_packet, settle } from "./peer";
import { keep_waiting, read_received } from "./peer_buffer";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";
import { nic } from "./nic_ring";

/*
 * What the host lets the world do. Handles are numbers of peers; a server outside is known by its port. All but the
 * reading are inputs.
 */

/** The first port of clients, and how many ports one address has. */
const FIRST_PORT: u32 = 32768;
const PORTS: u32 = 28232;

/** First address of clients outside: 10.1.0.1; the next one follows when all its ports are used. */
const FIRST_CLIENT: u32 = 0x0a01_0001;

/**
 * A client outside connects to a port of the machine.
 *
 * @param window   how much it will receive before it stops reading, in bytes; 0: it reads at once, always.
 * @param digests  true: it digests what it receives instead of keeping it.
 * @returns        its handle, or -ENOMEM.
 */
export function wire_connect(port: u32, window: u32, digests: bool): i32 {
  let number = world().clients++;
  let address = v4mapped_tail(bswap<u32>(FIRST_CLIENT + number / PORTS));
  let peer = new_peer(address, FIRST_PORT + (number % PORTS), v4mapped_tail(OWN_ADDRESS_4), port);
  if (!peer) return -Errno.ENOMEM;
  if (digests && !digest_received(peer)) {
    forget_peer(peer);
    return -Errno.ENOMEM;
  }
  if (window) {
    peer.window = window;
    peer.reads = 0;
  }
  peer.state = <u8>TcpState.SYN_SENT;
  open(peer, TcpFlags.SYN, kernel.cpu.clock);
  return <i32>peer.handle;
}

/**
 * A server outside listens.
 *
 * @param digests  true: its connections digest what they receive instead of keeping it.
 * @returns        0, -EADDRINUSE, -ENOMEM.
 */
export function wire_listen(port: u32, digests: bool): i32 {
  if (find_listener(port)) return -Errno.EADDRINUSE;
  let at = kzalloc(offsetof<WireListener>());
  if (!at) return -Errno.ENOMEM;
  let listener = changetype<WireListener>(at);
  listener.port = port;
  listener.digests = digests ? 1 : 0;
  world().listeners.add_tail(listener.link);
  return 0;
}

/** Handle of a server's n-th connection, from 0; 0 if there are not so many. Changes nothing. */
export function wire_accepted(port: u32, n: u32): u32 {
  let listener = find_listener(port);
  if (!listener) return 0;
  let left = n;
  let peer = listener.peers_first;
  while (peer) {
    if (!left--) return peer.handle;
    peer = peer.next;
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
  if (!prepare(peer) || !keep_waiting(peer, from, <u32>n)) return -Errno.ENOMEM;
  flush(peer, kernel.cpu.clock);
  settle(peer);
  return 0;
}

/** A peer says, behind what it has sent, that it will send no more. @returns 0, -EPIPE, -ENOMEM. */
export function wire_shutdown(handle: u32): i32 {
  let peer = sending_peer(handle);
  if (!peer) return -Errno.EPIPE;
  if (!prepare(peer)) return -Errno.ENOMEM;
  peer.fin_queued = 1;
  flush(peer, kernel.cpu.clock);
  return 0;
}

/**
 * A peer closes: it sends what waits and a FIN, and takes no more data. One that has stopped reading has not read all
 * that it was sent, and resets the connection.
 *
 * @returns  0 or -EBADF; -ENOMEM, and then nothing has changed.
 */
export function wire_close(handle: u32): i32 {
  let peer = peer_of(handle);
  if (!peer) return -Errno.EBADF;
  if (!peer.window) return wire_reset(handle);
  if (wire_shutdown(handle) == -Errno.ENOMEM) return -Errno.ENOMEM;
  peer.closed = 1;
  return 0;
}

/** A peer breaks the connection off. @returns 0 or -EBADF; -ENOMEM, and then nothing has changed. */
export function wire_reset(handle: u32): i32 {
  let peer = peer_of(handle);
  if (!peer) return -Errno.EBADF;
  if (peer.state == TcpState.CLOSE) return 0;
  let connected = peer.state != TcpState.SYN_SENT;
  if (connected && !send_packet(peer, TcpFlags.RST | TcpFlags.ACK, 0, kernel.cpu.clock)) return -Errno.ENOMEM;
  finish(peer, 0);
  return 0;
}

/**
 * A peer that had stopped reading reads on, and says so.
 *
 * @param window  how much more it will receive; 0: whatever comes.
 * @returns       0; -EBADF; -ENOMEM, and then nothing has changed: the machine never asks how large the window is.
 */
export function wire_window(handle: u32, window: u32): i32 {
  let peer = peer_of(handle);
  if (!peer) return -Errno.EBADF;
  let before = peer.window;
  peer.window = window ? window : PEER_WINDOW;
  let connected = peer.state != TcpState.SYN_SENT && peer.state != TcpState.CLOSE;
  if (connected && !send_packet(peer, TcpFlags.ACK, 0, kernel.cpu.clock)) {
    peer.window = before;
    return -Errno.ENOMEM;
  }
  peer.reads = window ? 0 : 1;
  return 0;
}

/** Copies what a peer has received, from an offset on. @returns bytes copied. Changes nothing of the machine. */
export function wire_read(handle: u32, offset: u64, to: usize, n: usize): usize {
  let peer = peer_of(handle);
  return peer ? read_received(peer, offset, to, n) : 0;
}

/** The digest of what a peer has received; 0 if it keeps that instead. Changes nothing. */
export function wire_digest(handle: u32): u64 {
  let peer = peer_of(handle);
  let digest = peer ? digest_of(peer) : null;
  return digest ? received_digest(digest) : 0;
}

/**
 * The next packets of one direction that would be sent again are lost: those with data, SYN or FIN.
 *
 * @param outbound  true: on the way from the machine.
 * @param count     so many; 0: none any more.
 * @returns         0.
 */
export function wire_drop(outbound: bool, count: u32): i32 {
  let direction = outbound ? nic().outbound : nic().inbound;
  direction.drop = count;
  return 0;
}

/** True if a server outside listens at a port. */
export function wire_is_listening(port: u32): bool {
  return find_listener(port) !== null;
}
