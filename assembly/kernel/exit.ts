import { FilesStruct } from "../include/fs";
import { ListHead } from "../include/list";
import { MmStruct } from "../include/mm_struct";
import { SIG_IGN, SaFlags, SiCode, SighandStruct, Signal, SignalFlags, SignalStruct } from "../include/signal";
import { SLEEPING, TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { current, sched } from "./sched";
import { drop_frames, leave_group_stop } from "./signal_deliver";
import { exit_files, exit_splice_pipe, free_task, put_sighand, put_signal } from "./fork";
import { IoUringState } from "../include/io_uring";
import { kernel } from "../include/kernel";
import { mmput } from "../mm/mmap";
import { task_work_run } from "./task_work";
import { prepare_info, flush_sigqueue_mask, valid_signal } from "./signal_queue";
import { wake_up } from "./wait";
import { next_thread, retarget_shared_pending, send_signal_locked, start_group_exit } from "./signal";
import { sigaction_of } from "../include/signal";
import { xa_erase } from "../lib/xarray";

/** True if no other thread of the process is left. */
export function thread_group_empty(task: TaskStruct): bool {
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
  // A number that is no signal has been let pass by clone(2).
  if (signal > 0 && valid_signal(signal) && !is_ignored) {
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
    let threads = child.signal.threads;
    for (let link: ListHead = threads.next; link !== threads; link = link.next) {
      TaskStruct.of_thread_node(link).parent = heir;
    }
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
  if (process.curr_target === task) process.curr_target = next_thread(task);
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
  if (task.host_made) task.state = TaskState.ZOMBIE;
  else if (current() === task) task.state = TaskState.DEAD;
  else free_task(task);
  // The first thread of a process is waited for once the others are gone; it has then ended as the last of them.
  if (leader !== task && leader.state == TaskState.ZOMBIE && process.count == 1) {
    leader.exit_code = process.group_exit_code;
    leader.term_signal = process.group_exit_signal;
    if (do_notify_parent(leader)) release_task(leader);
  }
}

/** Tells whom it concerns that the task that runs has ended. @kernel exit_notify(), kernel/exit.c */
function exit_notify(task: TaskStruct): void {
  forget_original_parent(task);
  task.state = TaskState.ZOMBIE;
  let leads = task.signal.leader === task;
  let gone = leads ? thread_group_empty(task) && do_notify_parent(task) : true;
  if (gone) release_task(task);
}

/** The last thread ends: a process that nothing has told to end has then ended so. @kernel kernel/exit.c */
function synchronize_group_exit(process: SignalStruct, code: i32, signal: u32): void {
  if (process.flags & SignalFlags.GROUP_EXIT) return;
  process.flags = SignalFlags.GROUP_EXIT;
  process.group_exit_code = code;
  process.group_exit_signal = signal;
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
  if (!thread_group_empty(task)) leave_group_stop(task);
  if (--task.signal.live == 0) synchronize_group_exit(task.signal, code, signal);
  if (task.io_uring) call_indirect<void>(changetype<IoUringState>(kernel.io_uring).cancel_task, task);
  exit_files(task);
  exit_splice_pipe(task);
  // What the closed files have left behind.
  task_work_run();
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

/** getppid(2): the number of the parent's process; 0: it has none here. */
export function sys_getppid(): i64 {
  let parent = current().signal.leader.parent;
  return parent ? parent.tgid : 0;
}
