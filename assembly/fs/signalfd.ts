import { CacheType } from "../include/mm_types";
import { Errno } from "../include/errno";
import { File, FileKind, FMode, Poll, PollTable } from "../include/fs";
import { IovIter } from "../include/uio";
import { OpenFlags } from "../include/fcntl";
import { SIGSET_SIZE, Siginfo, Signal, sigmask } from "../include/signal";
import { TaskStruct } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { WaitQueueHead } from "../include/wait";
import { alloc_file, fd_install, fdget, fdput, get_unused_fd_flags, put_unused_fd } from "./file";
import { alloc_fops, fs_state } from "./internal";
import { copy_from_user } from "../mm/uaccess";
import { copy_to_iter } from "../mm/iov_iter";
import { current } from "../kernel/sched";
import { dequeue_shared_signal, dequeue_signal, signals } from "../kernel/signal_queue";
import { do_wait_intr_irq, wake_up } from "../kernel/wait";
import { kernel } from "../include/kernel";
import { kmem_cache_create, kmem_cache_free, kmem_cache_zalloc } from "../mm/slab";
import { noop_llseek } from "./read_write";
import { poll_wait } from "./select";

/*
 * Signals as something to read. A signalfd has a set of signals and nothing else: what is read, and whether there is
 * anything, are the signals that wait for the task that asks. So an eventpoll watches those of the task that has added
 * the descriptor, and reports those of the task that waits. A ring's worker asks for the process that it works for.
 */

/** Size of a struct signalfd_siginfo. Unit: bytes. */
const SIGNALFD_SIGINFO: usize = 128;

/** @kernel struct signalfd_ctx, fs/signalfd.c */
@unmanaged
export class SignalfdCtx {
  /** Signals that are not read: bit n - 1 stands for signal n. */
  sigmask: u64;
}

/** Makes what signalfds need. */
export function signalfd_init(): void {
  let state = fs_state();
  state.signalfd_cache = kmem_cache_create(CacheType.SignalfdCtx, offsetof<SignalfdCtx>(), 8);
  let fops = alloc_fops(FileKind.SIGNALFD);
  fops.read_iter = signalfd_read_iter.index;
  fops.poll = signalfd_poll.index;
  fops.release = signalfd_release.index;
  fops.llseek = noop_llseek.index;
  state.signalfd_fops = fops;
}

/** The set that a file is. */
function file_signalfd(file: File): SignalfdCtx {
  return changetype<SignalfdCtx>(file.private_data);
}

/** Lays a struct signalfd_siginfo down in the buffer. @kernel signalfd_copyinfo(), fs/signalfd.c */
function signalfd_copyinfo(info: Siginfo): usize {
  let at = signals().buffer;
  memory.fill(at, 0, SIGNALFD_SIGINFO);
  store<u32>(at, info.signo);
  store<i32>(at, info.code, 8);
  if (info.band) {
    store<i32>(at, info.fd, 20);
    store<u32>(at, info.band, 28);
    return at;
  }
  store<u32>(at, info.pid, 12);
  if (info.signo == Signal.SIGCHLD && info.code > 0) store<i32>(at, info.status, 40);
  else {
    store<i32>(at, <i32>info.value, 44);
    store<u64>(at, info.value, 48);
  }
  return at;
}

/** Where a task is told of signals. */
function signalfd_wqh(task: TaskStruct): WaitQueueHead {
  let req = task.submitting_request;
  return req ? req.sighand!.signalfd_wqh : task.sighand.signalfd_wqh;
}

/** Takes a signal that waits for the task that asks, or for its process. @returns its number; 0: none. */
function take_signal(task: TaskStruct, blocked: u64, info: Siginfo): u32 {
  let req = task.submitting_request;
  if (!req) return dequeue_signal(task, blocked, info);
  let owner = req.owner;
  return owner ? dequeue_shared_signal(owner, blocked, info) : 0;
}

/** Signals that wait for the task that asks, or for its process. */
function waiting_signals(task: TaskStruct): u64 {
  let req = task.submitting_request;
  if (!req) return task.pending.signal | task.signal.shared_pending.signal;
  let owner = req.owner;
  return owner ? owner.signal.shared_pending.signal : 0;
}

/**
 * Takes as many signals as there is room for; waits for the first one.
 *
 * @returns  bytes; -EINVAL if there is no room for one; -EAGAIN; -EFAULT, and the signal is lost; SLEEPING.
 * @kernel signalfd_read_iter(), fs/signalfd.c
 */
function signalfd_read_iter(file: File, iter: IovIter): i64 {
  let task = current();
  let ctx = file_signalfd(file);
  enter(Tp.signalfd_read_iter, changetype<usize>(ctx), 0, 0);
  if (iter.count < SIGNALFD_SIGINFO) return leave<i64>(-Errno.EINVAL);
  let info = signals().taken;
  let total: i64 = 0;
  while (iter.count >= SIGNALFD_SIGINFO && take_signal(task, ctx.sigmask, info)) {
    if (copy_to_iter(signalfd_copyinfo(info), SIGNALFD_SIGINFO, iter) != SIGNALFD_SIGINFO) {
      return leave<i64>(total ? total : -Errno.EFAULT);
    }
    total += SIGNALFD_SIGINFO;
  }
  if (total) return leave(total);
  if (file.f_flags & OpenFlags.NONBLOCK && !task.restarting) return leave<i64>(-Errno.EAGAIN);
  return leave(do_wait_intr_irq(signalfd_wqh(task)));
}

/** What is true for the task that asks. @kernel signalfd_poll(), fs/signalfd.c */
function signalfd_poll(file: File, table: PollTable | null): u32 {
  // In an interrupt nobody asks, and threads of the kernel have no signals, but for workers at a request.
  let task = kernel.cpu.curr;
  if (!task || (task.kthread && !task.submitting_request)) return 0;
  let ctx = file_signalfd(file);
  enter(Tp.signalfd_poll, changetype<usize>(ctx), 0, 0);
  poll_wait(file, signalfd_wqh(task), table);
  return leave<u32>(waiting_signals(task) & ~ctx.sigmask ? Poll.IN : 0);
}

/** The last reference to a signalfd is gone. @kernel signalfd_release(), fs/signalfd.c */
function signalfd_release(file: File): i32 {
  kmem_cache_free(fs_state().signalfd_cache, file.private_data);
  return 0;
}

/** A new signalfd. @returns its descriptor; -EMFILE, -ENOMEM. */
function new_signalfd(mask: u64, flags: u32): i64 {
  let cache = fs_state().signalfd_cache;
  let address = kmem_cache_zalloc(cache);
  if (!address) return -Errno.ENOMEM;
  changetype<SignalfdCtx>(address).sigmask = mask;
  let fd = get_unused_fd_flags(flags & OpenFlags.CLOEXEC);
  if (fd < 0) {
    kmem_cache_free(cache, address);
    return fd;
  }
  let file_flags = OpenFlags.RDWR | (flags & OpenFlags.NONBLOCK);
  let file = alloc_file(fs_state().signalfd_fops, file_flags, FMode.READ | FMode.WRITE, address);
  if (!file) {
    put_unused_fd(fd);
    kmem_cache_free(cache, address);
    return -Errno.ENOMEM;
  }
  fd_install(fd, file);
  return fd;
}

/** Gives a signalfd another set. @returns its descriptor; -EBADF, -EINVAL. */
function change_signalfd(fd: i32, mask: u64): i64 {
  let file = fdget(fd);
  if (!file) return -Errno.EBADF;
  if (file.f_op.kind != FileKind.SIGNALFD) return fdput(file, -Errno.EINVAL);
  file_signalfd(file).sigmask = mask;
  wake_up(current().sighand.signalfd_wqh);
  return fdput(file, fd);
}

/** Makes or changes a signalfd. @kernel do_signalfd4(), fs/signalfd.c */
function do_signalfd4(fd: i32, address: u64, size: i64, flags: u32): i64 {
  if (size != SIGSET_SIZE) return -Errno.EINVAL;
  let at = signals().buffer;
  if (copy_from_user(at, address, <usize>SIGSET_SIZE)) return -Errno.EFAULT;
  if (flags & ~(OpenFlags.CLOEXEC | OpenFlags.NONBLOCK)) return -Errno.EINVAL;
  enter(Tp.do_signalfd4, fd, flags, 0);
  let mask = ~(load<u64>(at) & ~(sigmask(Signal.SIGKILL) | sigmask(Signal.SIGSTOP)));
  return leave(fd == -1 ? new_signalfd(mask, flags) : change_signalfd(fd, mask));
}

/** signalfd(2), the system call without flags. */
export function sys_signalfd(): i64 {
  let task = current();
  return do_signalfd4(<i32>task.di, <u64>task.si, task.dx, 0);
}

/** signalfd(2), as the library function makes it. */
export function sys_signalfd4(): i64 {
  let task = current();
  return do_signalfd4(<i32>task.di, <u64>task.si, task.dx, <u32>task.r10);
}
