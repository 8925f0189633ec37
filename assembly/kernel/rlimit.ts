import { Errno } from "../include/errno";
import { FilesStruct } from "../include/fs";
import { NR_OPEN, RLIM_INFINITY, Rlimit } from "../include/resource";
import { TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { copy_from_user, copy_to_user } from "../mm/uaccess";
import { current } from "./sched";
import { find_task } from "./fork";
import { kfree, kmalloc } from "../mm/slab";

/*
 * Limits of processes. Differs from Linux: RLIMIT_NOFILE belongs to a descriptor table, and so to all who share it; the
 * other limits are none, and cannot be lowered (-EPERM).
 */

/** Size of a struct rlimit64: what holds now, and what it can be raised to. Unit: bytes. */
const RLIMIT_SIZE: usize = 16;

/** The limits of a kind, at an address. */
function get_limits(files: FilesStruct, resource: u32, to: usize): void {
  let open = resource == Rlimit.NOFILE;
  store<u64>(to, open ? <u64>files.rlimit_nofile : RLIM_INFINITY);
  store<u64>(to, open ? <u64>files.rlimit_nofile_max : RLIM_INFINITY, 8);
}

/**
 * Sets the number that no descriptor may reach. Nobody has the right to raise the greatest one.
 *
 * @returns  0, -EINVAL, -EPERM.
 */
export function set_rlimit_nofile(files: FilesStruct, soft: u64, hard: u64): i32 {
  if (soft > hard) return -Errno.EINVAL;
  if (hard > NR_OPEN || hard > files.rlimit_nofile_max) return -Errno.EPERM;
  files.rlimit_nofile = <u32>soft;
  files.rlimit_nofile_max = <u32>hard;
  return 0;
}

/** Sets the limits of a kind. @returns 0, -EINVAL, -EPERM. */
function set_limits(files: FilesStruct, resource: u32, from: usize): i32 {
  let soft = load<u64>(from);
  let hard = load<u64>(from, 8);
  if (resource == Rlimit.NOFILE) return set_rlimit_nofile(files, soft, hard);
  if (soft > hard) return -Errno.EINVAL;
  return soft == RLIM_INFINITY ? 0 : -Errno.EPERM;
}

/** Asks for limits and sets them, by way of kernel memory. @returns 0, -EINVAL, -EPERM, -EFAULT. */
function exchange(task: TaskStruct, resource: u32, fresh: u64, old: u64, scratch: usize): i32 {
  if (fresh && copy_from_user(scratch, fresh, RLIMIT_SIZE)) return -Errno.EFAULT;
  if (resource >= <u32>Rlimit.NLIMITS) return -Errno.EINVAL;
  get_limits(task.files, resource, scratch + RLIMIT_SIZE);
  if (fresh) {
    let error = set_limits(task.files, resource, scratch);
    if (error) return error;
  }
  return old && copy_to_user(old, scratch + RLIMIT_SIZE, RLIMIT_SIZE) ? -Errno.EFAULT : 0;
}

/**
 * Asks for the limits of a process, sets them, or both.
 *
 * @param fresh  user address of the new ones; 0: none.
 * @param old    user address for the ones that held before; 0: not wanted.
 * @returns      0; -ESRCH, -EINVAL, -EPERM, -EFAULT, -ENOMEM.
 * @kernel do_prlimit(), kernel/sys.c
 */
function do_prlimit(task: TaskStruct, resource: u32, fresh: u64, old: u64): i64 {
  enter(Tp.do_prlimit, changetype<usize>(task), resource, 0);
  let scratch = kmalloc(2 * RLIMIT_SIZE);
  if (!scratch) return leave<i64>(-Errno.ENOMEM);
  let error = exchange(task, resource, fresh, old, scratch);
  kfree(scratch);
  return leave<i64>(error);
}

/** getrlimit(2). */
export function sys_getrlimit(): i64 {
  let task = current();
  return do_prlimit(task, <u32>task.di, 0, task.si ? task.si : u64.MAX_VALUE);
}

/** setrlimit(2). */
export function sys_setrlimit(): i64 {
  let task = current();
  return do_prlimit(task, <u32>task.di, task.si ? task.si : u64.MAX_VALUE, 0);
}

/** prlimit64(2). */
export function sys_prlimit64(): i64 {
  let task = current();
  let pid = <i32>task.di;
  let other: TaskStruct | null = pid ? find_task(pid) : task;
  // The new limits are looked at before the process is.
  if (!other || !changetype<usize>(other.files)) return task.dx ? look_at(task.dx) : -Errno.ESRCH;
  return do_prlimit(other, <u32>task.si, task.dx, task.r10);
}

/** What prlimit64() says of a process that there is not, by the address of the limits that it should get. */
function look_at(address: u64): i64 {
  let scratch = kmalloc(RLIMIT_SIZE);
  let missed = scratch ? copy_from_user(scratch, address, RLIMIT_SIZE) : 0;
  kfree(scratch);
  return missed ? -Errno.EFAULT : -Errno.ESRCH;
}
