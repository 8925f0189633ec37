import { Epitem, Eventpoll, EP_PRIVATE_BITS, file_eventpoll, is_file_epoll } from "./eventpoll_types";
import { EpollEvent, EpollFlags } from "../include/eventpoll";
import { Errno } from "../include/errno";
import { File } from "../include/fs";
import { KTIME_MAX, NSEC_PER_MSEC } from "../include/time";
import { SLEEPING, TaskState } from "../include/sched";
import { Tp, enter, leave, trace } from "../include/trace";
import { WaitQueueEntry } from "../include/wait";
import { __add_wait_queue_exclusive, default_wake_function, init_wait, sleep_on } from "../kernel/wait";
import { access_ok, copy_to_user } from "../mm/uaccess";
import { current, schedule_hrtimeout } from "../kernel/sched";
import { next_event, run_timers } from "../kernel/time";
import { deadline_after, get_timespec } from "../kernel/sys";
import { ep_done_scan, ep_drop_unready, ep_events_available, ep_item_poll, ep_start_scan } from "./eventpoll_ready";
import { fdget, fdput } from "./file";
import { fs_state } from "./internal";
import { kernel } from "../include/kernel";
import { fatal_signal_pending, restore_saved_sigmask_unless, set_user_sigmask } from "../kernel/signal";

/** Most events that one call can ask for. @kernel EP_MAX_EVENTS, fs/eventpoll.c */
const EP_MAX_EVENTS: i32 = i32.MAX_VALUE / 12;
/** The deadline of a call that is not to sleep at all. */
const NEVER_SLEEP: u64 = 0;

/** Copies one event to a program. @returns whether that was possible. @kernel epoll_put_uevent(), linux/eventpoll.h */
function epoll_put_uevent(events: u32, data: u64, to: u64): bool {
  let event = fs_state().event;
  event.events = events;
  event.data = data;
  return !copy_to_user(to, changetype<usize>(event), offsetof<EpollEvent>());
}

/** What becomes of an item that has just been delivered. */
function after_delivery(ep: Eventpoll, epi: Epitem): void {
  if (epi.event_events & EpollFlags.ONESHOT) {
    epi.event_events &= EP_PRIVATE_BITS;
    trace(Tp.ep_disarm, changetype<usize>(epi), 0, 0);
  } else if (!(epi.event_events & EpollFlags.ET)) {
    // Whether it is still ready is asked in the next scan.
    ep.rdllist.add_tail(epi.rdllink);
    trace(Tp.ep_requeue, changetype<usize>(epi), changetype<usize>(ep), 0);
  }
}

/**
 * Hands the events of the ready items to the program. An item whose event cannot be copied stays at the head of the
 * list.
 *
 * @returns  number of events; -EFAULT if not even the first could be copied.
 * @kernel ep_send_events(), fs/eventpoll.c
 */
function ep_send_events(ep: Eventpoll, to: u64, maxevents: i32): i32 {
  enter(Tp.ep_send_events, changetype<usize>(ep), maxevents, 0);
  let sent = 0;
  // A task that is about to end takes no events along.
  if (fatal_signal_pending(current())) return leave(-Errno.EINTR);
  ep_start_scan(ep);
  while (sent < maxevents && !ep.txlist.empty) {
    let epi = Epitem.of_rdllink(ep.txlist.next);
    let events = ep_item_poll(epi, null);
    if (!events) {
      ep_drop_unready(epi);
      continue;
    }
    if (!epoll_put_uevent(events, epi.event_data, to)) {
      if (!sent) sent = -Errno.EFAULT;
      break;
    }
    epi.rdllink.del_init();
    trace(Tp.ep_deliver, changetype<usize>(epi), events, epi.ffd_fd);
    // Copying takes its time: what interrupts the CPU meanwhile finds a scan under way.
    if (next_event() <= kernel.cpu.clock) run_timers();
    after_delivery(ep, epi);
    to += offsetof<EpollEvent>();
    sent++;
  }
  ep_done_scan(ep);
  return leave(sent);
}

/**
 * Wakes a sleeper of epoll_wait() and takes it off the queue in any case: the next event is for another one. That its
 * entry was taken off is told by the entry, which has no function any more.
 *
 * @kernel ep_autoremove_wake_function(), fs/eventpoll.c
 */
function ep_autoremove_wake_function(entry: WaitQueueEntry, mode: u32, flags: u32, key: u32): i32 {
  enter(Tp.ep_autoremove_wake_function, changetype<usize>(entry), changetype<usize>(entry.task), 0);
  let woken = default_wake_function(entry, mode, flags, key);
  entry.entry.del_init();
  entry.func = 0;
  return leave(woken);
}

/**
 * Delivers events if there are any; otherwise puts the task to sleep until there are, or until the deadline.
 *
 * @param deadline  ns since boot; KTIME_MAX: none; NEVER_SLEEP.
 * @returns         number of events; 0: none in time; -EFAULT; SLEEPING.
 * @kernel ep_poll(), fs/eventpoll.c
 */
function ep_poll(ep: Eventpoll, to: u64, maxevents: i32, deadline: u64): i64 {
  let task = current();
  enter(Tp.ep_poll, changetype<usize>(ep), maxevents, 0);
  // Who overslept and was not called by a wake-up either leaves what there may be to others.
  let chosen = task.wait.func == 0;
  if (task.timed_out && !chosen) return leave<i64>(0);
  if (ep_events_available(ep)) {
    let sent = ep_send_events(ep, to, maxevents);
    if (sent) return leave<i64>(sent);
  }
  if (task.timed_out || deadline == NEVER_SLEEP) return leave<i64>(0);
  let entry = init_wait(ep_autoremove_wake_function.index);
  __add_wait_queue_exclusive(ep.wq, entry);
  sleep_on(ep.wq, TaskState.INTERRUPTIBLE);
  trace(Tp.__add_wait_queue_exclusive, changetype<usize>(ep.wq), changetype<usize>(entry), 0);
  return leave(schedule_hrtimeout(deadline));
}

/** Whether events can be asked for so. @returns 0, -EINVAL, -EFAULT. @kernel ep_check_params(), fs/eventpoll.c */
function ep_check_params(file: File, events: u64, maxevents: i32): i32 {
  if (maxevents <= 0 || maxevents > EP_MAX_EVENTS) return -Errno.EINVAL;
  if (!access_ok(events, <u64>maxevents * offsetof<EpollEvent>())) return -Errno.EFAULT;
  return is_file_epoll(file) ? 0 : -Errno.EINVAL;
}

/** As epoll_wait(2); the deadline is in TaskStruct.done. @kernel do_epoll_wait(), fs/eventpoll.c */
function do_epoll_wait(): i64 {
  let task = current();
  let epfd = <i32>task.di;
  let maxevents = <i32>task.dx;
  let file = fdget(epfd);
  if (!file) return -Errno.EBADF;
  if (!task.restarting) {
    let error = ep_check_params(file, task.si, maxevents);
    if (error) return fdput(file, error);
  }
  enter(Tp.do_epoll_wait, epfd, maxevents, 0);
  return leave(fdput(file, ep_poll(file_eventpoll(file), task.si, maxevents, task.done)));
}

/** The deadline of a call that may take so long. Unit: ms; negative: for ever. */
function deadline_of(timeout: i32): u64 {
  if (timeout < 0) return KTIME_MAX;
  return timeout ? deadline_after(<u64>timeout * NSEC_PER_MSEC) : NEVER_SLEEP;
}

/** epoll_wait(2). */
export function sys_epoll_wait(): i64 {
  let task = current();
  if (!task.restarting) task.done = deadline_of(<i32>task.r10);
  return do_epoll_wait();
}

/**
 * As do_epoll_wait(), in which other signals may come.
 *
 * @kernel do_epoll_pwait(), fs/eventpoll.c
 */
function do_epoll_pwait(): i64 {
  let result = do_epoll_wait();
  if (result != SLEEPING) restore_saved_sigmask_unless(result == -Errno.EINTR);
  return result;
}

/** epoll_pwait(2). */
export function sys_epoll_pwait(): i64 {
  let task = current();
  if (!task.restarting) {
    let error = set_user_sigmask(task.r8, task.r9);
    if (error) return error;
    task.done = deadline_of(<i32>task.r10);
  }
  return do_epoll_pwait();
}

/** epoll_pwait2(2). */
export function sys_epoll_pwait2(): i64 {
  let task = current();
  if (!task.restarting) {
    let timeout = task.r10 ? get_timespec(task.r10) : <i64>KTIME_MAX;
    if (timeout < 0) return timeout;
    let error = set_user_sigmask(task.r8, task.r9);
    if (error) return error;
    task.done = timeout ? deadline_after(timeout) : NEVER_SLEEP;
  }
  return do_epoll_pwait();
}
