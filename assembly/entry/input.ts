import { Errno } from "../include/errno";
import { InputKind, InputRecord } from "../include/input";
import { TaskStruct } from "../include/sched";
import { bring_in, choose, compute, do_syscall, elapse, is_outside, run, submit_call } from "./entry";
import { access } from "./access";
import { find_task } from "../kernel/fork";
import { FaultKind } from "../include/mm_types";
import { setup_fault_attr } from "../mm/fault_inject";
import { host_timer_start, limit_descriptors, may_submit, signal, spawn, user_alloc, user_store } from "./host";
import { library } from "./library";
import { kernel } from "../include/kernel";
import { flatfs_fail_next } from "../fs/flatfs_world";
import { flatfs_create, flatfs_fill } from "../fs/flatfs";
import { reserve_fd } from "../fs/file";
import * as wire from "../drivers/world";

/** The bytes behind the header of an input. */
function bytes(record: InputRecord): usize {
  return changetype<usize>(record) + offsetof<InputRecord>();
}

/** Puts a system call into the registers of a task. */
function set_registers(task: TaskStruct, nr: i32, a0: i64, a1: i64, a2: i64, a3: i64, a4: i64, a5: i64): void {
  task.orig_ax = nr;
  task.di = a0;
  task.si = a1;
  task.dx = a2;
  task.r10 = a3;
  task.r8 = a4;
  task.r9 = a5;
}

/** The program that has the word makes a system call. @returns who goes on, as run() says; -ESRCH if none has it. */
export function syscall(nr: i32, a0: i64, a1: i64, a2: i64, a3: i64, a4: i64, a5: i64): i32 {
  kernel.inputs++;
  let task = kernel.cpu.curr;
  if (!task) return -Errno.ESRCH;
  set_registers(task, nr, a0, a1, a2, a3, a4, a5);
  do_syscall(task);
  return run();
}

/** An adopted task makes a system call. @returns its number if it is outside again; else as run(); -ESRCH. */
export function submit(pid: i32, nr: i32, a0: i64, a1: i64, a2: i64, a3: i64, a4: i64, a5: i64): i32 {
  kernel.inputs++;
  if (!may_submit(pid)) return -Errno.ESRCH;
  let task = find_task(pid)!;
  bring_in(task);
  set_registers(task, nr, a0, a1, a2, a3, a4, a5);
  submit_call(task);
  // Its own completion comes first: the host notes it, and lets the machine go on with SCHEDULE.
  return is_outside(pid) ? pid : run();
}

/**
 * Takes one input, as it stands in a journal.
 *
 * @returns  what the input's own entry answers: for system calls and SCHEDULE, who goes on next.
 */
export function input(record: InputRecord): i32 {
  let r = record;
  switch (r.kind) {
    case InputKind.SYSCALL:
      return syscall(r.nr, r.a0, r.a1, r.a2, r.a3, r.a4, r.a5);
    case InputKind.SUBMIT:
      return submit(r.pid, r.nr, r.a0, r.a1, r.a2, r.a3, r.a4, r.a5);
    default:
      kernel.inputs++;
  }
  switch (r.kind) {
    case InputKind.COMPUTE:
      compute(<u64>r.a0);
      return run();
    case InputKind.LOAD:
      return access(<u64>r.a0, 0, <usize>r.a1);
    case InputKind.STORE:
      return access(<u64>r.a0, bytes(r), <usize>r.a1);
    case InputKind.LIBRARY:
      return library(<u32>r.a0, r.a1, r.a2, r.a3, r.a4, r.a5);
    case InputKind.SCHEDULE:
      return run();
    case InputKind.ELAPSE:
      return elapse();
    case InputKind.CHOOSE:
      return choose(find_task(r.pid)) ? run() : -Errno.ESRCH;
    default:
      return world_input(r);
  }
}

/** Inputs that do not let programs run: what comes from outside the machine. */
function world_input(record: InputRecord): i32 {
  let a0 = <u32>record.a0;
  switch (record.kind) {
    case InputKind.SPAWN:
      return spawn(record.pid, a0, record.a1 != 0, bytes(record));
    case InputKind.USER_ALLOC:
      kernel.result = <f64>user_alloc(record.pid, <u64>record.a0);
      return 0;
    case InputKind.USER_STORE:
      return <i32>user_store(record.pid, <u64>record.a0, bytes(record), <usize>record.a1);
    case InputKind.SIGNAL:
      return signal(record.pid, a0);
    case InputKind.FAIL_ALLOCATION:
      setup_fault_attr(<FaultKind>a0, <u32>record.a1, <u32>record.a2);
      return 0;
    case InputKind.RESERVE_FD:
      return reserve_fd(record.pid, <i32>record.a0);
    case InputKind.CREATE_FILE:
      return flatfs_create(bytes(record), <u32>record.a2, <u64>record.a0, <u64>record.a1);
    case InputKind.FILL_FILE: {
      let length = <u32>record.a2;
      return flatfs_fill(bytes(record), length, <u64>record.a0, bytes(record) + length, <usize>record.a1);
    }
    case InputKind.RLIMIT_NOFILE:
      return limit_descriptors(record.pid, <u64>record.a0);
    case InputKind.WIRE_CONNECT:
      return wire.wire_connect(a0, <u32>record.a1, record.a2 != 0);
    case InputKind.WIRE_LISTEN:
      return wire.wire_listen(a0, record.a1 != 0);
    case InputKind.WIRE_SEND:
      return wire.wire_send(a0, bytes(record), <usize>record.a1);
    case InputKind.WIRE_SHUTDOWN:
      return wire.wire_shutdown(a0);
    case InputKind.WIRE_CLOSE:
      return wire.wire_close(a0);
    case InputKind.WIRE_RESET:
      return wire.wire_reset(a0);
    case InputKind.WIRE_WINDOW:
      return wire.wire_window(a0, <u32>record.a1);
    case InputKind.WIRE_DROP:
      return wire.wire_drop(a0 != 0, <u32>record.a1);
    case InputKind.DISK_FAULT:
      return flatfs_fail_next(bytes(record), <u32>record.a4, a0, <u64>record.a1, <u64>record.a2, <u32>record.a3);
    case InputKind.WIRE_TIMER:
      return host_timer_start(<u64>record.a0, <u32>record.a1);
    default:
      return -Errno.EINVAL;
  }
}

/**
 * Takes the inputs of a stretch of journal, one after the other.
 *
 * @returns  what the last one answered.
 */
export function replay(address: usize, length: usize): i32 {
  let end = address + length;
  let answer = 0;
  while (address < end) {
    let record = changetype<InputRecord>(address);
    answer = input(record);
    address += record.size;
  }
  return answer;
}
