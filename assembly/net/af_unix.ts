import { PollCode } from "../fs/fasync";
import { sk_wake_async } from "./sock";
import { CacheType } from "../include/mm_types";
import { UnixSock, unix_sk } from "../include/un";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { unix_stream_splice_read } from "./stream_splice";
import { unix_dgram_connect } from "./unix_connect";
import {
  unix_dgram_peer_full,
  unix_dgram_peer_wake_disconnect,
  unix_dgram_peer_wake_me,
  unix_peer_wake_init,
} from "./unix_peer";
import { Af, SockType } from "../include/socket";
import { Errno } from "../include/errno";
import { File, Poll, PollTable } from "../include/fs";
import { Ioctl } from "../include/ioctls";
import { ProtoOps, Socket, SocketFlags, SocketState } from "../include/net";
import { ShutdownMask, Sock } from "../include/sock";
import { SkBuff } from "../include/skbuff";
import { TcpState } from "../include/tcp";
import { Tp, enter, leave } from "../include/trace";
import { alloc_proto_ops } from "./socket";
import { kfree_skb, skb_dequeue, skb_peek, skb_queue_next } from "./skbuff";
import { net } from "./net";
import { poll_wait } from "../fs/select";
import { put_user_u32 } from "../mm/uaccess";
import { sk_alloc, sk_state_change, sock_hold, sock_init_data, sock_orphan, sock_put } from "./sock";
import { unix_accept, unix_connect, unix_listen } from "./unix_listen";
import { unix_bind, unix_remove_name, unix_write_name } from "./unix_addr";
import { unix_dgram_recvmsg, unix_dgram_sendmsg } from "./unix_dgram";
import { unix_gc_init, unix_schedule_gc } from "./unix_gc";
import { unix_stream_recvmsg, unix_stream_sendmsg } from "./unix_stream";
import { init_waitqueue_head, wake_up_all } from "../kernel/wait";
import { unix_writable, unix_write_space } from "./unix_skb";

/** Size of the buffers: net.core.wmem_default. Unit: bytes. */
const UNIX_BUFFER: i32 = 212992;
/** Messages that may wait in a socket, less one: net.unix.max_dgram_qlen. */
const MAX_DGRAM_QLEN: u32 = 10;

/** What all UNIX sockets do. */
function alloc_unix_ops(): ProtoOps {
  let ops = alloc_proto_ops(Af.UNIX);
  ops.release = unix_release.index;
  ops.bind = unix_bind.index;
  ops.socketpair = unix_socketpair.index;
  ops.getname = unix_getname.index;
  ops.shutdown = unix_shutdown.index;
  ops.ioctl = unix_ioctl.index;
  return ops;
}

/** Makes the tables of what UNIX sockets do. @kernel af_unix_init(), net/unix/af_unix.c */
export function unix_init(): void {
  let stream = alloc_unix_ops();
  stream.connect = unix_connect.index;
  stream.accept = unix_accept.index;
  stream.listen = unix_listen.index;
  stream.poll = unix_poll.index;
  stream.sendmsg = unix_stream_sendmsg.index;
  stream.recvmsg = unix_stream_recvmsg.index;
  stream.splice_read = unix_stream_splice_read.index;
  net().unix_stream_ops = stream;
  let dgram = alloc_unix_ops();
  dgram.connect = unix_dgram_connect.index;
  dgram.poll = unix_dgram_poll.index;
  dgram.sendmsg = unix_dgram_sendmsg.index;
  dgram.recvmsg = unix_dgram_recvmsg.index;
  net().unix_dgram_ops = dgram;
  let seqpacket = alloc_unix_ops();
  seqpacket.connect = unix_connect.index;
  seqpacket.accept = unix_accept.index;
  seqpacket.listen = unix_listen.index;
  seqpacket.poll = unix_dgram_poll.index;
  seqpacket.sendmsg = unix_dgram_sendmsg.index;
  seqpacket.recvmsg = unix_dgram_recvmsg.index;
  net().unix_seqpacket_ops = seqpacket;
  net().unix_sock_cachep = kmem_cache_create(CacheType.UnixSock, offsetof<UnixSock>(), 8);
  unix_gc_init();
}

/** The core of a UNIX socket; null when memory is exhausted. @kernel unix_create1(), net/unix/af_unix.c */
export function unix_create1(sock: Socket | null, type: u32): Sock | null {
  let at = kmem_cache_zalloc(net().unix_sock_cachep);
  let sk = at ? sk_alloc(Af.UNIX, 0) : null;
  if (!sk) {
    if (at) kmem_cache_free(net().unix_sock_cachep, at);
    return null;
  }
  enter(Tp.unix_create1, changetype<usize>(sk), type, 0);
  sock_init_data(sock, sk);
  sk.sk_type = <u8>type;
  sk.sk_sndbuf = UNIX_BUFFER;
  sk.sk_rcvbuf = UNIX_BUFFER;
  sk.sk_write_space = <u16>unix_write_space.index;
  sk.sk_max_ack_backlog = <u16>MAX_DGRAM_QLEN;
  sk.unix = at;
  let u = unix_sk(sk);
  u.sk = sk;
  init_waitqueue_head(u.peer_wait);
  unix_peer_wake_init(u);
  net().unix_sockets.add_tail(u.link);
  return leave<Sock | null>(sk);
}

/** Makes the core of a UNIX socket. @returns 0 or -errno. @kernel unix_create(), net/unix/af_unix.c */
export function unix_create(sock: Socket, protocol: i32): i32 {
  if (protocol && protocol != Af.UNIX) return -Errno.EPROTONOSUPPORT;
  if (sock.type == SockType.RAW) sock.type = <u8>SockType.DGRAM;
  if (sock.type == SockType.STREAM) sock.ops = net().unix_stream_ops;
  else if (sock.type == SockType.DGRAM) sock.ops = net().unix_dgram_ops;
  else if (sock.type == SockType.SEQPACKET) sock.ops = net().unix_seqpacket_ops;
  else return -Errno.ESOCKTNOSUPPORT;
  return unix_create1(sock, sock.type) ? 0 : -Errno.ENOMEM;
}

/** Joins two new sockets. @kernel unix_socketpair(), net/unix/af_unix.c */
function unix_socketpair(one: Socket, other: Socket): i32 {
  let a = one.sk!;
  let b = other.sk!;
  enter(Tp.unix_socketpair, changetype<usize>(a), changetype<usize>(b), 0);
  sock_hold(a);
  sock_hold(b);
  unix_sk(a).peer = b;
  unix_sk(b).peer = a;
  a.skc_state = TcpState.ESTABLISHED;
  b.skc_state = TcpState.ESTABLISHED;
  one.state = <u8>SocketState.CONNECTED;
  other.state = <u8>SocketState.CONNECTED;
  return leave(0);
}

/** True for sockets that learn at once that the other end is gone. */
function is_connected_kind(sk: Sock): bool {
  return sk.sk_type != SockType.DGRAM;
}

/** Tells the other end that this one is gone. @param reset  true: something was not read, or never accepted. */
function unix_leave_peer(sk: Sock, peer: Sock, reset: bool): void {
  if (is_connected_kind(sk)) {
    peer.sk_shutdown = <u8>ShutdownMask.MASK;
    if (reset) peer.sk_err = <i16>Errno.ECONNRESET;
    sk_state_change(peer);
    sk_wake_async(peer, PollCode.POLL_HUP);
  }
  sock_put(peer);
}

/** Whether something has come that nobody has read. An empty message does not count if it is the oldest. */
function has_unread(sk: Sock): bool {
  let queue = sk.sk_receive_queue;
  let skb = skb_peek(queue);
  if (skb && !skb.len) skb = skb_queue_next(queue, skb);
  return skb !== null;
}

/** Takes a connection apart that waited in vain to be accepted. */
function unix_release_embryo(sk: Sock): void {
  sock_orphan(sk);
  unix_release_sock(sk, true);
}

/** Takes a sock apart that nobody uses any more. @kernel unix_release_sock(), net/unix/af_unix.c */
function unix_release_sock(sk: Sock, embryo: bool): void {
  enter(Tp.unix_release_sock, changetype<usize>(sk), changetype<usize>(unix_sk(sk).peer), 0);
  unix_remove_name(sk);
  sock_orphan(sk);
  sk.sk_shutdown = <u8>ShutdownMask.MASK;
  let listened = sk.skc_state == TcpState.LISTEN;
  sk.skc_state = TcpState.CLOSE;
  let u = unix_sk(sk);
  wake_up_all(u.peer_wait);
  let peer = u.peer;
  u.peer = null;
  if (peer) unix_dgram_peer_wake_disconnect(sk, peer);
  if (peer) unix_leave_peer(sk, peer, embryo || has_unread(sk));
  let skb: SkBuff | null = skb_dequeue(sk.sk_receive_queue);
  while (skb) {
    // In a listening socket each sk_buff stands for a connection, whose sock it is charged to.
    if (listened) unix_release_embryo(skb.sk!);
    kfree_skb(skb);
    skb = skb_dequeue(sk.sk_receive_queue);
  }
  sock_put(sk);
  leave(0);
}

/** The last reference to a UNIX socket is gone. @kernel unix_release(), net/unix/af_unix.c */
function unix_release(sock: Socket): void {
  let sk = sock.sk!;
  sock.sk = null;
  unix_release_sock(sk, false);
  unix_schedule_gc();
}

/** What is true of a stream's receiving side and state. */
function unix_poll_state(sk: Sock): u32 {
  let mask: u32 = 0;
  if (sk.sk_err) mask |= Poll.ERR;
  if (sk.sk_shutdown == ShutdownMask.MASK) mask |= Poll.HUP;
  if (sk.sk_shutdown & ShutdownMask.RCV) mask |= Poll.RDHUP | Poll.IN | Poll.RDNORM;
  if (!sk.sk_receive_queue.list.empty) mask |= Poll.IN | Poll.RDNORM;
  if (is_connected_kind(sk) && sk.skc_state == TcpState.CLOSE) mask |= Poll.HUP;
  return mask;
}

/** What is true of a UNIX stream now. @kernel unix_poll(), net/unix/af_unix.c */
function unix_poll(file: File, sock: Socket, table: PollTable | null): u32 {
  let sk = sock.sk!;
  enter(Tp.unix_poll, changetype<usize>(sk), sk.skc_state, 0);
  poll_wait(file, sock.wait, table);
  let mask = unix_poll_state(sk);
  if (unix_writable(sk)) mask |= Poll.OUT | Poll.WRNORM | Poll.WRBAND;
  return leave(mask);
}

/** What is true of a UNIX socket for messages now. @kernel unix_dgram_poll(), net/unix/af_unix.c */
function unix_dgram_poll(file: File, sock: Socket, table: PollTable | null): u32 {
  let sk = sock.sk!;
  enter(Tp.unix_poll, changetype<usize>(sk), sk.skc_state, 0);
  poll_wait(file, sock.wait, table);
  let mask = unix_poll_state(sk);
  let other = unix_sk(sk).peer;
  let writable = unix_writable(sk);
  if (writable && other && unix_dgram_peer_full(sk, other)) writable = !unix_dgram_peer_wake_me(sk, other);
  if (writable) mask |= Poll.OUT | Poll.WRNORM | Poll.WRBAND;
  else sock.flags |= <u16>(SocketFlags.NOSPACE | SocketFlags.ASYNC_NOSPACE);
  return leave(mask);
}

/** Tells the name of one end. @returns its length, or -ENOTCONN. Unit: bytes. @kernel unix_getname() */
function unix_getname(sock: Socket, at: usize, peer: u32): i32 {
  let sk: Sock | null = peer ? unix_sk(sock.sk!).peer : sock.sk;
  return sk ? unix_write_name(sk, at) : -Errno.ENOTCONN;
}

/** Ends sending, receiving or both, at both ends at once. @param how Shut. @kernel unix_shutdown() */
function unix_shutdown(sock: Socket, how: u32): i32 {
  if (how > 2) return -Errno.EINVAL;
  let sk = sock.sk!;
  let mask = how + 1;
  enter(Tp.unix_shutdown, changetype<usize>(sk), how, 0);
  sk.sk_shutdown |= <u8>mask;
  sk_state_change(sk);
  let other = unix_sk(sk).peer;
  if (other && is_connected_kind(sk)) {
    let mirrored =
      (mask & ShutdownMask.RCV ? ShutdownMask.SEND : 0) | (mask & ShutdownMask.SEND ? ShutdownMask.RCV : 0);
    other.sk_shutdown |= <u8>mirrored;
    sk_state_change(other);
    if (mirrored == ShutdownMask.MASK) sk_wake_async(other, PollCode.POLL_HUP);
    else if (mirrored & ShutdownMask.RCV) sk_wake_async(other, PollCode.POLL_IN);
  }
  return leave(0);
}

/** Bytes that can be read; of messages, the length of the first. @kernel unix_inq_len(), net/unix/af_unix.c */
function unix_inq_len(sk: Sock): i32 {
  if (sk.skc_state == TcpState.LISTEN) return -Errno.EINVAL;
  let list = sk.sk_receive_queue.list;
  let count: u32 = 0;
  for (let link = list.next; link !== list; link = link.next) {
    let skb = SkBuff.of_list(link);
    count += sk.sk_type == SockType.STREAM ? skb.len - skb.seq : skb.len;
    if (sk.sk_type == SockType.DGRAM) break;
  }
  return <i32>count;
}

/** Answers ioctl(): what can be read, what was not yet read at the other end. @kernel unix_ioctl() */
function unix_ioctl(sock: Socket, command: u32, argument: u64): i32 {
  let sk = sock.sk!;
  let count = -Errno.ENOTTY;
  if (command == Ioctl.SIOCATMARK) count = sk.sk_type == SockType.STREAM ? 0 : -Errno.EOPNOTSUPP;
  if (command == Ioctl.FIONREAD) count = unix_inq_len(sk);
  else if (command == Ioctl.TIOCOUTQ) count = sk.sk_wmem_alloc;
  return count < 0 ? count : put_user_u32(count, argument);
}
