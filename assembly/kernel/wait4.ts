import { Errno } from "../include/errno";
import { ListHead } from "../include/list";
import { Signal, SignalFlags } from "../include/signal";
import { TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { current, schedule } from "./sched";
import { prepare_to_wait } from "./wait";
import { put_user_u32, put_user_u64 } from "../mm/uaccess";
import { release_task, thread_group_empty } from "./exit";

/** Options of wait4(2). @kernel include/uapi/linux/wait.h */
export enum WaitOptions {
  WNOHANG = 1,
  WUNTRACED = 2,
  WCONTINUED = 8,
  /** Only children of this thread. */
  NOTHREAD = 0x2000_0000,
  /** Children of every kind. */
  ALL = 0x4000_0000,
  /** Children that do not tell of their end with SIGCHLD. */
  CLONE = 0x8000_0000,
}

/** Size of struct rusage. Unit: words of 8 bytes. */
const RUSAGE_WORDS: u32 = 18;

/** True if wait4() asks for that child. @kernel eligible_child(), kernel/exit.c */
function eligible_child(child: TaskStruct, pid: i32, options: u32): bool {
  if (pid > 0 && <i32>child.pid != pid) return false;
  if (pid == 0 && child.signal.pgrp != current().signal.pgrp) return false;
  if (pid < -1 && <i32>child.signal.pgrp != -pid) return false;
  if (options & WaitOptions.ALL) return true;
  return (child.exit_signal != Signal.SIGCHLD) == ((options & WaitOptions.CLONE) != 0);
}

/** What wait(2) says of a task that has ended. */
function wait_status(task: TaskStruct): u32 {
  return task.term_signal ? task.term_signal : ((<u32>task.exit_code) & 0xff) << 8;
}

/** The program is told what has happened to a child. @returns the child's number, or -EFAULT. */
function tell(pid: u32, how: u32, status: u64, usage: u64): i64 {
  if (status && put_user_u32(how, status)) return -Errno.EFAULT;
  for (let i: u32 = 0; usage && i < RUSAGE_WORDS; i++) if (put_user_u64(0, usage + i * 8)) return -Errno.EFAULT;
  return pid;
}

/** A child that has ended is done away with. @returns its number; -EFAULT. @kernel wait_task_zombie(), kernel/exit.c */
function wait_task_zombie(child: TaskStruct, status: u64, usage: u64): i64 {
  let pid = child.pid;
  let how = wait_status(child);
  release_task(child);
  return tell(pid, how, status, usage);
}

/** The parent is told, once, that a signal has stopped a child. @returns 0: it has not. @kernel kernel/exit.c */
function wait_task_stopped(child: TaskStruct, status: u64, usage: u64): i64 {
  let process = child.signal;
  let signal = process.flags & SignalFlags.STOP_STOPPED ? process.stop_signal : 0;
  if (!signal) return 0;
  process.stop_signal = 0;
  return tell(child.pid, (signal << 8) | 0x7f, status, usage);
}

/** The parent is told, once, that a child goes on. @returns 0: it was not stopped. @kernel kernel/exit.c */
function wait_task_continued(child: TaskStruct, status: u64, usage: u64): i64 {
  let process = child.signal;
  if (!(process.flags & SignalFlags.STOP_CONTINUED)) return 0;
  process.flags &= ~SignalFlags.STOP_CONTINUED;
  return tell(child.pid, 0xffff, status, usage);
}

/** What has happened to a child that wait4() asks for. @returns its number; 0: nothing. @kernel wait_consider_child() */
function wait_consider_child(child: TaskStruct, options: u32, status: u64, usage: u64): i64 {
  if (child.state == TaskState.ZOMBIE && thread_group_empty(child)) return wait_task_zombie(child, status, usage);
  let result: i64 = options & WaitOptions.WUNTRACED ? wait_task_stopped(child, status, usage) : 0;
  if (!result && options & WaitOptions.WCONTINUED) result = wait_task_continued(child, status, usage);
  return result;
}

/** Looks for a child among those of one thread. @returns its number; 0: nothing to tell; -ECHILD: there is none. */
function wait_for_children_of(thread: TaskStruct, pid: i32, options: u32, status: u64, usage: u64): i64 {
  let result: i64 = -Errno.ECHILD;
  let children = thread.children;
  for (let link: ListHead = children.next; link !== children; link = link.next) {
    let child = TaskStruct.of_sibling(link);
    if (!eligible_child(child, pid, options)) continue;
    result = wait_consider_child(child, options, status, usage);
    if (result) break;
  }
  return result;
}

/** Looks for a child of the process that there is something to tell of. @kernel __do_wait(), kernel/exit.c */
function do_wait(task: TaskStruct, pid: i32, options: u32, status: u64, usage: u64): i64 {
  let result: i64 = -Errno.ECHILD;
  let threads = task.signal.threads;
  for (let link: ListHead = threads.next; link !== threads; link = link.next) {
    let thread = TaskStruct.of_thread_node(link);
    if (options & WaitOptions.NOTHREAD && thread !== task) continue;
    let found = wait_for_children_of(thread, pid, options, status, usage);
    if (found != -Errno.ECHILD) result = found;
    if (found && found != -Errno.ECHILD) break;
  }
  return result;
}

/**
 * wait4(2): waits for the end of a child, or until it is stopped or goes on.
 *
 * Differs from Linux: the times used are 0.
 */
export function sys_wait4(): i64 {
  let task = current();
  let options = <u32>task.dx;
  const KNOWN: u32 = 0xe000_000b;
  if (options & ~KNOWN) return -Errno.EINVAL;
  if (<i32>task.di == i32.MIN_VALUE) return -Errno.ESRCH;
  enter(Tp.do_wait, <usize>task.di, 0, 0);
  let result = do_wait(task, <i32>task.di, options, <u64>task.si, <u64>task.r10);
  if (result || options & WaitOptions.WNOHANG) return leave(result);
  prepare_to_wait(task.signal.wait_chldexit, TaskState.INTERRUPTIBLE);
  return leave(schedule());
}
