import { HlistHead, HlistNode, ListHead } from "./list";
import { NetDevice } from "./net";
import { RbNode } from "./rbtree_types";
import { Sock, SockCommon } from "./sock";
import { Hrtimer } from "./time";

/**
 * A request for a connection: a SYN was answered, and the last step of the handshake is awaited. Then it holds the new
 * connection until accept() takes that.
 *
 * @kernel struct request_sock, include/net/request_sock.h
 */
@unmanaged
export class RequestSock {
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
  rsk_timer_func: u16;
  rsk_timer_queued: u8;
  rsk_timer_kind: u8;
  rsk_timer_expires: u64;

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

/** The requests of a listening socket. @kernel struct request_sock_queue, include/net/request_sock.h */
@unmanaged
export class RequestSockQueue {
  /** First finished request: what accept() takes next; null if there is none. */
  rskq_accept_head: RequestSock | null;
  /** Last finished request. */
  rskq_accept_tail: RequestSock | null;
  /** Number of requests that are not yet connections. */
  qlen: u32;
  /** Number of connections that wait to be accepted; in the kernel it is a field of struct sock. */
  sk_ack_backlog: u32;
}

/**
 * What is left of a connection that both sides have closed: enough to answer late packets, for a minute.
 *
 * @kernel struct inet_timewait_sock, include/net/inet_timewait_sock.h
 */
@unmanaged
export class InetTimewaitSock {
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

/** Who may hold a port without being compared with those who do. @kernel FASTREUSEPORT_ANY, inet_hashtables.h */
export enum FastReuseport {
  /** Nobody. */
  NONE = 0,
  /** Whoever has SO_REUSEPORT: all who hold it have that. */
  ANY = 1,
  /** Whoever has SO_REUSEPORT and the same address as the last who was compared. */
  STRICT = 2,
}

/** A local port that is in use, and by whom. @kernel struct inet_bind_bucket, include/net/inet_hashtables.h */
@unmanaged
export class InetBindBucket {
  // struct hlist_node node
  node_next: HlistNode | null;
  node_pprev: usize;
  /** Ipproto: ports of different protocols are different ports. */
  protocol: u16;
  /** The port. */
  port: u16;
  /** 1 if connect() has chosen it: other connections from it may be made to other places. */
  connects: u8;
  /** 1 if all who hold it have SO_REUSEADDR and do not listen: who has that, too, is not compared with them. */
  fastreuse: u8;
  /** Whether who has SO_REUSEPORT is not compared with those who hold the port: a FastReuseport. */
  fastreuseport: u8;
  /** For FastReuseport.STRICT: the address family of who held it first with SO_REUSEPORT. */
  fast_family: u8;
  /** Its SockReuse bits. */
  fast_reuse: u16;
  /** Its local address, in network order: the upper half. */
  fast_rcv_saddr_head: u64;
  /** The lower half. */
  fast_rcv_saddr_tail: u64;
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
