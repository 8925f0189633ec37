import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { File, PollTable } from "../include/fs";
import { PollTableEntry, PollWqueues } from "../include/poll";
import { SLEEPING, TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { WaitQueueEntry, WaitQueueHead } from "../include/wait";
import { add_wait_queue, default_wake_function, init_waitqueue_func_entry, remove_wait_queue } from "../kernel/wait";
import { current, schedule_hrtimeout } from "../kernel/sched";
import { fput, get_file } from "./file_table";
import { fs_state } from "./internal";
import { kfree, kmem_cache_alloc, kmem_cache_create, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";

/** The deadline of a call that is not to sleep at all. */
export const NEVER_SLEEP: u64 = 0;

/** Makes what poll() and select() need. */
export function poll_init(): void {
  let state = fs_state();
  state.poll_cache = kmem_cache_create(CacheType.PollWqueues, offsetof<PollWqueues>(), 8);
  state.poll_entry_cache = kmem_cache_create(CacheType.PollTableEntry, offsetof<PollTableEntry>(), 8);
}

/**
 * What the call of the task that runs keeps, made anew, in TaskStruct.poll_wqueues.
 *
 * Differs from Linux: it is no variable of a function but an object, because the call is made again after a sleep.
 *
 * @returns  null if there is no memory. @kernel poll_initwait(), fs/select.c
 */
export function poll_initwait(): PollWqueues | null {
  let task = current();
  let pwq = changetype<PollWqueues | null>(kmem_cache_zalloc(fs_state().poll_cache));
  if (!pwq) return null;
  pwq.pt.qproc = __pollwait.index;
  pwq.pt.context = changetype<usize>(pwq);
  pwq.polling_task = task;
  task.poll_wqueues = pwq;
  return pwq;
}

/**
 * Hangs the call into a wait queue of a file that it asks about.
 *
 * Differs from Linux: the entries are objects of a cache; there, nine lie in poll_wqueues and the others in pages.
 *
 * @kernel __pollwait(), fs/select.c
 */
function __pollwait(file: File, head: WaitQueueHead, table: PollTable): void {
  let pwq = changetype<PollWqueues>(table.context);
  let at = kmem_cache_alloc(fs_state().poll_entry_cache);
  if (!at) {
    pwq.error = -Errno.ENOMEM;
    table.qproc = 0;
    return;
  }
  let entry = changetype<PollTableEntry>(at);
  entry.filp = get_file(file);
  entry.key = table.key;
  init_waitqueue_func_entry(entry.wait, pollwake.index);
  entry.wait.task = pwq.polling_task;
  entry.wait_address = head;
  add_wait_queue(head, entry.wait);
  entry.next = pwq.entries;
  pwq.entries = entry;
  pwq.nr_entries++;
  enter(Tp.__pollwait, changetype<usize>(file), changetype<usize>(head), at);
  leave(0);
}

/** A wait queue is woken in which a call hangs: its task is woken, if it asked for that. @kernel pollwake(), fs/select.c */
function pollwake(wait: WaitQueueEntry, mode: u32, flags: u32, key: u32): i32 {
  let entry = PollTableEntry.of_wait(wait);
  enter(Tp.pollwake, changetype<usize>(entry), key, 0);
  if (key && !(key & entry.key)) return leave(0);
  entry.wait_task!.poll_wqueues!.triggered = 1;
  return leave(default_wake_function(wait, mode, flags, key));
}

/**
 * Takes the call of the task that runs out of all wait queues and gives back what it kept.
 *
 * @kernel poll_freewait(), fs/select.c
 */
export function poll_freewait(task: TaskStruct): void {
  let pwq = task.poll_wqueues!;
  enter(Tp.poll_freewait, changetype<usize>(pwq), pwq.nr_entries, 0);
  let state = fs_state();
  for (let entry = pwq.entries; entry;) {
    let next = entry.next;
    remove_wait_queue(entry.wait_address, entry.wait);
    // The last reference of a file that was closed meanwhile: what it wakes as it goes, it may find us in.
    fput(entry.filp);
    kmem_cache_free(state.poll_entry_cache, changetype<usize>(entry));
    entry = next;
  }
  task.poll_wqueues = null;
  for (let list = pwq.list; list;) {
    let next = list.next;
    kfree(changetype<usize>(list));
    list = next;
  }
  kfree(pwq.sets);
  kmem_cache_free(state.poll_cache, changetype<usize>(pwq));
  leave(0);
}

/**
 * The task that runs sleeps until one of its wait queues is woken, or until the deadline.
 *
 * @returns  SLEEPING; 0 if a queue has been woken already.
 * @kernel poll_schedule_timeout(), fs/select.c
 */
export function poll_schedule_timeout(pwq: PollWqueues, deadline: u64): i64 {
  if (pwq.triggered) {
    pwq.triggered = 0;
    return 0;
  }
  enter(Tp.poll_schedule_timeout, changetype<usize>(pwq), pwq.nr_entries, 0);
  current().state = TaskState.INTERRUPTIBLE;
  let result = schedule_hrtimeout(deadline);
  assert(result == SLEEPING, "a call of poll() was interrupted before it slept");
  return leave(result);
}
