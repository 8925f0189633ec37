import {
  IN6ADDR_LOOPBACK_TAIL,
  INADDR_LOOPBACK,
  OWN_ADDRESS_4,
  OWN_ADDRESS_6_HEAD,
  OWN_ADDRESS_6_TAIL,
  ipv6_addr_any,
  ipv6_addr_loopback,
  ipv6_addr_v4mapped,
  v4mapped_tail,
} from "../include/in6";
import { Af, SIN6_LEN_RFC2133, SOCKADDR_IN6_SIZE, SOCKADDR_IN_SIZE } from "../include/socket";
import { Errno } from "../include/errno";
import { NetDevice } from "../include/net";
import { Sock } from "../include/sock";
import { inet_lookup_listener } from "./inet_hashtables";
import { net } from "./net";
import { wire_is_listening } from "../drivers/world";

/** An address and a port of a system call, in the kernel's form. */
@unmanaged
export class InetAddress {
  /** First 8 bytes of the address, in network order. */
  head: u64;
  /** Last 8 bytes of the address, in network order. */
  tail: u64;
  /** Port. */
  port: u32;
}

/** Swaps the two bytes of a port. @kernel ntohs(), include/linux/byteorder/generic.h */
export function ntohs(port: u32): u32 {
  return ((port & 0xff) << 8) | ((port >> 8) & 0xff);
}

/** Last 8 bytes of a family's "any address"; the first 8 are 0. */
export function any_tail(family: u32): u64 {
  return family == Af.INET ? v4mapped_tail(0) : 0;
}

/** The place for the address of the system call at work, behind its struct sockaddr. */
export function parsed_address(): InetAddress {
  return changetype<InetAddress>(net().address + 128);
}

/**
 * Reads a struct sockaddr_in or sockaddr_in6 into parsed_address().
 *
 * @param at   the struct, in kernel memory.
 * @param len  Unit: bytes.
 * @returns    0, -EINVAL if it is too short, -EAFNOSUPPORT if it is of another family.
 */
export function parse_sockaddr(sk: Sock, at: usize, len: u32): i32 {
  let v4 = sk.skc_family == Af.INET;
  let least = v4 ? SOCKADDR_IN_SIZE : SIN6_LEN_RFC2133;
  if (len < least) return -Errno.EINVAL;
  if (load<u16>(at) != sk.skc_family) return -Errno.EAFNOSUPPORT;
  let address = parsed_address();
  address.port = ntohs(load<u16>(at, 2));
  address.head = v4 ? 0 : load<u64>(at, 8);
  address.tail = v4 ? v4mapped_tail(load<u32>(at, 4)) : load<u64>(at, 16);
  return 0;
}

/** Writes a struct sockaddr_in or sockaddr_in6. @param at room in kernel memory. @returns its length. Unit: bytes. */
export function write_sockaddr(family: u32, head: u64, tail: u64, port: u32, at: usize): u32 {
  let len = family == Af.INET ? SOCKADDR_IN_SIZE : SOCKADDR_IN6_SIZE;
  memory.fill(at, 0, len);
  store<u16>(at, <u16>family);
  store<u16>(at, <u16>ntohs(port), 2);
  if (family == Af.INET) {
    store<u32>(at, <u32>(tail >> 32), 4);
  } else {
    store<u64>(at, head, 8);
    store<u64>(at, tail, 16);
  }
  return len;
}

/** True for the machine's own addresses on the wire. */
function is_own(head: u64, tail: u64): bool {
  if (head == OWN_ADDRESS_6_HEAD) return tail == OWN_ADDRESS_6_TAIL;
  return head == 0 && tail == v4mapped_tail(OWN_ADDRESS_4);
}

/** True for an address that several machines listen to: nobody can connect there. */
function is_multicast(head: u64, tail: u64): bool {
  if (ipv6_addr_v4mapped(head, tail)) return <u8>(tail >> 32) >= 224;
  return <u8>head == 0xff;
}

/** True if a socket may have an address as its own. @kernel inet_addr_valid_or_nonlocal(), include/net/inet_sock.h */
export function is_bindable(head: u64, tail: u64): bool {
  return (
    ipv6_addr_any(head, tail) ||
    ipv6_addr_loopback(head, tail) ||
    is_own(head, tail) ||
    (ipv6_addr_v4mapped(head, tail) && is_multicast(head, tail))
  );
}

/**
 * True if a connection to this machine itself is to go outside: nobody listens here, but a server outside does on that
 * port. So a program may reach a server of the world without naming a host.
 */
function is_served_outside(address: InetAddress): bool {
  return !inet_lookup_listener(address.head, address.tail, address.port, 0) && wire_is_listening(address.port);
}

/** The machine's own address to send from. */
export function choose_source(sk: Sock, head: u64, tail: u64): void {
  if (!ipv6_addr_any(sk.skc_rcv_saddr_head, sk.skc_rcv_saddr_tail)) return;
  let v4 = ipv6_addr_v4mapped(head, tail);
  let loopback = ipv6_addr_loopback(head, tail);
  sk.skc_rcv_saddr_head = v4 || loopback ? 0 : OWN_ADDRESS_6_HEAD;
  if (v4) sk.skc_rcv_saddr_tail = v4mapped_tail(loopback ? INADDR_LOOPBACK : OWN_ADDRESS_4);
  else sk.skc_rcv_saddr_tail = loopback ? IN6ADDR_LOOPBACK_TAIL : OWN_ADDRESS_6_TAIL;
}

/** True if an address is this machine's own; any address stands for this machine, and is made so. */
export function is_local(address: InetAddress): bool {
  if (ipv6_addr_any(address.head, address.tail)) {
    address.tail = address.tail ? v4mapped_tail(INADDR_LOOPBACK) : IN6ADDR_LOOPBACK_TAIL;
  }
  return ipv6_addr_loopback(address.head, address.tail) || is_own(address.head, address.tail);
}

/** The device through which an address is reached. */
function device_for(address: InetAddress): NetDevice {
  let local = ipv6_addr_loopback(address.head, address.tail) || is_own(address.head, address.tail);
  return local && !is_served_outside(address) ? net().loopback_dev : net().eth0;
}

/**
 * Finds the way to parsed_address(), and sets both ends of a sock accordingly.
 *
 * @returns  0 or -ENETUNREACH. @kernel ip_route_connect(), include/net/route.h
 */
export function ip_route_connect(sk: Sock): i32 {
  let address = parsed_address();
  if (is_multicast(address.head, address.tail)) return -Errno.ENETUNREACH;
  if (ipv6_addr_any(address.head, address.tail)) {
    address.tail = address.tail ? v4mapped_tail(INADDR_LOOPBACK) : IN6ADDR_LOOPBACK_TAIL;
  }
  sk.skc_dev = device_for(address);
  sk.skc_daddr_head = address.head;
  sk.skc_daddr_tail = address.tail;
  sk.skc_dport = <u16>address.port;
  choose_source(sk, address.head, address.tail);
  return 0;
}
