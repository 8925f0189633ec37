import { CpuContext, Softirq } from "../include/sched";
import { Tp, charge, enter, leave } from "../include/trace";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";

/** How many rounds of soft interrupts are run before the CPU goes on with something else. */
const MAX_SOFTIRQ_RESTART: u32 = 1000;

/** What to do for each soft interrupt: (void) => void, indices into the function table. @kernel struct softirq_action */
@unmanaged
export class SoftirqVector {
  /** Handler of Softirq.NET_RX. */
  net_rx: u32;
  /** Handler of Softirq.TASKLET. */
  tasklet: u32;
  /** Handler of Softirq.RCU. */
  rcu: u32;
}

/** The handlers. */
function vector(): SoftirqVector {
  return changetype<SoftirqVector>(kernel.softirq);
}

/** Makes the table of handlers. @kernel softirq_init(), kernel/softirq.c */
export function softirq_init(): void {
  kernel.softirq = kzalloc(offsetof<SoftirqVector>());
}

/** Says what is to be done for a soft interrupt. @kernel open_softirq(), kernel/softirq.c */
export function open_softirq(softirq: u32, handler: u32): void {
  if (softirq == Softirq.NET_RX) vector().net_rx = handler;
  else if (softirq == Softirq.RCU) vector().rcu = handler;
  else vector().tasklet = handler;
}

/** Asks for a soft interrupt on the CPU that runs. @kernel raise_softirq(), kernel/softirq.c */
export function raise_softirq(softirq: u32): void {
  kernel.cpu.softirq_pending |= softirq;
}

/**
 * Runs the soft interrupts that are waiting, unless one runs already: what is raised meanwhile is run by that one.
 *
 * @kernel do_softirq(), kernel/softirq.c
 */
export function do_softirq(): void {
  let cpu = kernel.cpu;
  if (cpu.in_softirq || !cpu.softirq_pending) return;
  let before = cpu.context;
  cpu.in_softirq = 1;
  cpu.context = CpuContext.SOFTIRQ;
  for (let round: u32 = 0; cpu.softirq_pending && round < MAX_SOFTIRQ_RESTART; round++) {
    let pending = cpu.softirq_pending;
    cpu.softirq_pending = 0;
    kernel.counters.soft_interrupts++;
    charge(kernel.costs.soft_interrupt);
    enter(Tp.__do_softirq, pending, 0, 0);
    if (pending & Softirq.NET_RX && vector().net_rx) call_indirect<void>(vector().net_rx);
    if (pending & Softirq.TASKLET) call_indirect<void>(vector().tasklet);
    if (pending & Softirq.RCU) call_indirect<void>(vector().rcu);
    leave(0);
  }
  cpu.context = before;
  cpu.in_softirq = 0;
}

/** Allows soft interrupts again after a stretch of code that must not be interrupted by them, and runs those waiting. */
export function local_bh_enable(): void {
  do_softirq();
}

/** The CPU that runs takes a hard interrupt. @returns what it was doing, for irq_exit(). @kernel irq_enter() */
export function irq_enter(): u32 {
  let cpu = kernel.cpu;
  let before = cpu.context;
  cpu.context = CpuContext.HARDIRQ;
  kernel.counters.interrupts++;
  if (cpu.curr) cpu.curr!.counters.interrupts++;
  charge(kernel.costs.interrupt);
  return before;
}

/** The CPU that runs is done with a hard interrupt: soft interrupts that it raised are run now. @kernel irq_exit() */
export function irq_exit(before: u32): void {
  kernel.cpu.context = before;
  do_softirq();
}
