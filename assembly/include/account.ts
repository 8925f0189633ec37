import { charge } from "./trace";
import { TaskStruct } from "./sched";
import { kernel } from "./kernel";

/** Counts one copy by a CPU, for the machine and for the task that runs, and lets its time pass. Unit: bytes. */
export function account_copy(bytes: usize): void {
  let counters = kernel.counters;
  counters.cpu_copies++;
  counters.cpu_copied_bytes += bytes;
  let task = kernel.cpu.curr;
  if (task) {
    task.counters.cpu_copies++;
    task.counters.cpu_copied_bytes += bytes;
  }
  let costs = kernel.costs;
  charge(<u64>costs.copy + ((<u64>bytes * costs.copy_64k) >> 16));
}

/** Lets the time pass that a CPU spends on a page whose bytes it does not touch. */
export function account_page(): void {
  charge(kernel.costs.page);
}

/** Counts a page fault that did not wait for a device. */
export function account_minor_fault(): void {
  kernel.counters.minor_faults++;
  let task = kernel.cpu.curr;
  if (task) task.counters.minor_faults++;
  charge(kernel.costs.minor_fault);
}

/** Counts a page fault that had to wait for a device. */
export function account_major_fault(): void {
  kernel.counters.major_faults++;
  let task = kernel.cpu.curr;
  if (task) task.counters.major_faults++;
  charge(kernel.costs.minor_fault);
}

/** Counts one crossing between user mode and kernel mode, by the task that runs. */
export function account_mode_switch(task: TaskStruct): void {
  kernel.counters.mode_switches++;
  task.counters.mode_switches++;
  charge(kernel.costs.mode_switch);
}
