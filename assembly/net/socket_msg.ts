import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { Msg } from "../include/socket";
import { SLEEPING } from "../include/sched";
import { Socket } from "../include/net";
import { copy_from_user, put_user_u32, put_user_u64 } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { fdget, fdput } from "../fs/file";
import { import_iovec, release_iovec } from "../fs/read_write";
import { iov_iter_ubuf } from "../mm/iov_iter";
import { move_addr_to_user } from "./socket_calls";
import { msg_flags_of, refuse, sock_begin_send, sock_end_msg, sock_recv_named } from "./socket_io";
import { net } from "./net";
import { sock_from_file, sock_sendmsg } from "./socket";

/*
 * sendmsg() and recvmsg(): several buffers, an address, control data and flags, all in a struct msghdr of the program.
 */

/** Offsets in struct msghdr. Unit: bytes. */
const MSGHDR_NAME: usize = 0;
const MSGHDR_NAMELEN: usize = 8;
const MSGHDR_IOV: usize = 16;
const MSGHDR_IOVLEN: usize = 24;
const MSGHDR_CONTROL: usize = 32;
const MSGHDR_CONTROLLEN: usize = 40;
const MSGHDR_FLAGS: usize = 48;
const MSGHDR_SIZE: usize = 56;
/** Most buffers that one call takes. @kernel UIO_MAXIOV, include/uapi/linux/uio.h */
const UIO_MAXIOV: u64 = 1024;
/** Longest control data that can be. Unit: bytes. */
const INT_MAX: u64 = 0x7fff_ffff;

/** The struct msghdr of the call at work, in kernel memory. */
function msghdr(): usize {
  return net().address + 192;
}

/**
 * Copies a struct msghdr in; the first time, the walk over its buffers is set up, whose number is noted in
 * TaskStruct.reserved.
 *
 * @param at  user address. @returns 0 or -errno. @kernel copy_msghdr_from_user(), net/socket.c
 */
function copy_msghdr_from_user(at: u64): i32 {
  let task = current();
  let header = msghdr();
  // Nothing is there to be freed yet, whatever call was at work before.
  if (!task.restarting) iov_iter_ubuf(task.iter, 0, 0);
  if (copy_from_user(header, at, MSGHDR_SIZE)) return -Errno.EFAULT;
  if (!load<u64>(header, MSGHDR_NAME)) store<i32>(header, 0, MSGHDR_NAMELEN);
  if (load<i32>(header, MSGHDR_NAMELEN) < 0) return -Errno.EINVAL;
  if (task.restarting) return 0;
  let segments = load<u64>(header, MSGHDR_IOVLEN);
  if (segments > UIO_MAXIOV) return -Errno.EMSGSIZE;
  task.reserved = <i32>segments;
  return import_iovec(load<u64>(header, MSGHDR_IOV), segments, task.iter);
}

/** Notes where the control data is. */
function begin_control(): void {
  let msg = net().msg;
  msg.msg_control = load<u64>(msghdr(), MSGHDR_CONTROL);
  msg.msg_controllen = msg.msg_control ? load<u64>(msghdr(), MSGHDR_CONTROLLEN) : 0;
}

/** The part of sendmsg() that comes behind the buffers. @kernel ____sys_sendmsg(), net/socket.c */
function send_message(file: File, sock: Socket, flags: u32): i64 {
  let header = msghdr();
  if (load<u64>(header, MSGHDR_CONTROLLEN) > INT_MAX) return -Errno.ENOBUFS;
  let length = min(load<i32>(header, MSGHDR_NAMELEN), 128);
  let err = length ? sock_begin_send(load<u64>(header, MSGHDR_NAME), length) : 0;
  if (err) return err;
  begin_control();
  return sock_sendmsg(sock, current().iter, msg_flags_of(file, flags));
}

/** sendmsg(2). */
export function sys_sendmsg(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return refuse(file);
  let result: i64 = copy_msghdr_from_user(task.si);
  if (!result) {
    result = send_message(file!, sock, <u32>task.dx);
    sock_end_msg();
  }
  if (result != SLEEPING) release_iovec(task.reserved, task.iter);
  return fdput(file!, result);
}

/** Tells what has come besides the data. @param at user address of the struct msghdr. @returns `result` or -errno. */
function tell_msghdr(at: u64, control: u64, result: i64): i64 {
  let msg = net().msg;
  let header = msghdr();
  let name = load<u64>(header, MSGHDR_NAME);
  let err = name ? move_addr_to_user(msg.msg_namelen, name, at + MSGHDR_NAMELEN) : 0;
  if (err) return err;
  let used = msg.msg_control - control;
  let fault = put_user_u32(msg.msg_flags, at + MSGHDR_FLAGS) || put_user_u64(used, at + MSGHDR_CONTROLLEN);
  return fault ? -Errno.EFAULT : result;
}

/** recvmsg(2). */
export function sys_recvmsg(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  let sock = file ? sock_from_file(file) : null;
  if (!sock) return refuse(file);
  let result: i64 = copy_msghdr_from_user(task.si);
  if (!result) {
    begin_control();
    let control = net().msg.msg_control;
    net().msg.msg_flags = (<u32>task.dx) & Msg.CMSG_CLOEXEC;
    result = sock_recv_named(file!, sock, load<u64>(msghdr(), MSGHDR_NAME), <u32>task.dx);
    if (result >= 0) result = tell_msghdr(task.si, control, result);
    sock_end_msg();
  }
  if (result != SLEEPING) release_iovec(task.reserved, task.iter);
  return fdput(file!, result);
}
