import { HlistNode, ListHead } from "./list";
import { InetBindBucket, RequestSockQueue } from "./inet_sock";
import { NetDevice, Proto, Socket } from "./net";
import { RbNode } from "./rbtree_types";
import { SkBuff, SkBuffHead } from "./skbuff";
import { Hrtimer } from "./time";
import { TcpUrgent } from "./tcp";
import { WaitQueueHead } from "./wait";

/**
 * What connections, requests for connections and late ends of connections have in common, so that one hash table finds
 * them all.
 *
 * @kernel struct sock_common, include/net/sock.h
 */
@unmanaged
export class SockCommon {
  // struct hlist_node node
  node_next: HlistNode | null;
  node_pprev: usize;
  /** TcpState: which of the kinds it is, too. */
  state: u32;
  /** The device that its packets come from and go to; null if any. */
  dev: NetDevice | null;
  /** SockReuse bits: what SO_REUSEADDR and SO_REUSEPORT were set to. */
  reuse: u16;
  /** Af: address family. */
  family: u16;
  /** Port on this side; 0: none. */
  num: u16;
  /** Port on the other side; 0: none. */
  dport: u16;
  /** Address of the other side, first 8 bytes in network order. */
  daddr_head: u64;
  /** Address of the other side, last 8 bytes in network order. */
  daddr_tail: u64;
  /** Address on this side, first 8 bytes in network order. */
  rcv_saddr_head: u64;
  /** Address on this side, last 8 bytes in network order. */
  rcv_saddr_tail: u64;

  /** Links it into a hash table. */
  @embed @inline get node(): HlistNode {
    return changetype<HlistNode>(changetype<usize>(this) + offsetof<SockCommon>("node_next"));
  }
  /** container_of(node, struct sock_common, skc_node). */
  @inline static of_node(node: HlistNode): SockCommon {
    return changetype<SockCommon>(changetype<usize>(node) - offsetof<SockCommon>("node_next"));
  }
}

/** Bits of SockCommon.reuse. */
export enum SockReuse {
  /** SO_REUSEADDR is set. */
  ADDR = 1,
  /** SO_REUSEPORT is set. */
  PORT = 2,
  /** IPV6_V6ONLY is set. */
  V6ONLY = 4,
}

/** Bits of Sock.sk_flags. @kernel enum sock_flags, include/net/sock.h */
export enum SockFlags {
  /** No file refers to it any more. */
  DEAD = 1,
  /** The other side will send no more. */
  DONE = 2,
  /** SO_KEEPALIVE is set. */
  KEEPOPEN = 4,
  /** SO_LINGER is set. */
  LINGER = 8,
  /** TCP_NODELAY is set: small segments are sent at once. */
  NODELAY = 16,
  /** TCP_CORK is set: small segments are held back. */
  CORK = 32,
  /** bind() has chosen the port. */
  BINDPORT_LOCK = 64,
  /** bind() has chosen the address. */
  BINDADDR_LOCK = 128,
  /** SO_SNDBUF was set: the send buffer does not grow by itself. */
  SNDBUF_LOCK = 256,
  /** SO_RCVBUF was set: the receive buffer does not grow by itself. */
  RCVBUF_LOCK = 512,
  /** An acknowledgement could not be sent for want of memory, and is owed. */
  ACK_PENDING = 1024,
  /** The send queue ends with a FIN. */
  FIN_QUEUED = 2048,
  /** SO_BROADCAST is set. */
  BROADCAST = 4096,
  /** SO_OOBINLINE is set. */
  URGINLINE = 8192,
  /** Small data that was held back may go now. */
  PUSH_PENDING = 16384,
  /** SO_PASSCRED is set: who sends is told. */
  PASSCRED = 32768,
  /** SO_ZEROCOPY is set: MSG_ZEROCOPY means something. */
  ZEROCOPY = 65536,
}

/** Bits of Sock.sk_shutdown. @kernel include/net/sock.h */
export enum ShutdownMask {
  /** Nothing more will be received. */
  RCV = 1,
  /** Nothing more will be sent. */
  SEND = 2,
  /** Both. */
  MASK = 3,
}

/** Options of a socket that few programs set. @kernel struct sock, include/net/sock.h */
@unmanaged
export class SockOptions {
  /** How long receiving waits at most. Unit: ns; 0: for ever. */
  sk_rcvtimeo: u64;
  /** How long sending waits at most. Unit: ns; 0: for ever. */
  sk_sndtimeo: u64;
  /** SO_LINGER's time. Unit: seconds. */
  sk_lingertime: u32;
  /** How often a SYN is sent again, as TCP_SYNCNT has set it; 0: as usual. */
  icsk_syn_retries: u32;
  /** Number of the next call with MSG_ZEROCOPY. */
  sk_zckey: u32;
  /** Memory of calls with MSG_ZEROCOPY whose end the program has not read of. Unit: bytes. */
  sk_omem_alloc: u32;
  // struct list_head sk_error_queue
  sk_error_queue_next: ListHead;
  sk_error_queue_prev: ListHead;

  /** What recvmsg(MSG_ERRQUEUE) will tell: UbufInfoMsgzc.link of each notification, the oldest first. */
  @embed @inline get sk_error_queue(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<SockOptions>("sk_error_queue_next"));
  }
}

/**
 * The core of a socket: its queues, buffers, error, and the state of its protocol. TCP's and UNIX sockets' own fields
 * stand at the end.
 *
 * @kernel struct sock, include/net/sock.h, with struct inet_connection_sock, struct tcp_sock and struct unix_sock
 */
@unmanaged
export class Sock {
  // struct sock_common skc
  skc_node_next: HlistNode | null;
  skc_node_pprev: usize;
  skc_state: u32;
  skc_dev: NetDevice | null;
  skc_reuse: u16;
  skc_family: u16;
  skc_num: u16;
  skc_dport: u16;
  skc_daddr_head: u64;
  skc_daddr_tail: u64;
  skc_rcv_saddr_head: u64;
  skc_rcv_saddr_tail: u64;

  /** Number of references; it is freed when the last one goes. */
  sk_refcnt: u32;
  /** SockType. */
  sk_type: u8;
  /** Ipproto. */
  sk_protocol: u8;
  /** ShutdownMask bits. */
  sk_shutdown: u8;
  /** Number of times in a row that the timer went off without an answer. */
  icsk_retransmits: u8;
  /** Greatest number of connections that may wait to be accepted, less one. */
  sk_max_ack_backlog: u16;
  /** Port on this side as getsockname() tells it, also after it was given back. */
  inet_sport: u16;
  /** TCP: largest segment. Unit: bytes. */
  mss_cache: u16;
  /** The pending error, an Errno; it is told once. 0: none. */
  sk_err: i16;
  /** SockFlags bits. */
  sk_flags: u32;
  /** The socket that it belongs to; null before accept() and after close(). */
  sk_socket: Socket | null;
  /** The socket's wait queue; null before accept() and after close(). */
  sk_wq: WaitQueueHead | null;
  /** What its protocol does; null for UNIX sockets. */
  sk_prot: Proto | null;
  /** Called when data or a connection has arrived: (sock) => void, an index into the function table. */
  sk_data_ready: u16;
  /** Called when the state of the connection has changed: (sock) => void. */
  sk_state_change: u16;
  /** Called when there is room in the send buffer: (sock) => void. */
  sk_write_space: u16;
  /** Called when an error has come up: (sock) => void. */
  sk_error_report: u16;
  // struct sk_buff_head sk_receive_queue
  sk_receive_queue_list_next: ListHead;
  sk_receive_queue_list_prev: ListHead;
  sk_receive_queue_qlen: u32;
  // struct sk_buff_head sk_write_queue
  sk_write_queue_list_next: ListHead;
  sk_write_queue_list_prev: ListHead;
  sk_write_queue_qlen: u32;
  /** The first sk_buff of sk_write_queue that was not yet sent; null if all were. */
  sk_send_head: SkBuff | null;
  /** Size of the receive buffer. Unit: bytes. */
  sk_rcvbuf: i32;
  /** Size of the send buffer. Unit: bytes. */
  sk_sndbuf: i32;
  /** The least that makes the socket readable. Unit: bytes. */
  sk_rcvlowat: i32;
  /** Memory of the packets in sk_receive_queue. Unit: bytes. */
  sk_rmem_alloc: i32;
  /** Memory of what was sent and not yet received; of TCP: of the packets in sk_write_queue. Unit: bytes. */
  sk_wmem_alloc: i32;
  /** Options that most sockets leave as they are; null: as they are. */
  options: SockOptions | null;
  /** The local port that it holds; null if none. */
  icsk_bind_hash: InetBindBucket | null;
  // struct hrtimer sk_timer
  sk_timer_node_parent_color: usize;
  sk_timer_node_right: RbNode | null;
  sk_timer_node_left: RbNode | null;
  sk_timer_func: u16;
  sk_timer_queued: u8;
  sk_timer_kind: u8;
  sk_timer_expires: u64;
  // struct hlist_node sk_bind_node
  sk_bind_node_next: HlistNode | null;
  sk_bind_node_pprev: usize;
  /** TCP: the requests of a socket that listens, or has listened; null for all others. */
  icsk_accept_queue: RequestSockQueue | null;

  /** TCP: what the other side should send next. */
  rcv_nxt: u32;
  /** TCP: what the program should read next. */
  copied_seq: u32;
  /** TCP: rcv_nxt when the last window was announced. */
  rcv_wup: u32;
  /** TCP: the window last announced. Unit: bytes. */
  rcv_wnd: u32;
  /** TCP: first byte that was sent and not acknowledged. */
  snd_una: u32;
  /** TCP: what will be sent next. */
  snd_nxt: u32;
  /** TCP: end of the last small segment that was sent (Minshall's rule). */
  snd_sml: u32;
  /** TCP: end of what the program has written. */
  write_seq: u32;
  /** TCP: how much the other side can receive from snd_una on. Unit: bytes. */
  snd_wnd: u32;
  /** TCP: the largest window that the other side ever announced. Unit: bytes. */
  max_window: u32;

  /** TCP: its urgent data; null if there never was any. */
  urg: TcpUrgent | null;
  /** What only UNIX sockets have; 0 for all others. */
  @to("UnixSock") unix: usize;

  /** What it has in common with requests and late ends of connections. */
  @embed @inline get skc(): SockCommon {
    return changetype<SockCommon>(this);
  }
  /** Packets that have arrived and were not yet read; of a listening UNIX socket: the connections. */
  @embed @inline get sk_receive_queue(): SkBuffHead {
    return changetype<SkBuffHead>(changetype<usize>(this) + offsetof<Sock>("sk_receive_queue_list_next"));
  }
  /** What was written and not yet acknowledged; from sk_send_head on, not yet sent. */
  @embed @inline get sk_write_queue(): SkBuffHead {
    return changetype<SkBuffHead>(changetype<usize>(this) + offsetof<Sock>("sk_write_queue_list_next"));
  }
  /** Sends again what was not answered in time. */
  @embed @inline get sk_timer(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<Sock>("sk_timer_node_parent_color"));
  }
  /** Links it into the owners of its local port. */
  @embed @inline get sk_bind_node(): HlistNode {
    return changetype<HlistNode>(changetype<usize>(this) + offsetof<Sock>("sk_bind_node_next"));
  }
  /** container_of(timer, struct sock, sk_timer). */
  @inline static of_sk_timer(timer: Hrtimer): Sock {
    return changetype<Sock>(changetype<usize>(timer) - offsetof<Sock>("sk_timer_node_parent_color"));
  }
  /** container_of(node, struct sock, sk_bind_node). */
  @inline static of_sk_bind_node(node: HlistNode): Sock {
    return changetype<Sock>(changetype<usize>(node) - offsetof<Sock>("sk_bind_node_next"));
  }
}
