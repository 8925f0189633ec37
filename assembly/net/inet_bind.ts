import { Af, Ipproto } from "../include/socket";
import { Errno } from "../include/errno";
import { FastReuseport, InetBindBucket, InetTimewaitSock } from "../include/inet_sock";
import { Sock, SockCommon, SockReuse } from "../include/sock";
import { LOCAL_PORT_FIRST, LOCAL_PORT_LAST, ipv6_addr_any, ipv6_addr_v4mapped } from "../include/in6";
import { TcpState } from "../include/tcp";
import { bind_bucket_head, inet_bind_bucket_find, inet_ehash_insert, inet_lookup_established } from "./inet_hashtables";
import { inet_twsk_kill, inet_twsk_reap } from "./inet_timewait_sock";
import { kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { net } from "./net";

/** Notes that a port is in use; null when memory is exhausted. @kernel inet_bind_bucket_create() */
function inet_bind_bucket_create(protocol: u32, port: u32, connects: u8): InetBindBucket | null {
  let tb = changetype<InetBindBucket>(kmem_cache_zalloc(net().bind_bucket_cachep));
  if (!changetype<usize>(tb)) return null;
  tb.protocol = <u16>protocol;
  tb.port = <u16>port;
  tb.connects = connects;
  bind_bucket_head(port).add_head(tb.node);
  return tb;
}

/** Frees a port that nobody holds any more. @kernel inet_bind_bucket_destroy(), net/ipv4/inet_hashtables.c */
export function inet_bind_bucket_destroy(tb: InetBindBucket): void {
  if (!tb.owners.empty || !tb.deathrow.empty) return;
  tb.node.del_init();
  kmem_cache_free(net().bind_bucket_cachep, changetype<usize>(tb));
}

/** Makes a sock an owner of a port. @kernel inet_bind_hash(), net/ipv4/inet_hashtables.c */
export function inet_bind_hash(sk: Sock, tb: InetBindBucket): void {
  sk.skc_num = tb.port;
  sk.inet_sport = tb.port;
  sk.icsk_bind_hash = tb;
  tb.owners.add_head(sk.sk_bind_node);
}

/** Gives a sock's port back; getsockname() goes on telling it. @kernel inet_put_port(), net/ipv4/inet_hashtables.c */
export function inet_put_port(sk: Sock): void {
  let tb = sk.icsk_bind_hash;
  if (!tb) return;
  sk.sk_bind_node.del_init();
  sk.icsk_bind_hash = null;
  sk.skc_num = 0;
  inet_bind_bucket_destroy(tb);
}

/** True if an unspecific address of a family stands for a specific one, too. */
function covers(family: u32, reuse: u32, head: u64, tail: u64): bool {
  if (!ipv6_addr_v4mapped(head, tail)) return family == Af.INET6;
  return family == Af.INET || !(reuse & SockReuse.V6ONLY);
}

/** True if a packet could be for an address and for a socket's. @kernel inet_rcv_saddr_equal(), inet_connection_sock.c */
function inet_rcv_saddr_equal(family: u32, reuse: u32, head: u64, tail: u64, b: SockCommon): bool {
  let any_a = ipv6_addr_any(head, tail);
  let any_b = ipv6_addr_any(b.rcv_saddr_head, b.rcv_saddr_tail);
  if (any_a && any_b) return family == b.family || !((reuse | b.reuse) & SockReuse.V6ONLY);
  if (any_a) return covers(family, reuse, b.rcv_saddr_head, b.rcv_saddr_tail);
  if (any_b) return covers(b.family, b.reuse, head, tail);
  return head == b.rcv_saddr_head && tail == b.rcv_saddr_tail;
}

/** True if a socket may not hold a port beside another one that holds it. */
function in_conflict(skc: SockCommon, other: SockCommon): bool {
  let head = skc.rcv_saddr_head;
  if (!inet_rcv_saddr_equal(skc.family, skc.reuse, head, skc.rcv_saddr_tail, other)) return false;
  let both = skc.reuse & other.reuse;
  if (both & SockReuse.PORT) return false;
  return !(both & SockReuse.ADDR) || other.state == TcpState.LISTEN;
}

/** True if a sock may not hold a port besides its owners. @kernel inet_csk_bind_conflict() */
function inet_csk_bind_conflict(sk: Sock, tb: InetBindBucket): bool {
  let next = tb.owners.first;
  while (next) {
    let other = Sock.of_sk_bind_node(next);
    next = next.next;
    if (other !== sk && in_conflict(sk.skc, other.skc)) return true;
  }
  next = tb.deathrow.first;
  while (next) {
    let tw = InetTimewaitSock.of_tw_bind_node(next);
    next = next.next;
    if (in_conflict(sk.skc, tw.skc)) return true;
  }
  return false;
}

/** True if a sock with SO_REUSEPORT need not be compared with who holds the port. @kernel sk_reuseport_match() */
function sk_reuseport_match(sk: Sock, tb: InetBindBucket): bool {
  if (tb.fastreuseport == FastReuseport.NONE || !(sk.skc_reuse & SockReuse.PORT)) return false;
  if (tb.fastreuseport == FastReuseport.ANY) return true;
  return inet_rcv_saddr_equal(tb.fast_family, tb.fast_reuse, tb.fast_rcv_saddr_head, tb.fast_rcv_saddr_tail, sk.skc);
}

/** True if a sock of UDP may not hold a port: the newest owner that matters decides. @kernel udp_lib_lport_inuse() */
function udp_lib_lport_inuse(sk: Sock, tb: InetBindBucket): bool {
  let next = tb.owners.first;
  while (next) {
    let other = Sock.of_sk_bind_node(next);
    next = next.next;
    if (other === sk || sk.skc_reuse & other.skc_reuse & SockReuse.ADDR) continue;
    let head = sk.skc_rcv_saddr_head;
    if (!inet_rcv_saddr_equal(sk.skc_family, sk.skc_reuse, head, sk.skc_rcv_saddr_tail, other.skc)) continue;
    return !(sk.skc_reuse & other.skc_reuse & SockReuse.PORT);
  }
  return false;
}

/** True if a sock may not hold a port that others hold. */
function is_refused(sk: Sock, tb: InetBindBucket, reuse: bool): bool {
  if (sk.sk_protocol == Ipproto.UDP) return udp_lib_lport_inuse(sk, tb);
  let held = !tb.owners.empty || !tb.deathrow.empty;
  if (held && ((tb.fastreuse && reuse) || sk_reuseport_match(sk, tb))) return false;
  return inet_csk_bind_conflict(sk, tb);
}

/** Notes who now holds a port, and with which options. @kernel inet_csk_update_fastreuse(), inet_connection_sock.c */
function inet_csk_update_fastreuse(sk: Sock, tb: InetBindBucket, reuse: bool): void {
  let held = !tb.owners.empty || !tb.deathrow.empty;
  tb.fastreuse = reuse && (!held || tb.fastreuse) ? 1 : 0;
  if (!(sk.skc_reuse & SockReuse.PORT)) {
    tb.fastreuseport = <u8>FastReuseport.NONE;
    return;
  }
  if (held && sk_reuseport_match(sk, tb)) return;
  tb.fastreuseport = <u8>(held ? FastReuseport.STRICT : FastReuseport.ANY);
  tb.fast_family = <u8>sk.skc_family;
  tb.fast_reuse = <u16>sk.skc_reuse;
  tb.fast_rcv_saddr_head = sk.skc_rcv_saddr_head;
  tb.fast_rcv_saddr_tail = sk.skc_rcv_saddr_tail;
}

/** The port that is tried after another one. */
function port_after(port: u32): u32 {
  return port >= LOCAL_PORT_LAST ? LOCAL_PORT_FIRST : port + 1;
}

/** A port that nobody holds; 0 if there is none. */
function find_open_port(protocol: u32): u32 {
  let port = net().next_port;
  for (let i = LOCAL_PORT_FIRST; i <= LOCAL_PORT_LAST; i++, port = port_after(port)) {
    if (inet_bind_bucket_find(protocol, port)) continue;
    net().next_port = port_after(port);
    return port;
  }
  return 0;
}

/**
 * Takes a local port for a sock whose address is set.
 *
 * @param port  0: any that is free.
 * @returns     0, -EADDRINUSE or -ENOMEM.
 * @kernel inet_csk_get_port(), net/ipv4/inet_connection_sock.c
 */
export function inet_csk_get_port(sk: Sock, port: u32): i32 {
  inet_twsk_reap();
  if (!port) port = find_open_port(sk.sk_protocol);
  if (!port) return -Errno.EADDRINUSE;
  let tb = inet_bind_bucket_find(sk.sk_protocol, port);
  let reuse = (sk.skc_reuse & SockReuse.ADDR) != 0 && sk.skc_state != TcpState.LISTEN;
  if (tb && is_refused(sk, tb, reuse)) return -Errno.EADDRINUSE;
  if (!tb) tb = inet_bind_bucket_create(sk.sk_protocol, port, 0);
  if (!tb) return -Errno.ENOMEM;
  inet_csk_update_fastreuse(sk, tb, reuse);
  tb.connects = 0;
  if (!sk.icsk_bind_hash) inet_bind_hash(sk, tb);
  return 0;
}

/** What there is already from a port to where the sock wants to go: a connection, or the late end of one; else null. */
function connection_from(sk: Sock, port: u32): SockCommon | null {
  return inet_lookup_established(
    sk.skc_dev!,
    sk.skc_daddr_head,
    sk.skc_daddr_tail,
    sk.skc_dport,
    sk.skc_rcv_saddr_head,
    sk.skc_rcv_saddr_tail,
    port,
  );
}

/** True if a late end does not stand in the way: on the loopback device. @kernel tcp_twsk_unique(), net/ipv4/tcp_ipv4.c */
function may_follow(sk: Sock, there: SockCommon): bool {
  return there.state == TcpState.TIME_WAIT && sk.skc_dev === net().loopback_dev;
}

/** The bucket of a port from which a sock can connect; null if there is none. */
function find_connect_port(sk: Sock): InetBindBucket | null {
  let port = net().next_port;
  for (let i = LOCAL_PORT_FIRST; i <= LOCAL_PORT_LAST; i++, port = port_after(port)) {
    let tb = inet_bind_bucket_find(sk.sk_protocol, port);
    if (tb && (!tb.connects || connection_from(sk, port) !== null)) continue;
    net().next_port = port_after(port);
    return tb ? tb : inet_bind_bucket_create(sk.sk_protocol, port, 1);
  }
  return null;
}

/**
 * Lets a sock that knows where it wants to go be found by packets, from a port that it holds or now gets.
 *
 * @returns  0, or -EADDRNOTAVAIL.
 * @kernel inet_hash_connect(), net/ipv4/inet_hashtables.c
 */
export function inet_hash_connect(sk: Sock): i32 {
  inet_twsk_reap();
  if (sk.skc_num) {
    let there = connection_from(sk, sk.skc_num);
    if (there && !may_follow(sk, there)) return -Errno.EADDRNOTAVAIL;
    if (there) inet_twsk_kill(changetype<InetTimewaitSock>(there));
  } else {
    let tb = find_connect_port(sk);
    if (!tb) return -Errno.EADDRNOTAVAIL;
    inet_bind_hash(sk, tb);
  }
  inet_ehash_insert(sk.skc);
  return 0;
}

/** Lets an accepted connection hold the port of the socket that listened. @kernel __inet_inherit_port() */
export function inet_inherit_port(listener: Sock, child: Sock): void {
  inet_bind_hash(child, listener.icsk_bind_hash!);
}
