import { EpollCtl, EpollEvent, EpollFlags } from "../include/eventpoll";
import { Epitem, EppollEntry, Eventpoll, file_eventpoll, is_file_epoll } from "./eventpoll_types";
import { Errno } from "../include/errno";
import { File, Poll, PollTable } from "../include/fs";
import { RbNode, RbRootCached } from "../include/rbtree_types";
import { Tp, enter, leave } from "../include/trace";
import { WaitQueueHead } from "../include/wait";
import { add_wait_queue, add_wait_queue_exclusive, init_waitqueue_func_entry, remove_wait_queue } from "../kernel/wait";
import { copy_from_user } from "../mm/uaccess";
import { current } from "../kernel/sched";
import { ep_item_poll, ep_poll_callback, ep_queue_ready } from "./eventpoll_ready";
import { ep_loop_check, reverse_path_check } from "./eventpoll_nested";
import { fdget, fdput } from "./file";
import { file_can_poll } from "./select";
import { fs_state } from "./internal";
import { kmem_cache_alloc, kmem_cache_free } from "../mm/slab";
import { rb_erase_cached, rb_first_cached, rb_insert_color_cached, rb_link_node } from "../lib/rbtree";

/** What may be asked together with EPOLLEXCLUSIVE. @kernel EPOLLEXCLUSIVE_OK_BITS, fs/eventpoll.c */
const EPOLLEXCLUSIVE_OK_BITS: u32 =
  Poll.IN | Poll.OUT | Poll.ERR | Poll.HUP | EpollFlags.WAKEUP | EpollFlags.ET | EpollFlags.EXCLUSIVE;

/** Order of items: by the address of the file, then by descriptor. @kernel ep_cmp_ffd(), fs/eventpoll.c */
function ep_cmp_ffd(file: File, fd: i32, epi: Epitem): i32 {
  let a = changetype<usize>(file);
  let b = changetype<usize>(epi.ffd_file);
  if (a != b) return a > b ? 1 : -1;
  return fd - epi.ffd_fd;
}

/** The item for a file and descriptor, or null. @kernel ep_find(), fs/eventpoll.c */
function ep_find(ep: Eventpoll, file: File, fd: i32): Epitem | null {
  let node = ep.rbr.root_node;
  while (node) {
    let epi = Epitem.of_rbn(node);
    let order = ep_cmp_ffd(file, fd, epi);
    if (!order) return epi;
    node = order > 0 ? node.right : node.left;
  }
  return null;
}

/** Puts an item into the tree, where its like is not yet. @kernel ep_rbtree_insert(), fs/eventpoll.c */
function ep_rbtree_insert(ep: Eventpoll, epi: Epitem): void {
  let link = changetype<usize>(ep.rbr) + offsetof<RbRootCached>("root_node");
  let parent: RbNode | null = null;
  let leftmost = true;
  for (let node = ep.rbr.root_node; node;) {
    parent = node;
    if (ep_cmp_ffd(epi.ffd_file, epi.ffd_fd, Epitem.of_rbn(node)) > 0) {
      link = changetype<usize>(node) + offsetof<RbNode>("right");
      leftmost = false;
    } else link = changetype<usize>(node) + offsetof<RbNode>("left");
    node = changetype<RbNode | null>(load<usize>(link));
  }
  rb_link_node(epi.rbn, parent, link);
  rb_insert_color_cached(epi.rbn, ep.rbr, leftmost);
}

/** A new item that is nowhere yet; null if memory is exhausted. @kernel ep_alloc_epitem(), fs/eventpoll.c */
function ep_alloc_epitem(ep: Eventpoll, event: EpollEvent, file: File, fd: i32): Epitem | null {
  let address = kmem_cache_alloc(fs_state().epi_cache);
  if (!address) return null;
  let epi = changetype<Epitem>(address);
  epi.rdllink.init();
  epi.next = null;
  epi.ffd_file = file;
  epi.ffd_fd = fd;
  epi.pwqlist = null;
  epi.ep = ep;
  epi.event_events = event.events;
  epi.event_data = event.data;
  fs_state().epoll_watches++;
  return epi;
}

/**
 * Hangs the item that is being added into a wait queue of its file. Called by the file's poll method.
 *
 * @param table  its context is the item, and becomes 0 when memory is exhausted.
 * @kernel ep_ptable_queue_proc(), fs/eventpoll.c
 */
function ep_ptable_queue_proc(file: File, head: WaitQueueHead, table: PollTable): void {
  if (!table.context) return;
  let epi = changetype<Epitem>(table.context);
  let address = kmem_cache_alloc(fs_state().pwq_cache);
  if (!address) {
    table.context = 0;
    return;
  }
  enter(Tp.ep_ptable_queue_proc, changetype<usize>(epi), changetype<usize>(head), address);
  let pwq = changetype<EppollEntry>(address);
  init_waitqueue_func_entry(pwq.wait, ep_poll_callback.index);
  pwq.base = epi;
  pwq.whead = head;
  pwq.next = epi.pwqlist;
  epi.pwqlist = pwq;
  if (epi.event_events & EpollFlags.EXCLUSIVE) add_wait_queue_exclusive(head, pwq.wait);
  else add_wait_queue(head, pwq.wait);
  leave(0);
}

/** Takes an item out of the wait queues of its file. @kernel ep_unregister_pollwait(), fs/eventpoll.c */
export function ep_unregister_pollwait(epi: Epitem): void {
  let pwq = epi.pwqlist;
  epi.pwqlist = null;
  while (pwq) {
    let next = pwq.next;
    let head = pwq.whead;
    if (head) remove_wait_queue(head, pwq.wait);
    kmem_cache_free(fs_state().pwq_cache, changetype<usize>(pwq));
    pwq = next;
  }
}

/**
 * Makes an eventpoll watch a file.
 *
 * @param full_check  whether eventpolls are nested, so that the ways up have to be counted.
 * @returns           0; -ENOSPC; -ENOMEM; -EINVAL if there are too many ways up.
 * @kernel ep_insert(), fs/eventpoll.c
 */
function ep_insert(ep: Eventpoll, event: EpollEvent, file: File, fd: i32, full_check: bool): i32 {
  let state = fs_state();
  enter(Tp.ep_insert, changetype<usize>(ep), changetype<usize>(file), fd);
  if (state.epoll_watches >= state.max_user_watches) return leave(-Errno.ENOSPC);
  let epi = ep_alloc_epitem(ep, event, file, fd);
  if (!epi) return leave(-Errno.ENOMEM);
  file.f_ep.add_head(epi.fllink);
  ep_rbtree_insert(ep, epi);
  if (full_check && reverse_path_check(file)) {
    ep_remove(ep, epi);
    return leave(-Errno.EINVAL);
  }
  let table = state.epq;
  table.qproc = ep_ptable_queue_proc.index;
  table.context = changetype<usize>(epi);
  let events = ep_item_poll(epi, table);
  if (!table.context) {
    ep_remove(ep, epi);
    return leave(-Errno.ENOMEM);
  }
  if (events) ep_queue_ready(ep, epi);
  return leave(0);
}

/** Makes an item wait for something else, and looks whether that is true already. @kernel ep_modify(), fs/eventpoll.c */
function ep_modify(ep: Eventpoll, epi: Epitem, event: EpollEvent): i32 {
  enter(Tp.ep_modify, changetype<usize>(ep), changetype<usize>(epi), event.events);
  epi.event_events = event.events;
  epi.event_data = event.data;
  if (ep_item_poll(epi, null)) ep_queue_ready(ep, epi);
  return leave(0);
}

/** Takes an item out of everything and frees it. Nobody is woken. @kernel __ep_remove(), fs/eventpoll.c */
function ep_remove(ep: Eventpoll, epi: Epitem): i32 {
  let state = fs_state();
  enter(Tp.ep_remove, changetype<usize>(ep), changetype<usize>(epi), 0);
  ep_unregister_pollwait(epi);
  epi.fllink.del_init();
  rb_erase_cached(epi.rbn, ep.rbr);
  if (epi.is_linked) epi.rdllink.del_init();
  state.epoll_watches--;
  kmem_cache_free(state.epi_cache, changetype<usize>(epi));
  return leave(0);
}

/** A watched file is closed: takes its items out of all eventpolls. @kernel eventpoll_release_file(), fs/eventpoll.c */
export function eventpoll_release_file(file: File): void {
  enter(Tp.eventpoll_release_file, changetype<usize>(file), 0, 0);
  for (let node = file.f_ep.first; node; node = file.f_ep.first) {
    let epi = Epitem.of_fllink(node);
    ep_remove(epi.ep, epi);
  }
  leave(0);
}

/** Takes all items out of an eventpoll. */
export function ep_remove_all(ep: Eventpoll): void {
  for (let node = rb_first_cached(ep.rbr); node; node = rb_first_cached(ep.rbr)) ep_remove(ep, Epitem.of_rbn(node));
}

/** Whether an operation comes with an event. @kernel ep_op_has_event(), include/linux/eventpoll.h */
function ep_op_has_event(op: i32): bool {
  return op != EpollCtl.DEL;
}

/** Whether EPOLLEXCLUSIVE is asked for where it cannot be had. */
function bad_exclusive(op: i32, event: EpollEvent, target: File): bool {
  if (!ep_op_has_event(op) || !(event.events & EpollFlags.EXCLUSIVE)) return false;
  if (op == EpollCtl.MOD) return true;
  return op == EpollCtl.ADD && (is_file_epoll(target) || (event.events & ~EPOLLEXCLUSIVE_OK_BITS) != 0);
}

/** Adds, modifies or removes the item for a file, whose descriptors have been checked. */
function change_item(ep: Eventpoll, op: i32, file: File, fd: i32, event: EpollEvent): i32 {
  let full_check = false;
  if (op == EpollCtl.ADD && (!ep.file.f_ep.empty || is_file_epoll(file))) {
    full_check = true;
    if (is_file_epoll(file) && ep_loop_check(ep, file_eventpoll(file))) return -Errno.ELOOP;
  }
  let epi = ep_find(ep, file, fd);
  event.events |= Poll.ERR | Poll.HUP;
  switch (op) {
    case EpollCtl.ADD:
      return epi ? -Errno.EEXIST : ep_insert(ep, event, file, fd, full_check);
    case EpollCtl.DEL:
      return epi ? ep_remove(ep, epi) : -Errno.ENOENT;
    case EpollCtl.MOD:
      if (!epi) return -Errno.ENOENT;
      return epi.event_events & EpollFlags.EXCLUSIVE ? -Errno.EINVAL : ep_modify(ep, epi, event);
    default:
      return -Errno.EINVAL;
  }
}

/** As epoll_ctl(2), with both files at hand. */
function ctl_files(file: File, op: i32, target: File, fd: i32, event: EpollEvent): i32 {
  if (!file_can_poll(target)) return -Errno.EPERM;
  // EPOLLWAKEUP would keep the system from suspending: as for programs without that right, it is not heard.
  event.events &= ~EpollFlags.WAKEUP;
  if (file === target || !is_file_epoll(file)) return -Errno.EINVAL;
  if (bad_exclusive(op, event, target)) return -Errno.EINVAL;
  return change_item(file_eventpoll(file), op, target, fd, event);
}

/** As epoll_ctl(2), with the event in kernel memory. @kernel do_epoll_ctl(), fs/eventpoll.c */
function do_epoll_ctl(epfd: i32, op: i32, fd: i32, event: EpollEvent): i32 {
  let file = fdget(epfd);
  if (!file) return -Errno.EBADF;
  let target = fdget(fd);
  if (!target) return <i32>fdput(file, -Errno.EBADF);
  enter(Tp.do_epoll_ctl, epfd, op, fd);
  let result = ctl_files(file, op, target, fd, event);
  fdput(target, 0);
  return leave(<i32>fdput(file, result));
}

/** epoll_ctl(2). */
export function sys_epoll_ctl(): i64 {
  let task = current();
  let op = <i32>task.si;
  let event = fs_state().event;
  let size = offsetof<EpollEvent>();
  if (ep_op_has_event(op) && copy_from_user(changetype<usize>(event), task.r10, size)) return -Errno.EFAULT;
  return do_epoll_ctl(<i32>task.di, op, <i32>task.dx, event);
}
