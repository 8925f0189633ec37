import { __folio_end_writeback } from "./page_writeback";
import { Folio, PageFlags } from "../include/mm_types";
import { PAGE_WAIT_TABLE_SIZE, PageCache } from "../include/pagemap";
import { TaskState, TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { WaitQueueEntry, WaitQueueHead } from "../include/wait";
import { __wake_up_common, autoremove_wake_function, init_wait, init_waitqueue_head, sleep_on } from "../kernel/wait";
import { current, schedule } from "../kernel/sched";
import { kernel } from "../include/kernel";

/*
 * Folios have no wait queues of their own: all share a few, found by the folio's address. Each waiter says in
 * TaskStruct.wait_key which folio it means, and sleeps on if another one is told of. The same queues serve for files and
 * positions that one task has to itself while it sleeps.
 *
 * Differs from Linux: no signal ends a sleep for a page; there, SIGKILL ends that of a reader.
 */

/** Bit of TaskStruct.wait_key: the task has asked for the page itself, and is told if it could not be read. */
const READ_MYSELF: usize = 1;

/** The page cache. */
export function page_cache(): PageCache {
  return changetype<PageCache>(kernel.page_cache);
}

/** Makes the queues. */
export function init_wait_table(cache: PageCache): void {
  for (let i: u32 = 0; i < PAGE_WAIT_TABLE_SIZE; i++) init_waitqueue_head(queue(cache, i));
}

/** A queue by its number. */
function queue(cache: PageCache, number: u32): WaitQueueHead {
  return changetype<WaitQueueHead>(changetype<usize>(cache.folio_wait_table) + number * offsetof<WaitQueueHead>());
}

/** The queue of those who wait for what has an address. @kernel folio_waitqueue(), mm/filemap.c */
function waitqueue_of(address: usize): WaitQueueHead {
  return queue(page_cache(), (<u32>(address >> 5) * 0x9e37_79b1) >> (32 - <u32>ctz(PAGE_WAIT_TABLE_SIZE)));
}

/** Wakes a task if it waits for what is told of. @kernel wake_page_function(), mm/filemap.c */
function wake_page_function(entry: WaitQueueEntry, mode: u32, flags: u32, key: u32): i32 {
  if ((entry.task!.wait_key & ~READ_MYSELF) != key) return 0;
  return autoremove_wake_function(entry, mode, flags, key);
}

/** The task that runs sleeps until wake_up_address() is called for the address. No signal wakes it. */
function sleep_on_address(address: usize): i64 {
  let head = waitqueue_of(address);
  let entry = init_wait(wake_page_function.index);
  head.head.add_tail(entry.entry);
  sleep_on(head, TaskState.UNINTERRUPTIBLE);
  current().wait_key = address;
  return schedule();
}

/** Wakes all who sleep on an address. */
function wake_up_address(address: usize): void {
  __wake_up_common(waitqueue_of(address), TaskState.UNINTERRUPTIBLE, 0, <u32>address);
}

/** Sleeps while a folio has a flag. @returns 0 if it has not; SLEEPING. @kernel folio_wait_bit(), mm/filemap.c */
function folio_wait_bit(folio: Folio, flag: u32): i64 {
  if (!(folio.flags & flag)) return 0;
  enter(Tp.folio_wait_bit, changetype<usize>(folio), flag, 0);
  folio.flags |= PageFlags.WAITERS;
  return leave(sleep_on_address(changetype<usize>(folio)));
}

/** Wakes those who wait for a folio. @kernel folio_wake_bit(), mm/filemap.c */
function folio_wake_bit(folio: Folio): void {
  if (!(folio.flags & PageFlags.WAITERS)) return;
  folio.flags &= ~PageFlags.WAITERS;
  enter(Tp.folio_wake_bit, changetype<usize>(folio), 0, 0);
  wake_up_address(changetype<usize>(folio));
  leave(0);
}

/**
 * Waits until nobody has a folio to himself.
 *
 * @returns  0 if so; SLEEPING: the call is to be made again. @kernel folio_wait_locked(), include/linux/pagemap.h
 */
export function folio_wait_locked(folio: Folio): i64 {
  return folio_wait_bit(folio, PageFlags.LOCKED);
}

/**
 * Waits until a folio is not being written to the disk.
 *
 * @returns  0 if so; SLEEPING: the call is to be made again. @kernel folio_wait_writeback(), mm/page-writeback.c
 */
export function folio_wait_writeback(folio: Folio): i64 {
  return folio_wait_bit(folio, PageFlags.WRITEBACK);
}

/** As folio_wait_locked(), of a folio that the task that runs has asked the disk for: see was_read_by_current(). */
export function folio_wait_read(folio: Folio): i64 {
  let result = folio_wait_locked(folio);
  if (result) current().wait_key |= READ_MYSELF;
  return result;
}

/** True, once, if the task that runs has slept until a folio was read that it had asked for itself. */
export function was_read_by_current(folio: Folio): bool {
  let task = current();
  // What it slept for in another call says nothing: another page may lie there by now.
  if (!task.restarting || task.wait_key != (changetype<usize>(folio) | READ_MYSELF)) return false;
  task.wait_key = 0;
  return true;
}

/** True if the task that runs has slept for a folio before it tries its call again. */
export function waited_for(folio: Folio): bool {
  return current().restarting != 0 && (current().wait_key & ~READ_MYSELF) == changetype<usize>(folio);
}

/** Takes a folio to oneself. @returns false if somebody has it. @kernel folio_trylock(), include/linux/pagemap.h */
export function folio_trylock(folio: Folio): bool {
  if (folio.flags & PageFlags.LOCKED) return false;
  folio.flags |= PageFlags.LOCKED;
  return true;
}

/** Lets others have a folio. @kernel folio_unlock(), mm/filemap.c */
export function folio_unlock(folio: Folio): void {
  assert(folio.flags & PageFlags.LOCKED, "unlocked a folio that is not locked");
  folio.flags &= ~PageFlags.LOCKED;
  folio_wake_bit(folio);
}

/** The reading of a folio is over: it is unlocked. @kernel folio_end_read(), mm/filemap.c */
export function folio_end_read(folio: Folio, success: bool): void {
  if (success) folio.flags |= PageFlags.UPTODATE;
  folio.flags &= ~PageFlags.LOCKED;
  enter(Tp.folio_end_read, changetype<usize>(folio), folio.index, success ? 1 : 0);
  folio_wake_bit(folio);
  leave(0);
}

/** A folio is on the disk as it was when its writing began. @kernel folio_end_writeback(), mm/filemap.c */
export function folio_end_writeback(folio: Folio): void {
  __folio_end_writeback(folio);
  enter(Tp.folio_end_writeback, changetype<usize>(folio), folio.index, 0);
  folio_wake_bit(folio);
  leave(0);
}

/**
 * Waits until nobody else has something to himself: it is taken by setting the owner, before going to sleep only.
 *
 * @param owner  who has it; null: nobody.
 * @returns      0 if nobody else has it; SLEEPING.
 */
export function wait_for_owner(object: usize, owner: TaskStruct | null): i64 {
  return !owner || owner === current() ? 0 : wait_for_address(object);
}

/** Waits until wake_up_waiters() tells of something. @returns SLEEPING. */
export function wait_for_address(object: usize): i64 {
  enter(Tp.wait_on_owner, object, 0, 0);
  return leave(sleep_on_address(object));
}

/** Tells all who wait for something that its owner is done with it. */
export function wake_up_waiters(object: usize): void {
  wake_up_address(object);
}
