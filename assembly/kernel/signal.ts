import { Errno } from "../include/errno";
import { SIGSET_SIZE, Signal, sigmask } from "../include/signal";
import { TaskStruct } from "../include/sched";
import { copy_from_user } from "../mm/uaccess";
import { current } from "./sched";

/** Sets which signals are kept from the task that runs; nothing keeps SIGKILL and SIGSTOP. @kernel kernel/signal.c */
export function set_current_blocked(blocked: u64): void {
  current().blocked = blocked & ~(sigmask(Signal.SIGKILL) | sigmask(Signal.SIGSTOP));
}

/**
 * A system call begins that has its own set of blocked signals while it sleeps. To be called once, not again when the
 * call is tried again; restore_saved_sigmask_unless() ends it.
 *
 * @param mask  user address of the set; 0: none, nothing changes.
 * @param size  Size of the set. Unit: bytes.
 * @returns     0, -EINVAL, -EFAULT.
 * @kernel set_user_sigmask(), kernel/signal.c
 */
export function set_user_sigmask(mask: u64, size: i64): i32 {
  if (!mask) return 0;
  if (size != SIGSET_SIZE) return -Errno.EINVAL;
  let task = current();
  let to = changetype<usize>(task) + offsetof<TaskStruct>("saved_sigmask");
  if (copy_from_user(to, mask, <usize>SIGSET_SIZE)) return -Errno.EFAULT;
  let blocked = task.saved_sigmask;
  task.saved_sigmask = task.blocked;
  task.restore_sigmask = 1;
  set_current_blocked(blocked);
  return 0;
}

/**
 * A system call that may have called set_user_sigmask() has a result (not SLEEPING).
 *
 * @param interrupted  true if a signal has ended it: then the old set comes back once the handler has been set up.
 * @kernel restore_saved_sigmask_unless(), include/linux/sched/signal.h
 */
export function restore_saved_sigmask_unless(interrupted: bool): void {
  if (!interrupted) restore_saved_sigmask();
}

/** The set of blocked signals from before set_user_sigmask() holds again. @kernel include/linux/sched/signal.h */
export function restore_saved_sigmask(): void {
  let task = current();
  if (!task.restore_sigmask) return;
  task.restore_sigmask = 0;
  set_current_blocked(task.saved_sigmask);
}

/**
 * A system call with a time limit was interrupted; without a handler it goes on up to the same deadline.
 *
 * @param deadline  ns since boot; KTIME_MAX: never.
 * @returns         -ERESTART_RESTARTBLOCK, for the call to return.
 * @kernel set_restart_fn(), include/linux/thread_info.h
 */
export function restart_until(deadline: u64): i64 {
  current().restart_expires = deadline;
  return -Errno.ERESTART_RESTARTBLOCK;
}

/** True if the call goes on after an interruption: its deadline is TaskStruct.restart_expires. */
export function is_restart_block(): bool {
  return current().restart_block != 0;
}
