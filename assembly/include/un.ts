import { HlistNode, ListHead } from "./list";
import { Sock } from "./sock";
import { TaskStruct } from "./sched";
import { WaitQueueEntry, WaitQueueHead } from "./wait";

/** The name of a UNIX socket. The name's bytes lie behind it. @kernel struct unix_address, include/net/af_unix.h */
@unmanaged
export class UnixAddress {
  // struct hlist_node node
  node_next: HlistNode | null;
  node_pprev: usize;
  /** Number of sockets that have this name: the one that is bound to it, and those that it has accepted. */
  refcnt: u32;
  /** The socket that is bound to it; null once that is gone. */
  sk: Sock | null;
  /** SockType: abstract names of sockets of different types are different names. */
  type: u32;
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

/** What only UNIX sockets have. @kernel struct unix_sock, include/net/af_unix.h */
@unmanaged
export class UnixSock {
  /** The core of the socket. */
  sk: Sock;
  /** The socket at the other end, or to which messages go; null if there is none. */
  peer: Sock | null;
  /** The name that it is bound to; null if it has none. */
  addr: UnixAddress | null;
  // struct wait_queue_head peer_wait
  peer_wait_head_next: ListHead;
  peer_wait_head_prev: ListHead;
  // struct wait_queue_entry peer_wake
  peer_wake_flags: u16;
  peer_wake_func: u16;
  peer_wake_task: TaskStruct | null;
  peer_wake_entry_next: ListHead;
  peer_wake_entry_prev: ListHead;
  /** The socket whose peer_wait holds peer_wake; null while it is on no queue. */
  peer_wake_on: Sock | null;
  // struct list_head link
  link_next: ListHead;
  link_prev: ListHead;
  /** Number of messages on their way that it was sent along with, when that was last counted. */
  inflight: u32;
  /** 1 if somebody could get at it when that was last looked at. */
  reached: u32;
  /** The next one whose queue is to be looked at, while that is done. */
  gc_next: UnixSock | null;

  /** Links it into the list of all UNIX sockets. */
  @embed @inline get link(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<UnixSock>("link_next"));
  }
  /** container_of(link, struct unix_sock, link). */
  @inline static of_link(link: ListHead): UnixSock {
    return changetype<UnixSock>(changetype<usize>(link) - offsetof<UnixSock>("link_next"));
  }
  /** Who waits for room among the messages or connections that wait in this socket. */
  @embed @inline get peer_wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<UnixSock>("peer_wait_head_next"));
  }
  /** Its place in the peer_wait of the socket that messages go to, while that is full. */
  @embed @inline get peer_wake(): WaitQueueEntry {
    return changetype<WaitQueueEntry>(changetype<usize>(this) + offsetof<UnixSock>("peer_wake_flags"));
  }
  /** container_of(entry, struct unix_sock, peer_wake). */
  @inline static of_peer_wake(entry: WaitQueueEntry): UnixSock {
    return changetype<UnixSock>(changetype<usize>(entry) - offsetof<UnixSock>("peer_wake_flags"));
  }
}

/** What only UNIX sockets have, of one of them. @kernel unix_sk(), include/net/af_unix.h */
export function unix_sk(sk: Sock): UnixSock {
  return changetype<UnixSock>(sk.unix);
}
