/** States of a TCP connection, and of sockets of other kinds. @kernel include/net/tcp_states.h */
export enum TcpState {
  /** Both sides may send. */
  ESTABLISHED = 1,
  /** SYN sent, waiting for the answer. */
  SYN_SENT = 2,
  /** SYN received and answered. */
  SYN_RECV = 3,
  /** This side has sent its FIN, and waits for the acknowledgement. */
  FIN_WAIT1 = 4,
  /** This side's FIN was acknowledged; the other side may still send. */
  FIN_WAIT2 = 5,
  /** Both sides are done; late packets are still expected. */
  TIME_WAIT = 6,
  /** No connection. */
  CLOSE = 7,
  /** The other side has sent its FIN; this side may still send. */
  CLOSE_WAIT = 8,
  /** Both FINs sent, the acknowledgement of this side's is missing. The other side was first. */
  LAST_ACK = 9,
  /** Connections are accepted. */
  LISTEN = 10,
  /** Both FINs sent, the acknowledgement of this side's is missing. */
  CLOSING = 11,
  /** A request for a connection that is not yet one (struct request_sock). */
  NEW_SYN_RECV = 12,
}

/** Flags in the header of a TCP packet. @kernel TCPHDR_*, include/net/tcp.h */
export enum TcpFlags {
  /** No more data from this side. */
  FIN = 1,
  /** The sequence numbers begin here. */
  SYN = 2,
  /** The connection is gone. */
  RST = 4,
  /** The receiver should not wait for more. */
  PSH = 8,
  /** `ack_seq` is valid. */
  ACK = 16,
  /** `urg_ptr` is valid. */
  URG = 32,
}

/**
 * Header of a packet.
 *
 * Differs from Linux: one header instead of IP's and TCP's, its numbers in the byte order of the CPU, a window of 32 bits
 * instead of 16 and a scale, and no checksums. Addresses have 16 bytes in network order, those of version 4 in the mapped
 * form ::ffff:a.b.c.d; the first 8 bytes are the head, the last 8 the tail.
 *
 * @kernel struct iphdr with struct tcphdr, include/uapi/linux/tcp.h
 */
@unmanaged
export class Tcphdr {
  /** Sender's address, first 8 bytes. */
  saddr_head: u64;
  /** Sender's address, last 8 bytes. */
  saddr_tail: u64;
  /** Receiver's address, first 8 bytes. */
  daddr_head: u64;
  /** Receiver's address, last 8 bytes. */
  daddr_tail: u64;
  /** Sender's port. */
  source: u16;
  /** Receiver's port. */
  dest: u16;
  /** Sequence number of the first byte. */
  seq: u32;
  /** The next byte that the sender expects from the receiver. */
  ack_seq: u32;
  /** TcpFlags bits. */
  flags: u16;
  /** Largest segment that the sender takes; only with SYN. Unit: bytes. */
  mss: u16;
  /** How much more the sender can receive. Unit: bytes. */
  window: u32;
  /** Length of the data behind the header. Unit: bytes. */
  len: u16;
  /** Distance from seq to the byte behind the urgent one; only with URG. Unit: bytes. */
  urg_ptr: u16;
}

/** Bits of TcpUrgent.urg_data, besides the byte itself. @kernel TCP_URG_*, include/net/tcp.h */
export enum TcpUrg {
  /** The urgent byte has come. */
  VALID = 0x0100,
  /** An urgent byte is announced and has not come yet. */
  NOTYET = 0x0200,
  /** The urgent byte was read. */
  READ = 0x0400,
  /** The byte itself. */
  BYTE = 0xff,
}

/** Urgent data of a connection; most have none. @kernel struct tcp_sock, include/linux/tcp.h */
@unmanaged
export class TcpUrgent {
  /** Sending: the byte behind the urgent one; snd_una if that was acknowledged. */
  snd_up: u32;
  /** Receiving: the urgent byte's number. */
  urg_seq: u32;
  /** Receiving: TcpUrg bits and the byte; 0: there is none. */
  urg_data: u32;
}

/** Size of a packet's header. Unit: bytes. */
export const TCP_HEADER_SIZE: usize = offsetof<Tcphdr>();

/** Largest segment over the wire, for an MTU of 1500. Unit: bytes. */
export const TCP_MSS_WIRE: u32 = 1460;
/** Largest segment over the loopback device, for an MTU of 65536. Unit: bytes. */
export const TCP_MSS_LOOPBACK: u32 = 65483;

/** True if sequence number a comes before b, round the end of the numbers. @kernel before(), include/net/tcp.h */
export function before(a: u32, b: u32): bool {
  return <i32>(a - b) < 0;
}

/** True if sequence number a comes after b, round the end of the numbers. @kernel after(), include/net/tcp.h */
export function after(a: u32, b: u32): bool {
  return <i32>(b - a) < 0;
}
