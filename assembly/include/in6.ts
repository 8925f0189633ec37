/*
 * Addresses have 16 bytes in network order, those of version 4 in the mapped form ::ffff:a.b.c.d. They are kept as two
 * numbers, as their bytes lie in memory: the head, the first 8 bytes, and the tail, the last 8.
 */

/** The machine's own address of version 4, 10.0.0.1, as its 4 bytes lie in memory. */
export const OWN_ADDRESS_4: u32 = 0x0100_000a;
/** First 8 bytes of the machine's own address of version 6, fd00::1, as a number. */
export const OWN_ADDRESS_6_HEAD: u64 = 0xfd;
/** Last 8 bytes of the machine's own address of version 6, as a number. */
export const OWN_ADDRESS_6_TAIL: u64 = 0x0100_0000_0000_0000;
/** First of the ports that are chosen for clients: net.ipv4.ip_local_port_range. */
export const LOCAL_PORT_FIRST: u32 = 32768;
/** Last of the ports that are chosen for clients. */
export const LOCAL_PORT_LAST: u32 = 60999;

/** Last 8 bytes of the mapped form of an address of version 4. @param address 4 bytes as they lie in memory. */
export function v4mapped_tail(address: u32): u64 {
  return ((<u64>address) << 32) | 0xffff_0000;
}

/** True if an address is the mapped form of one of version 4. @kernel ipv6_addr_v4mapped(), include/net/ipv6.h */
export function ipv6_addr_v4mapped(head: u64, tail: u64): bool {
  return head == 0 && <u32>tail == 0xffff_0000;
}

/** True if an address stands for "any address": :: or 0.0.0.0. @kernel ipv6_addr_any(), include/net/ipv6.h */
export function ipv6_addr_any(head: u64, tail: u64): bool {
  return head == 0 && (tail == 0 || tail == 0xffff_0000);
}

/** Last 8 bytes of ::1, as a number. */
export const IN6ADDR_LOOPBACK_TAIL: u64 = 0x0100_0000_0000_0000;
/** 127.0.0.1, as its 4 bytes lie in memory. */
export const INADDR_LOOPBACK: u32 = 0x0100_007f;

/** True if an address is of this machine only: 127.0.0.0/8 or ::1. @kernel ipv6_addr_loopback(), ipv4_is_loopback() */
export function ipv6_addr_loopback(head: u64, tail: u64): bool {
  if (ipv6_addr_v4mapped(head, tail)) return <u8>(tail >> 32) == 127;
  return head == 0 && tail == IN6ADDR_LOOPBACK_TAIL;
}
