import { AIO_RING_MAGIC, AioRing, IoEvent } from "../include/aio_abi";
import { Errno } from "../include/errno";
import { Kioctx } from "../include/aio";
import { PAGE_SHIFT, PAGE_SIZE, virt_to_page } from "../include/mm_types";
import { Tp, enter, leave } from "../include/trace";
import { WaitQueueEntry } from "../include/wait";
import { TaskState } from "../include/sched";
import { autoremove_wake_function } from "../kernel/wait";
import { get_zeroed_page, put_page } from "../mm/page_alloc";
import { kernel } from "../include/kernel";
import { kfree, kmalloc } from "../mm/slab";
import { put_user_words } from "../mm/uaccess";

/*
 * The ring, in pages that the kernel and the program share:
 *
 *   | AioRing | event 0 | event 1 | ... | event 126 |  event 127 | ...      events and head have 32 bytes each
 *   |<------------------ page 0 ------------------->|<-- page 1 ...
 *                  ^ head             ^ tail
 *
 * The kernel stores events at the tail, whoever takes them moves the head. A slot stays taken from the submission of a
 * request until its event has been taken, so that there is always room for the event.
 */

/** Events and the head of the ring have the same size. Unit: binary logarithm of bytes. */
const EVENT_SHIFT: u32 = 5;
/** Events of a page. @kernel AIO_EVENTS_PER_PAGE, fs/aio.c */
const AIO_EVENTS_PER_PAGE: u32 = <u32>(PAGE_SIZE >> EVENT_SHIFT);

/** The head of the ring. */
export function ring_of(ctx: Kioctx): AioRing {
  return changetype<AioRing>(load<usize>(ctx.ring_pages));
}

/** Where an event lies. */
function event_of(ctx: Kioctx, index: u32): usize {
  let slot = index + 1;
  let page = load<usize>(ctx.ring_pages + ((<usize>(slot / AIO_EVENTS_PER_PAGE)) << 2));
  return page + ((<usize>(slot % AIO_EVENTS_PER_PAGE)) << EVENT_SHIFT);
}

/** Gives the frames of a ring back; where the program has them mapped, they stay. */
export function aio_free_ring(ctx: Kioctx): void {
  for (let i: u32 = 0; i < ctx.nr_pages; i++) {
    put_page(virt_to_page(load<usize>(ctx.ring_pages + ((<usize>i) << 2))));
  }
  kfree(ctx.ring_pages);
  ctx.ring_pages = 0;
  ctx.nr_pages = 0;
}

/**
 * Makes a ring: as many whole pages as the events need, and as many events as they have room for.
 *
 * @returns  0, -ENOMEM. @kernel aio_setup_ring(), fs/aio.c
 */
export function aio_setup_ring(ctx: Kioctx, nr_events: u32): i32 {
  // Between full and empty one slot must stay free, and one is for rounding.
  let size = (<u64>(nr_events + 3)) << EVENT_SHIFT;
  let nr_pages = <u32>((size + PAGE_SIZE - 1) >> PAGE_SHIFT);
  ctx.ring_pages = kmalloc((<usize>nr_pages) << 2);
  if (!ctx.ring_pages) return -Errno.ENOMEM;
  for (; ctx.nr_pages < nr_pages; ctx.nr_pages++) {
    let frame = get_zeroed_page();
    if (!frame) {
      aio_free_ring(ctx);
      return -Errno.ENOMEM;
    }
    store<usize>(ctx.ring_pages + ((<usize>ctx.nr_pages) << 2), frame);
  }
  ctx.mmap_size = (<u64>nr_pages) << PAGE_SHIFT;
  ctx.nr_events = nr_pages * AIO_EVENTS_PER_PAGE - 1;
  let ring = ring_of(ctx);
  ring.id = u32.MAX_VALUE;
  ring.nr = ctx.nr_events;
  ring.magic = AIO_RING_MAGIC;
  ring.compat_features = 1;
  ring.header_length = 1 << EVENT_SHIFT;
  return 0;
}

/** Slots that the CPU has taken for itself. */
function cpu_slots(ctx: Kioctx): usize {
  return ctx.cpu + ((<usize>kernel.cpu.id) << 2);
}

/** Takes a slot for a request. @returns whether there was one. @kernel __get_reqs_available(), fs/aio.c */
function __get_reqs_available(ctx: Kioctx): bool {
  let own = cpu_slots(ctx);
  if (!load<u32>(own)) {
    if (ctx.reqs_available < ctx.req_batch) return false;
    ctx.reqs_available -= ctx.req_batch;
    store<u32>(own, ctx.req_batch);
  }
  store<u32>(own, load<u32>(own) - 1);
  return true;
}

/** Gives slots back. @kernel put_reqs_available(), fs/aio.c */
export function put_reqs_available(ctx: Kioctx, nr: u32): void {
  let own = cpu_slots(ctx);
  let slots = load<u32>(own) + nr;
  while (slots >= ctx.req_batch * 2) {
    slots -= ctx.req_batch;
    ctx.reqs_available += ctx.req_batch;
  }
  store<u32>(own, slots);
}

/**
 * Gives the slots back whose events have been taken, as far as the head and the tail of the ring tell.
 *
 * @kernel refill_reqs_available(), fs/aio.c
 */
function refill_reqs_available(ctx: Kioctx, head: u32, tail: u32): void {
  // The program can write anything there.
  head %= ctx.nr_events;
  let events_in_ring = head <= tail ? tail - head : ctx.nr_events - (head - tail);
  let completed = ctx.completed_events;
  completed = events_in_ring < completed ? completed - events_in_ring : 0;
  if (!completed) return;
  ctx.completed_events -= completed;
  put_reqs_available(ctx, completed);
}

/** As __get_reqs_available(), and looks whether the program has taken events. @kernel get_reqs_available(), fs/aio.c */
export function get_reqs_available(ctx: Kioctx): bool {
  if (__get_reqs_available(ctx)) return true;
  if (!ctx.completed_events) return false;
  refill_reqs_available(ctx, ring_of(ctx).head, ctx.tail);
  return __get_reqs_available(ctx);
}

/** Appends an event to the ring, and wakes whoever has waited for so many. @kernel aio_complete(), fs/aio.c */
export function add_event(ctx: Kioctx, data: u64, obj: u64, res: i64, res2: i64): void {
  let tail = ctx.tail;
  let event = changetype<IoEvent>(event_of(ctx, tail));
  if (++tail >= ctx.nr_events) tail = 0;
  event.data = data;
  event.obj = obj;
  event.res = res;
  event.res2 = res2;
  ctx.tail = tail;
  let ring = ring_of(ctx);
  let head = ring.head;
  ring.tail = tail;
  ctx.completed_events++;
  if (ctx.completed_events > 1) refill_reqs_available(ctx, head, tail);
}

/** Wakes those who have waited for as many events as there are now. Each says in TaskStruct.reserved how many. */
export function wake_waiters(ctx: Kioctx): void {
  let head = ring_of(ctx).head;
  let tail = ctx.tail;
  let avail = tail > head ? tail - head : tail + ctx.nr_events - head;
  let list = ctx.wait.head;
  for (let link = list.next; link !== list;) {
    let entry = WaitQueueEntry.of_entry(link);
    link = link.next;
    if (<i32>avail < entry.task!.reserved) continue;
    autoremove_wake_function(entry, TaskState.INTERRUPTIBLE | TaskState.UNINTERRUPTIBLE, 0, 0);
  }
}

/**
 * Copies events to the program and moves the head of the ring.
 *
 * @returns  number of events; -EFAULT, and none is taken.
 * @kernel aio_read_events_ring(), fs/aio.c
 */
export function aio_read_events_ring(ctx: Kioctx, to: u64, nr: i64): i64 {
  let ring = ring_of(ctx);
  let head = ring.head;
  let tail = ring.tail;
  if (head == tail) return 0;
  enter(Tp.aio_read_events_ring, changetype<usize>(ctx), head, tail);
  head %= ctx.nr_events;
  tail %= ctx.nr_events;
  let taken: i64 = 0;
  while (taken < nr && head != tail) {
    let avail = (head <= tail ? tail : ctx.nr_events) - head;
    avail = min(avail, AIO_EVENTS_PER_PAGE - ((head + 1) % AIO_EVENTS_PER_PAGE));
    avail = <u32>min<i64>(avail, nr - taken);
    if (put_user_words(to + ((<u64>taken) << EVENT_SHIFT), event_of(ctx, head), (<usize>avail) << EVENT_SHIFT)) {
      return leave<i64>(-Errno.EFAULT);
    }
    taken += avail;
    head = (head + avail) % ctx.nr_events;
  }
  ring.head = head;
  return leave(taken);
}
