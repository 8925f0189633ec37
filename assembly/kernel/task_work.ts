import { CallbackHead, TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { current, try_to_wake_up } from "./sched";

/*
 * What a task has to do itself, because it needs the task's memory and descriptors, and because the task is to see it when
 * it looks next: done whenever it enters the kernel, leaves it, or is woken there.
 *
 * Differs from Linux: a task in its program is not interrupted for it, and one that sleeps in a system call goes on with
 * that call afterwards, whatever call it is.
 */

/**
 * Gives a task something to do.
 *
 * @kernel task_work_add(), kernel/task_work.c
 */
export function task_work_add(task: TaskStruct, work: CallbackHead): void {
  task.task_works.add_tail(work.entry);
  enter(Tp.task_work_add, changetype<usize>(task), 0, 0);
  try_to_wake_up(task, TaskState.INTERRUPTIBLE);
  leave(0);
}

/** The task that runs does what it has to do. @kernel task_work_run(), kernel/task_work.c */
export function task_work_run(): void {
  let task = current();
  let works = task.task_works;
  if (works.empty) return;
  enter(Tp.task_work_run, changetype<usize>(task), 0, 0);
  while (!works.empty) {
    let work = CallbackHead.of_entry(works.next);
    work.entry.del_init();
    call_indirect<void>(work.func, work);
  }
  task.woken = 0;
  leave(0);
}
