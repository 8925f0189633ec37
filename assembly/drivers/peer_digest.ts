import { Peer, PeerDigest } from "../include/peer";
import { kzalloc } from "../mm/slab";

/*
 * A peer that does not keep what it receives digests it: four lanes take the 64-bit words in turn, so that a CPU can work
 * on all four at once, and the result does not depend on how the bytes were cut into packets.
 */

/** Odd numbers with well mixed bits. */
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;
const FINISH: u64 = 0xff51_afd7_ed55_8ccd;

/** A digest of nothing yet. */
export function digest_begin(digest: PeerDigest): void {
  memory.fill(changetype<usize>(digest), 0, offsetof<PeerDigest>());
  digest.lane_0 = 1;
  digest.lane_1 = 2;
  digest.lane_2 = 3;
  digest.lane_3 = 4;
}

/** A peer shall not keep what it receives. @returns false when memory is exhausted. */
export function digest_received(peer: Peer): bool {
  let at = kzalloc(offsetof<PeerDigest>());
  if (!at) return false;
  let digest = changetype<PeerDigest>(at);
  digest_begin(digest);
  peer.received_first = digest;
  peer.received_last = digest;
  return true;
}

/** What a peer digests into; null if it keeps what it receives. */
export function digest_of(peer: Peer): PeerDigest | null {
  let first = peer.received_first;
  return first && !first.size ? changetype<PeerDigest>(first) : null;
}

/** Takes one word into a lane. */
function mix(lane: u64, word: u64): u64 {
  return rotl(lane ^ word, 29) * MULTIPLIER;
}

/** Address of the lane that takes the n-th word. */
function lane_at(digest: PeerDigest, n: u64): usize {
  return changetype<usize>(digest) + offsetof<PeerDigest>("lane_0") + (((<usize>n) & 3) << 3);
}

/** Takes single bytes in, until a word begins or there are no more. @returns bytes taken. */
function take_bytes(digest: PeerDigest, from: usize, n: usize): usize {
  let taken: usize = 0;
  while (taken < n) {
    let place = digest.length & 7;
    digest.pending |= (<u64>load<u8>(from + taken)) << (place << 3);
    taken++;
    digest.length++;
    if (place < 7) continue;
    let at = lane_at(digest, (digest.length >> 3) - 1);
    store<u64>(at, mix(load<u64>(at), digest.pending));
    digest.pending = 0;
    break;
  }
  return taken;
}

/** Takes one whole word in. @returns bytes taken. */
function take_word(digest: PeerDigest, from: usize): usize {
  let at = lane_at(digest, digest.length >> 3);
  store<u64>(at, mix(load<u64>(at), load<u64>(from)));
  digest.length += 8;
  return 8;
}

/** Takes whole rounds of four words in. @returns bytes taken. */
function take_rounds(digest: PeerDigest, from: usize, n: usize): usize {
  let a = digest.lane_0;
  let b = digest.lane_1;
  let c = digest.lane_2;
  let d = digest.lane_3;
  let end = from + (n & ~31);
  for (let at = from; at < end; at += 32) {
    a = mix(a, load<u64>(at));
    b = mix(b, load<u64>(at, 8));
    c = mix(c, load<u64>(at, 16));
    d = mix(d, load<u64>(at, 24));
  }
  digest.lane_0 = a;
  digest.lane_1 = b;
  digest.lane_2 = c;
  digest.lane_3 = d;
  digest.length += n & ~31;
  return n & ~31;
}

/** Digests received bytes. */
export function take_received(digest: PeerDigest, from: usize, n: u32): void {
  let left: usize = n;
  let at = from;
  while (left) {
    let taken =
      digest.length & 7 || left < 8
        ? take_bytes(digest, at, left)
        : digest.length & 31 || left < 32
          ? take_word(digest, at)
          : take_rounds(digest, at, left);
    at += taken;
    left -= taken;
  }
}

/** The digest of everything that was taken in. Changes nothing. */
export function received_digest(digest: PeerDigest): u64 {
  let sum = digest.length ^ (digest.pending * MULTIPLIER);
  for (let i: u64 = 0; i < 4; i++) sum = mix(sum, load<u64>(lane_at(digest, i)));
  sum = (sum ^ (sum >> 33)) * FINISH;
  return sum ^ (sum >> 29);
}
