import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { Msg } from "../include/socket";
import { Socket } from "../include/net";
import { current } from "../kernel/sched";
import { fdget, fdput } from "../fs/file";
import { import_ubuf } from "../fs/read_write";
import { move_addr_to_kernel, move_addr_to_user } from "./socket_calls";
import { net } from "./net";
import { sock_from_file, sock_recvmsg, sock_sendmsg, wait_flags } from "./socket";

/*
 * send(), sendto(), recv() and recvfrom(). What a call says besides its data is in NetState.msg while it is at work:
 * sock_begin_msg() and sock_end_msg() stand around it. A call that is tried again begins anew.
 */

/** Flags of a program that reach the protocol. */
const MSG_USER: u32 =
  Msg.OOB |
  Msg.PEEK |
  Msg.TRUNC |
  Msg.DONTWAIT |
  Msg.WAITALL |
  Msg.ERRQUEUE |
  Msg.NOSIGNAL |
  Msg.MORE |
  Msg.ZEROCOPY |
  Msg.CMSG_CLOEXEC;

/** The file of a descriptor must be a socket. @returns -EBADF or -ENOTSOCK. */
export function refuse(file: File | null): i64 {
  return file ? fdput(file, -Errno.ENOTSOCK) : -Errno.EBADF;
}

/** The flags of a call: the program's, and that of its file. */
export function msg_flags_of(file: File, flags: u32): u32 {
  return (flags & MSG_USER) | wait_flags(file);
}

/**
 * The message that is sent has an address, which is copied in.
 *
 * @param address  user address; 0: there is none. @returns 0 or -errno.
 */
export function sock_begin_send(address: u64, length: i32): i32 {
  if (!address) return 0;
  let err = move_addr_to_kernel(address, length);
  if (err) return err;
  net().msg.msg_name = 1;
  net().msg.msg_namelen = length;
  return 0;
}

/** The call is done, or sleeps: nothing is said any more. */
export function sock_end_msg(): void {
  let msg = net().msg;
  assert(!msg.fp, "a message is done with, but not the files that go along with it");
  msg.msg_name = 0;
  msg.msg_namelen = 0;
  msg.msg_control = 0;
  msg.msg_controllen = 0;
  msg.pid = 0;
}

/** sendto(2); send(2) is this without an address. */
export function sys_sendto(): i64 {
  let task = current();
  if (!task.restarting && import_ubuf(task.si, task.dx, task.iter)) return -Errno.EFAULT;
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return refuse(file);
  let result: i64 = sock_begin_send(task.r8, <i32>task.r9);
  if (!result) result = sock_sendmsg(sock, task.iter, msg_flags_of(file!, <u32>task.r10));
  if (task.r8) sock_end_msg();
  return fdput(file!, result);
}

/** Receives, with the sender's address if the program wants that. @param name user address; 0: it does not. */
export function sock_recv_named(file: File, sock: Socket, name: u64, flags: u32): i64 {
  let msg = net().msg;
  msg.msg_name = name ? 1 : 0;
  msg.msg_namelen = 0;
  return sock_recvmsg(sock, current().iter, msg_flags_of(file, flags));
}

/** recvfrom(2); recv(2) is this without an address. */
export function sys_recvfrom(): i64 {
  let task = current();
  if (!task.restarting && import_ubuf(task.si, task.dx, task.iter)) return -Errno.EFAULT;
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return refuse(file);
  let result = sock_recv_named(file!, sock, task.r8, <u32>task.r10);
  if (task.r8 && result >= 0) {
    let err = move_addr_to_user(net().msg.msg_namelen, task.r8, task.r9);
    if (err) result = err;
  }
  if (task.r8) sock_end_msg();
  return fdput(file!, result);
}
