import { Hrtimer, HrtimerKind, KTIME_MAX } from "../include/time";
import { RbNode, RbRootCached } from "../include/rbtree_types";
import { Tp, enter, leave } from "../include/trace";
import { kernel } from "../include/kernel";
import { rb_erase_cached, rb_first_cached, rb_insert_color_cached, rb_link_node, rb_next } from "../lib/rbtree";
import { kzalloc } from "../mm/slab";
import { irq_enter, irq_exit } from "./softirq";

/** All timers that are waiting, by the time at which they are due. @kernel struct hrtimer_clock_base */
@unmanaged
export class TimerBase {
  // struct rb_root_cached active
  active_root_node: RbNode | null;
  active_leftmost: RbNode | null;

  /** The tree of waiting timers: Hrtimer.node of each, the next one due leftmost. */
  @embed @inline get active(): RbRootCached {
    return changetype<RbRootCached>(changetype<usize>(this) + offsetof<TimerBase>("active_root_node"));
  }
}

/** The tree of timers. */
function base(): TimerBase {
  return changetype<TimerBase>(kernel.timers);
}

/** Makes the empty tree of timers. */
export function timers_init(): void {
  kernel.timers = kzalloc(offsetof<TimerBase>());
}

/** The clock of the CPU that runs. Unit: ns since boot. @kernel ktime_get(), kernel/time/timekeeping.c */
export function ktime_get(): u64 {
  return kernel.cpu.clock;
}

/**
 * Sets up an alarm of a CPU: when due, the CPU takes an interrupt in which the function is called.
 *
 * @param func  (timer) => void, an index into the function table.
 * @kernel hrtimer_setup(), kernel/time/hrtimer.c
 */
export function hrtimer_init(timer: Hrtimer, func: u32): void {
  timer.func = <u16>func;
  timer.queued = 0;
  timer.kind = <u8>HrtimerKind.ALARM;
}

/**
 * Sets up something that a device or the world outside does by itself at a time: no CPU is interrupted and no CPU's
 * time passes, unless the function raises an interrupt (see handle_irq()).
 *
 * @param func  (timer) => void, an index into the function table. Timer.expires is the time it happens at.
 */
export function hardware_timer_init(timer: Hrtimer, func: u32): void {
  timer.func = <u16>func;
  timer.queued = 0;
  timer.kind = <u8>HrtimerKind.HARDWARE;
}

/**
 * Starts a timer, or starts it anew. Of timers that are due at the same time, the one started first goes first.
 *
 * @param expires  ns since boot.
 * @kernel hrtimer_start(), kernel/time/hrtimer.c
 */
export function hrtimer_start(timer: Hrtimer, expires: u64): void {
  hrtimer_cancel(timer);
  if (expires >= KTIME_MAX) return;
  timer.expires = expires;
  let active = base().active;
  let link = changetype<usize>(active);
  let parent: RbNode | null = null;
  let leftmost = true;
  for (let node = active.root_node; node;) {
    parent = node;
    if (expires < Hrtimer.of_node(node).expires) {
      link = changetype<usize>(node) + offsetof<RbNode>("left");
    } else {
      link = changetype<usize>(node) + offsetof<RbNode>("right");
      leftmost = false;
    }
    node = changetype<RbNode | null>(load<usize>(link));
  }
  rb_link_node(timer.node, parent, link);
  rb_insert_color_cached(timer.node, active, leftmost);
  timer.queued = 1;
}

/** Stops a timer. @returns true if it was waiting. @kernel hrtimer_cancel(), kernel/time/hrtimer.c */
export function hrtimer_cancel(timer: Hrtimer): bool {
  if (!timer.queued) return false;
  rb_erase_cached(timer.node, base().active);
  timer.queued = 0;
  return true;
}

/**
 * Moves the time of a timer that is not waiting on by whole periods, until it lies in the future.
 *
 * @param interval  Unit: ns; not 0.
 * @returns         number of periods; 0 if it lies in the future already.
 * @kernel hrtimer_forward_now(), kernel/time/hrtimer.c
 */
export function hrtimer_forward_now(timer: Hrtimer, interval: u64): u64 {
  let now = ktime_get();
  if (timer.expires > now) return 0;
  let periods = (now - timer.expires) / interval + 1;
  timer.expires += periods * interval;
  return periods;
}

/** When the next timer is due; KTIME_MAX if none is waiting. Unit: ns since boot. */
export function next_event(): u64 {
  let node = rb_first_cached(base().active);
  return node ? Hrtimer.of_node(node).expires : KTIME_MAX;
}

/** As next_event(); KTIME_MAX if all that is waiting is work that can wait. */
export function next_awaited_event(): u64 {
  let node = rb_first_cached(base().active);
  while (node && Hrtimer.of_node(node).kind == HrtimerKind.DEFERRABLE) node = rb_next(node);
  return node ? next_event() : KTIME_MAX;
}

/** Lets everything happen that is due by the clock of the CPU that runs. */
export function run_timers(): void {
  while (true) {
    let node = rb_first_cached(base().active);
    if (!node) return;
    let timer = Hrtimer.of_node(node);
    if (timer.expires > kernel.cpu.clock) return;
    hrtimer_cancel(timer);
    if (timer.kind == HrtimerKind.HARDWARE) call_indirect<void>(timer.func, timer);
    else hrtimer_interrupt(timer);
  }
}

/** The CPU's alarm goes off. @kernel hrtimer_interrupt(), kernel/time/hrtimer.c */
function hrtimer_interrupt(timer: Hrtimer): void {
  let before = irq_enter();
  enter(Tp.hrtimer_interrupt, changetype<usize>(timer), 0, 0);
  call_indirect<void>(timer.func, timer);
  leave(0);
  irq_exit(before);
}

/**
 * A device interrupts the CPU that runs.
 *
 * @param handler  (data) => void, an index into the function table: the driver's interrupt handler.
 * @kernel handle_irq_event(), kernel/irq/handle.c
 */
export function handle_irq(handler: u32, data: usize): void {
  let before = irq_enter();
  call_indirect<void>(handler, data);
  irq_exit(before);
}
