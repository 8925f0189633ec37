import { Errno } from "../include/errno";
import { File, FilesStruct, FMode, Poll, PollTable } from "../include/fs";
import { KTIME_MAX } from "../include/time";
import { NEVER_SLEEP, poll_freewait, poll_initwait, poll_schedule_timeout } from "./poll_wqueues";
import { PollWqueues } from "../include/poll";
import { SLEEPING, TaskStruct } from "../include/sched";
import { TimeoutKind, get_timeval, poll_select_finish, poll_select_set_timeout } from "./poll_timeout";
import { Tp, enter, leave } from "../include/trace";
import { WaitQueueHead } from "../include/wait";
import { copy_from_user, copy_to_user } from "../mm/uaccess";
import { current, signal_pending } from "../kernel/sched";
import { files_lookup_fd } from "./fdtable";
import { fs_state } from "./internal";
import { get_timespec } from "../kernel/sys";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";
import { set_user_sigmask } from "../kernel/signal";

/** What files without a poll method answer: always ready. @kernel DEFAULT_POLLMASK, include/linux/poll.h */
export const DEFAULT_POLLMASK: u32 = Poll.IN | Poll.OUT | Poll.RDNORM | Poll.WRNORM;

/** What makes a descriptor readable for select(). @kernel POLLIN_SET, fs/select.c */
const POLLIN_SET: u32 = Poll.RDNORM | Poll.RDBAND | Poll.IN | Poll.HUP | Poll.ERR | Poll.NVAL;
/** What makes it writable. @kernel POLLOUT_SET, fs/select.c */
const POLLOUT_SET: u32 = Poll.WRBAND | Poll.WRNORM | Poll.OUT | Poll.ERR | Poll.NVAL;
/** What makes it exceptional. @kernel POLLEX_SET, fs/select.c */
const POLLEX_SET: u32 = Poll.PRI | Poll.NVAL;

/**
 * Called by poll methods for every wait queue that will tell of a change: whoever asks can hang itself in there.
 *
 * @param table  null if the caller only asks.
 * @kernel poll_wait(), include/linux/poll.h
 */
export function poll_wait(file: File, head: WaitQueueHead, table: PollTable | null): void {
  if (table && table.qproc) call_indirect<void>(table.qproc, file, head, table);
}

/** Whether a file's readiness can change. @kernel file_can_poll(), include/linux/poll.h */
export function file_can_poll(file: File): bool {
  return file.f_op.poll != 0;
}

/**
 * What is true of a file now.
 *
 * @param table  how to remember the wait queues that will tell of a change; null: not at all.
 * @returns      Poll bits.
 * @kernel vfs_poll(), include/linux/poll.h
 */
export function vfs_poll(file: File, table: PollTable | null): u32 {
  kernel.counters.polls++;
  // A request for asynchronous I/O may ask in an interrupt.
  let task = kernel.cpu.curr;
  if (task) task.counters.polls++;
  let poll = file.f_op.poll;
  return poll ? call_indirect<u32>(poll, file, table) : DEFAULT_POLLMASK;
}

/** The sets of a call, in the order in which they lie in memory. */
enum FdSet {
  IN = 0,
  OUT = 1,
  EX = 2,
  RES_IN = 3,
  RES_OUT = 4,
  RES_EX = 5,
}

/** Bits of a set, in a word. */
const BITS_PER_WORD: u32 = 64;

/** Address of the word of a set in which a descriptor has its bit. */
function word(pwq: PollWqueues, set: FdSet, fd: u32): usize {
  return pwq.sets + <usize>set * pwq.set_size + ((<usize>fd / BITS_PER_WORD) << 3);
}

/** What the program has asked about, of all three kinds, in one word. */
function asked(pwq: PollWqueues, fd: u32): u64 {
  return load<u64>(word(pwq, FdSet.IN, fd)) | load<u64>(word(pwq, FdSet.OUT, fd)) | load<u64>(word(pwq, FdSet.EX, fd));
}

/** Copies the program's sets in; those that it did not give are empty. @returns 0, -ENOMEM, -EFAULT. */
function get_fd_sets(task: TaskStruct, pwq: PollWqueues): i32 {
  // Nothing is to be asked about, but select() with empty sets is a way to sleep.
  pwq.sets = kzalloc(max<usize>(pwq.set_size * 6, 8));
  if (!pwq.sets) return -Errno.ENOMEM;
  if (!get_fd_set(pwq, task.si, FdSet.IN)) return -Errno.EFAULT;
  if (!get_fd_set(pwq, task.dx, FdSet.OUT)) return -Errno.EFAULT;
  return get_fd_set(pwq, task.r10, FdSet.EX) ? 0 : -Errno.EFAULT;
}

/** Copies one set in. @returns whether that was possible. @kernel get_fd_set(), include/linux/poll.h */
function get_fd_set(pwq: PollWqueues, from: u64, set: FdSet): bool {
  return !from || !copy_from_user(word(pwq, set, 0), from, pwq.set_size);
}

/** Copies one set out, if the program gave it. @returns whether that was possible. @kernel set_fd_set(), linux/poll.h */
function set_fd_set(pwq: PollWqueues, to: u64, set: FdSet): bool {
  return !to || !copy_to_user(to, word(pwq, set, 0), pwq.set_size);
}

/**
 * The greatest descriptor in the sets, and 1. Each must be open.
 *
 * @returns  it, or -EBADF. @kernel max_select_fd(), fs/select.c
 */
function max_select_fd(files: FilesStruct, pwq: PollWqueues, n: u32): i32 {
  let most = 0;
  for (let fd: u32 = 0; fd < n; fd += BITS_PER_WORD) {
    let bits = asked(pwq, fd);
    if (n - fd < BITS_PER_WORD) bits &= ((<u64>1) << (n - fd)) - 1;
    if (!bits) continue;
    if (bits & ~load<u64>(files.open_fds + ((<usize>(fd / BITS_PER_WORD)) << 3))) return -Errno.EBADF;
    most = <i32>(fd + BITS_PER_WORD - <u32>clz(bits));
  }
  return most;
}

/** Asks the file of one descriptor what is true of it. @kernel select_poll_one(), fs/select.c */
function select_poll_one(pwq: PollWqueues, fd: u32, bit: u64): u32 {
  enter(Tp.select_poll_one, fd, 0, 0);
  let file = files_lookup_fd(pwq.polling_task.files, fd);
  if (!file || file.f_mode & FMode.PATH) return leave<u32>(Poll.NVAL);
  let key = POLLEX_SET;
  if (load<u64>(word(pwq, FdSet.IN, fd)) & bit) key |= POLLIN_SET;
  if (load<u64>(word(pwq, FdSet.OUT, fd)) & bit) key |= POLLOUT_SET;
  pwq.pt.key = key;
  return leave(vfs_poll(file, pwq.pt));
}

/** Notes in the answer what is true of a descriptor, if the program asked for it. @returns 1 if so, otherwise 0. */
function note(pwq: PollWqueues, wanted: FdSet, answer: FdSet, fd: u32, bit: u64): i32 {
  if (!(load<u64>(word(pwq, wanted, fd)) & bit)) return 0;
  let at = word(pwq, answer, fd);
  store<u64>(at, load<u64>(at) | bit);
  pwq.pt.qproc = 0;
  return 1;
}

/** Asks about every descriptor in the sets. @returns how many bits of the answer are set. */
function select_all(pwq: PollWqueues): i32 {
  let count = 0;
  for (let first: u32 = 0; first < pwq.nfds; first += BITS_PER_WORD) {
    let bits = asked(pwq, first);
    for (; bits; bits &= bits - 1) {
      let fd = first + <u32>ctz(bits);
      if (fd >= pwq.nfds) break;
      let bit = (<u64>1) << (fd & (BITS_PER_WORD - 1));
      let mask = select_poll_one(pwq, fd, bit);
      if (mask & POLLIN_SET) count += note(pwq, FdSet.IN, FdSet.RES_IN, fd, bit);
      if (mask & POLLOUT_SET) count += note(pwq, FdSet.OUT, FdSet.RES_OUT, fd, bit);
      if (mask & POLLEX_SET) count += note(pwq, FdSet.EX, FdSet.RES_EX, fd, bit);
    }
  }
  pwq.pt.qproc = 0;
  return count;
}

/**
 * Asks about every descriptor until one is ready, the time is over, or a signal comes.
 *
 * @param deadline  ns since boot; KTIME_MAX: none; NEVER_SLEEP.
 * @returns         number of bits that are set in the answer; -ENOMEM; -ERESTARTNOHAND; SLEEPING.
 * @kernel do_select(), fs/select.c
 */
function do_select(pwq: PollWqueues, deadline: u64): i64 {
  let task = current();
  enter(Tp.do_select, changetype<usize>(pwq), pwq.nfds, 0);
  while (true) {
    let count = <i64>select_all(pwq);
    if (count) return leave(count);
    if (signal_pending(task)) return leave<i64>(-Errno.ERESTARTNOHAND);
    if (task.timed_out || deadline == NEVER_SLEEP) return leave<i64>(0);
    if (pwq.error) return leave<i64>(pwq.error);
    if (poll_schedule_timeout(pwq, deadline) == SLEEPING) return leave(SLEEPING);
  }
}

/** The beginning of a call: its sets are copied in and looked at. @returns 0, -ENOMEM, -EFAULT, -EBADF. */
function begin_select(task: TaskStruct, pwq: PollWqueues): i32 {
  let files = task.files;
  // What lies beyond the table cannot be open: nobody looks at it.
  let n = min(<u32>task.di, files.max_fds);
  pwq.set_size = ((n + BITS_PER_WORD - 1) / BITS_PER_WORD) << 3;
  let error = get_fd_sets(task, pwq);
  if (error) return error;
  let most = max_select_fd(files, pwq, n);
  if (most < 0) return most;
  pwq.nfds = most;
  if (task.done == NEVER_SLEEP) pwq.pt.qproc = 0;
  return 0;
}

/** The end of a call: the program is given the answer, unless the call failed. @returns the result, or -EFAULT. */
function end_select(task: TaskStruct, pwq: PollWqueues, result: i64): i64 {
  if (result >= 0) {
    let copied = set_fd_set(pwq, task.si, FdSet.RES_IN);
    copied = copied && set_fd_set(pwq, task.dx, FdSet.RES_OUT);
    copied = copied && set_fd_set(pwq, task.r10, FdSet.RES_EX);
    if (!copied) result = -Errno.EFAULT;
  }
  poll_freewait(task);
  return result;
}

/** select(2) and pselect6(2), with the deadline in TaskStruct.done. @kernel core_sys_select(), fs/select.c */
function core_sys_select(): i64 {
  let task = current();
  let pwq = task.poll_wqueues;
  let error = 0;
  if (pwq) {
    pwq.triggered = 0;
    enter(Tp.core_sys_select, <usize>task.di, 1, 0);
  } else {
    if (<i32>task.di < 0) return -Errno.EINVAL;
    pwq = poll_initwait();
    if (!pwq) return -Errno.ENOMEM;
    enter(Tp.core_sys_select, <usize>task.di, 0, 0);
    error = begin_select(task, pwq);
  }
  let result = error ? <i64>error : do_select(pwq, task.done);
  if (result != SLEEPING) result = end_select(task, pwq, result);
  return leave(result);
}

/** select(2). */
export function sys_select(): i64 {
  let task = current();
  if (!task.restarting) {
    let timeout = task.r8 ? get_timeval(task.r8) : <i64>KTIME_MAX;
    if (timeout < 0) return timeout;
    task.done = task.r8 ? poll_select_set_timeout(timeout) : KTIME_MAX;
  }
  return poll_select_finish(task.r8, TimeoutKind.TIMEVAL, core_sys_select());
}

/** What pselect6(2) is given as its sixth argument is looked at, and the signal mask is set. @returns 0 or -errno. */
function set_packed_sigmask(pack: u64, timeout: i64): i32 {
  let at = fs_state().words;
  if (pack && copy_from_user(at, pack, 16)) return -Errno.EFAULT;
  if (timeout < 0) return <i32>timeout;
  return pack ? set_user_sigmask(load<u64>(at), load<i64>(at, 8)) : 0;
}

/** pselect6(2). The sixth argument points at the address and the size of a set of signals. */
export function sys_pselect6(): i64 {
  let task = current();
  if (!task.restarting) {
    let timeout = task.r8 ? get_timespec(task.r8) : <i64>KTIME_MAX;
    // The set of signals is copied in first, and its errors come first.
    let error = set_packed_sigmask(task.r9, timeout);
    if (error) return error;
    task.done = task.r8 ? poll_select_set_timeout(timeout) : KTIME_MAX;
  }
  return poll_select_finish(task.r8, TimeoutKind.TIMESPEC, core_sys_select());
}
