import { File } from "./fs";
import { ListHead } from "./list";
import { Sock } from "./sock";
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
  /** Somebody found the send buffer full and wants a signal when there is room. */
  ASYNC_NOSPACE = 2,
}

/**
 * What a socket of some family does for each system call: a table of functions, each an index into the function table.
 *
 * @kernel struct proto_ops, include/linux/net.h
 */
@unmanaged
export class ProtoOps {
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
  /** (socket, pipe, length, SpliceFlags) => bytes put into the pipe, -errno or SLEEPING; 0: they are copied. */
  splice_read: u32;
}

/**
 * What an internet protocol does for its sockets: a table of functions, each an index into the function table.
 *
 * @kernel struct proto, include/net/sock.h
 */
@unmanaged
export class Proto {
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
@unmanaged
export class Socket {
  /** SocketState. */
  state: u8;
  /** SockType. */
  type: u8;
  /** SocketFlags bits. */
  flags: u16;
  /** The file that it belongs to; null while the socket is being made. */
  file: File | null;
  /** The core of the socket; null while an accepted socket is being made. */
  sk: Sock | null;
  /** What its family does for each system call. */
  ops: ProtoOps;
  /** Those who are told by a signal that it is ready; null: nobody. */
  @to("FasyncStruct") fasync_list: usize;
  // struct wait_queue_head wait
  wait_head_next: ListHead;
  wait_head_prev: ListHead;

  /** Who waits for it: sleeping tasks, and epitems through ep_poll_callback(). The kernel calls it wq.wait. */
  @embed @inline get wait(): WaitQueueHead {
    return changetype<WaitQueueHead>(changetype<usize>(this) + offsetof<Socket>("wait_head_next"));
  }
}

/** The files that go along with a message; their addresses lie behind it. @kernel struct scm_fp_list, include/net/scm.h */
@unmanaged
export class ScmFpList {
  /** The next list that is to be given up; null: none. */
  next: ScmFpList | null;
  /** Number of files, each with a reference of its own. */
  count: u32;
}

/** Most files that go along with one message. @kernel SCM_MAX_FD, include/net/scm.h */
export const SCM_MAX_FD: u32 = 253;

/**
 * What the call that sends or receives says, and hears, besides the data. It is blank outside of calls with an address or
 * control data.
 *
 * @kernel struct msghdr, include/linux/socket.h, with struct scm_cookie
 */
@unmanaged
export class Msghdr {
  /** Sending: 1 if there is an address, in NetState.address. Receiving: 1 if the program wants the sender's. */
  msg_name: u32;
  /** Length of the address. Unit: bytes. */
  msg_namelen: i32;
  /** User address of the control data: what of it is not yet read or filled. */
  msg_control: u64;
  /** Its length. Unit: bytes. */
  msg_controllen: u64;
  /** Receiving: Msg bits that the program is told. */
  msg_flags: u32;
  /** Receiving from a stream: 1 if what was read must be told before more is read. */
  ends: u32;
  /** Sending: the files that go along; null if none do. */
  fp: ScmFpList | null;
  /** Sending: the process that the program names as the sender. Receiving from a stream: who has sent it. 0: unknown. */
  pid: u32;
}

/** Bits of NetDevice.features: what a device does by itself. @kernel NETIF_F_*, include/linux/netdev_features.h */
export enum NetdevFeatures {
  /** Gathers a packet from pieces that lie apart (scatter-gather). */
  SG = 0x1,
  /** Sums the bytes of packets; without it a CPU does, and pieces are not gathered either. */
  HW_CSUM = 0x8,
  /** Cuts large packets of TCP into segments. */
  TSO = 0x10000,
}

/** A network device. @kernel struct net_device, include/linux/netdevice.h */
@unmanaged
export class NetDevice {
  /** Its name, as text. */
  name: u64;
  /** Largest segment of TCP that fits a packet. Unit: bytes. */
  mss: u32;
  /** NetdevFeatures bits. */
  features: u32;
  /** Largest packet of TCP that the stack makes for it. Unit: bytes; 0: of one segment. */
  gso_max_size: u32;
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
