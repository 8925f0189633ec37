import { CacheType } from "../include/mm_types";
import { CloneFlags, SLEEPING, TaskMode, TaskState, TaskStruct } from "../include/sched";
import { Counters } from "../include/counters";
import { Errno } from "../include/errno";
import { FilesStruct } from "../include/fs";
import { IovIter } from "../include/uio";
import { MmStruct } from "../include/mm_struct";
import { Tp, enter, leave } from "../include/trace";
import { XArray, xa_load, xa_store } from "../lib/xarray";
import { dup_mmap, mm_alloc, mmput } from "../mm/mmap";
import { hrtimer_init } from "./time";
import { hrtimer_wakeup, current, enqueue_task, sched } from "./sched";
import { kernel } from "../include/kernel";
import { kfree, kmem_cache_create, kmem_cache_free, kmem_cache_zalloc, kzalloc } from "../mm/slab";

/** What tasks need of a floor above: descriptor tables. Indices into the function table, set by the file system. */
@unmanaged
export class FilesOperations {
  /** () => FilesStruct | null: a new, empty table. */
  alloc: u32;
  /** (FilesStruct) => FilesStruct | null: a copy of a table. */
  dup: u32;
  /** (FilesStruct) => void: gives up one use of a table. */
  put: u32;
}

/** The hooks of the file system. */
function files_operations(): FilesOperations {
  return changetype<FilesOperations>(kernel.files_operations);
}

/** Makes the cache of tasks. @kernel fork_init(), kernel/fork.c */
export function fork_init(): void {
  kernel.files_operations = kzalloc(offsetof<FilesOperations>());
  sched().task_cachep = kmem_cache_create(CacheType.TaskStruct, offsetof<TaskStruct>(), 8);
  sched().pids = changetype<XArray>(kzalloc(offsetof<XArray>()));
}

/** Tells how descriptor tables are made, copied and given up. */
export function register_files_operations(alloc: u32, dup: u32, put: u32): void {
  let operations = files_operations();
  operations.alloc = alloc;
  operations.dup = dup;
  operations.put = put;
}

/** The task with a number, or null. @kernel find_task_by_vpid(), kernel/pid.c */
export function find_task(pid: u32): TaskStruct | null {
  return changetype<TaskStruct | null>(xa_load(sched().pids, pid));
}

/** A task with nothing but its own memory; null when memory is exhausted. */
function dup_task_struct(): TaskStruct | null {
  let at = kmem_cache_zalloc(sched().task_cachep);
  if (!at) return null;
  let task = changetype<TaskStruct>(at);
  let counters = kzalloc(offsetof<Counters>());
  let iter = kzalloc(offsetof<IovIter>());
  task.counters = changetype<Counters>(counters);
  task.iter = changetype<IovIter>(iter);
  task.tasks.init();
  task.run_list.init();
  task.wait.entry.init();
  hrtimer_init(task.timer, hrtimer_wakeup.index);
  if (counters && iter) return task;
  free_task(task);
  return null;
}

/** Frees a task that never ran. */
function free_task(task: TaskStruct): void {
  if (changetype<usize>(task.counters)) kfree(changetype<usize>(task.counters));
  if (changetype<usize>(task.iter)) kfree(changetype<usize>(task.iter));
  kmem_cache_free(sched().task_cachep, changetype<usize>(task));
}

/** The new task's descriptor table. @kernel copy_files(), kernel/fork.c */
function copy_files(parent: TaskStruct | null, flags: u32): FilesStruct | null {
  if (!parent) return call_indirect<FilesStruct | null>(files_operations().alloc);
  if (!(flags & CloneFlags.FILES)) return call_indirect<FilesStruct | null>(files_operations().dup, parent.files);
  parent.files.count++;
  return parent.files;
}

/** The new task's address space. @kernel copy_mm(), kernel/fork.c */
function copy_mm(parent: TaskStruct | null, flags: u32): MmStruct | null {
  if (parent && flags & CloneFlags.VM) {
    parent.mm.users++;
    return parent.mm;
  }
  let mm = mm_alloc();
  if (mm && parent && dup_mmap(mm, parent.mm)) {
    mmput(mm);
    return null;
  }
  return mm;
}

/**
 * Makes a task.
 *
 * @param parent  whose tables it shares or copies, as the CloneFlags say; null: it gets fresh ones.
 * @returns       its number, or -ENOMEM.
 * @kernel copy_process(), kernel/fork.c
 */
export function copy_process(parent: TaskStruct | null, flags: u32, adopted: bool): i32 {
  let task = dup_task_struct();
  if (!task) return -Errno.ENOMEM;
  enter(Tp.copy_process, changetype<usize>(task), flags, 0);
  let pid = sched().last_pid + 1;
  let files = copy_files(parent, flags);
  let mm = files ? copy_mm(parent, flags) : null;
  if (!files || !mm || xa_store(sched().pids, pid, changetype<usize>(task)) < 0) {
    if (mm) mmput(mm);
    if (files) call_indirect<void>(files_operations().put, files);
    free_task(task);
    return leave(-Errno.ENOMEM);
  }
  sched().last_pid = pid;
  task.pid = pid;
  task.tgid = parent && flags & CloneFlags.THREAD ? parent.tgid : pid;
  task.parent = parent;
  task.files = files;
  task.mm = mm;
  task.orig_ax = -1;
  task.mode = TaskMode.USER;
  task.adopted = adopted ? 1 : 0;
  if (parent) {
    task.comm_0 = parent.comm_0;
    task.comm_8 = parent.comm_8;
  }
  sched().tasks.add_tail(task.tasks);
  task.ready_at = kernel.cpu.clock;
  if (!adopted) enqueue_task(task);
  return leave(<i32>pid);
}

/**
 * Ends the task that runs: its descriptors are closed and its memory is given back.
 *
 * @kernel do_exit(), kernel/exit.c
 */
export function do_exit(code: i32): i64 {
  let task = current();
  enter(Tp.do_exit, changetype<usize>(task), code, 0);
  call_indirect<void>(files_operations().put, task.files);
  mmput(task.mm);
  task.files = changetype<FilesStruct>(0);
  task.mm = changetype<MmStruct>(0);
  task.exit_code = code;
  task.state = TaskState.ZOMBIE;
  return leave(SLEEPING);
}
