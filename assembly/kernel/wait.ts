import { Poll } from "../include/fs";
import { TaskState } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { WaitQueueEntry, WaitQueueFlags, WaitQueueHead } from "../include/wait";
import { kernel } from "../include/kernel";
import { schedule, try_to_wake_up } from "./sched";

/*
 * A wait queue is one list. Those who want to be told put an entry on it; a wake-up walks it from the head and calls
 * each entry's function:
 *
 *   WaitQueueHead ──> entry ──> entry ──> entry ──> (back to the head)
 *                      │         │         │
 *                      │         │         └ func = autoremove_wake_function: wakes a task
 *                      │         └ func = ep_poll_callback: tells an eventpoll
 *                      └ func = default_wake_function ...
 *
 * Plain waiters stand in front, the newest first; exclusive ones behind them, the oldest first. All plain ones are
 * called, and then exclusive ones until enough of them say that they were woken.
 */

/** Sleepers that a normal wake-up is meant for. */
const TASK_NORMAL: u32 = TaskState.INTERRUPTIBLE | TaskState.UNINTERRUPTIBLE;

/** Makes an empty wait queue. @kernel init_waitqueue_head(), include/linux/wait.h */
export function init_waitqueue_head(head: WaitQueueHead): void {
  head.head.init();
}

/** Sets up a waiter that is told by a function instead of waking a task. @kernel include/linux/wait.h */
export function init_waitqueue_func_entry(entry: WaitQueueEntry, func: u32): void {
  entry.flags = 0;
  entry.task = null;
  entry.func = <u16>func;
}

/** True if anybody waits. @kernel waitqueue_active(), include/linux/wait.h */
export function waitqueue_active(head: WaitQueueHead): bool {
  return !head.head.empty;
}

/** Adds a plain waiter, in front. @kernel add_wait_queue(), kernel/sched/wait.c */
export function add_wait_queue(head: WaitQueueHead, entry: WaitQueueEntry): void {
  entry.flags &= ~(<u16>WaitQueueFlags.EXCLUSIVE);
  head.head.add(entry.entry);
}

/** Adds an exclusive waiter, at the end. @kernel add_wait_queue_exclusive(), kernel/sched/wait.c */
export function add_wait_queue_exclusive(head: WaitQueueHead, entry: WaitQueueEntry): void {
  entry.flags |= <u16>WaitQueueFlags.EXCLUSIVE;
  head.head.add_tail(entry.entry);
}

/** Adds an exclusive waiter in front: the newest is woken first. @kernel __add_wait_queue_exclusive() */
export function __add_wait_queue_exclusive(head: WaitQueueHead, entry: WaitQueueEntry): void {
  entry.flags |= <u16>WaitQueueFlags.EXCLUSIVE;
  head.head.add(entry.entry);
}

/** Takes a waiter off its queue. @kernel remove_wait_queue(), kernel/sched/wait.c */
export function remove_wait_queue(head: WaitQueueHead, entry: WaitQueueEntry): void {
  entry.entry.del_init();
}

/** Sets the waiter of the task that runs up. @kernel init_wait(), include/linux/wait.h */
export function init_wait(func: u32): WaitQueueEntry {
  let task = kernel.cpu.curr!;
  let entry = task.wait;
  entry.flags = 0;
  entry.task = task;
  entry.func = <u16>func;
  return entry;
}

/**
 * The task that runs gets ready to sleep on a queue, as a plain waiter in front. schedule() then puts it to sleep.
 *
 * @kernel prepare_to_wait(), kernel/sched/wait.c
 */
export function prepare_to_wait(head: WaitQueueHead, state: u32): void {
  let entry = init_wait(autoremove_wake_function.index);
  add_wait_queue(head, entry);
  sleep_on(head, state);
  enter(Tp.prepare_to_wait, changetype<usize>(head), changetype<usize>(entry), 0);
  leave(0);
}

/**
 * The task that runs gets ready to sleep on a queue, as an exclusive waiter at the end.
 *
 * @kernel prepare_to_wait_exclusive(), kernel/sched/wait.c
 */
export function prepare_to_wait_exclusive(head: WaitQueueHead, state: u32): void {
  let entry = init_wait(autoremove_wake_function.index);
  add_wait_queue_exclusive(head, entry);
  sleep_on(head, state);
  enter(Tp.prepare_to_wait_exclusive, changetype<usize>(head), changetype<usize>(entry), 0);
  leave(0);
}

/**
 * The task that runs sleeps until a queue is woken: as a plain waiter, but at the end.
 *
 * @returns  SLEEPING; -ERESTARTSYS if a signal keeps it from sleeping. @kernel do_wait_intr_irq(), kernel/sched/wait.c
 */
export function do_wait_intr_irq(head: WaitQueueHead): i64 {
  let entry = init_wait(autoremove_wake_function.index);
  head.head.add_tail(entry.entry);
  sleep_on(head, TaskState.INTERRUPTIBLE);
  enter(Tp.do_wait_intr_irq, changetype<usize>(head), changetype<usize>(entry), 0);
  return leave(schedule());
}

/** Notes what the task that runs is about to sleep on, and how. */
export function sleep_on(head: WaitQueueHead, state: u32): void {
  let task = kernel.cpu.curr!;
  task.wait_head = head;
  task.state = state;
}

/** The task that runs is done waiting. @kernel finish_wait(), kernel/sched/wait.c */
export function finish_wait(): void {
  let task = kernel.cpu.curr!;
  task.state = TaskState.RUNNING;
  let head = task.wait_head;
  if (!head) return;
  task.wait_head = null;
  task.wait.entry.del_init();
  enter(Tp.finish_wait, changetype<usize>(head), changetype<usize>(task.wait), 0);
  leave(0);
}

/** Wakes the task of an entry. @returns 1 if it slept. @kernel default_wake_function(), kernel/sched/core.c */
export function default_wake_function(entry: WaitQueueEntry, mode: u32, flags: u32, key: u32): i32 {
  let task = entry.task!;
  enter(Tp.default_wake_function, changetype<usize>(entry), changetype<usize>(task), 0);
  return leave(try_to_wake_up(task, mode));
}

/** As default_wake_function(), and takes the entry off the queue if the task slept. @kernel kernel/sched/wait.c */
export function autoremove_wake_function(entry: WaitQueueEntry, mode: u32, flags: u32, key: u32): i32 {
  let task = entry.task!;
  enter(Tp.autoremove_wake_function, changetype<usize>(entry), changetype<usize>(task), 0);
  let woken = try_to_wake_up(task, mode);
  if (woken) entry.entry.del_init();
  return leave(woken);
}

/**
 * Calls the waiters of a queue, from its head.
 *
 * @param nr_exclusive  stop after so many exclusive waiters were woken; 0: call everybody.
 * @param key           Poll bits that have become true; 0: unknown.
 * @kernel __wake_up_common(), kernel/sched/wait.c
 */
export function __wake_up_common(head: WaitQueueHead, mode: u32, nr_exclusive: i32, key: u32): void {
  let list = head.head;
  if (list.empty) return;
  enter(Tp.__wake_up_common, changetype<usize>(head), key, 0);
  let next = list.next;
  while (next !== list) {
    let link = next;
    next = link.next;
    let entry = WaitQueueEntry.of_entry(link);
    let exclusive = entry.flags & WaitQueueFlags.EXCLUSIVE;
    let result = call_indirect<i32>(entry.func, entry, mode, <u32>0, key);
    if (result < 0) break;
    if (result && exclusive && --nr_exclusive == 0) break;
  }
  leave(0);
}

/** Wakes all plain waiters and one exclusive one. @kernel wake_up(), include/linux/wait.h */
export function wake_up(head: WaitQueueHead): void {
  __wake_up_common(head, TASK_NORMAL, 1, 0);
}

/** Wakes everybody. @kernel wake_up_all(), include/linux/wait.h */
export function wake_up_all(head: WaitQueueHead): void {
  __wake_up_common(head, TASK_NORMAL, 0, 0);
}

/** As wake_up(), saying what has become true. @kernel wake_up_poll(), include/linux/wait.h */
export function wake_up_poll(head: WaitQueueHead, key: u32): void {
  __wake_up_common(head, TASK_NORMAL, 1, key);
}

/** As wake_up_poll(), only for sleepers that a signal would wake as well. @kernel include/linux/wait.h */
export function wake_up_interruptible_sync_poll(head: WaitQueueHead, key: u32): void {
  __wake_up_common(head, TaskState.INTERRUPTIBLE, 1, key);
}

/** The queue is going away: whoever is told by a function takes its entry off. @kernel wake_up_pollfree() */
export function wake_up_pollfree(head: WaitQueueHead): void {
  __wake_up_common(head, TASK_NORMAL, 0, Poll.HUP | Poll.FREE);
}
