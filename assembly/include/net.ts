import { File } from "./fs";
import { HlistHead, HlistNode, ListHead } from "./list";
import { RbNode } from "./rbtree_types";
import { SkBuff, SkBuffHead } from "./skbuff";
import { Hrtimer } from "./time";
import { WaitQueueHead } from "./wait";

/** How far a socket's connection has come, as system calls see it. @kernel enum socket_state, include/uapi/linux/net.h */
export enum SocketState {
  /** Not in use. */
  FREE = 0,
  /** Not connected. */
  UNCONNECTED = 1,
  /** connect() was called and its result not yet collected. */
  CONNECTING = 2,
  /** Connected. */
  CONNECTED = 3,
  /** Being taken apart. */
  DISCONNECTING = 4,
}

/** Bits of Socket.flags. @kernel SOCK_*, include/linux/net.h */
export enum SocketFlags {
  /** Somebody found the send buffer full and wants to be told when there is room. */
  NOSPACE = 1,
}

/**
 * What a socket of some family does for each system call: a table of functions, each an index into the function table.
 *
 * @kernel struct proto_ops, include/linux/net.h
 */
@unmanaged export class ProtoOps {
  /** Af: address family. */
  family: u32;
  /** (socket) => void: the last reference is gone. */
  release: u32;
  /** (socket, address, length) => 0 or -errno. */
  bind: u32;
  /** (socket, address, length, flags) => 0, -errno or SLEEPING. */
  connect: u32;
  /** (socket, other socket) => 0 or -errno. */
  socketpair: u32;
  /** (socket, new socket, flags) => 0, -errno or SLEEPING. */
  accept: u32;
  /** (socket, address, peer) => length of the address or -errno. */
  getname: u32;
  /** (file, socket, table) => Poll bits. */
  poll: u32;
  /** (socket, backlog) => 0 or -errno. */
  listen: u32;
  /** (socket, how) => 0 or -errno. */
  shutdown: u32;
  /** (socket, iter, flags) => bytes, -errno or SLEEPING. */
  sendmsg: u32;
  /** (socket, iter, flags) => bytes, -errno or SLEEPING. */
  recvmsg: u32;
  /** (socket, command, argument) => result or -errno. */
  ioctl: u32;
}

/**
 * What an internet protocol does for its sockets: a table of functions, each an index into the function table.
 *
 * @kernel struct proto, include/net/sock.h
 */
@unmanaged export class Proto {
  /** Ipproto: the protocol. */
  protocol: u32;
  /** (sock) => void: nobody will use the socket any more. */
  close: u32;
  /** (sock, address, length) => 0 or -errno. */
  connect: u32;
  /** (sock) => 0: forgets the connection. */
  disconnect: u32;
  /** (sock, flags) => the connection's Sock, -errno or SLEEPING. */
  accept: u32;
  /** (sock, how) => void: `how` holds ShutdownMask bits. */
  shutdown: u32;
  /** (sock, iter, flags) => bytes, -errno or SLEEPING. */
  sendmsg: u32;
  /** (sock, iter, flags) => bytes, -errno or SLEEPING. */
  recvmsg: u32;
  /** (sock, port) => 0 or -errno: takes a local port; 0: any. */
  get_port: u32;
}

/**
 * A socket as system calls see it: what stands between a file and the protocol.
 *
 *      File ---private_data---> Socket ---sk---> Sock        file: what descriptors point to
 *           <------file-------         <--sk_socket--        sock: queues, state, the protocol's data
 *
 * @kernel struct socket, include/linux/net.h
 */
@unmanaged export class Socket {
  /** SocketState. */
  state: u32;
  /** SockType. */
  type: u32;
  /** SocketFlags bits. */
  flags: u32;
  /** The file that it belongs to; null while the socket is being made. */
  file: File | null;
  /** The core of the socket; null while an accepted socket is being made. */
  sk: Sock | null;
  /** What its family does for each system call. */
  ops: ProtoOps;
  // struct wait_queue_head wait
  wait_head_next: ListHead;
  wait_head_prev: ListHead;

  /** Who waits for it: sleeping tasks, and epitems through ep_poll_callback(). The kernel calls it wq.wait. */
  @embed @inline get wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<Socket>("wait_head_next"));
  }
}

/**
 * What connections, requests for connections and late ends of connections have in common, so that one hash table finds
 * them all.
 *
 * @kernel struct sock_common, include/net/sock.h
 */
@unmanaged export class SockCommon {
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

/**
 * The core of a socket: its queues, buffers, error, and the state of its protocol. TCP's and UNIX sockets' own fields
 * stand at the end.
 *
 * @kernel struct sock, include/net/sock.h, with struct inet_connection_sock, struct tcp_sock and struct unix_sock
 */
@unmanaged export class Sock {
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
  sk_type: u32;
  /** Ipproto. */
  sk_protocol: u16;
  /** Port on this side as getsockname() tells it, also after it was given back. */
  inet_sport: u16;
  /** ShutdownMask bits. */
  sk_shutdown: u32;
  /** SockFlags bits. */
  sk_flags: u32;
  /** The pending error, an Errno; it is told once. 0: none. */
  sk_err: i32;
  /** The socket that it belongs to; null before accept() and after close(). */
  sk_socket: Socket | null;
  /** The socket's wait queue; null before accept() and after close(). */
  sk_wq: WaitQueueHead | null;
  /** What its protocol does; null for UNIX sockets. */
  sk_prot: Proto | null;
  /** Called when data or a connection has arrived: (sock) => void, an index into the function table. */
  sk_data_ready: u32;
  /** Called when the state of the connection has changed: (sock) => void. */
  sk_state_change: u32;
  /** Called when there is room in the send buffer: (sock) => void. */
  sk_write_space: u32;
  /** Called when an error has come up: (sock) => void. */
  sk_error_report: u32;
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
  /** Number of connections that wait to be accepted. */
  sk_ack_backlog: u32;
  /** Greatest number of connections that may wait to be accepted, less one. */
  sk_max_ack_backlog: u32;
  /** SO_LINGER's time. Unit: seconds. */
  sk_lingertime: u32;
  /** How long receiving waits at most. Unit: ns; 0: for ever. */
  sk_rcvtimeo: u64;
  /** How long sending waits at most. Unit: ns; 0: for ever. */
  sk_sndtimeo: u64;
  // struct hrtimer sk_timer
  sk_timer_node_parent_color: usize;
  sk_timer_node_right: RbNode | null;
  sk_timer_node_left: RbNode | null;
  sk_timer_expires: u64;
  sk_timer_sequence: u64;
  sk_timer_func: u32;
  sk_timer_queued: u32;
  sk_timer_hardware: u32;
  // struct hlist_node sk_bind_node
  sk_bind_node_next: HlistNode | null;
  sk_bind_node_pprev: usize;
  /** The local port that it holds; null if none. */
  icsk_bind_hash: InetBindBucket | null;
  /** Number of times in a row that the timer went off without an answer. */
  icsk_retransmits: u32;
  /** First finished request of a listening socket: what accept() takes next; null if there is none. */
  rskq_accept_head: RequestSock | null;
  /** Last finished request of a listening socket. */
  rskq_accept_tail: RequestSock | null;
  /** Number of requests of a listening socket that are not yet connections. */
  rskq_qlen: u32;

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
  /** TCP: largest segment. Unit: bytes. */
  mss_cache: u32;

  /** UNIX: the socket at the other end; null if there is none. */
  unix_peer: Sock | null;
  /** UNIX: the name that it is bound to; null if it has none. */
  unix_addr: UnixAddress | null;
  // struct wait_queue_head peer_wait
  peer_wait_head_next: ListHead;
  peer_wait_head_prev: ListHead;
  // struct wait_queue_head unix_peer_wait
  unix_peer_wait_head_next: ListHead;
  unix_peer_wait_head_prev: ListHead;

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
  /** UNIX: who waits for room among the packets or connections that wait in this socket. */
  @embed @inline get unix_peer_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<Sock>("unix_peer_wait_head_next"));
  }
  /** Sends again what was not answered in time. */
  @embed @inline get sk_timer(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<Sock>("sk_timer_node_parent_color"));
  }
  /** Links it into the owners of its local port. */
  @embed @inline get sk_bind_node(): HlistNode {
    return changetype<HlistNode>(changetype<usize>(this) + offsetof<Sock>("sk_bind_node_next"));
  }
  /** UNIX: who waits until a connection can be made to this listening socket. */
  @embed @inline get peer_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<Sock>("peer_wait_head_next"));
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

/**
 * A request for a connection: a SYN was answered, and the last step of the handshake is awaited. Then it holds the new
 * connection until accept() takes that.
 *
 * @kernel struct request_sock, include/net/request_sock.h
 */
@unmanaged export class RequestSock {
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

  /** Next finished request of the listening socket. */
  dl_next: RequestSock | null;
  /** The listening socket. */
  rsk_listener: Sock;
  /** The connection, once the handshake is finished. */
  sk: Sock | null;
  /** Sequence number of the client's SYN. */
  rcv_isn: u32;
  /** Sequence number of the answer. */
  snt_isn: u32;
  /** How much the client can receive. Unit: bytes. */
  snd_wnd: u32;
  /** Largest segment that the client takes. Unit: bytes. */
  mss: u32;
  /** Number of times that the answer was sent again. */
  num_timeout: u32;
  // struct hrtimer rsk_timer
  rsk_timer_node_parent_color: usize;
  rsk_timer_node_right: RbNode | null;
  rsk_timer_node_left: RbNode | null;
  rsk_timer_expires: u64;
  rsk_timer_sequence: u64;
  rsk_timer_func: u32;
  rsk_timer_queued: u32;
  rsk_timer_hardware: u32;

  /** What it has in common with connections. */
  @embed @inline get skc(): SockCommon {
    return changetype<SockCommon>(this);
  }
  /** Sends the answer again if the client stays silent. */
  @embed @inline get rsk_timer(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<RequestSock>("rsk_timer_node_parent_color"));
  }
  /** container_of(timer, struct request_sock, rsk_timer). */
  @inline static of_rsk_timer(timer: Hrtimer): RequestSock {
    return changetype<RequestSock>(changetype<usize>(timer) - offsetof<RequestSock>("rsk_timer_node_parent_color"));
  }
}

/**
 * What is left of a connection that both sides have closed: enough to answer late packets, for a minute.
 *
 * @kernel struct inet_timewait_sock, include/net/inet_timewait_sock.h
 */
@unmanaged export class InetTimewaitSock {
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

  /** TcpState: TIME_WAIT, or FIN_WAIT2 while the other side has not sent its FIN. */
  tw_substate: u32;
  /** What the other side should send next. */
  tw_rcv_nxt: u32;
  /** What this side would send next. */
  tw_snd_nxt: u32;
  // struct list_head tw_death
  tw_death_next: ListHead;
  tw_death_prev: ListHead;
  // struct hlist_node tw_bind_node
  tw_bind_node_next: HlistNode | null;
  tw_bind_node_pprev: usize;
  /** The local port that it holds. */
  tw_tb: InetBindBucket | null;
  /** When it may be forgotten. Unit: ns since boot. */
  tw_expires: u64;

  /** What it has in common with connections. */
  @embed @inline get skc(): SockCommon {
    return changetype<SockCommon>(this);
  }
  /** Links it into the list of those that wait to be forgotten, the oldest first. */
  @embed @inline get tw_death(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<InetTimewaitSock>("tw_death_next"));
  }
  /** Links it into the late owners of its local port. */
  @embed @inline get tw_bind_node(): HlistNode {
    return changetype<HlistNode>(changetype<usize>(this) + offsetof<InetTimewaitSock>("tw_bind_node_next"));
  }
  /** container_of(link, struct inet_timewait_sock, tw_death). */
  @inline static of_tw_death(link: ListHead): InetTimewaitSock {
    return changetype<InetTimewaitSock>(changetype<usize>(link) - offsetof<InetTimewaitSock>("tw_death_next"));
  }
  /** container_of(node, struct inet_timewait_sock, tw_bind_node). */
  @inline static of_tw_bind_node(node: HlistNode): InetTimewaitSock {
    return changetype<InetTimewaitSock>(changetype<usize>(node) - offsetof<InetTimewaitSock>("tw_bind_node_next"));
  }
}

/** A local port that is in use, and by whom. @kernel struct inet_bind_bucket, include/net/inet_hashtables.h */
@unmanaged export class InetBindBucket {
  // struct hlist_node node
  node_next: HlistNode | null;
  node_pprev: usize;
  /** Ipproto: ports of different protocols are different ports. */
  protocol: u16;
  /** The port. */
  port: u16;
  /** 1 if connect() has chosen it: other connections from it may be made to other places. */
  fastreuse: u32;
  // struct hlist_head owners
  owners_first: HlistNode | null;
  // struct hlist_head deathrow
  deathrow_first: HlistNode | null;

  /** Links it into the hash table of ports. */
  @embed @inline get node(): HlistNode {
    return changetype<HlistNode>(changetype<usize>(this) + offsetof<InetBindBucket>("node_next"));
  }
  /** The sockets that hold the port: Sock.sk_bind_node of each. */
  @embed @inline get owners(): HlistHead {
    return changetype<HlistHead>(changetype<usize>(this) + offsetof<InetBindBucket>("owners_first"));
  }
  /** Ended connections that still hold the port: InetTimewaitSock.tw_bind_node of each. */
  @embed @inline get deathrow(): HlistHead {
    return changetype<HlistHead>(changetype<usize>(this) + offsetof<InetBindBucket>("deathrow_first"));
  }
  /** container_of(node, struct inet_bind_bucket, node). */
  @inline static of_node(node: HlistNode): InetBindBucket {
    return changetype<InetBindBucket>(changetype<usize>(node) - offsetof<InetBindBucket>("node_next"));
  }
}

/** The name of a UNIX socket. The name's bytes lie behind it. @kernel struct unix_address, include/net/af_unix.h */
@unmanaged export class UnixAddress {
  // struct hlist_node node
  node_next: HlistNode | null;
  node_pprev: usize;
  /** Number of sockets that have this name: the one that is bound to it, and those that it has accepted. */
  refcnt: u32;
  /** The socket that is bound to it; null once that is gone. */
  sk: Sock | null;
  /** Length of the name, the address family not counted. Unit: bytes. */
  len: u32;

  /** Links it into the list of all names. */
  @embed @inline get node(): HlistNode {
    return changetype<HlistNode>(changetype<usize>(this) + offsetof<UnixAddress>("node_next"));
  }
  /** container_of(node, struct unix_address, node). */
  @inline static of_node(node: HlistNode): UnixAddress {
    return changetype<UnixAddress>(changetype<usize>(node) - offsetof<UnixAddress>("node_next"));
  }
}

/** A network device. @kernel struct net_device, include/linux/netdevice.h */
@unmanaged export class NetDevice {
  /** Its name, as text. */
  name: u64;
  /** Largest segment of TCP that fits a packet. Unit: bytes. */
  mss: u32;
  /** Sends a packet: (SkBuff, NetDevice) => void, an index into the function table. */
  ndo_start_xmit: u32;
  /** Packets received since boot. */
  rx_packets: u64;
  /** Data received since boot, headers counted. Unit: bytes. */
  rx_bytes: u64;
  /** Packets sent since boot. */
  tx_packets: u64;
  /** Data sent since boot, headers counted. Unit: bytes. */
  tx_bytes: u64;
  /** Packets that were lost for want of memory. */
  rx_dropped: u64;
}
