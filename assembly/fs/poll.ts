import { Errno } from "../include/errno";
import { KTIME_MAX, NSEC_PER_MSEC } from "../include/time";
import { NEVER_SLEEP, poll_freewait, poll_initwait, poll_schedule_timeout } from "./poll_wqueues";
import { PAGE_SIZE } from "../include/mm_types";
import { FMode, Poll } from "../include/fs";
import { Pollfd, PollList, PollWqueues } from "../include/poll";
import { SLEEPING } from "../include/sched";
import { TimeoutKind, poll_select_finish, poll_select_set_timeout } from "./poll_timeout";
import { Tp, enter, leave } from "../include/trace";
import { access_ok, copy_from_user, put_user_u16 } from "../mm/uaccess";
import { current, signal_pending } from "../kernel/sched";
import { files_lookup_fd } from "./fdtable";
import { get_timespec } from "../kernel/sys";
import { kmalloc } from "../mm/slab";
import { is_restart_block, restart_until, set_user_sigmask } from "../kernel/signal";
import { vfs_poll } from "./select";

/** Entries of a PollList that fills a page. @kernel POLLFD_PER_PAGE, fs/select.c */
const POLLFD_PER_PAGE: u32 = <u32>((PAGE_SIZE - offsetof<PollList>()) / offsetof<Pollfd>());

/** Copies the program's array in, piece by piece. @returns 0, -ENOMEM, -EFAULT. */
function copy_pollfds(pwq: PollWqueues, ufds: u64): i32 {
  let last: PollList | null = null;
  for (let done: u32 = 0; done < pwq.nfds;) {
    let len = min(pwq.nfds - done, POLLFD_PER_PAGE);
    let at = kmalloc(offsetof<PollList>() + len * offsetof<Pollfd>());
    if (!at) return -Errno.ENOMEM;
    let list = changetype<PollList>(at);
    list.next = null;
    list.len = len;
    if (last) last.next = list;
    else pwq.list = list;
    last = list;
    let from = ufds + <u64>done * offsetof<Pollfd>();
    if (copy_from_user(changetype<usize>(list.entry(0)), from, len * offsetof<Pollfd>())) return -Errno.EFAULT;
    done += len;
  }
  return 0;
}

/** Asks the file of one entry what is true of it, and hangs into its wait queues. @kernel do_pollfd(), fs/select.c */
function do_pollfd(pollfd: Pollfd, pwq: PollWqueues): u32 {
  let fd = pollfd.fd;
  if (fd < 0) return 0;
  enter(Tp.do_pollfd, fd, pollfd.events, 0);
  let file = files_lookup_fd(pwq.polling_task.files, fd);
  if (!file || file.f_mode & FMode.PATH) return leave<u32>(Poll.NVAL);
  let filter = (<u32>pollfd.events) | Poll.ERR | Poll.HUP;
  pwq.pt.key = filter;
  return leave(vfs_poll(file, pwq.pt) & filter);
}

/** Asks about every entry. Once one of them is ready nothing is hung into wait queues any more. @returns how many are. */
function poll_all(pwq: PollWqueues): i32 {
  let count = 0;
  for (let list = pwq.list; list;) {
    for (let i: u32 = 0; i < list.len; i++) {
      let pollfd = list.entry(i);
      let mask = do_pollfd(pollfd, pwq);
      pollfd.revents = <u16>mask;
      if (!mask) continue;
      count++;
      pwq.pt.qproc = 0;
    }
    list = list.next;
  }
  pwq.pt.qproc = 0;
  return count;
}

/**
 * Asks about every entry until one is ready, the time is over, or a signal comes.
 *
 * @param deadline  ns since boot; KTIME_MAX: none; NEVER_SLEEP.
 * @returns         number of entries that are ready; -ENOMEM; -ERESTARTNOHAND; SLEEPING.
 * @kernel do_poll(), fs/select.c
 */
function do_poll(pwq: PollWqueues, deadline: u64): i64 {
  let task = current();
  enter(Tp.do_poll, changetype<usize>(pwq), pwq.nfds, 0);
  while (true) {
    let count = <i64>poll_all(pwq);
    if (!count) {
      count = pwq.error;
      if (signal_pending(task)) count = -Errno.ERESTARTNOHAND;
    }
    if (count || task.timed_out || deadline == NEVER_SLEEP) return leave(count);
    if (poll_schedule_timeout(pwq, deadline) == SLEEPING) return leave(SLEEPING);
  }
}

/** Tells the program what is true of each entry; nothing else of its array is touched. @returns 0 or -EFAULT. */
function copy_revents(pwq: PollWqueues, ufds: u64): i32 {
  if (!access_ok(ufds, <u64>pwq.nfds * offsetof<Pollfd>())) return -Errno.EFAULT;
  let to = ufds + offsetof<Pollfd>("revents");
  for (let list = pwq.list; list;) {
    for (let i: u32 = 0; i < list.len; i++) {
      if (put_user_u16(list.entry(i).revents, to)) return -Errno.EFAULT;
      to += offsetof<Pollfd>();
    }
    list = list.next;
  }
  return 0;
}

/**
 * poll(2) and ppoll(2), with the deadline in TaskStruct.done.
 *
 * @returns  number of entries that are ready; -EINVAL, -ENOMEM, -EFAULT; -ERESTARTNOHAND; SLEEPING.
 * @kernel do_sys_poll(), fs/select.c
 */
function do_sys_poll(): i64 {
  let task = current();
  let ufds = <u64>task.di;
  let nfds = <u32>task.si;
  let pwq = task.poll_wqueues;
  let error = 0;
  if (pwq) {
    pwq.triggered = 0;
    enter(Tp.do_sys_poll, nfds, 1, 0);
  } else {
    if (nfds > task.files.rlimit_nofile) return -Errno.EINVAL;
    pwq = poll_initwait();
    if (!pwq) return -Errno.ENOMEM;
    enter(Tp.do_sys_poll, nfds, 0, 0);
    pwq.nfds = nfds;
    if (task.done == NEVER_SLEEP) pwq.pt.qproc = 0;
    error = copy_pollfds(pwq, ufds);
  }
  let count = error ? <i64>error : do_poll(pwq, task.done);
  if (count == SLEEPING) return leave(count);
  if (!error && copy_revents(pwq, ufds)) count = -Errno.EFAULT;
  poll_freewait(task);
  return leave(count);
}

/** poll(2). */
export function sys_poll(): i64 {
  let task = current();
  let timeout = <i32>task.dx;
  if (!task.restarting) {
    task.done = KTIME_MAX;
    if (is_restart_block()) task.done = task.restart_expires;
    else if (timeout >= 0) task.done = poll_select_set_timeout(<u64>timeout * NSEC_PER_MSEC);
  }
  let result = do_sys_poll();
  return result == -Errno.ERESTARTNOHAND ? restart_until(task.done) : result;
}

/** ppoll(2). */
export function sys_ppoll(): i64 {
  let task = current();
  if (!task.restarting) {
    let timeout = task.dx ? get_timespec(task.dx) : <i64>KTIME_MAX;
    if (timeout < 0) return timeout;
    task.done = task.dx ? poll_select_set_timeout(timeout) : KTIME_MAX;
    let error = set_user_sigmask(task.r10, task.r8);
    if (error) return error;
  }
  return poll_select_finish(task.dx, TimeoutKind.TIMESPEC, do_sys_poll());
}
