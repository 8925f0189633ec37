import { Nr } from "../include/unistd";
import { kernel } from "../include/kernel";
import { kzalloc } from "../mm/slab";
import * as madvise from "../mm/madvise";
import * as mincore from "../mm/mincore";
import * as mlock from "../mm/mlock";
import * as mmap from "../mm/mmap_calls";
import * as mprotect from "../mm/mprotect";
import * as mremap from "../mm/mremap";
import * as msync from "../mm/msync";
import * as task from "../kernel/sys";
import * as exit from "../kernel/exit";
import * as signal from "../kernel/signal_calls";
import * as delivery from "../kernel/signal_deliver";
import * as file from "../fs/file";
import * as fcntl from "../fs/fcntl";
import * as ioctl from "../fs/ioctl";
import * as aio from "../fs/aio";
import * as aio_events from "../fs/aio_events";
import * as aio_submit from "../fs/aio_submit";
import * as fadvise from "../fs/fadvise";
import * as preadv from "../fs/preadv";
import * as truncate from "../fs/truncate";
import * as read_write from "../fs/read_write";
import * as eventpoll from "../fs/eventpoll";
import * as pipe from "../fs/pipe";
import * as splice from "../fs/splice";
import * as vmsplice from "../fs/vmsplice";
import * as sendfile from "../fs/sendfile";
import * as copy_file_range from "../fs/copy_file_range";
import * as signalfd from "../fs/signalfd";
import * as eventfd from "../fs/eventfd";
import * as open from "../fs/open";
import * as namei from "../fs/namei";
import * as stat from "../fs/stat";
import * as sync from "../fs/sync";
import * as close_range from "../fs/close_range";
import * as rlimit from "../kernel/rlimit";
import * as poll from "../fs/poll";
import * as select from "../fs/select";
import * as timerfd from "../fs/timerfd";
import * as socket from "../net/socket";
import * as io_uring from "../io_uring/io_uring";
import * as io_uring_enter from "../io_uring/enter";
import * as io_uring_register from "../io_uring/register";
import * as wait4 from "../kernel/wait4";

/** Number of slots of the table: greater numbers are no system calls. */
export const NR_SYSCALLS: u32 = 512;

/** Makes the table of system calls: an index into the function table for each number; 0: -ENOSYS. */
export function syscall_table_init(): void {
  kernel.sys_call_table = kzalloc(NR_SYSCALLS << 2);
  tasks_and_time();
  signals();
  memory_calls();
  files();
  waiting();
  sockets();
  asynchronous();
  rings();
}

/** Says which function serves a number. */
function set(nr: u32, func: u32): void {
  store<u32>(kernel.sys_call_table + (nr << 2), func);
}

/** Tasks and time. */
function tasks_and_time(): void {
  set(Nr.clone, task.sys_clone.index);
  set(Nr.fork, task.sys_fork.index);
  set(Nr.getrlimit, rlimit.sys_getrlimit.index);
  set(Nr.setrlimit, rlimit.sys_setrlimit.index);
  set(Nr.prlimit64, rlimit.sys_prlimit64.index);
  set(Nr.exit, exit.sys_exit.index);
  set(Nr.exit_group, exit.sys_exit_group.index);
  set(Nr.wait4, wait4.sys_wait4.index);
  set(Nr.getppid, exit.sys_getppid.index);
  set(Nr.getpid, task.sys_getpid.index);
  set(Nr.gettid, task.sys_gettid.index);
  set(Nr.sched_yield, task.sys_sched_yield.index);
  set(Nr.nanosleep, task.sys_nanosleep.index);
  set(Nr.clock_gettime, task.sys_clock_gettime.index);
}

/** Signals. */
function signals(): void {
  set(Nr.rt_sigaction, signal.sys_rt_sigaction.index);
  set(Nr.rt_sigprocmask, signal.sys_rt_sigprocmask.index);
  set(Nr.rt_sigpending, signal.sys_rt_sigpending.index);
  set(Nr.rt_sigsuspend, signal.sys_rt_sigsuspend.index);
  set(Nr.rt_sigtimedwait, signal.sys_rt_sigtimedwait.index);
  set(Nr.rt_sigqueueinfo, signal.sys_rt_sigqueueinfo.index);
  set(Nr.rt_sigreturn, delivery.sys_rt_sigreturn.index);
  set(Nr.kill, signal.sys_kill.index);
  set(Nr.tkill, signal.sys_tkill.index);
  set(Nr.tgkill, signal.sys_tgkill.index);
  set(Nr.pause, signal.sys_pause.index);
}

/** Memory. */
function memory_calls(): void {
  set(Nr.mmap, mmap.sys_mmap.index);
  set(Nr.munmap, mmap.sys_munmap.index);
  set(Nr.brk, mmap.sys_brk.index);
  set(Nr.mremap, mremap.sys_mremap.index);
  set(Nr.mprotect, mprotect.sys_mprotect.index);
  set(Nr.madvise, madvise.sys_madvise.index);
  set(Nr.mincore, mincore.sys_mincore.index);
  set(Nr.msync, msync.sys_msync.index);
  set(Nr.mlock, mlock.sys_mlock.index);
  set(Nr.mlock2, mlock.sys_mlock2.index);
  set(Nr.munlock, mlock.sys_munlock.index);
  set(Nr.mlockall, mlock.sys_mlockall.index);
  set(Nr.munlockall, mlock.sys_munlockall.index);
}

/** Files and descriptors. */
function files(): void {
  set(Nr.read, read_write.sys_read.index);
  set(Nr.write, read_write.sys_write.index);
  set(Nr.readv, read_write.sys_readv.index);
  set(Nr.writev, read_write.sys_writev.index);
  set(Nr.pread64, read_write.sys_pread64.index);
  set(Nr.pwrite64, read_write.sys_pwrite64.index);
  set(Nr.preadv, preadv.sys_preadv.index);
  set(Nr.pwritev, preadv.sys_pwritev.index);
  set(Nr.preadv2, preadv.sys_preadv2.index);
  set(Nr.pwritev2, preadv.sys_pwritev2.index);
  set(Nr.truncate, truncate.sys_truncate.index);
  set(Nr.ftruncate, truncate.sys_ftruncate.index);
  set(Nr.fallocate, truncate.sys_fallocate.index);
  set(Nr.fadvise64, fadvise.sys_fadvise64.index);
  set(Nr.readahead, fadvise.sys_readahead.index);
  set(Nr.lseek, read_write.sys_lseek.index);
  set(Nr.fsync, sync.sys_fsync.index);
  set(Nr.fdatasync, sync.sys_fdatasync.index);
  set(Nr.sync, sync.sys_sync.index);
  set(Nr.syncfs, sync.sys_syncfs.index);
  set(Nr.sync_file_range, sync.sys_sync_file_range.index);
  set(Nr.open, open.sys_open.index);
  set(Nr.openat, open.sys_openat.index);
  set(Nr.mknod, namei.sys_mknod.index);
  set(Nr.mknodat, namei.sys_mknodat.index);
  set(Nr.unlink, namei.sys_unlink.index);
  set(Nr.unlinkat, namei.sys_unlinkat.index);
  set(Nr.stat, stat.sys_stat.index);
  set(Nr.lstat, stat.sys_stat.index);
  set(Nr.fstat, stat.sys_fstat.index);
  set(Nr.newfstatat, stat.sys_newfstatat.index);
  set(Nr.close_range, close_range.sys_close_range.index);
  set(Nr.close, file.sys_close.index);
  set(Nr.dup, file.sys_dup.index);
  set(Nr.dup2, file.sys_dup2.index);
  set(Nr.dup3, file.sys_dup3.index);
  set(Nr.fcntl, fcntl.sys_fcntl.index);
  set(Nr.ioctl, ioctl.sys_ioctl.index);
  set(Nr.pipe, pipe.sys_pipe.index);
  set(Nr.pipe2, pipe.sys_pipe2.index);
  set(Nr.splice, splice.sys_splice.index);
  set(Nr.tee, splice.sys_tee.index);
  set(Nr.vmsplice, vmsplice.sys_vmsplice.index);
  set(Nr.sendfile, sendfile.sys_sendfile.index);
  set(Nr.copy_file_range, copy_file_range.sys_copy_file_range.index);
  set(Nr.signalfd, signalfd.sys_signalfd.index);
  set(Nr.signalfd4, signalfd.sys_signalfd4.index);
  set(Nr.eventfd, eventfd.sys_eventfd.index);
  set(Nr.eventfd2, eventfd.sys_eventfd2.index);
}

/** Waiting for many files. */
function waiting(): void {
  set(Nr.poll, poll.sys_poll.index);
  set(Nr.ppoll, poll.sys_ppoll.index);
  set(Nr.select, select.sys_select.index);
  set(Nr.pselect6, select.sys_pselect6.index);
  set(Nr.timerfd_create, timerfd.sys_timerfd_create.index);
  set(Nr.timerfd_settime, timerfd.sys_timerfd_settime.index);
  set(Nr.timerfd_gettime, timerfd.sys_timerfd_gettime.index);
  set(Nr.epoll_create, eventpoll.sys_epoll_create.index);
  set(Nr.epoll_create1, eventpoll.sys_epoll_create1.index);
  set(Nr.epoll_ctl, eventpoll.sys_epoll_ctl.index);
  set(Nr.epoll_wait, eventpoll.sys_epoll_wait.index);
  set(Nr.epoll_pwait, eventpoll.sys_epoll_pwait.index);
  set(Nr.epoll_pwait2, eventpoll.sys_epoll_pwait2.index);
}

/** Asynchronous input and output. */
function asynchronous(): void {
  set(Nr.io_setup, aio.sys_io_setup.index);
  set(Nr.io_destroy, aio.sys_io_destroy.index);
  set(Nr.io_submit, aio_submit.sys_io_submit.index);
  set(Nr.io_cancel, aio_submit.sys_io_cancel.index);
  set(Nr.io_getevents, aio_events.sys_io_getevents.index);
  set(Nr.io_pgetevents, aio_events.sys_io_pgetevents.index);
}

/** Sockets. */
function sockets(): void {
  set(Nr.socket, socket.sys_socket.index);
  set(Nr.socketpair, socket.sys_socketpair.index);
  set(Nr.bind, socket.sys_bind.index);
  set(Nr.listen, socket.sys_listen.index);
  set(Nr.accept, socket.sys_accept.index);
  set(Nr.accept4, socket.sys_accept4.index);
  set(Nr.connect, socket.sys_connect.index);
  set(Nr.shutdown, socket.sys_shutdown.index);
  set(Nr.sendto, socket.sys_sendto.index);
  set(Nr.recvfrom, socket.sys_recvfrom.index);
  set(Nr.sendmsg, socket.sys_sendmsg.index);
  set(Nr.recvmsg, socket.sys_recvmsg.index);
  set(Nr.getsockopt, socket.sys_getsockopt.index);
  set(Nr.setsockopt, socket.sys_setsockopt.index);
  set(Nr.getsockname, socket.sys_getsockname.index);
  set(Nr.getpeername, socket.sys_getpeername.index);
}

/** io_uring. */
function rings(): void {
  set(Nr.io_uring_setup, io_uring.sys_io_uring_setup.index);
  set(Nr.io_uring_enter, io_uring_enter.sys_io_uring_enter.index);
  set(Nr.io_uring_register, io_uring_register.sys_io_uring_register.index);
}
