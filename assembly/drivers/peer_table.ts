import { HlistHead, ListHead } from "../include/list";
import { Peer, PeerUnacked, WireListener } from "../include/peer";
import { Tcphdr } from "../include/tcp";
import { WireDirection } from "../include/nic";
import { XArray } from "../include/xarray_types";
import { xa_erase, xa_load, xa_store } from "../lib/xarray";
import { hash_add, hash_bucket, hash_init, hash_table_size } from "../lib/hashtable";
import { jhash_3words } from "../lib/hash";
import { kernel } from "../include/kernel";
import { CacheType, KmemCache } from "../include/mm_types";
import { kfree, kmalloc, kmem_cache_create, kmem_cache_free, kmem_cache_zalloc, kzalloc } from "../mm/slab";

/* Who is outside, and how they are found: by their number, and by the addresses and ports of their connection. */

/** Binary logarithm of the number of buckets that the table of peers begins with. */
const PEER_HASH_BITS: u32 = 8;
/** Binary logarithm of the greatest number of buckets. */
export const PEER_HASH_BITS_MAX: u32 = 19;
/** The window of a peer that reads at once. Unit: bytes. */
export const PEER_WINDOW: u32 = 1 << 20;
/** The world outside. */
@unmanaged
export class Wire {
  /** Peers by their handle. */
  peers: XArray;
  /** Cache of peers. */
  peer_cachep: KmemCache;
  /** Cache of what peers need while something was not acknowledged. */
  unacked_cachep: KmemCache;
  /** Number of handles given out. */
  last_handle: u32;
  /** Number of clients made. */
  clients: u32;
  /** Peers by address and ports: a hash table. Those whose connection is over are not in it. */
  table: usize;
  /** Binary logarithm of its number of buckets. */
  table_bits: u32;
  /** Number of peers in it. */
  connected: u32;
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
  outside.peer_cachep = kmem_cache_create(CacheType.Peer, offsetof<Peer>(), 8);
  outside.unacked_cachep = kmem_cache_create(CacheType.PeerUnacked, offsetof<PeerUnacked>(), 8);
  outside.inbound = inbound;
  outside.listeners.init();
  outside.table_bits = PEER_HASH_BITS;
  hash_init(outside.table, PEER_HASH_BITS);
}

/** Which bucket a peer is in. */
function peer_key(addr_tail: u64, port: u32, dport: u32): u32 {
  return jhash_3words(<u32>(addr_tail >> 32), port, dport, 0);
}

/** Makes the table of peers larger; without memory for that it stays as it is. */
function grow_table(): void {
  let outside = world();
  let bits = outside.table_bits + 2;
  if (bits > PEER_HASH_BITS_MAX) return;
  let table = kmalloc(hash_table_size(bits));
  if (!table) return;
  hash_init(table, bits);
  for (let i: u32 = 0; i < 1 << outside.table_bits; i++) {
    let next = changetype<HlistHead>(outside.table + <usize>i * offsetof<HlistHead>()).first;
    while (next) {
      let peer = Peer.of_node(next);
      next = next.next;
      peer.node.del_init();
      hash_add(table, bits, peer.node, peer_key(peer.addr_tail, peer.port, peer.dport));
    }
  }
  kfree(outside.table);
  outside.table = table;
  outside.table_bits = bits;
}

/** Lets packets find a peer. */
function hash_peer(peer: Peer): void {
  let outside = world();
  if (++outside.connected > 2 << outside.table_bits) grow_table();
  hash_add(outside.table, outside.table_bits, peer.node, peer_key(peer.addr_tail, peer.port, peer.dport));
}

/** The peer that a packet is for, or null. */
export function find_peer(header: Tcphdr): Peer | null {
  let key = peer_key(header.daddr_tail, header.dest, header.source);
  let bucket: HlistHead = hash_bucket(world().table, world().table_bits, key);
  let next = bucket.first;
  while (next) {
    let peer = Peer.of_node(next);
    next = next.next;
    if (
      peer.port == header.dest &&
      peer.dport == header.source &&
      peer.addr_tail == header.daddr_tail &&
      peer.daddr_tail == header.saddr_tail
    ) {
      return peer;
    }
  }
  return null;
}

/** Gives a peer, which has none, what it needs to send. @returns false when memory is exhausted. */
export function new_unacked(peer: Peer): bool {
  let at = kmem_cache_zalloc(world().unacked_cachep);
  if (!at) return false;
  peer.unacked = changetype<PeerUnacked>(at);
  peer.unacked!.peer = peer;
  return true;
}

/** Takes away what a peer needed to send, if it has it; its timer does not run. */
export function free_unacked(peer: Peer): void {
  if (peer.unacked) kmem_cache_free(world().unacked_cachep, changetype<usize>(peer.unacked));
  peer.unacked = null;
}

/** A new peer with a handle, which may send; null when memory is exhausted. */
export function new_peer(addr_tail: u64, port: u32, daddr_tail: u64, dport: u32): Peer | null {
  let at = kmem_cache_zalloc(world().peer_cachep);
  if (!at) return null;
  let peer = changetype<Peer>(at);
  let handle = world().last_handle + 1;
  if (!new_unacked(peer) || xa_store(world().peers, handle, at) < 0) {
    free_unacked(peer);
    kmem_cache_free(world().peer_cachep, at);
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
  hash_peer(peer);
  return peer;
}

/** Takes the newest peer back, which has not done anything yet. */
export function forget_peer(peer: Peer): void {
  unhash_peer(peer);
  free_unacked(peer);
  xa_erase(world().peers, peer.handle);
  world().last_handle--;
  kmem_cache_free(world().peer_cachep, changetype<usize>(peer));
}

/** Lets no packet find a peer any more. */
export function unhash_peer(peer: Peer): void {
  if (!peer.node_pprev) return;
  peer.node.del_init();
  world().connected--;
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
