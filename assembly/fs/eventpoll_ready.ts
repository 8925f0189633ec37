import { EpollFlags } from "../include/eventpoll";
import { Epitem, EppollEntry, Eventpoll, EP_PRIVATE_BITS, file_eventpoll } from "./eventpoll_types";
import { File, Poll, PollTable } from "../include/fs";
import { Tp, enter, leave, trace } from "../include/trace";
import { WaitQueueEntry } from "../include/wait";
import { poll_wait, vfs_poll } from "./select";
import { waitqueue_active, wake_up, wake_up_poll } from "../kernel/wait";

/*
 * How items become ready, and how the ready list is read. While a scan owns the list, what becomes ready is put aside
 * (ovflist); when the scan is done the ready list is, from its head:
 *
 *   | batch that was not reached | put aside, in order of arrival | level-triggered, delivered in this scan |
 */

/** The events that say in which direction something is possible. @kernel EPOLLINOUT_BITS, fs/eventpoll.c */
const EPOLLINOUT_BITS: u32 = Poll.IN | Poll.OUT;

/** Whether there may be something to deliver. @kernel ep_events_available(), fs/eventpoll.c */
export function ep_events_available(ep: Eventpoll): bool {
  return !ep.rdllist.empty || ep.scanning != 0;
}

/** Appends an item that is in no list to the ready list. */
function append(ep: Eventpoll, epi: Epitem): void {
  ep.rdllist.add_tail(epi.rdllink);
  trace(Tp.ep_ready, changetype<usize>(epi), changetype<usize>(ep), 0);
}

/** Puts an item aside that becomes ready during a scan. @kernel chain_epi_lockless(), fs/eventpoll.c */
function chain_epi(ep: Eventpoll, epi: Epitem): void {
  if (epi.next) return;
  let newest = ep.ovflist;
  epi.next = newest ? newest : epi;
  ep.ovflist = epi;
  trace(Tp.ep_overflow, changetype<usize>(epi), changetype<usize>(ep), 0);
}

/**
 * Whether an exclusive item takes the wake-up for itself: then the file wakes no further eventpoll. It does so if the
 * wake-up goes in a direction that it waits for, or in none.
 */
function takes_wakeup(epi: Epitem, key: u32): bool {
  let direction = key & EPOLLINOUT_BITS;
  return !direction || (direction != EPOLLINOUT_BITS && (epi.event_events & direction) != 0);
}

/** Tells those who watch an eventpoll, with further bits of the key. @kernel ep_poll_safewake(), fs/eventpoll.c */
function ep_poll_safewake(ep: Eventpoll, key: u32): void {
  if (!waitqueue_active(ep.poll_wait)) return;
  enter(Tp.ep_poll_safewake, changetype<usize>(ep), 0, 0);
  // Goes up to outer eventpolls, at most five: ep_loop_check() refuses longer chains.
  wake_up_poll(ep.poll_wait, Poll.IN | key);
  leave(0);
}

/** Queues an item that turns out to be ready when it is added or modified, and wakes a sleeper. */
export function ep_queue_ready(ep: Eventpoll, epi: Epitem): void {
  if (epi.is_linked) return;
  append(ep, epi);
  wake_up(ep.wq);
  ep_poll_safewake(ep, 0);
}

/**
 * Queues the item of a file to which something has happened, and wakes a sleeper of epoll_wait().
 *
 * @param key  Poll bits that have become true; 0 if the file does not say.
 * @returns    1 if the wake-up was taken; 0 if an exclusive item left it to others.
 * @kernel ep_poll_callback(), fs/eventpoll.c
 */
export function ep_poll_callback(wait: WaitQueueEntry, mode: u32, flags: u32, key: u32): i32 {
  let pwq = EppollEntry.of_wait(wait);
  let epi = pwq.base;
  let ep = epi.ep;
  enter(Tp.ep_poll_callback, changetype<usize>(epi), key, 0);
  let events = epi.event_events;
  let taken = (events & EpollFlags.EXCLUSIVE) == 0;
  // An item without events has told its one shot.
  if (events & ~EP_PRIVATE_BITS && (!key || key & events)) {
    if (ep.scanning) chain_epi(ep, epi);
    else if (!epi.is_linked) append(ep, epi);
    if (waitqueue_active(ep.wq)) {
      if (!(key & Poll.FREE) && takes_wakeup(epi, key)) taken = true;
      wake_up(ep.wq);
    }
    ep_poll_safewake(ep, key & Poll.URING_WAKE);
  }
  if (key & Poll.FREE) {
    wait.entry.del_init();
    pwq.whead = null;
  }
  return leave(i32(taken));
}

/** Makes the ready list a batch that the caller owns. @kernel ep_start_scan(), fs/eventpoll.c */
export function ep_start_scan(ep: Eventpoll): void {
  enter(Tp.ep_start_scan, changetype<usize>(ep), 0, 0);
  ep.txlist.splice_init(ep.rdllist);
  ep.scanning = 1;
  leave(0);
}

/** Gives back what is left of the batch, and wakes a sleeper if there is something. @kernel ep_done_scan() */
export function ep_done_scan(ep: Eventpoll): void {
  enter(Tp.ep_done_scan, changetype<usize>(ep), 0, 0);
  let epi = ep.ovflist;
  ep.ovflist = null;
  while (epi) {
    // Newest first, each in front of the ones before: in the end in order of arrival.
    let next = epi.next;
    epi.next = null;
    if (!epi.is_linked) ep.rdllist.add(epi.rdllink);
    epi = next === epi ? null : next;
  }
  ep.scanning = 0;
  ep.rdllist.splice_init(ep.txlist);
  if (!ep.rdllist.empty) wake_up(ep.wq);
  leave(0);
}

/**
 * Asks the file of an item what is true now.
 *
 * @param table  how to remember the file's wait queues; null: not at all.
 * @returns      those bits of it that the item waits for.
 * @kernel ep_item_poll(), fs/eventpoll.c
 */
export function ep_item_poll(epi: Epitem, table: PollTable | null): u32 {
  let file = epi.ffd_file;
  enter(Tp.ep_item_poll, changetype<usize>(epi), changetype<usize>(file), 0);
  if (table) table.key = epi.event_events;
  return leave(vfs_poll(file, table) & epi.event_events);
}

/** Takes an item of the batch out of it, since its file says that it is not ready. */
export function ep_drop_unready(epi: Epitem): void {
  epi.rdllink.del_init();
  trace(Tp.ep_unready, changetype<usize>(epi), 0, 0);
}

/**
 * The poll method of an eventpoll: it is readable if one of its items is ready. Items that are not are dropped. An item
 * may be an eventpoll as well, at most five deep.
 *
 * @kernel ep_eventpoll_poll(), fs/eventpoll.c
 */
export function ep_eventpoll_poll(file: File, table: PollTable | null): u32 {
  let ep = file_eventpoll(file);
  enter(Tp.ep_eventpoll_poll, changetype<usize>(ep), 0, 0);
  poll_wait(file, ep.poll_wait, table);
  let events: u32 = 0;
  ep_start_scan(ep);
  while (!events && !ep.txlist.empty) {
    let epi = Epitem.of_rdllink(ep.txlist.next);
    if (ep_item_poll(epi, null)) events = Poll.IN | Poll.RDNORM;
    else ep_drop_unready(epi);
  }
  ep_done_scan(ep);
  return leave(events);
}
