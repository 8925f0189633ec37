import { HlistNode } from "./list";
import { Sock } from "./sock";

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
