import { Errno } from "../include/errno";
import { File, FileKind } from "../include/fs";
import { Msg, Scm, SockType, Sol } from "../include/socket";
import { SCM_MAX_FD, ScmFpList } from "../include/net";
import { Tp, enter, leave } from "../include/trace";
import { copy_from_user, copy_to_user, put_user_u32, put_user_u64 } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { fd_install, fdget_raw, fput, get_unused_fd_flags, put_unused_fd } from "../fs/file";
import { get_file } from "../fs/file_table";
import { kfree, kmalloc } from "../mm/slab";
import { net } from "./net";

/*
 * Control data: what goes along with a message. Descriptors (SCM_RIGHTS) travel as files, each with a reference of its
 * own; who receives them gets new descriptors. In the program's memory, control data is a row of
 *
 *      struct cmsghdr { u64 cmsg_len; i32 cmsg_level; i32 cmsg_type; } and its data, at multiples of 8 bytes.
 */

/** Size of a struct cmsghdr. Unit: bytes. */
const CMSGHDR_SIZE: u64 = 16;
/** Most control data that a call takes: net.core.optmem_max. Unit: bytes. */
export const OPTMEM_MAX: u64 = 131072;
/** Size of a struct ucred. Unit: bytes. */
const UCRED_SIZE: u64 = 12;
/** Who is told when nobody has said who sends. @kernel DEFAULT_OVERFLOWUID, include/linux/highuid.h */
const OVERFLOWUID: u32 = 65534;
/** Bit of TaskStruct.kept beside the address of the files: the program has said who sends. */
const NAMED: usize = 1;

/** A length in whole 8 bytes. @kernel CMSG_ALIGN(), include/linux/socket.h */
function cmsg_align(length: u64): u64 {
  return (length + 7) & ~7;
}

/** The place of a file in a list. */
function slot(list: ScmFpList, index: u32): usize {
  return changetype<usize>(list) + offsetof<ScmFpList>() + ((<usize>index) << 2);
}

/** A file of a list. */
export function scm_file(list: ScmFpList, index: u32): File {
  return changetype<File>(load<usize>(slot(list, index)));
}

/** An empty list; null when memory is exhausted. */
function scm_fp_alloc(room: u32): ScmFpList | null {
  let at = kmalloc(offsetof<ScmFpList>() + ((<usize>room) << 2));
  if (!at) return null;
  let list = changetype<ScmFpList>(at);
  list.next = null;
  list.count = 0;
  return list;
}

/** Adds the files of n descriptors to the message. @param at user address. @returns 0 or -errno. @kernel scm_fp_copy() */
function scm_fp_copy(at: u64, n: u32): i32 {
  if (!n) return 0;
  if (n > SCM_MAX_FD) return -Errno.EINVAL;
  let msg = net().msg;
  if (!msg.fp) msg.fp = scm_fp_alloc(SCM_MAX_FD);
  let list = msg.fp;
  if (!list) return -Errno.ENOMEM;
  if (list.count + n > SCM_MAX_FD) return -Errno.EINVAL;
  let scratch = net().address + 128;
  for (let i: u32 = 0; i < n; i++) {
    if (copy_from_user(scratch, at + 4 * i, 4)) return -Errno.EFAULT;
    let file = fdget_raw(load<i32>(scratch));
    if (!file) return -Errno.EBADF;
    if (file.f_op.kind == FileKind.IO_URING) {
      // A ring that is on its way to itself would never end.
      fput(file);
      return -Errno.EINVAL;
    }
    store<usize>(slot(list, list.count++), changetype<usize>(file));
  }
  return 0;
}

/** Checks that a program tells the truth about itself. @param at user address. @kernel scm_check_creds() */
function scm_check_creds(at: u64, length: u64): i32 {
  if (length != UCRED_SIZE) return -Errno.EINVAL;
  let scratch = net().address + 128;
  if (copy_from_user(scratch, at, <usize>UCRED_SIZE)) return -Errno.EFAULT;
  if (load<u32>(scratch) != current().tgid) return -Errno.EPERM;
  net().msg.pid = current().tgid;
  return 0;
}

/** Takes one piece of control data in. */
function scm_send_one(at: u64, length: u64, level: i32, type: i32): i32 {
  if (level != Sol.SOCKET) return 0;
  if (type == Scm.RIGHTS) return scm_fp_copy(at, <u32>(length >> 2));
  return type == Scm.CREDENTIALS ? scm_check_creds(at, length) : -Errno.EINVAL;
}

/** Reads the control data of the message that is sent. @returns 0 or -errno. @kernel __scm_send(), net/core/scm.c */
function __scm_send(): i32 {
  let msg = net().msg;
  let header = net().address + 128;
  let err = 0;
  while (!err && msg.msg_controllen >= CMSGHDR_SIZE) {
    if (copy_from_user(header, msg.msg_control, <usize>CMSGHDR_SIZE)) return -Errno.EFAULT;
    let length = load<u64>(header);
    if (length < CMSGHDR_SIZE || length > msg.msg_controllen) return -Errno.EINVAL;
    let data = msg.msg_control + CMSGHDR_SIZE;
    err = scm_send_one(data, length - CMSGHDR_SIZE, load<i32>(header, 8), load<i32>(header, 12));
    let step = min(cmsg_align(length), msg.msg_controllen);
    msg.msg_control += step;
    msg.msg_controllen -= step;
  }
  return err;
}

/**
 * Reads the control data of the message that is sent, or goes on with what a call that slept has read.
 *
 * @returns  0 or -errno. @kernel scm_send(), include/net/scm.h
 */
export function scm_send(): i32 {
  let task = current();
  let msg = net().msg;
  if (task.restarting) {
    msg.fp = changetype<ScmFpList | null>(task.kept & ~NAMED);
    msg.pid = task.kept & NAMED ? task.tgid : 0;
    task.kept = 0;
    return 0;
  }
  if (!msg.msg_controllen) return 0;
  if (msg.msg_controllen > OPTMEM_MAX) return -Errno.ENOBUFS;
  let err = __scm_send();
  if (err) scm_destroy();
  return err;
}

/** The call that sends goes to sleep: its task holds on to the files, and to whether they say who sends. */
export function scm_keep(): void {
  let msg = net().msg;
  current().kept = changetype<usize>(msg.fp) | (msg.pid ? NAMED : 0);
  msg.fp = null;
}

/** Gives up the files that go along with the message, if nobody has taken them over. @kernel scm_destroy() */
export function scm_destroy(): void {
  let list = net().msg.fp;
  net().msg.fp = null;
  if (list) scm_fp_destroy(list);
}

/**
 * Gives up a list of files. Closing one may take a socket apart in which more of them wait: they are done one after the
 * other, not inside each other.
 *
 * @kernel scm_fp_destroy(), net/core/scm.c
 */
export function scm_fp_destroy(list: ScmFpList): void {
  let state = net();
  list.next = state.scm_dead;
  state.scm_dead = list;
  if (state.scm_busy) return;
  state.scm_busy = 1;
  for (let dead: ScmFpList | null = list; dead; dead = state.scm_dead) {
    state.scm_dead = dead.next;
    while (dead.count) fput(scm_file(dead, --dead.count));
    kfree(changetype<usize>(dead));
  }
  state.scm_busy = 0;
}

/** Another list of the same files; null when memory is exhausted. @kernel scm_fp_dup(), net/core/scm.c */
export function scm_fp_dup(list: ScmFpList): ScmFpList | null {
  let copy = scm_fp_alloc(list.count);
  if (!copy) return null;
  while (copy.count < list.count) {
    store<usize>(slot(copy, copy.count), changetype<usize>(get_file(scm_file(list, copy.count))));
    copy.count++;
  }
  return copy;
}

/** Makes a descriptor for a file and tells it. @returns 0 or -errno. @kernel scm_recv_one_fd(), include/net/scm.h */
function scm_recv_one_fd(file: File, to: u64, flags: u32): i32 {
  let fd = get_unused_fd_flags(flags);
  if (fd < 0) return fd;
  let err = put_user_u32(fd, to);
  if (err) {
    put_unused_fd(fd);
    return err;
  }
  fd_install(fd, get_file(file));
  return 0;
}

/** Writes the head of a piece of control data. @returns 0 or -EFAULT. */
function put_cmsg_header(at: u64, length: u64, level: u32, type: u32): i32 {
  let fault = put_user_u32(level, at + 8) || put_user_u32(type, at + 12);
  return fault || put_user_u64(length, at) ? -Errno.EFAULT : 0;
}

/** Moves on behind a piece of control data. */
function advance(length: u64): void {
  let msg = net().msg;
  let step = min(cmsg_align(length), msg.msg_controllen);
  msg.msg_control += step;
  msg.msg_controllen -= step;
}

/**
 * Gives the files of a message to the program that has received it, as far as there is room for descriptors; the rest is
 * closed. The list is used up.
 *
 * @kernel scm_detach_fds(), net/core/scm.c
 */
export function scm_detach_fds(list: ScmFpList, flags: u32): void {
  let msg = net().msg;
  enter(Tp.scm_detach_fds, list.count, <usize>msg.msg_controllen, 0);
  let room = msg.msg_controllen > CMSGHDR_SIZE ? <u32>((msg.msg_controllen - CMSGHDR_SIZE) >> 2) : 0;
  room = min(room, list.count);
  let data = msg.msg_control + CMSGHDR_SIZE;
  let given: u32 = 0;
  while (given < room) {
    if (scm_recv_one_fd(scm_file(list, given), data + 4 * given, flags & Msg.CMSG_CLOEXEC ? SockType.CLOEXEC : 0))
      break;
    given++;
  }
  if (given < list.count) msg.msg_flags |= Msg.CTRUNC;
  let length = CMSGHDR_SIZE + 4 * given;
  if (given && !put_cmsg_header(msg.msg_control, length, Sol.SOCKET, Scm.RIGHTS)) advance(length);
  scm_fp_destroy(list);
  leave(0);
}

/**
 * Gives a program a piece of control data, cut to the room that there is.
 *
 * @param from  the data, in kernel memory. @kernel put_cmsg(), net/core/scm.c
 */
export function put_cmsg(level: u32, type: u32, from: usize, size: usize): void {
  let msg = net().msg;
  let length = CMSGHDR_SIZE + size;
  let room = min(length, msg.msg_controllen);
  if (room < length) msg.msg_flags |= Msg.CTRUNC;
  if (room < CMSGHDR_SIZE) return;
  if (copy_to_user(msg.msg_control + CMSGHDR_SIZE, from, <usize>(room - CMSGHDR_SIZE))) return;
  if (!put_cmsg_header(msg.msg_control, room, level, type)) advance(length);
}

/** Tells a program who has sent a message. @param id user and group. */
function put_creds(pid: u32, id: u32): void {
  let scratch = net().address + 128;
  store<u32>(scratch, pid);
  store<u32>(scratch, id, 4);
  store<u32>(scratch, id, 8);
  put_cmsg(Sol.SOCKET, Scm.CREDENTIALS, scratch, <usize>UCRED_SIZE);
}

/** Tells a program who has sent a message. @param pid  0: it came without saying so. */
export function scm_put_creds(pid: u32): void {
  put_creds(pid, pid ? 0 : OVERFLOWUID);
}

/** Tells a program who has sent the end of a stream: nobody in particular. */
export function scm_put_no_creds(): void {
  put_creds(0, 0);
}
