import { Errno } from "../include/errno";
import { FilesStruct } from "../include/fs";
import { ListHead } from "../include/list";
import { MmStruct } from "../include/mm_struct";
import { SIG_IGN, SaFlags, SiCode, SighandStruct, Signal, SignalFlags, SignalStruct } from "../include/signal";
import { SLEEPING, TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { current, schedule, sched } from "./sched";
import { drop_frames } from "./signal_deliver";
import { exit_files, free_task, put_sighand, put_signal } from "./fork";
import { mmput } from "../mm/mmap";
import { prepare_info, flush_sigqueue_mask } from "./signal_queue";
import { prepare_to_wait, wake_up } from "./wait";
import { put_user_u32, put_user_u64 } from "../mm/uaccess";
import { retarget_shared_pending, send_signal_locked, start_group_exit } from "./signal";
import { sigaction_of } from "../include/signal";
import { xa_erase } from "../lib/xarray";

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

/** True if no other thread of the process is left. */
function thread_group_empty(task: TaskStruct): bool {
  return task.signal.count == 1;
}

/** True if the parent does not want to wait for its children. */
function ignores_children(parent: TaskStruct): bool {
  let action = sigaction_of(parent.sighand, Signal.SIGCHLD);
  return action.handler == SIG_IGN || (action.flags & SaFlags.NOCLDWAIT) != 0;
}

/**
 * The parent is told of the end of a task, if it has one.
 *
 * @returns  true if nobody will wait for the task.
 * @kernel do_notify_parent(), kernel/signal.c
 */
function do_notify_parent(task: TaskStruct): bool {
  let parent = task.parent;
  if (!parent) return true;
  let signal = task.exit_signal;
  enter(Tp.do_notify_parent, changetype<usize>(task), changetype<usize>(parent), signal);
  let unwanted = signal == Signal.SIGCHLD && ignores_children(parent);
  let is_ignored = unwanted && sigaction_of(parent.sighand, Signal.SIGCHLD).handler == SIG_IGN;
  if (signal > 0 && !is_ignored) {
    let info = prepare_info(signal, task.term_signal ? SiCode.CLD_KILLED : SiCode.CLD_EXITED, task.tgid);
    info.status = task.term_signal ? <i32>task.term_signal : task.exit_code;
    send_signal_locked(info, parent, true);
  }
  wake_up(parent.signal.wait_chldexit);
  return leave(unwanted);
}

/** The parent is told that a process was stopped or goes on. @kernel do_notify_parent_cldstop(), kernel/signal.c */
export function do_notify_parent_stop(task: TaskStruct, code: i32, signal: u32): void {
  let parent = task.parent;
  if (!parent) return;
  enter(Tp.do_notify_parent, changetype<usize>(task), changetype<usize>(parent), Signal.SIGCHLD);
  let action = sigaction_of(parent.sighand, Signal.SIGCHLD);
  if (action.handler != SIG_IGN && !(action.flags & SaFlags.NOCLDSTOP)) {
    let info = prepare_info(Signal.SIGCHLD, code, task.tgid);
    info.status = signal;
    send_signal_locked(info, parent, true);
  }
  wake_up(parent.signal.wait_chldexit);
  leave(0);
}

/** Takes a task out of its parent's children. */
function unlink_child(task: TaskStruct): void {
  task.sibling.del_init();
  task.parent = null;
}

/** Another thread of the process that has not ended; null: none. */
function other_thread(task: TaskStruct): TaskStruct | null {
  let threads = task.signal.threads;
  for (let link: ListHead = threads.next; link !== threads; link = link.next) {
    let thread = TaskStruct.of_thread_node(link);
    if (thread !== task && changetype<usize>(thread.mm)) return thread;
  }
  return null;
}

/** The children of a task that ends become another thread's, or nobody's. @kernel forget_original_parent() */
function forget_original_parent(task: TaskStruct): void {
  let heir = other_thread(task);
  let children = task.children;
  while (!children.empty) {
    let child = TaskStruct.of_sibling(children.next);
    child.sibling.del_init();
    child.parent = heir;
    if (heir) {
      heir.children.add_tail(child.sibling);
      continue;
    }
    child.exit_signal = Signal.SIGCHLD;
    if (child.state == TaskState.ZOMBIE && thread_group_empty(child)) release_task(child);
  }
}

/**
 * Nothing is left of a task that has ended, but for the result of one that the host has made.
 *
 * @kernel release_task(), kernel/exit.c
 */
export function release_task(task: TaskStruct): void {
  enter(Tp.release_task, changetype<usize>(task), 0, 0);
  let process = task.signal;
  let leader = process.leader;
  unlink_child(task);
  flush_sigqueue_mask(task.pending, u64.MAX_VALUE);
  task.thread_node.del_init();
  put_sighand(task.sighand);
  task.sighand = changetype<SighandStruct>(0);
  task.signal = changetype<SignalStruct>(0);
  put_signal(process);
  if (!task.host_made) {
    xa_erase(sched().pids, task.pid);
    task.tasks.del_init();
  }
  leave(0);
  // The first thread of a process is waited for once the others are gone.
  if (leader !== task && leader.state == TaskState.ZOMBIE && process.count == 1) {
    if (do_notify_parent(leader)) release_task(leader);
  }
  if (task.host_made) task.state = TaskState.ZOMBIE;
  else if (current() === task) task.state = TaskState.DEAD;
  else free_task(task);
}

/** Tells whom it concerns that the task that runs has ended. @kernel exit_notify(), kernel/exit.c */
function exit_notify(task: TaskStruct): void {
  forget_original_parent(task);
  task.state = TaskState.ZOMBIE;
  let leads = task.signal.leader === task;
  let gone = leads ? thread_group_empty(task) && do_notify_parent(task) : true;
  if (gone) release_task(task);
}

/**
 * Ends the task that runs: its descriptors are closed and its memory is given back.
 *
 * @param signal  the signal that ends it; 0: none.
 * @returns       SLEEPING: it goes on never more.
 * @kernel do_exit(), kernel/exit.c
 */
export function do_exit(code: i32, signal: u32): i64 {
  let task = current();
  enter(Tp.do_exit, changetype<usize>(task), code, 0);
  // What waits for the process is left to other threads.
  task.blocked = u64.MAX_VALUE;
  retarget_shared_pending(task, u64.MAX_VALUE);
  drop_frames(task);
  task.signal.live--;
  exit_files(task);
  mmput(task.mm);
  task.files = changetype<FilesStruct>(0);
  task.mm = changetype<MmStruct>(0);
  task.exit_code = code;
  task.term_signal = signal;
  task.sigpending = 0;
  task.leaving = 0;
  exit_notify(task);
  return leave(SLEEPING);
}

/** Ends all threads of a process, the one that runs at once. @kernel do_group_exit(), kernel/exit.c */
export function do_group_exit(code: i32, signal: u32): i64 {
  let task = current();
  let process = task.signal;
  enter(Tp.do_group_exit, changetype<usize>(task), code, signal);
  if (process.flags & SignalFlags.GROUP_EXIT) {
    code = process.group_exit_code;
    signal = process.group_exit_signal;
  } else {
    start_group_exit(task, signal, code);
  }
  return leave(do_exit(code, signal));
}

/** exit(2): ends the task. */
export function sys_exit(): i64 {
  return do_exit((<i32>current().di) & 0xff, 0);
}

/** exit_group(2): ends all threads of the process. */
export function sys_exit_group(): i64 {
  return do_group_exit((<i32>current().di) & 0xff, 0);
}

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

/** A child that has ended is done away with. @returns its number; -EFAULT. @kernel wait_task_zombie(), kernel/exit.c */
function wait_task_zombie(child: TaskStruct, status: u64, usage: u64): i64 {
  let pid = child.pid;
  let how = wait_status(child);
  release_task(child);
  if (status && put_user_u32(how, status)) return -Errno.EFAULT;
  for (let i: u32 = 0; usage && i < RUSAGE_WORDS; i++) if (put_user_u64(0, usage + i * 8)) return -Errno.EFAULT;
  return pid;
}

/** Looks for a child among those of one thread. @returns its number; 0: none has ended; -ECHILD: there is none. */
function wait_for_children_of(thread: TaskStruct, pid: i32, options: u32, status: u64, usage: u64): i64 {
  let result: i64 = -Errno.ECHILD;
  let children = thread.children;
  for (let link: ListHead = children.next; link !== children; link = link.next) {
    let child = TaskStruct.of_sibling(link);
    if (!eligible_child(child, pid, options)) continue;
    if (child.state == TaskState.ZOMBIE && thread_group_empty(child)) return wait_task_zombie(child, status, usage);
    result = 0;
  }
  return result;
}

/** Looks for a child of the process that has ended. @kernel __do_wait(), kernel/exit.c */
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
 * wait4(2): waits for the end of a child.
 *
 * Differs from Linux: of children that are stopped or go on nothing is told; the times used are 0.
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

/** getppid(2): the number of the parent's process; 0: it has none here. */
export function sys_getppid(): i64 {
  let parent = current().signal.leader.parent;
  return parent ? parent.tgid : 0;
}
