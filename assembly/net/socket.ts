import { fasync_helper } from "../fs/fasync";
import { current } from "../kernel/sched";
import { Af, Msg, SOCKADDR_STORAGE_SIZE, SockType } from "../include/socket";
import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { FMode, File, FileKind, FileOperations, PollTable } from "../include/fs";
import { IovIter } from "../include/uio";
import { NetState, net } from "./net";
import { copy_from_user } from "../mm/uaccess";
import { OpenFlags } from "../include/fcntl";
import { Msghdr, Proto, ProtoOps, Socket, SocketState } from "../include/net";
import { data_copied } from "../include/phase";
import { Tp, enter, leave } from "../include/trace";
import { af_inet_init, inet_create } from "./af_inet";
import { alloc_file } from "../fs/file";
import { alloc_fops } from "../fs/internal";
import { dev_init } from "./dev";
import { inet_hashtables_init } from "./inet_hashtables";
import { init_waitqueue_head } from "../kernel/wait";
import { kernel } from "../include/kernel";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc, kzalloc } from "../mm/slab";
import { zerocopy_init } from "./zerocopy";
import { skb_init } from "./skbuff";
import { sock_splice_read, splice_to_socket } from "./socket_splice";
import { sock_cache_init } from "./sock";
import { unix_create, unix_init } from "./af_unix";

export { sys_accept, sys_accept4 } from "./accept";
export {
  sys_bind,
  sys_connect,
  sys_getpeername,
  sys_getsockname,
  sys_listen,
  sys_shutdown,
  sys_socket,
  sys_socketpair,
} from "./socket_calls";
export { sys_getsockopt, sys_setsockopt } from "./sockopt";
export { sys_recvfrom, sys_sendto } from "./socket_io";
export { sys_recvmsg, sys_sendmsg } from "./socket_msg";

/** Makes the network: caches, tables, devices, and what each family does. @kernel sock_init(), net/socket.c */
export function net_init(): void {
  kernel.net = kzalloc(offsetof<NetState>());
  let state = net();
  state.socket_cachep = kmem_cache_create(CacheType.Socket, offsetof<Socket>(), 4);
  state.skbuff_cachep = skb_init();
  state.ubuf_cachep = zerocopy_init();
  // A struct sockaddr_storage, behind it the address in the kernel's form, and at 192 a struct msghdr.
  state.address = kzalloc(SOCKADDR_STORAGE_SIZE + 128);
  state.msg = changetype<Msghdr>(kzalloc(offsetof<Msghdr>()));
  sock_cache_init();
  inet_hashtables_init();
  state.socket_file_ops = socket_file_operations();
  af_inet_init();
  unix_init();
  dev_init();
}

/** What can be done with a file that is a socket. @kernel socket_file_ops, net/socket.c */
function socket_file_operations(): FileOperations {
  let ops = alloc_fops(FileKind.SOCKET);
  ops.read_iter = sock_read_iter.index;
  ops.write_iter = sock_write_iter.index;
  ops.splice_read = sock_splice_read.index;
  ops.splice_write = splice_to_socket.index;
  ops.poll = sock_poll.index;
  ops.release = sock_close.index;
  ops.ioctl = sock_ioctl.index;
  ops.fasync = sock_fasync.index;
  return ops;
}

/** Telling by a signal is switched on or off. @returns 0, -EINVAL, -ENOMEM. @kernel sock_fasync(), net/socket.c */
function sock_fasync(fd: i32, file: File, on: i32): i32 {
  let sock = changetype<Socket>(file.private_data);
  if (!sock.sk) return -Errno.EINVAL;
  let list = changetype<usize>(sock) + offsetof<Socket>("fasync_list");
  return min(fasync_helper(fd, file, on != 0, list), 0);
}

/** A new socket without a core and without a file; null when memory is exhausted. @kernel sock_alloc(), net/socket.c */
export function sock_alloc(): Socket | null {
  let at = kmem_cache_zalloc(net().socket_cachep);
  enter(Tp.sock_alloc, at, 0, 0);
  let sock = changetype<Socket>(at);
  if (at) {
    sock.state = <u8>SocketState.UNCONNECTED;
    init_waitqueue_head(sock.wait);
  }
  return leave<Socket | null>(sock);
}

/** Gives up a socket, with what is behind it. @kernel sock_release(), net/socket.c */
export function sock_release(sock: Socket): void {
  enter(Tp.sock_release, changetype<usize>(sock), changetype<usize>(sock.sk), 0);
  if (sock.sk) call_indirect<void>(sock.ops.release, sock);
  kmem_cache_free(net().socket_cachep, changetype<usize>(sock));
  leave(0);
}

/**
 * Makes the file of a socket, which owns the socket from then on; a socket for which there is no file is released.
 *
 * @param flags  OpenFlags bits. @returns null when memory is exhausted. @kernel sock_alloc_file(), net/socket.c
 */
export function sock_alloc_file(sock: Socket, flags: u32): File | null {
  enter(Tp.sock_alloc_file, changetype<usize>(sock), 0, 0);
  let mode = OpenFlags.RDWR | (flags & OpenFlags.NONBLOCK);
  let file = alloc_file(net().socket_file_ops, mode, FMode.READ | FMode.WRITE, changetype<usize>(sock));
  if (file) sock.file = file;
  else sock_release(sock);
  return leave(file);
}

/** The socket that a file is; null if it is something else. @kernel sock_from_file(), net/socket.c */
export function sock_from_file(file: File): Socket | null {
  return file.f_op === net().socket_file_ops ? changetype<Socket>(file.private_data) : null;
}

/**
 * Makes a socket of a family.
 *
 * @param type  SockType, without flags.
 * @returns     the socket, as a number, or -errno. @kernel __sock_create(), net/socket.c
 */
export function sock_create(family: i32, type: u32, protocol: i32): i64 {
  if (family < 0 || family >= Af.MAX) return -Errno.EAFNOSUPPORT;
  if (type >= <u32>SockType.MAX) return -Errno.EINVAL;
  if (family != Af.UNIX && family != Af.INET && family != Af.INET6) return -Errno.EAFNOSUPPORT;
  let sock = sock_alloc();
  if (!sock) return -Errno.ENOMEM;
  sock.type = <u8>type;
  let err = family == Af.UNIX ? unix_create(sock, protocol) : inet_create(sock, family, protocol);
  if (!err) return changetype<usize>(sock);
  sock_release(sock);
  return err;
}

/** Msg.DONTWAIT if calls on a file do not wait. */
export function wait_flags(file: File): u32 {
  // What counts is how the file was when the call began.
  return file.f_flags & OpenFlags.NONBLOCK && !current().restarting ? Msg.DONTWAIT : 0;
}

/** Receives. @returns bytes, -errno or SLEEPING. @kernel sock_recvmsg(), net/socket.c */
export function sock_recvmsg(sock: Socket, iter: IovIter, flags: u32): i64 {
  enter(Tp.sock_recvmsg, changetype<usize>(sock), <usize>iter.count, flags);
  let result = call_indirect<i64>(sock.ops.recvmsg, sock, iter, flags);
  if (result > 0) data_copied(changetype<usize>(sock.sk), result);
  return leave(result);
}

/** Sends. @returns bytes, -errno or SLEEPING. @kernel sock_sendmsg(), net/socket.c */
export function sock_sendmsg(sock: Socket, iter: IovIter, flags: u32): i64 {
  enter(Tp.sock_sendmsg, changetype<usize>(sock), <usize>iter.count, flags);
  return leave(call_indirect<i64>(sock.ops.sendmsg, sock, iter, flags));
}

/** read() of a socket. @kernel sock_read_iter(), net/socket.c */
function sock_read_iter(file: File, iter: IovIter): i64 {
  if (!iter.count) return 0;
  return sock_recvmsg(changetype<Socket>(file.private_data), iter, wait_flags(file));
}

/** write() of a socket. @kernel sock_write_iter(), net/socket.c */
function sock_write_iter(file: File, iter: IovIter): i64 {
  return sock_sendmsg(changetype<Socket>(file.private_data), iter, wait_flags(file));
}

/** What is true of a socket now. @kernel sock_poll(), net/socket.c */
function sock_poll(file: File, table: PollTable | null): u32 {
  let sock = changetype<Socket>(file.private_data);
  enter(Tp.sock_poll, changetype<usize>(file), changetype<usize>(sock), 0);
  return leave(call_indirect<u32>(sock.ops.poll, file, sock, table));
}

/** The last reference to a socket's file is gone. @kernel sock_close(), net/socket.c */
function sock_close(file: File): i32 {
  sock_release(changetype<Socket>(file.private_data));
  return 0;
}

/** The type of all ioctl() requests that concern sockets, and the size of what most of them are given. Unit: bytes. */
const SOCKET_IOCTL: u32 = 0x89;
const IFREQ_SIZE: usize = 40;

/** ioctl() of a socket. @kernel sock_ioctl(), net/socket.c */
function sock_ioctl(file: File, command: u32, argument: u64): i64 {
  let sock = changetype<Socket>(file.private_data);
  let result = call_indirect<i32>(sock.ops.ioctl, sock, command, argument);
  if (result != -Errno.ENOTTY || command >> 8 != SOCKET_IOCTL) return result;
  // What the family does not know is a request for a network device; there is none for those.
  return copy_from_user(net().address, argument, IFREQ_SIZE) ? -Errno.EFAULT : result;
}

/** An empty table of functions for a family. */
export function alloc_proto_ops(family: u32): ProtoOps {
  let ops = changetype<ProtoOps>(kzalloc(offsetof<ProtoOps>()));
  ops.family = family;
  return ops;
}

/** An empty table of functions for a protocol. */
export function alloc_proto(protocol: u32): Proto {
  let proto = changetype<Proto>(kzalloc(offsetof<Proto>()));
  proto.protocol = protocol;
  return proto;
}
