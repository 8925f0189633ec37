import type { StraceCall, StraceValue } from "./types.ts";

/**
 * What a system call is about.
 *
 * The first eight concern input and output on descriptors, or who may use them; `time` and `signals` can end a wait;
 * the others are known not to matter to I/O paths. `unknown` is a name that is in no list here.
 */
export type StraceGroup =
  /** Waiting for several descriptors: epoll, poll, select. */
  | "multiplexing"
  /** Sockets: making, connecting, sending, receiving, options. */
  | "sockets"
  /** Bytes through any descriptor: read, write, sendfile, splice, lseek. */
  | "transfer"
  /** Descriptors that are made without a path: pipes, eventfd, timerfd, signalfd, inotify. */
  | "creation"
  /** What becomes of a descriptor: open, close, dup, fcntl, ioctl. */
  | "descriptors"
  /** Submission queues: io_uring and io_submit. */
  | "asynchronous"
  /** Tasks: clone, execve, exit, wait. */
  | "tasks"
  /** Sleeping, waiting and waking without a descriptor: futex, nanosleep, timers. */
  | "time"
  | "signals"
  /** Paths and what is known about files. */
  | "files"
  | "memory"
  /** Identity, limits, scheduling and everything else. */
  | "other"
  | "unknown";

/** What a reader of traces has to know about a system call. */
export interface CallTraits {
  group: StraceGroup;
  /** Positions of the arguments that are descriptors. */
  descriptors: readonly number[];
  /** True if a result that is no error is a new descriptor. */
  returnsDescriptor: boolean;
  /** True if an array argument tells which events or descriptors there were: without it the call cannot be replayed. */
  needsArrays: boolean;
}

const NAMES: Readonly<Record<Exclude<StraceGroup, "unknown">, string>> = {
  multiplexing: `epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 epoll_ctl_old epoll_wait_old
    poll ppoll ppoll_time64 select _newselect pselect6 pselect6_time64`,
  sockets: `socket bind listen accept accept4 connect socketpair shutdown send recv sendto recvfrom sendmsg recvmsg
    sendmmsg recvmmsg recvmmsg_time64 getsockopt setsockopt getsockname getpeername socketcall`,
  transfer: `read write readv writev pread64 pwrite64 preadv pwritev preadv2 pwritev2 sendfile sendfile64 splice tee
    vmsplice copy_file_range lseek _llseek readahead fsync fdatasync sync_file_range getdents getdents64`,
  creation: `pipe pipe2 eventfd eventfd2 timerfd_create timerfd_settime timerfd_gettime signalfd signalfd4 inotify_init
    inotify_init1 inotify_add_watch inotify_rm_watch memfd_create memfd_secret userfaultfd fanotify_init fanotify_mark
    pidfd_open pidfd_getfd perf_event_open`,
  descriptors: `open openat openat2 creat close close_range dup dup2 dup3 fcntl fcntl64 ioctl flock fstat fstat64
    ftruncate fallocate fadvise64 open_by_handle_at`,
  asynchronous: `io_uring_setup io_uring_enter io_uring_register io_setup io_destroy io_submit io_cancel io_getevents
    io_pgetevents`,
  tasks: `clone clone3 fork vfork execve execveat exit exit_group wait4 waitid waitpid unshare setns set_tid_address
    kcmp`,
  time: `futex futex_waitv futex_wait futex_wake futex_requeue nanosleep clock_nanosleep clock_nanosleep_time64 alarm
    setitimer getitimer timer_create timer_settime timer_gettime timer_getoverrun timer_delete time gettimeofday
    settimeofday clock_gettime clock_settime clock_getres clock_adjtime adjtimex times sched_yield restart_syscall`,
  signals: `rt_sigaction rt_sigprocmask rt_sigreturn sigreturn rt_sigpending rt_sigtimedwait rt_sigqueueinfo
    rt_sigsuspend rt_tgsigqueueinfo sigaltstack kill tkill tgkill pidfd_send_signal pause`,
  files: `stat lstat stat64 lstat64 newfstatat statx access faccessat faccessat2 readlink readlinkat getcwd chdir
    fchdir rename renameat renameat2 mkdir mkdirat rmdir link linkat unlink unlinkat symlink symlinkat chmod fchmod
    fchmodat fchmodat2 chown fchown lchown fchownat utime utimes futimesat utimensat mknod mknodat truncate statfs
    fstatfs statmount listmount ustat umask chroot pivot_root mount umount2 mount_setattr open_tree move_mount fsopen
    fsconfig fsmount fspick sync syncfs setxattr lsetxattr fsetxattr getxattr lgetxattr fgetxattr listxattr llistxattr
    flistxattr removexattr lremovexattr fremovexattr name_to_handle_at quotactl quotactl_fd lookup_dcookie sysfs uselib
    swapon swapoff acct nfsservctl`,
  memory: `brk mmap munmap mprotect mremap msync mincore madvise process_madvise mlock mlock2 munlock mlockall
    munlockall remap_file_pages mbind set_mempolicy get_mempolicy set_mempolicy_home_node migrate_pages move_pages
    pkey_mprotect pkey_alloc pkey_free map_shadow_stack cachestat mseal shmget shmat shmctl shmdt process_vm_readv
    process_vm_writev process_mrelease membarrier`,
  other: `getpid gettid getppid getuid geteuid getgid getegid getresuid getresgid getgroups getpgid getpgrp getsid
    setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid setpgid setsid capget capset prctl
    arch_prctl personality getrlimit setrlimit prlimit64 getrusage sysinfo uname syslog sethostname setdomainname
    getpriority setpriority sched_setparam sched_getparam sched_setscheduler sched_getscheduler
    sched_get_priority_max sched_get_priority_min sched_rr_get_interval sched_setaffinity sched_getaffinity
    sched_setattr sched_getattr ioprio_set ioprio_get getcpu set_robust_list get_robust_list rseq set_thread_area
    get_thread_area modify_ldt iopl ioperm getrandom seccomp bpf ptrace reboot vhangup kexec_load kexec_file_load
    init_module finit_module delete_module create_module query_module get_kernel_syms add_key request_key keyctl
    landlock_create_ruleset landlock_add_rule landlock_restrict_self semget semop semctl semtimedop msgget msgsnd
    msgrcv msgctl mq_open mq_unlink mq_timedsend mq_timedreceive mq_notify mq_getsetattr lsm_get_self_attr
    lsm_set_self_attr lsm_list_modules _sysctl getpmsg putpmsg afs_syscall tuxcall security vserver`,
};

/** Calls with a descriptor as first argument, beside the groups in which every call has one. */
const FIRST = `epoll_ctl epoll_wait epoll_pwait epoll_pwait2 timerfd_settime timerfd_gettime inotify_add_watch
  inotify_rm_watch fanotify_mark pidfd_getfd signalfd signalfd4 close dup dup2 dup3 fcntl fcntl64 ioctl flock fstat
  fstat64 ftruncate fallocate fadvise64 open_by_handle_at openat openat2 io_uring_enter io_uring_register
  pidfd_send_signal newfstatat statx faccessat faccessat2 readlinkat fchdir renameat renameat2 mkdirat linkat unlinkat
  fchmod fchmodat fchown fchownat utimensat mknodat fstatfs syncfs fsetxattr fgetxattr flistxattr fremovexattr`;

/** Calls with descriptors elsewhere, too. */
const ELSEWHERE: Readonly<Record<string, readonly number[]>> = {
  epoll_ctl: [0, 2],
  sendfile: [0, 1],
  sendfile64: [0, 1],
  splice: [0, 2],
  tee: [0, 1],
  copy_file_range: [0, 2],
  mmap: [4],
};

const RETURNING = `open openat openat2 creat socket accept accept4 epoll_create epoll_create1 eventfd eventfd2
  timerfd_create signalfd signalfd4 inotify_init inotify_init1 memfd_create memfd_secret userfaultfd fanotify_init
  pidfd_open pidfd_getfd perf_event_open dup dup2 dup3 io_uring_setup open_by_handle_at fsopen fsmount open_tree`;

const NEEDING_ARRAYS = `epoll_wait epoll_pwait epoll_pwait2 poll ppoll ppoll_time64 select pselect6 pselect6_time64 pipe
  pipe2 socketpair readv writev preadv pwritev preadv2 pwritev2 vmsplice sendmsg recvmsg sendmmsg recvmmsg io_submit
  io_getevents`;

const WITHOUT_DESCRIPTOR: ReadonlySet<string> = new Set(["socket", "socketpair", "socketcall"]);

function words(text: string): string[] {
  return text.split(/\s+/);
}

const TRAITS: ReadonlyMap<string, CallTraits> = (() => {
  const first = new Set(words(FIRST));
  const returning = new Set(words(RETURNING));
  const needing = new Set(words(NEEDING_ARRAYS));
  const traits = new Map<string, CallTraits>();
  for (const [group, names] of Object.entries(NAMES) as [StraceGroup, string][]) {
    const always = group === "sockets" || group === "transfer";
    for (const name of words(names)) {
      const hasFirst = first.has(name) || (always && !WITHOUT_DESCRIPTOR.has(name));
      traits.set(name, {
        group,
        descriptors: ELSEWHERE[name] ?? (hasFirst ? [0] : []),
        returnsDescriptor: returning.has(name),
        needsArrays: needing.has(name),
      });
    }
  }
  return traits;
})();

const UNKNOWN: CallTraits = { group: "unknown", descriptors: [], returnsDescriptor: false, needsArrays: false };

const IO_GROUPS: ReadonlySet<StraceGroup> = new Set<StraceGroup>([
  "multiplexing",
  "sockets",
  "transfer",
  "creation",
  "descriptors",
  "asynchronous",
]);

/** What is known about a system call by name; the group is `unknown` for a name in no list. */
export function callTraits(name: string): CallTraits {
  return TRAITS.get(name) ?? UNKNOWN;
}

/** What a system call is about. */
export function classifyCall(name: string): StraceGroup {
  return callTraits(name).group;
}

/** True if the call moves bytes, waits for them, or makes, changes or closes a descriptor. */
export function concernsIo(name: string): boolean {
  return IO_GROUPS.has(classifyCall(name));
}

/** True if the recording leaves out which events or descriptors a call was about (`[...]`). */
export function hidesArray(call: StraceCall): boolean {
  if (!call.abbreviated || !callTraits(call.name).needsArrays) return false;
  const { args, resultDetails = [] } = call;
  return args.some(isHidden) || resultDetails.some((detail) => isHidden(detail.value));
}

function isHidden(value: StraceValue): boolean {
  if (value.kind === "array") return value.abbreviated;
  return (
    value.kind === "struct" && value.fields.some(({ name, value: inner }) => name === "msg_iov" && isHidden(inner))
  );
}

/** Every name in the lists. */
export function knownCalls(): string[] {
  return [...TRAITS.keys()];
}

/** How many calls of each group and name a recording has: nothing is dropped without being counted. */
export function countCalls(calls: Iterable<StraceCall>): Map<StraceGroup, Map<string, number>> {
  const groups = new Map<StraceGroup, Map<string, number>>();
  for (const { name } of calls) {
    const group = classifyCall(name);
    let counts = groups.get(group);
    if (!counts) groups.set(group, (counts = new Map()));
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return groups;
}
