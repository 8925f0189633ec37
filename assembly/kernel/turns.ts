import { Cpu, Scheduling, TaskStruct } from "../include/sched";
import { Tp, trace } from "../include/trace";
import { context_switch, cpu_of, dequeue_task, preempt, sched } from "./sched";
import { get_random_u32_below } from "../lib/random";
import { kernel } from "../include/kernel";

/*
 * Order by seed and by hand. The queue has no say here: after every system call, and before a woken task tries its
 * call again, any task that could go on may be the next ("takes a turn"), whichever CPU it is on. One that waits for a
 * CPU gets one that is idle; if none is, the task on the CPU that ran last makes room.
 *
 * On several CPUs a turn begins no earlier than the one before it began: who was chosen later also comes later. A task
 * that had to wait for that has spent the time in its program.
 */

/** Number of tasks that could go on. */
export function nr_choices(): u32 {
  let count = sched().nr_running;
  for (let id: u32 = 0; id < kernel.nr_cpus; id++) {
    if (cpu_of(id).curr) count++;
  }
  return count;
}

/**
 * The tasks that could go on, one after the other: those on CPUs, then those that wait for one, in the queue's order.
 *
 * @param index  0 to nr_choices() - 1.
 */
export function nth_choice(index: u32): TaskStruct {
  for (let id: u32 = 0; id < kernel.nr_cpus; id++) {
    let task = cpu_of(id).curr;
    if (task && index-- == 0) return task;
  }
  let link = sched().queue.next;
  while (index--) link = link.next;
  return TaskStruct.of_run_list(link);
}

/** Writes the numbers of the first `most` tasks that could go on. @returns how many could. */
export function choices(to: usize, most: u32): u32 {
  let count = nr_choices();
  let written = min(count, most);
  for (let index: u32 = 0; index < written; index++) store<u32>(to + ((<usize>index) << 2), nth_choice(index).pid);
  return count;
}

/** True if the task could go on. */
export function can_go_on(task: TaskStruct): bool {
  return task.on_rq != 0 || is_on_cpu(task);
}

function is_on_cpu(task: TaskStruct): bool {
  return cpu_of(task.cpu).curr === task;
}

/** The CPU for a task that has none: the one it was on, another idle one, or the one that ran last. */
function cpu_for(task: TaskStruct): Cpu {
  if (!cpu_of(task.cpu).curr) return cpu_of(task.cpu);
  for (let id: u32 = 0; id < kernel.nr_cpus; id++) {
    if (!cpu_of(id).curr) return cpu_of(id);
  }
  return cpu_of(sched().turn_cpu);
}

/** Lets a task take its turn: afterwards it is the current one of the CPU that runs. */
function take_turn(task: TaskStruct): void {
  let state = sched();
  if (is_on_cpu(task)) {
    kernel.cpu = cpu_of(task.cpu);
  } else {
    dequeue_task(task);
    kernel.cpu = cpu_for(task);
    if (kernel.cpu.curr) preempt();
    context_switch(kernel.cpu, task);
  }
  let cpu = kernel.cpu;
  // After every system call it is open again who goes on.
  cpu.need_resched = 1;
  if (cpu.clock < state.turn_began) cpu.clock = state.turn_began;
  state.turn_began = cpu.clock;
  state.turn_cpu = cpu.id;
}

/**
 * Finds out whose turn it is, and gives the task a CPU. There must be a task that can go on.
 *
 * @returns  false if the host has to choose.
 */
export function next_turn(): bool {
  let state = sched();
  let choices = nr_choices();
  let task = nth_choice(0);
  if (choices > 1 || state.scheduling == Scheduling.STEP) {
    if (state.scheduling == Scheduling.SEED) {
      task = nth_choice(get_random_u32_below(choices));
    } else {
      let chosen = state.chosen;
      if (!chosen || !can_go_on(chosen)) return false;
      task = chosen;
    }
  }
  state.chosen = null;
  take_turn(task);
  if (choices > 1) trace(Tp.sched_turn, changetype<usize>(task), choices, 0);
  return true;
}
