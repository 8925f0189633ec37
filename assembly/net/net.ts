import { FileOperations } from "../include/fs";
import { HlistHead, HlistNode, ListHead } from "../include/list";
import { KmemCache } from "../include/mm_types";
import { Msghdr, NetDevice, Proto, ProtoOps, ScmFpList } from "../include/net";
import { SkBuffHead } from "../include/skbuff";
import { Rhashtable } from "../lib/rhashtable";
import { kernel } from "../include/kernel";

/** Everything that the network knows. */
@unmanaged
export class NetState {
  /** Operations of files that are sockets. */
  socket_file_ops: FileOperations;
  /** What stream sockets of the internet families do. */
  inet_stream_ops: ProtoOps;
  /** What sockets for messages of the internet families do. */
  inet_dgram_ops: ProtoOps;
  /** What UNIX stream sockets do. */
  unix_stream_ops: ProtoOps;
  /** What UNIX datagram sockets do. */
  unix_dgram_ops: ProtoOps;
  /** What UNIX sockets for messages over a connection do. */
  unix_seqpacket_ops: ProtoOps;
  /** What TCP does. */
  tcp_prot: Proto;
  /** What UDP does. */
  udp_prot: Proto;
  /** The device through which the machine talks to itself. */
  loopback_dev: NetDevice;
  /** The network card. */
  eth0: NetDevice;

  /** Cache of struct sk_buff. */
  skbuff_cachep: KmemCache;
  /** Cache of struct socket. */
  socket_cachep: KmemCache;
  /** Cache of struct sock. */
  sock_cachep: KmemCache;
  /** Cache of struct ubuf_info_msgzc. */
  ubuf_cachep: KmemCache;
  /** Cache of struct unix_sock. */
  unix_sock_cachep: KmemCache;
  /** Cache of struct request_sock. */
  request_sock_cachep: KmemCache;
  /** Cache of struct inet_timewait_sock. */
  timewait_cachep: KmemCache;
  /** Cache of struct inet_bind_bucket. */
  bind_bucket_cachep: KmemCache;

  /** Connections, requests and late ends, by both addresses and both ports: SockCommon.node of each. */
  ehash: Rhashtable;
  /** Listening sockets, by port: an array of HlistHead. */
  listening_hash: usize;
  /** Local ports in use: an array of HlistHead. */
  bhash: usize;
  // struct list_head death_row
  death_row_next: ListHead;
  death_row_prev: ListHead;
  /** The local port that is tried first for the next connection. */
  next_port: u32;

  // struct sk_buff_head input_pkt_queue
  input_pkt_queue_list_next: ListHead;
  input_pkt_queue_list_prev: ListHead;
  input_pkt_queue_qlen: u32;
  // struct sk_buff_head qdisc
  qdisc_list_next: ListHead;
  qdisc_list_prev: ListHead;
  qdisc_qlen: u32;

  // struct hlist_head unix_names
  unix_names_first: HlistNode | null;
  /** Number that the next UNIX socket without a name is named after. */
  unix_autobind: u32;

  /** Room for one address of a system call: a struct sockaddr_storage. */
  address: usize;
  /** What the call at work says besides its data. */
  msg: Msghdr;
  /** Lists of files that are being given up. */
  scm_dead: ScmFpList | null;
  /** 1 while they are: closing one file may give up more lists. */
  scm_busy: u32;
  // struct list_head unix_sockets
  unix_sockets_next: ListHead;
  unix_sockets_prev: ListHead;
  // struct sk_buff_head unix_hitlist
  unix_hitlist_list_next: ListHead;
  unix_hitlist_list_prev: ListHead;
  unix_hitlist_qlen: u32;
  /** Number of messages on their way that UNIX sockets are sent along with. */
  unix_tot_inflight: u32;

  /** SYNs dropped because the accept queue was full. */
  listen_overflows: u64;
  /** SYNs dropped for any reason. */
  listen_drops: u64;
  /** Segments sent again. */
  retrans_segs: u64;
  /** Segments that came out of order and were dropped. */
  ofo_drops: u64;

  /** Ended connections that wait to be forgotten: InetTimewaitSock.tw_death of each, the oldest first. */
  @embed @inline get death_row(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<NetState>("death_row_next"));
  }
  /** Packets that the machine has sent to itself. */
  @embed @inline get input_pkt_queue(): SkBuffHead {
    return changetype<SkBuffHead>(changetype<usize>(this) + offsetof<NetState>("input_pkt_queue_list_next"));
  }
  /** Packets that wait for a free descriptor of the network card. */
  @embed @inline get qdisc(): SkBuffHead {
    return changetype<SkBuffHead>(changetype<usize>(this) + offsetof<NetState>("qdisc_list_next"));
  }
  /** All UNIX sockets: UnixSock.link of each. */
  @embed @inline get unix_sockets(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<NetState>("unix_sockets_next"));
  }
  /** Messages that nobody can receive any more, while they are thrown away. */
  @embed @inline get unix_hitlist(): SkBuffHead {
    return changetype<SkBuffHead>(changetype<usize>(this) + offsetof<NetState>("unix_hitlist_list_next"));
  }
  /** Names of UNIX sockets: UnixAddress.node of each. */
  @embed @inline get unix_names(): HlistHead {
    return changetype<HlistHead>(changetype<usize>(this) + offsetof<NetState>("unix_names_first"));
  }
}

/** The network's state. */
export function net(): NetState {
  return changetype<NetState>(kernel.net);
}
