import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { Msg } from "../include/socket";
import { Socket } from "../include/net";
import { copy_from_user, put_user_u32 } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { fdget, fdput } from "../fs/file";
import { import_iovec, import_ubuf, release_iovec } from "../fs/read_write";
import { move_addr_to_kernel } from "./socket_calls";
import { net } from "./net";
import { SLEEPING } from "../include/sched";
import { sock_from_file, sock_recvmsg, sock_sendmsg, wait_flags } from "./socket";

/** Flags of a program that reach the protocol. */
const MSG_USER: u32 =
  Msg.OOB | Msg.PEEK | Msg.TRUNC | Msg.DONTWAIT | Msg.WAITALL | Msg.ERRQUEUE | Msg.NOSIGNAL | Msg.MORE;

/** Offsets in struct msghdr. Unit: bytes. */
const MSGHDR_NAME: usize = 0;
const MSGHDR_NAMELEN: usize = 8;
const MSGHDR_IOV: usize = 16;
const MSGHDR_IOVLEN: usize = 24;
const MSGHDR_CONTROLLEN: u64 = 40;
const MSGHDR_FLAGS: u64 = 48;
const MSGHDR_SIZE: usize = 56;
/** Most buffers that one call takes. @kernel UIO_MAXIOV, include/uapi/linux/uio.h */
const UIO_MAXIOV: u64 = 1024;

/** The file of a descriptor that must be a socket; its socket by sock_from_file(). 0: -EBADF; the error else. */
function refuse(file: File | null): i64 {
  return file ? fdput(file, -Errno.ENOTSOCK) : -Errno.EBADF;
}

/** The part of sending that comes behind the buffers. An address is checked, and used by no stream. */
function send(file: File, sock: Socket, address: u64, address_length: i32, flags: u32): i64 {
  let task = current();
  if (address && !task.restarting) {
    let err = move_addr_to_kernel(address, address_length);
    if (err) return err;
    // A UNIX stream that is connected takes no address; one of TCP does not look at it.
    if (address_length && sock.ops === net().unix_stream_ops)
      return sock.sk!.unix_peer ? -Errno.EISCONN : -Errno.EOPNOTSUPP;
  }
  return sock_sendmsg(sock, task.iter, (flags & MSG_USER) | wait_flags(file));
}

/** sendto(2); send(2) is this without an address. */
export function sys_sendto(): i64 {
  let task = current();
  if (!task.restarting && import_ubuf(task.si, task.dx, task.iter)) return -Errno.EFAULT;
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return refuse(file);
  return fdput(file!, send(file!, sock, task.r8, <i32>task.r9, <u32>task.r10));
}

/** recvfrom(2); recv(2) is this without an address. Streams tell no address. */
export function sys_recvfrom(): i64 {
  let task = current();
  if (!task.restarting && import_ubuf(task.si, task.dx, task.iter)) return -Errno.EFAULT;
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return refuse(file);
  let result = sock_recvmsg(sock, task.iter, ((<u32>task.r10) & MSG_USER) | wait_flags(file!));
  if (result >= 0 && task.r8 && put_user_u32(0, task.r9)) result = -Errno.EFAULT;
  return fdput(file!, result);
}

/** Reads a struct msghdr, notes its number of buffers in TaskStruct.reserved, and sets the walk over its buffers up. @returns 0 or -errno. */
function import_msghdr(at: u64): i32 {
  let header = net().address;
  if (copy_from_user(header, at, MSGHDR_SIZE)) return -Errno.EFAULT;
  let segments = load<u64>(header, MSGHDR_IOVLEN);
  if (segments > UIO_MAXIOV) return -Errno.EMSGSIZE;
  current().reserved = <i32>segments;
  return import_iovec(load<u64>(header, MSGHDR_IOV), segments, current().iter);
}

/** sendmsg(2). Control data is not looked at. */
export function sys_sendmsg(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return refuse(file);
  if (!task.restarting) {
    let err = import_msghdr(task.si);
    if (err) return fdput(file!, err);
  }
  let name = task.restarting ? 0 : load<u64>(net().address, MSGHDR_NAME);
  let name_length = task.restarting ? 0 : load<i32>(net().address, MSGHDR_NAMELEN);
  let result = send(file!, sock, name, name_length, <u32>task.dx);
  if (result != SLEEPING) release_iovec(task.reserved, task.iter);
  return fdput(file!, result);
}

/** recvmsg(2). No control data comes along. */
export function sys_recvmsg(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return refuse(file);
  if (!task.restarting) {
    let err = import_msghdr(task.si);
    if (err) return fdput(file!, err);
  }
  let result = sock_recvmsg(sock, task.iter, ((<u32>task.dx) & MSG_USER) | wait_flags(file!));
  if (result != SLEEPING) release_iovec(task.reserved, task.iter);
  if (result >= 0) result = tell_msghdr(task.si, result);
  return fdput(file!, result);
}

/** Writes back that there is no address and no control data, and no flags. */
function tell_msghdr(at: u64, result: i64): i64 {
  let fault = put_user_u32(0, at + MSGHDR_NAMELEN);
  fault |= put_user_u32(0, at + MSGHDR_CONTROLLEN);
  fault |= put_user_u32(0, at + MSGHDR_FLAGS);
  return fault ? -Errno.EFAULT : result;
}
