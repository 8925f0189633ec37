import { HlistNode, ListHead } from "./list";
import { RbNode } from "./rbtree_types";
import { Hrtimer } from "./time";

/** Bytes outside the machine, in a chain of pieces; the bytes lie behind this struct. */
@unmanaged
export class PeerChunk {
  /** The next piece; null at the end. */
  next: PeerChunk | null;
  /** Room for so many bytes. */
  size: u32;
  /** Number of bytes that were put in. */
  used: u32;
  /** Number of bytes that were taken out. */
  taken: u32;
}

/**
 * Everything that a peer has received, digested instead of kept: the same however it was cut into packets. It takes the
 * place of the pieces, as one of size 0.
 */
@unmanaged
export class PeerDigest extends PeerChunk {
  /** The lanes: each takes every fourth word of 8 bytes. */
  lane_0: u64;
  lane_1: u64;
  lane_2: u64;
  lane_3: u64;
  /** The bytes of a word that has not come whole. */
  pending: u64;
  /** Number of bytes taken in. */
  length: u64;
}

/** The far end of a connection over the wire: a program on another machine, as far as the wire can tell. */
@unmanaged
export class Peer {
  // struct hlist_node node
  node_next: HlistNode | null;
  node_pprev: usize;
  /** Number by which the host knows it. */
  handle: u32;
  /** TcpState. */
  state: u8;
  /** 1 if it will take no more data: data that arrives is answered with RST. */
  closed: u8;
  /** 1 if a FIN is to be sent behind the data that waits. */
  fin_queued: u8;
  /** 1 if what it receives does not make the window smaller: it reads at once. */
  reads: u8;
  /** Its own address, last 8 bytes in network order. */
  addr_tail: u64;
  /** The machine's address that it talks to, last 8 bytes in network order. */
  daddr_tail: u64;
  /** Its own port. */
  port: u16;
  /** The machine's port. */
  dport: u16;
  /** Why the connection failed, an Errno; 0: it did not. */
  error: u16;
  /** Number of times in a row that it sent something again. */
  retries: u8;
  /** 1 if a server outside has accepted it; 0 for a client. */
  server: u8;
  /** What it will send next. */
  snd_nxt: u32;
  /** What the machine has acknowledged. */
  snd_una: u32;
  /** How much the machine can receive from snd_una on. Unit: bytes. */
  snd_wnd: u32;
  /** What the machine should send next. */
  rcv_nxt: u32;
  /** How much more it will receive. Unit: bytes. */
  window: u32;
  /** Number of bytes to be sent that were not acknowledged. */
  waiting: u32;
  /** Number of bytes received since it connected. */
  received: u64;
  /** When bytes last came to it. Unit: ns since boot; 0: none has. */
  received_at: u64;
  /** Received bytes, the oldest piece; if it does not keep them, its PeerDigest. */
  received_first: PeerChunk | null;
  /** Received bytes, the newest piece. */
  received_last: PeerChunk | null;
  /** What it needs while something that it sent, or is to send, was not acknowledged; null at other times. */
  unacked: PeerUnacked | null;
  /** The next connection of its server; null at the end. */
  next: Peer | null;

  /** Links it into the hash table of peers. */
  @embed @inline get node(): HlistNode {
    return changetype<HlistNode>(changetype<usize>(this) + offsetof<Peer>("node_next"));
  }
  /** container_of(node, Peer, node). */
  @inline static of_node(node: HlistNode): Peer {
    return changetype<Peer>(changetype<usize>(node) - offsetof<Peer>("node_next"));
  }
}

/** What a peer needs while something that it sent, or is to send, was not acknowledged: most peers are quiet. */
@unmanaged
export class PeerUnacked {
  // struct hrtimer timer
  timer_node_parent_color: usize;
  timer_node_right: RbNode | null;
  timer_node_left: RbNode | null;
  timer_func: u16;
  timer_queued: u8;
  timer_kind: u8;
  timer_expires: u64;
  /** Bytes to be sent, the oldest piece. */
  waiting_first: PeerChunk | null;
  /** Bytes to be sent, the newest piece. */
  waiting_last: PeerChunk | null;
  /** The peer. */
  peer: Peer;

  /** Sends again what nobody has answered. */
  @embed @inline get timer(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<PeerUnacked>("timer_node_parent_color"));
  }
  /** container_of(timer, PeerUnacked, timer). */
  @inline static of_timer(timer: Hrtimer): PeerUnacked {
    return changetype<PeerUnacked>(changetype<usize>(timer) - offsetof<PeerUnacked>("timer_node_parent_color"));
  }
}

/** A server outside. */
@unmanaged
export class WireListener {
  /** Its port. */
  port: u32;
  /** 1 if its connections digest what they receive instead of keeping it. */
  digests: u32;
  /** Its oldest connection; the next one is Peer.next. Null if there is none. */
  peers_first: Peer | null;
  /** Its newest connection. */
  peers_last: Peer | null;
  // struct list_head link
  link_next: ListHead;
  link_prev: ListHead;

  /** Links it into the list of servers outside. */
  @embed @inline get link(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<WireListener>("link_next"));
  }
  /** container_of(link, WireListener, link). */
  @inline static of_link(link: ListHead): WireListener {
    return changetype<WireListener>(changetype<usize>(link) - offsetof<WireListener>("link_next"));
  }
}
