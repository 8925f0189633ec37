import { CacheType } from "../include/mm_types";
import { HlistHead, HlistNode } from "../include/list";
import { NetDevice } from "../include/net";
import { Sock, SockCommon, SockReuse } from "../include/sock";
import { TcpState } from "../include/tcp";
import { LOCAL_PORT_FIRST, ipv6_addr_any, ipv6_addr_v4mapped } from "../include/in6";
import { Af } from "../include/socket";
import { get_zeroed_page } from "../mm/page_alloc";
import { jhash_3words } from "../lib/hash";
import { kmem_cache_create, kzalloc } from "../mm/slab";
import { net } from "./net";
import { Rhashtable, rhashtable_init, rhashtable_insert, rhashtable_remove, rht_bucket } from "../lib/rhashtable";
import { InetBindBucket, InetTimewaitSock, RequestSock } from "../include/inet_sock";

/** Number of buckets for listening sockets: a power of two. */
const LISTENING_BUCKETS: u32 = 64;
/** Number of buckets for local ports: a power of two. */
export const BIND_BUCKETS: u32 = 1024;
/** Seed of the table's hash function. */
const EHASH_SEED: u32 = 0x70617468;

/** Makes the tables. @returns whether there was memory. @kernel inet_hashinfo2_init(), net/ipv4/inet_hashtables.c */
export function inet_hashtables_init(): bool {
  let state = net();
  state.request_sock_cachep = kmem_cache_create(CacheType.RequestSock, offsetof<RequestSock>(), 8);
  state.timewait_cachep = kmem_cache_create(CacheType.InetTimewaitSock, offsetof<InetTimewaitSock>(), 8);
  state.bind_bucket_cachep = kmem_cache_create(CacheType.InetBindBucket, offsetof<InetBindBucket>(), 8);
  state.death_row.init();
  state.next_port = LOCAL_PORT_FIRST;
  state.ehash = changetype<Rhashtable>(kzalloc(offsetof<Rhashtable>()));
  state.listening_hash = kzalloc(LISTENING_BUCKETS << 2);
  state.bhash = get_zeroed_page();
  if (!changetype<usize>(state.ehash) || !state.listening_hash || !state.bhash) return false;
  return rhashtable_init(state.ehash, hash_of_node.index, get_zeroed_page.index);
}

/** Hash of two addresses and two ports. @kernel inet_ehashfn(), net/ipv4/inet_hashtables.c */
function inet_ehashfn(saddr_head: u64, saddr_tail: u64, sport: u32, daddr_head: u64, daddr_tail: u64, dport: u32): u32 {
  let local = daddr_head ^ daddr_tail;
  let remote = saddr_head ^ saddr_tail;
  return jhash_3words(
    (<u32>(remote >> 32)) ^ (<u32>remote),
    (<u32>(local >> 32)) ^ ((<u32>local) << 1),
    (sport << 16) | dport,
    EHASH_SEED,
  );
}

/** Hash of an entry of the table of connections. */
function hash_of_node(node: HlistNode): u32 {
  let skc = SockCommon.of_node(node);
  return inet_ehashfn(skc.daddr_head, skc.daddr_tail, skc.dport, skc.rcv_saddr_head, skc.rcv_saddr_tail, skc.num);
}

/** Puts a connection, a request or a late end into the table. @kernel inet_ehash_insert() */
export function inet_ehash_insert(skc: SockCommon): void {
  rhashtable_insert(net().ehash, skc.node);
}

/** Takes an entry out of the table of connections. */
export function inet_ehash_remove(skc: SockCommon): void {
  rhashtable_remove(net().ehash, skc.node);
}

/**
 * Finds what a packet belongs to, among connections, requests and late ends.
 *
 * @kernel __inet_lookup_established(), net/ipv4/inet_hashtables.c
 */
export function inet_lookup_established(
  dev: NetDevice,
  saddr_head: u64,
  saddr_tail: u64,
  sport: u32,
  daddr_head: u64,
  daddr_tail: u64,
  dport: u32,
): SockCommon | null {
  let hash = inet_ehashfn(saddr_head, saddr_tail, sport, daddr_head, daddr_tail, dport);
  let next = rht_bucket(net().ehash, hash).first;
  while (next) {
    let skc = SockCommon.of_node(next);
    next = next.next;
    if (skc.dport != sport || skc.num != dport || skc.dev !== dev) continue;
    if (skc.daddr_tail != saddr_tail || skc.rcv_saddr_tail != daddr_tail) continue;
    if (skc.daddr_head == saddr_head && skc.rcv_saddr_head == daddr_head) return skc;
  }
  return null;
}

/** The listening sockets of a bucket of ports. */
function listening_bucket(port: u32): HlistHead {
  return changetype<HlistHead>(net().listening_hash + ((<usize>(port & (LISTENING_BUCKETS - 1))) << 2));
}

/** Lets a listening socket be found. @kernel inet_hash(), net/ipv4/inet_hashtables.c */
export function inet_listen_hash(sk: Sock): void {
  listening_bucket(sk.skc_num).add_head(sk.skc.node);
}

/** How well a listening socket fits an address: 0 not at all, more is better. @kernel compute_score() */
export function compute_score(skc: SockCommon, head: u64, tail: u64): u32 {
  if (skc.rcv_saddr_head == head && skc.rcv_saddr_tail == tail) return 4;
  if (!ipv6_addr_any(skc.rcv_saddr_head, skc.rcv_saddr_tail)) return 0;
  let v4 = ipv6_addr_v4mapped(head, tail);
  if (skc.family == Af.INET) return v4 ? 3 : 0;
  if (v4) return skc.reuse & SockReuse.V6ONLY ? 0 : 1;
  return 2;
}

/**
 * The socket that listens on an address and port; null if none does. Of several with SO_REUSEPORT the hash chooses.
 *
 * @kernel __inet_lookup_listener(), net/ipv4/inet_hashtables.c
 */
export function inet_lookup_listener(head: u64, tail: u64, port: u32, hash: u32): Sock | null {
  let best: SockCommon | null = null;
  let best_score: u32 = 0;
  let equals: u32 = 0;
  let next = listening_bucket(port).first;
  while (next) {
    let skc = SockCommon.of_node(next);
    next = next.next;
    let score = skc.num == port ? compute_score(skc, head, tail) : 0;
    if (!score || score < best_score) continue;
    equals = score == best_score ? equals + 1 : 1;
    // The n-th of n equals replaces the chosen one in one of n cases, by the hash of the connection.
    if (score > best_score || <u32>((<u64>hash * equals) >> 32) == 0) best = skc;
    if (score == best_score) hash *= 0x9e3779b1;
    best_score = score;
  }
  return changetype<Sock | null>(changetype<usize>(best));
}

/** Makes a sock impossible to find by packets. @kernel inet_unhash(), net/ipv4/inet_hashtables.c */
export function inet_unhash(sk: Sock): void {
  if (!sk.skc_node_pprev) return;
  if (sk.skc_state == TcpState.LISTEN) sk.skc.node.del_init();
  else inet_ehash_remove(sk.skc);
}

/** The ports in use that share a bucket. */
export function bind_bucket_head(port: u32): HlistHead {
  return changetype<HlistHead>(net().bhash + ((<usize>(port & (BIND_BUCKETS - 1))) << 2));
}

/** Who holds a local port of a protocol; null if nobody does. */
export function inet_bind_bucket_find(protocol: u32, port: u32): InetBindBucket | null {
  let next = bind_bucket_head(port).first;
  while (next) {
    let tb = InetBindBucket.of_node(next);
    next = next.next;
    if (tb.port == port && tb.protocol == protocol) return tb;
  }
  return null;
}
