import { FilesStruct } from "../include/fs";
import { HrtimerKind } from "../include/time";
import { TaskMode, TaskState, TaskStruct } from "../include/sched";
import { MmStruct } from "../include/mm_struct";
import { Tp, trace } from "../include/trace";
import { current, enqueue_task, sched, schedule, wake_up_process } from "./sched";
import { dup_task_struct } from "./fork";
import { finish_wait } from "./wait";
import { hrtimer_cancel, hrtimer_start } from "./time";
import { kernel } from "../include/kernel";
import { mmput } from "../mm/mmap";

/*
 * Kernel threads: tasks without a program. Such a task has no descriptors, no address space of its own and no signals,
 * is nobody's child, and no system call finds it by its number. It sleeps as a system call does, by being tried again:
 *
 *   threadfn(data) is called whenever the thread has the CPU, and answers
 *     SLEEPING      after prepare_to_wait() and schedule(): it is called again once woken
 *     0             it has more to do: it is called again, after those whose turn it is
 *     KTHREAD_EXIT  the thread ends
 *
 * They are made when they are needed first, so that a machine that does not need them has none.
 */

/**
 * Makes a kernel thread and lets it run.
 *
 * @param threadfn  (data) => i64, an index into the function table.
 * @param name      Up to 8 characters, the first one in the lowest byte.
 * @returns         the thread; null if there is no memory for it.
 * @kernel kthread_run(), include/linux/kthread.h
 */
export function kthread_run(threadfn: u32, data: usize, name: u64): TaskStruct | null {
  let task = dup_task_struct();
  if (!task) return null;
  let state = sched();
  task.pid = ++state.last_pid;
  task.tgid = task.pid;
  task.kthread = threadfn;
  task.kthread_data = data;
  task.comm_0 = name;
  task.orig_ax = -1;
  task.mode = TaskMode.KERNEL;
  state.nr_kthreads++;
  state.tasks.add_tail(task.tasks);
  enqueue_task(task);
  trace(Tp.kthread_run, changetype<usize>(task), 0, 0);
  return task;
}

/**
 * The kernel thread that has the CPU does what it is for, up to where it sleeps, has done a part, or ends.
 *
 * @returns  what its function answers. @kernel kthread(), kernel/kthread.c
 */
export function kthread(task: TaskStruct): i64 {
  finish_wait();
  hrtimer_cancel(task.timer);
  task.woken = 0;
  task.timer.kind = <u8>HrtimerKind.ALARM;
  let result = call_indirect<i64>(task.kthread, task.kthread_data);
  task.timed_out = 0;
  assert(kernel.cpu.depth == 0, "a kernel thread's function did not say that it ended");
  return result;
}

/**
 * The kernel thread that runs sleeps up to a time, or until it is woken; the time is one for which nobody waits: while
 * nothing else is to come, the machine counts as idle.
 *
 * @returns  SLEEPING.
 */
export function schedule_deferrable(expires: u64): i64 {
  current().state = TaskState.INTERRUPTIBLE;
  let timer = current().timer;
  timer.kind = <u8>HrtimerKind.DEFERRABLE;
  hrtimer_start(timer, expires);
  return schedule();
}

/** The kernel thread that has the CPU ends. The entry code frees it. @kernel kthread_exit(), kernel/kthread.c */
export function kthread_exit(task: TaskStruct): void {
  trace(Tp.kthread_exit, changetype<usize>(task), 0, 0);
  if (changetype<usize>(task.mm)) kthread_unuse_mm();
  hrtimer_cancel(task.timer);
  task.tasks.del_init();
  task.state = TaskState.DEAD;
  sched().nr_kthreads--;
}

/**
 * Asks a kernel thread to end, and wakes it.
 *
 * Differs from Linux: does not wait until it has.
 *
 * @kernel kthread_stop(), kernel/kthread.c
 */
export function kthread_stop(task: TaskStruct): void {
  task.kthread_stop = 1;
  wake_up_process(task);
}

/** True if the kernel thread that runs has been asked to end. @kernel kthread_should_stop(), kernel/kthread.c */
export function kthread_should_stop(): bool {
  return current().kthread_stop != 0;
}

/** The kernel thread that runs borrows an address space. @kernel kthread_use_mm(), kernel/kthread.c */
export function kthread_use_mm(mm: MmStruct): void {
  mm.users++;
  current().mm = mm;
}

/** The kernel thread that runs gives the address space back. @kernel kthread_unuse_mm(), kernel/kthread.c */
export function kthread_unuse_mm(): void {
  let mm = current().mm;
  current().mm = changetype<MmStruct>(0);
  mmput(mm);
}

/** The kernel thread that runs borrows descriptors, from a task that has them until it gives them back. */
export function kthread_use_files(files: FilesStruct): void {
  files.count++;
  current().files = files;
}

/** The kernel thread that runs gives the descriptors back. */
export function kthread_unuse_files(): void {
  current().files.count--;
  current().files = changetype<FilesStruct>(0);
}
