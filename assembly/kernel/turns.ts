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
 * Kernel threads are chosen like any other task by the seed. The host is never asked about them: whenever one could go on,
 * it has its turn before the next program, once.
 *
 * On several CPUs a turn begins no earlier than the one before it began: who was chosen later also comes later. A task
 * that had to wait for that has spent the time in its program.
 */

/** Number of tasks that have a CPU or wait for one. */
function nr_runnable(): u32 {
  let count = sched().nr_running;
  for (let id: u32 = 0; id < kernel.nr_cpus; id++) {
    if (cpu_of(id).curr) count++;
  }
  return count;
}

/** Those tasks one after the other: on CPUs, then in the queue's order. @param index 0 to nr_runnable() - 1. */
function nth_runnable(index: u32): TaskStruct {
  for (let id: u32 = 0; id < kernel.nr_cpus; id++) {
    let task = cpu_of(id).curr;
    if (task && index-- == 0) return task;
  }
  let link = sched().queue.next;
  while (index--) link = link.next;
  return TaskStruct.of_run_list(link);
}

/** True if kernel threads go on without being chosen. */
function threads_come_first(): bool {
  return sched().nr_kthreads != 0 && sched().scheduling != Scheduling.SEED;
}

/** The first kernel thread that could go on; null: none. @param yielded 1: also of those that have had their turn. */
function next_thread(yielded: u32): TaskStruct | null {
  let count = nr_runnable();
  for (let index: u32 = 0; index < count; index++) {
    let task = nth_runnable(index);
    if (task.kthread && task.yielded <= yielded) return task;
  }
  return null;
}

/** A program takes its turn: afterwards it is the turn of the kernel threads again. */
function forget_turns_of_threads(): void {
  let count = nr_runnable();
  for (let index: u32 = 0; index < count; index++) nth_runnable(index).yielded = 0;
}

/** Number of tasks among which is chosen. */
export function nr_choices(): u32 {
  let count = nr_runnable();
  if (!threads_come_first()) return count;
  let programs: u32 = 0;
  for (let index: u32 = 0; index < count; index++) if (!nth_runnable(index).kthread) programs++;
  return programs;
}

/**
 * The tasks among which is chosen, one after the other: those on CPUs, then those that wait for one, in the queue's order.
 *
 * @param index  0 to nr_choices() - 1.
 */
export function nth_choice(index: u32): TaskStruct {
  if (!threads_come_first()) return nth_runnable(index);
  let at: u32 = 0;
  while (nth_runnable(at).kthread || index--) at++;
  return nth_runnable(at);
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
  if (threads_come_first()) {
    let thread = next_thread(0);
    if (!thread && !nr_choices()) thread = next_thread(1);
    if (thread) {
      take_turn(thread);
      return true;
    }
  }
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
  if (state.nr_kthreads) forget_turns_of_threads();
  take_turn(task);
  if (choices > 1) trace(Tp.sched_turn, changetype<usize>(task), choices, 0);
  return true;
}
