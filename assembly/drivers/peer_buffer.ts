import { Peer, PeerChunk, PeerUnacked } from "../include/peer";
import { digest_of, take_received } from "./peer_digest";
import { kfree, kmalloc_device } from "../mm/slab";

/*
 * Bytes outside the machine: what a peer has received, kept for the host to read, and what it is to send, kept until the
 * machine has acknowledged it. Pieces begin small and double, so that a hundred thousand quiet peers stay small.
 */

/** Smallest piece with its head. Unit: bytes. */
const SMALLEST: u32 = 64;
/** Largest piece with its head. Unit: bytes. */
const LARGEST: u32 = 4096;

/** Where the bytes of a piece begin. */
function bytes_of(chunk: PeerChunk): usize {
  return changetype<usize>(chunk) + offsetof<PeerChunk>();
}

/** A new piece, twice as large as the one before it; null when the host has no more memory. */
function new_chunk(last: PeerChunk | null): PeerChunk | null {
  let head = <u32>offsetof<PeerChunk>();
  let size = (last ? min((last.size + head) * 2, LARGEST) : SMALLEST) - head;
  let at = kmalloc_device(head + size);
  if (!at) return null;
  let chunk = changetype<PeerChunk>(at);
  chunk.next = null;
  chunk.size = size;
  chunk.used = 0;
  chunk.taken = 0;
  return chunk;
}

/** Keeps, or digests, received bytes. @returns how many: fewer than n when memory is exhausted. */
export function keep_received(peer: Peer, from: usize, n: u32): u32 {
  let done: u32 = 0;
  let digest = digest_of(peer);
  if (digest) {
    take_received(digest, from, n);
    done = n;
  }
  while (done < n) {
    let last = peer.received_last;
    if (!last || last.used == last.size) {
      let next = new_chunk(last);
      if (!next) break;
      if (last) last.next = next;
      else peer.received_first = next;
      peer.received_last = next;
      last = next;
    }
    done += append(last, from + done, n - done);
  }
  peer.received += done;
  return done;
}

/** Keeps bytes that are to be sent. @returns false when memory is exhausted: some may have been kept. */
export function keep_waiting(peer: Peer, from: usize, n: u32): bool {
  let unacked = peer.unacked!;
  let done: u32 = 0;
  while (done < n) {
    let last = unacked.waiting_last;
    if (!last || last.used == last.size) {
      let next = new_chunk(last);
      if (!next) return false;
      if (last) last.next = next;
      else unacked.waiting_first = next;
      unacked.waiting_last = next;
      last = next;
    }
    let part = append(last, from + done, n - done);
    done += part;
    peer.waiting += part;
  }
  return true;
}

/** Puts bytes into a piece, as many as there is room for. */
function append(chunk: PeerChunk, from: usize, n: u32): u32 {
  let part = min(n, chunk.size - chunk.used);
  memory.copy(bytes_of(chunk) + chunk.used, from, part);
  chunk.used += part;
  return part;
}

/** Copies bytes that are to be sent, from an offset on. There must be so many. */
export function copy_waiting(peer: Peer, offset: u32, to: usize, n: u32): void {
  let chunk = peer.unacked!.waiting_first;
  while (chunk && n) {
    let held = chunk.used - chunk.taken;
    if (offset < held) {
      let part = min(n, held - offset);
      memory.copy(to, bytes_of(chunk) + chunk.taken + offset, part);
      to += part;
      n -= part;
      offset = 0;
    } else {
      offset -= held;
    }
    chunk = chunk.next;
  }
}

/** Forgets the oldest bytes that were to be sent: the machine has them. There must be so many. */
export function forget_waiting(peer: Peer, n: u32): void {
  let unacked = peer.unacked!;
  peer.waiting -= n;
  while (n) {
    let chunk = unacked.waiting_first!;
    let part = min(n, chunk.used - chunk.taken);
    chunk.taken += part;
    n -= part;
    if (chunk.taken == chunk.used) drop_first(unacked, chunk);
  }
}

/** Frees the oldest piece of what waits. */
function drop_first(unacked: PeerUnacked, chunk: PeerChunk): void {
  unacked.waiting_first = chunk.next;
  if (!chunk.next) unacked.waiting_last = null;
  kfree(changetype<usize>(chunk));
}

/** Forgets what waits to be sent. */
export function drop_waiting(peer: Peer): void {
  let unacked = peer.unacked;
  while (unacked && unacked.waiting_first) drop_first(unacked, unacked.waiting_first!);
  peer.waiting = 0;
}

/** Copies received bytes from an offset on. @returns bytes copied. Changes nothing. */
export function read_received(peer: Peer, offset: u64, to: usize, n: usize): usize {
  let done: usize = 0;
  let chunk = peer.received_first;
  while (chunk && done < n) {
    if (offset >= chunk.used) {
      offset -= chunk.used;
    } else {
      let part = min(n - done, <usize>(chunk.used - offset));
      memory.copy(to + done, bytes_of(chunk) + <usize>offset, part);
      done += part;
      offset = 0;
    }
    chunk = chunk.next;
  }
  return done;
}
