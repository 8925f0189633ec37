import { CacheType } from "../include/mm_types";
import { CloneFlags, TaskMode, TaskStruct } from "../include/sched";
import { Counters } from "../include/counters";
import { Errno } from "../include/errno";
import { FilesStruct } from "../include/fs";
import { IovIter } from "../include/uio";
import { SIGHAND_SIZE, SIG_IGN, SighandStruct, Signal, SignalStruct, sigaction_of } from "../include/signal";
import { MmStruct } from "../include/mm_struct";
import { Tp, enter, leave } from "../include/trace";
import { XArray } from "../include/xarray_types";
import { xa_load, xa_store } from "../lib/xarray";
import { dup_mmap, mm_alloc, mmput } from "../mm/mmap";
import { hrtimer_init } from "./time";
import { cpu_of, enqueue_task, hrtimer_wakeup, sched } from "./sched";
import { flush_sigqueue_mask, signals } from "./signal_queue";
import { init_waitqueue_head, wake_up_pollfree } from "./wait";
import { kernel } from "../include/kernel";
import { kfree, kmem_cache_create, kmem_cache_free, kmem_cache_zalloc, kzalloc } from "../mm/slab";

/** The bits of a clone's flags that say which signal tells the parent of its end. @kernel CSIGNAL, uapi/linux/sched.h */
const CSIGNAL: u32 = 0xff;

/** What tasks need of a floor above: descriptor tables. Indices into the function table, set by the file system. */
@unmanaged
export class FilesOperations {
  /** () => FilesStruct | null: a new, empty table. */
  alloc: u32;
  /** (FilesStruct) => FilesStruct | null: a copy of a table. */
  dup: u32;
  /** (FilesStruct) => void: gives up one use of a table. */
  put: u32;
  /** (PipeInodeInfo) => void: frees the pipe that a task has moved pages through. */
  free_pipe: u32;
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

/** Tells how the pipe of a task is freed. */
export function register_free_pipe(free_pipe: u32): void {
  files_operations().free_pipe = free_pipe;
}

/** A task gives the pipe up that it has moved pages through. @kernel do_exit(), kernel/exit.c */
export function exit_splice_pipe(task: TaskStruct): void {
  if (!task.splice_pipe) return;
  call_indirect<void>(files_operations().free_pipe, task.splice_pipe);
  task.splice_pipe = 0;
}

/** The task with a number, or null. @kernel find_task_by_vpid(), kernel/pid.c */
export function find_task(pid: u32): TaskStruct | null {
  return changetype<TaskStruct | null>(xa_load(sched().pids, pid));
}

/** A task with nothing but its own memory; null when memory is exhausted. @kernel dup_task_struct(), kernel/fork.c */
export function dup_task_struct(): TaskStruct | null {
  let at = kmem_cache_zalloc(sched().task_cachep);
  if (!at) return null;
  let task = changetype<TaskStruct>(at);
  let counters = kzalloc(offsetof<Counters>());
  let iter = kzalloc(offsetof<IovIter>());
  task.counters = changetype<Counters>(counters);
  task.iter = changetype<IovIter>(iter);
  task.tasks.init();
  task.run_list.init();
  task.task_works.init();
  task.wait.entry.init();
  task.children.init();
  task.sibling.init();
  task.thread_node.init();
  task.pending.list.init();
  hrtimer_init(task.timer, hrtimer_wakeup.index);
  if (counters && iter) return task;
  free_task(task);
  return null;
}

/** Frees a task that never ran, or of which nothing is to be left. @kernel free_task(), kernel/fork.c */
export function free_task(task: TaskStruct): void {
  for (let id: u32 = 0; id < kernel.nr_cpus; id++) if (cpu_of(id).last === task) cpu_of(id).last = null;
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

/** A task gives its descriptors up. @kernel exit_files(), fs/file.c */
export function exit_files(task: TaskStruct): void {
  call_indirect<void>(files_operations().put, task.files);
}

/**
 * What the new task does with signals. One that has no parent ignores SIGPIPE, as the programs of most runtimes do:
 * writing to what nobody reads then answers -EPIPE.
 *
 * @kernel copy_sighand(), kernel/fork.c
 */
function copy_sighand(parent: TaskStruct | null, flags: u32): SighandStruct | null {
  if (parent && flags & CloneFlags.SIGHAND) {
    parent.sighand.count++;
    return parent.sighand;
  }
  let at = kmem_cache_zalloc(signals().sighand_cachep);
  if (!at) return null;
  let sighand = changetype<SighandStruct>(at);
  if (parent) memory.copy(at, changetype<usize>(parent.sighand), SIGHAND_SIZE);
  else sigaction_of(sighand, Signal.SIGPIPE).handler = SIG_IGN;
  sighand.count = 1;
  init_waitqueue_head(sighand.signalfd_wqh);
  return sighand;
}

/** A task no longer needs its SighandStruct: whoever watches it is told. @kernel __cleanup_sighand(), kernel/fork.c */
export function put_sighand(sighand: SighandStruct): void {
  if (--sighand.count) return;
  wake_up_pollfree(sighand.signalfd_wqh);
  kmem_cache_free(signals().sighand_cachep, changetype<usize>(sighand));
}

/** What the new task shares with the other threads of its process. @kernel copy_signal(), kernel/fork.c */
function copy_signal(parent: TaskStruct | null, flags: u32): SignalStruct | null {
  if (parent && flags & CloneFlags.THREAD) return parent.signal;
  let at = kmem_cache_zalloc(signals().signal_cachep);
  if (!at) return null;
  let signal = changetype<SignalStruct>(at);
  signal.shared_pending.list.init();
  signal.threads.init();
  init_waitqueue_head(signal.wait_chldexit);
  return signal;
}

/** A thread is gone from its process; the last one takes what they had in common along. */
export function put_signal(signal: SignalStruct): void {
  if (signal.count && --signal.count) return;
  flush_sigqueue_mask(signal.shared_pending, u64.MAX_VALUE);
  kmem_cache_free(signals().signal_cachep, changetype<usize>(signal));
}

/** The new task becomes one of its process's threads, and a child. */
function join(task: TaskStruct, parent: TaskStruct | null, flags: u32): void {
  let signal = task.signal;
  if (!signal.count) {
    signal.leader = task;
    signal.curr_target = task;
    signal.pgrp = parent ? parent.signal.pgrp : task.pid;
  }
  signal.count++;
  signal.live++;
  signal.threads.add_tail(task.thread_node);
  task.exit_signal = flags & CloneFlags.THREAD ? -1 : <i32>(flags & CSIGNAL);
  if (!parent) return;
  task.blocked = parent.blocked;
  task.parent = flags & CloneFlags.THREAD ? parent.parent : parent;
  if (task.parent && !(flags & CloneFlags.THREAD)) task.parent!.children.add_tail(task.sibling);
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
  enter(Tp.copy_process, changetype<usize>(task), flags & ~CSIGNAL, 0);
  let pid = sched().last_pid + 1;
  let files = copy_files(parent, flags);
  let mm = files ? copy_mm(parent, flags) : null;
  let sighand = mm ? copy_sighand(parent, flags) : null;
  let signal = sighand ? copy_signal(parent, flags) : null;
  if (!files || !mm || !sighand || !signal || xa_store(sched().pids, pid, changetype<usize>(task)) < 0) {
    if (signal && !(flags & CloneFlags.THREAD)) put_signal(signal);
    if (sighand) put_sighand(sighand);
    if (mm) mmput(mm);
    if (files) call_indirect<void>(files_operations().put, files);
    free_task(task);
    return leave(-Errno.ENOMEM);
  }
  sched().last_pid = pid;
  task.pid = pid;
  task.tgid = parent && flags & CloneFlags.THREAD ? parent.tgid : pid;
  task.files = files;
  task.mm = mm;
  task.sighand = sighand;
  task.signal = signal;
  join(task, parent, flags);
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
