import { Errno } from "../include/errno";
import { FMode, File } from "../include/fs";
import { ListHead } from "../include/list";
import { OpenFlags } from "../include/fcntl";
import { Poll } from "../include/fs";
import { SiCode, Siginfo, Signal } from "../include/signal";
import { TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { XArray } from "../include/xarray_types";
import { xa_erase, xa_load, xa_store } from "../lib/xarray";
import { fs_state } from "./internal";
import { find_task } from "../kernel/fork";
import { kfree, kmalloc, kzalloc } from "../mm/slab";
import { prepare_info, valid_signal } from "../kernel/signal_queue";
import { sched } from "../kernel/sched";
import { send_signal_locked } from "../kernel/signal";

/*
 * Signal-driven input and output. Who wants to be told by a signal hangs on the pipe or the socket:
 *
 *   PipeInodeInfo.fasync_readers, fasync_writers; Socket.fasync_list -> FasyncStruct -> FasyncStruct -> null
 *                                                                         |
 *                                                                         FsState.f_owners: whom to tell, and how
 */

/** What has become possible, in a signal's code. @kernel POLL_IN ..., include/uapi/asm-generic/siginfo.h */
export enum PollCode {
  /** Data can be read. */
  POLL_IN = 1,
  /** There is room for data. */
  POLL_OUT = 2,
  /** There is an error. */
  POLL_ERR = 4,
  /** Something urgent can be read. */
  POLL_PRI = 5,
  /** The other side is gone. */
  POLL_HUP = 6,
}

/** A descriptor whose readiness is told by a signal. @kernel struct fasync_struct, include/linux/fs.h */
@unmanaged
export class FasyncStruct {
  /** The next one; null: none. */
  fa_next: FasyncStruct | null;
  /** The file. */
  fa_file: File;
  /** The descriptor that stood for it when it was switched on. */
  fa_fd: i32;
}

/** Whom a file tells that it is ready. @kernel struct fown_struct, include/linux/fs.h */
@unmanaged
export class FownStruct {
  /** Number of the process, or of the process group if negative; 0: nobody. */
  pid: i32;
  /** The signal to send; 0: SIGIO, without particulars. */
  signum: u32;
}

/** Makes the table of owners. */
export function fasync_init(): void {
  fs_state().f_owners = changetype<XArray>(kzalloc(offsetof<XArray>()));
}

/** The owner of a file; null: it has none. */
function f_owner(file: File): FownStruct | null {
  if (!(file.f_mode & FMode.OWNED)) return null;
  return changetype<FownStruct>(xa_load(fs_state().f_owners, file.f_sequence));
}

/** The owner of a file, made if there is none yet; null when memory is exhausted. @kernel file_f_owner_allocate() */
function owner_of(file: File): FownStruct | null {
  let owner = f_owner(file);
  if (owner) return owner;
  let at = kzalloc(offsetof<FownStruct>());
  if (!at) return null;
  if (xa_store(fs_state().f_owners, file.f_sequence, at) < 0) {
    kfree(at);
    return null;
  }
  file.f_mode |= FMode.OWNED;
  return changetype<FownStruct>(at);
}

/** F_SETOWN: whom to tell. @param who a process, or a group if negative; 0: nobody. @returns 0, -errno. */
export function f_setown(file: File, who: i32): i32 {
  if (who == i32.MIN_VALUE) return -Errno.EINVAL;
  if (who > 0 && !is_process(who)) return -Errno.ESRCH;
  // Any task's number will do for a group, though it may be none.
  if (who < 0 && !is_process(-who) && !is_group(-who)) return -Errno.ESRCH;
  let owner = owner_of(file);
  if (!owner) return -Errno.ENOMEM;
  owner.pid = who;
  return 0;
}

/** F_GETOWN: who is told; 0 if nobody, or if it is gone. */
export function f_getown(file: File): i32 {
  let owner = f_owner(file);
  if (!owner) return 0;
  let pid = owner.pid;
  return pid < 0 ? (is_group(-pid) ? pid : 0) : is_process(pid) ? pid : 0;
}

/** F_SETSIG: with which signal. @returns 0, -EINVAL, -ENOMEM. */
export function f_setsig(file: File, signal: u32): i32 {
  if (!valid_signal(signal)) return -Errno.EINVAL;
  let owner = owner_of(file);
  if (!owner) return -Errno.ENOMEM;
  owner.signum = signal;
  return 0;
}

/** F_GETSIG: with which signal; 0: SIGIO without particulars. */
export function f_getsig(file: File): i32 {
  let owner = f_owner(file);
  return owner ? owner.signum : 0;
}

/** A file with an owner is closed: that is forgotten. */
export function file_f_owner_release(file: File): void {
  kfree(xa_erase(fs_state().f_owners, file.f_sequence));
}

/** True if a task with that number could be sent a signal. */
function is_process(pid: i32): bool {
  let task = find_task(pid);
  return task !== null && changetype<usize>(task.sighand) != 0;
}

/** True if a process belongs to a group. */
function is_group(pgrp: u32): bool {
  let all = sched().tasks;
  for (let link: ListHead = all.next; link !== all; link = link.next) {
    let task = TaskStruct.of_tasks(link);
    if (changetype<usize>(task.signal) && task.signal.pgrp == pgrp) return true;
  }
  return false;
}

/**
 * Adds a file to those that tell by a signal, or takes it off.
 *
 * @param list  address of the head of the list.
 * @returns     1 if something has changed, 0 if not, -ENOMEM.
 * @kernel fasync_helper(), fs/fcntl.c
 */
export function fasync_helper(fd: i32, file: File, on: bool, list: usize): i32 {
  let link = list;
  let entry = changetype<FasyncStruct | null>(load<usize>(link));
  while (entry && entry.fa_file !== file) {
    link = changetype<usize>(entry) + offsetof<FasyncStruct>("fa_next");
    entry = entry.fa_next;
  }
  if (!on) {
    file.f_flags &= ~OpenFlags.ASYNC;
    if (!entry) return 0;
    store<usize>(link, changetype<usize>(entry.fa_next));
    kfree(changetype<usize>(entry));
    return 1;
  }
  file.f_flags |= OpenFlags.ASYNC;
  if (entry) {
    entry.fa_fd = fd;
    return 0;
  }
  let at = kmalloc(offsetof<FasyncStruct>());
  if (!at) return -Errno.ENOMEM;
  let added = changetype<FasyncStruct>(at);
  added.fa_file = file;
  added.fa_fd = fd;
  added.fa_next = changetype<FasyncStruct | null>(load<usize>(list));
  store<usize>(list, at);
  return 1;
}

/** Switches telling by signal on or off. @returns >= 0; -ENOTTY if the file does not know how; -ENOMEM. */
export function set_fasync(fd: i32, file: File, on: bool): i32 {
  let method = file.f_op.fasync;
  return method ? call_indirect<i32>(method, fd, file, i32(on)) : -Errno.ENOTTY;
}

/** The Poll bits that a code stands for. @kernel band_table, fs/fcntl.c */
function band_of(code: PollCode): u32 {
  switch (code) {
    case PollCode.POLL_IN:
      return Poll.IN | Poll.RDNORM;
    case PollCode.POLL_OUT:
      return Poll.OUT | Poll.WRNORM | Poll.WRBAND;
    case PollCode.POLL_ERR:
      return Poll.ERR;
    case PollCode.POLL_PRI:
      return Poll.PRI | Poll.RDBAND;
    default:
      return Poll.HUP | Poll.ERR;
  }
}

/** Tells one process. @param plain the signal that says nothing else. @kernel send_sigio_to_task(), fs/fcntl.c */
function send_sigio_to_task(task: TaskStruct, signum: u32, plain: u32, fd: i32, code: PollCode): void {
  let info: Siginfo;
  if (signum) {
    info = prepare_info(signum, is_specific(signum) ? SiCode.SI_SIGIO : code, 0);
    info.band = band_of(code);
    info.fd = fd;
    if (!send_signal_locked(info, task, true)) return;
  }
  // There was no memory to say more, or the owner does not want to know more.
  send_signal_locked(prepare_info(plain, SiCode.SI_KERNEL, 0), task, true);
}

/** True if the codes of a signal mean something of its own. @kernel sig_specific_sicodes(), linux/signal.h */
function is_specific(signal: u32): bool {
  return (
    signal == Signal.SIGILL ||
    signal == Signal.SIGFPE ||
    signal == Signal.SIGSEGV ||
    signal == Signal.SIGBUS ||
    signal == Signal.SIGTRAP ||
    signal == Signal.SIGCHLD ||
    signal == Signal.SIGSYS
  );
}

/** Tells the owner of a file. @param signum 0: with the plain signal. @kernel send_sigio(), fs/fcntl.c */
function send_sigio(owner: FownStruct, signum: u32, plain: u32, fd: i32, code: PollCode): void {
  let pid = owner.pid;
  let all = sched().tasks;
  if (pid > 0) {
    let task = find_task(pid);
    if (task && changetype<usize>(task.sighand)) send_sigio_to_task(task, signum, plain, fd, code);
    return;
  }
  for (let link: ListHead = all.next; pid && link !== all; link = link.next) {
    let task = TaskStruct.of_tasks(link);
    if (!changetype<usize>(task.sighand) || task.signal.leader !== task) continue;
    if (<i32>task.signal.pgrp == -pid) send_sigio_to_task(task, signum, plain, fd, code);
  }
}

/** Tells the owners of all files of a list what has become possible. @kernel kill_fasync(), fs/fcntl.c */
export function kill_fasync(list: FasyncStruct | null, code: PollCode): void {
  if (!list) return;
  enter(Tp.kill_fasync, changetype<usize>(list.fa_file), code, 0);
  for (let entry: FasyncStruct | null = list; entry; entry = entry.fa_next) {
    let owner = f_owner(entry.fa_file);
    // The plain signal of what is urgent has been sent.
    if (!owner || (code == PollCode.POLL_PRI && !owner.signum)) continue;
    send_sigio(owner, owner.signum, Signal.SIGIO, entry.fa_fd, code);
  }
  leave(0);
}

/** Something urgent has come for a file. @returns whether anybody owns it. @kernel send_sigurg(), fs/fcntl.c */
export function send_sigurg(file: File): bool {
  let owner = f_owner(file);
  if (!owner || !owner.pid) return false;
  send_sigio(owner, 0, Signal.SIGURG, 0, PollCode.POLL_PRI);
  return true;
}
