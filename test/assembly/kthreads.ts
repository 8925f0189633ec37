/*
 * Test-only entry: the kernel, with three more system calls that make, wake and stop kernel threads.
 */
// First, so that the layouts stand in the order in which the kernel has them.
import { boot as boot_kernel } from "../../assembly/index";
import { KTHREAD_EXIT, TaskState, TaskStruct } from "../../assembly/include/sched";
import { charge, enter, leave, Tp } from "../../assembly/include/trace";
import { current, schedule, schedule_hrtimeout, wake_up_process } from "../../assembly/kernel/sched";
import { kernel } from "../../assembly/include/kernel";
import { ktime_get } from "../../assembly/kernel/time";
import {
  kthread_run,
  kthread_should_stop,
  kthread_stop,
  kthread_unuse_mm,
  kthread_use_mm,
  schedule_deferrable,
} from "../../assembly/kernel/kthread";
import { kzalloc } from "../../assembly/mm/slab";
import { MmStruct } from "../../assembly/include/mm_struct";

export * from "../../assembly/index";

/** What a thread of the test does, and has done. Its fields are read by the test at fixed offsets, of 4 bytes each. */
@unmanaged
class Worker {
  /** How often its function was called. */
  calls: u32;
  /** After so many calls it ends; 0: never. */
  limit: u32;
  /** 0: it spins; 1: it sleeps until it is woken; 2: for a microsecond; 3: for five seconds for which nobody waits. */
  mode: u32;
  task: TaskStruct | null;
  /** How much work each call is. Unit: ns. */
  work: u32;
  /** The address space that it borrows for its first call; null: none. */
  mm: MmStruct;
}

function work(data: usize): i64 {
  let worker = changetype<Worker>(data);
  enter(Tp.__do_softirq, 0, 0, 0);
  worker.calls++;
  charge(worker.work);
  if (changetype<usize>(worker.mm) && worker.calls == 1) kthread_use_mm(worker.mm);
  else if (changetype<usize>(worker.mm) && worker.calls == 2) kthread_unuse_mm();
  if (kthread_should_stop() || worker.calls == worker.limit) {
    worker.task = null;
    return leave(KTHREAD_EXIT);
  }
  if (worker.mode == 3) return leave(schedule_deferrable(ktime_get() + 5_000_000_000));
  if (!worker.mode) return leave<i64>(0);
  current().state = TaskState.UNINTERRUPTIBLE;
  return leave(worker.mode == 1 ? schedule() : schedule_hrtimeout(ktime_get() + 1000));
}

function sys_make(): i64 {
  let worker = changetype<Worker>(kzalloc(offsetof<Worker>()));
  worker.mode = <u32>current().di;
  worker.limit = <u32>current().si;
  worker.work = <u32>current().dx;
  if (current().r10) worker.mm = current().mm;
  // "worker", as a number.
  worker.task = kthread_run(work.index, changetype<usize>(worker), 0x7265_6b72_6f77);
  return worker.task ? <i64>changetype<usize>(worker) : -12;
}

function sys_wake(): i64 {
  return wake_up_process(changetype<Worker>(<usize>current().di).task!);
}

function sys_stop(): i64 {
  kthread_stop(changetype<Worker>(<usize>current().di).task!);
  return 0;
}

export function boot(cpus: i32, seed: f64, tracing: i32, limit: f64, poison: i32, scheduling: i32): i32 {
  let result = boot_kernel(cpus, seed, tracing, limit, poison, scheduling);
  store<u32>(kernel.sys_call_table + (500 << 2), sys_make.index);
  store<u32>(kernel.sys_call_table + (501 << 2), sys_wake.index);
  store<u32>(kernel.sys_call_table + (502 << 2), sys_stop.index);
  return result;
}
