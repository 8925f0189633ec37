import { Errno } from "../include/errno";
import { Hrtimer } from "../include/time";
import { ListHead } from "../include/list";
import { RbNode } from "../include/rbtree_types";
import { TaskMode, TaskStruct } from "../include/sched";
import { vm_buffer } from "../mm/mmap";
import { PAGE_SIZE } from "../include/mm_types";
import { access_ok } from "../mm/uaccess";
import { copy_process, find_task } from "../kernel/fork";
import { Signal, SiCode } from "../include/signal";
import { bring_in, interrupt } from "./entry";
import { prepare_info, valid_signal } from "../kernel/signal_queue";
import { leave_to_host, send_signal_locked } from "../kernel/signal";
import { hardware_timer_init, hrtimer_start } from "../kernel/time";
import { kernel } from "../include/kernel";
import { kfree, kzalloc } from "../mm/slab";
import { peek, readable, translate } from "../mm/memory";
import { reserve_fd } from "../fs/file";
import { set_rlimit_nofile } from "../kernel/rlimit";

/*
 * What the host can do besides system calls: make tasks, give them memory, read and write it, and ask for the word at
 * a time. All but the reading are inputs.
 */

/** A time at which the host wants the word. */
@unmanaged
export class HostTimer {
  // struct hrtimer timer
  timer_node_parent_color: usize;
  timer_node_right: RbNode | null;
  timer_node_left: RbNode | null;
  timer_func: u16;
  timer_queued: u8;
  timer_kind: u8;
  timer_expires: u64;
  /** The host's own number for it. */
  id: u32;
  // struct list_head link
  link_next: ListHead;
  link_prev: ListHead;

  /** Its place in the tree of timers. */
  @embed @inline get timer(): Hrtimer {
    return changetype<Hrtimer>(changetype<usize>(this) + offsetof<HostTimer>("timer_node_parent_color"));
  }
  /** Links it, once it has gone off, into the list of those that the host has not been told of. */
  @embed @inline get link(): ListHead {
    return changetype<ListHead>(changetype<usize>(this) + offsetof<HostTimer>("link_next"));
  }
}

/** Makes the empty list of timers that went off. */
export function host_init(): void {
  kernel.host_timers = changetype<ListHead>(kzalloc(offsetof<ListHead>()));
  kernel.host_timers.init();
}

/** The host wants the word at a time. @returns 0 or -ENOMEM. */
export function host_timer_start(at: u64, id: u32): i32 {
  let address = kzalloc(offsetof<HostTimer>());
  if (!address) return -Errno.ENOMEM;
  let timer = changetype<HostTimer>(address);
  timer.id = id;
  timer.link.init();
  hardware_timer_init(timer.timer, host_timer_fired.index);
  hrtimer_start(timer.timer, at);
  return 0;
}

/** A timer of the host goes off. */
function host_timer_fired(timer: Hrtimer): void {
  let at = changetype<usize>(timer) - offsetof<HostTimer>("timer_node_parent_color");
  kernel.host_timers.add_tail(changetype<HostTimer>(at).link);
}

/** True if a timer of the host went off that it has not been told of. */
export function host_timer_pending(): bool {
  return !kernel.host_timers.empty;
}

/** The host is told of the oldest timer that went off: its number becomes Kernel.result. */
export function host_timer_take(): void {
  let link = kernel.host_timers.next;
  link.del();
  let at = changetype<usize>(link) - offsetof<HostTimer>("link_next");
  kernel.result = <f64>changetype<HostTimer>(at).id;
  kfree(at);
}

/** Descriptors that a new process has from the start: standard input, output and error, outside the machine. */
const STANDARD_DESCRIPTORS: i32 = 3;

/**
 * Makes a task for the host.
 *
 * A task with fresh tables has descriptors 0, 1 and 2, as a process that a shell starts; an adopted one has none, because
 * its host knows better (see reserve_fd()).
 *
 * @param parent  number of the task whose tables it shares or copies; 0: fresh ones.
 * @param name    16 bytes of text.
 * @returns       its number, -ESRCH, -ENOMEM.
 */
export function spawn(parent: i32, flags: u32, adopted: bool, name: usize): i32 {
  let from: TaskStruct | null = null;
  if (parent) {
    from = living(parent);
    if (!from) return -Errno.ESRCH;
  }
  let pid = copy_process(from, flags | Signal.SIGCHLD, adopted);
  if (pid < 0) return pid;
  let task = find_task(pid)!;
  task.host_made = 1;
  task.comm_0 = load<u64>(name);
  task.comm_8 = load<u64>(name, 8);
  if (from || adopted) return pid;
  // Without memory for them they are closed, which a process can be born with as well.
  for (let fd = 0; fd < STANDARD_DESCRIPTORS; fd++) reserve_fd(pid, fd);
  return pid;
}

/** The task with a number, if it has not ended. */
function living(pid: i32): TaskStruct | null {
  let task = find_task(pid);
  return task && changetype<usize>(task.mm) ? task : null;
}

/** True if a task is one that is outside, in user mode, and may hand in a system call. */
export function may_submit(pid: i32): bool {
  let task = living(pid);
  return task !== null && task.adopted != 0 && task.mode == TaskMode.USER;
}

/**
 * A signal comes from outside to the process of a task, to this task first. One that is outside takes it at once.
 *
 * @returns  0, -ESRCH, -EINVAL, -EAGAIN.
 */
export function signal(pid: i32, number: u32): i32 {
  let task = living(pid);
  if (!task) return -Errno.ESRCH;
  if (!valid_signal(number)) return -Errno.EINVAL;
  if (number && task.adopted) leave_to_host(task, number);
  let error = number ? send_signal_locked(prepare_info(number, SiCode.SI_USER, 0), task, true) : 0;
  if (task.sigpending && task.adopted && task.mode == TaskMode.USER) {
    bring_in(task);
    interrupt(task);
  }
  return error;
}

/** Gives a task another limit of descriptors. @returns 0, -ESRCH, -EPERM above what it may have. */
export function limit_descriptors(pid: i32, limit: u64): i32 {
  let task = living(pid);
  return task ? set_rlimit_nofile(task.files, limit, limit) : -Errno.ESRCH;
}

/** Maps new memory for a task. Unit: bytes. @returns the user address, -ESRCH, -EINVAL, -ENOMEM. */
export function user_alloc(pid: i32, length: u64): i64 {
  let task = living(pid);
  return task ? vm_buffer(task.mm, length) : -Errno.ESRCH;
}

/** Writes into a task's memory. @returns how many bytes could be written. */
export function user_store(pid: i32, address: u64, from: usize, n: usize): usize {
  let task = living(pid);
  if (!task || !access_ok(address, n)) return 0;
  let done: usize = 0;
  while (done < n) {
    let at = translate(task.mm, address + done, true);
    if (!at) break;
    let part = min(n - done, PAGE_SIZE - (at & (PAGE_SIZE - 1)));
    memory.copy(at, from + done, part);
    done += part;
  }
  return done;
}

/** Reads a task's memory, and changes nothing: pages that are not there yet read as zeros. @returns bytes read. */
export function user_load(pid: i32, address: u64, to: usize, n: usize): usize {
  let task = living(pid);
  if (!task || !access_ok(address, n)) return 0;
  let done: usize = 0;
  while (done < n) {
    let here = address + done;
    let part = min(n - done, PAGE_SIZE - <usize>(here & (PAGE_SIZE - 1)));
    let at = peek(task.mm, here);
    if (at) memory.copy(to + done, at, part);
    else if (readable(task.mm, here)) memory.fill(to + done, 0, part);
    else break;
    done += part;
  }
  return done;
}
