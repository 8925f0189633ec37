import { layout } from "../layout.gen.ts";

/*
 * Linux's constants by their names. The values are the kernel's own: nothing is written twice.
 */

const { enums } = layout;

// Address families.
export const { UNSPEC: AF_UNSPEC, UNIX: AF_UNIX, INET: AF_INET, INET6: AF_INET6 } = enums.Af.values;

// Kinds of sockets, and flags that may be added.
export const {
  STREAM: SOCK_STREAM,
  DGRAM: SOCK_DGRAM,
  SEQPACKET: SOCK_SEQPACKET,
  RAW: SOCK_RAW,
  NONBLOCK: SOCK_NONBLOCK,
  CLOEXEC: SOCK_CLOEXEC,
} = enums.SockType.values;

// Protocols.
export const { IP: IPPROTO_IP, TCP: IPPROTO_TCP, UDP: IPPROTO_UDP } = enums.Ipproto.values;

// Flags of send() and recv().
export const {
  OOB: MSG_OOB,
  PEEK: MSG_PEEK,
  CTRUNC: MSG_CTRUNC,
  TRUNC: MSG_TRUNC,
  DONTWAIT: MSG_DONTWAIT,
  WAITALL: MSG_WAITALL,
  ERRQUEUE: MSG_ERRQUEUE,
  NOSIGNAL: MSG_NOSIGNAL,
  MORE: MSG_MORE,
  ZEROCOPY: MSG_ZEROCOPY,
  CMSG_CLOEXEC: MSG_CMSG_CLOEXEC,
} = enums.Msg.values;

// Control data of sendmsg() and recvmsg().
export const { RIGHTS: SCM_RIGHTS, CREDENTIALS: SCM_CREDENTIALS } = enums.Scm.values;

// What shutdown() ends.
export const { RD: SHUT_RD, WR: SHUT_WR, RDWR: SHUT_RDWR } = enums.Shut.values;

// Levels of socket options.
export const { SOCKET: SOL_SOCKET, TCP: SOL_TCP } = enums.Sol.values;

// Options of sockets.
export const {
  REUSEADDR: SO_REUSEADDR,
  TYPE: SO_TYPE,
  ERROR: SO_ERROR,
  SNDBUF: SO_SNDBUF,
  RCVBUF: SO_RCVBUF,
  KEEPALIVE: SO_KEEPALIVE,
  LINGER: SO_LINGER,
  REUSEPORT: SO_REUSEPORT,
  RCVLOWAT: SO_RCVLOWAT,
  PASSCRED: SO_PASSCRED,
  OOBINLINE: SO_OOBINLINE,
  RCVTIMEO: SO_RCVTIMEO,
  SNDTIMEO: SO_SNDTIMEO,
  ACCEPTCONN: SO_ACCEPTCONN,
  PROTOCOL: SO_PROTOCOL,
  DOMAIN: SO_DOMAIN,
  ZEROCOPY: SO_ZEROCOPY,
} = enums.So.values;

// Options of TCP.
export const { NODELAY: TCP_NODELAY, CORK: TCP_CORK } = enums.TcpOption.values;

// What epoll reports.
export const {
  IN: EPOLLIN,
  PRI: EPOLLPRI,
  OUT: EPOLLOUT,
  ERR: EPOLLERR,
  HUP: EPOLLHUP,
  RDNORM: EPOLLRDNORM,
  RDBAND: EPOLLRDBAND,
  WRNORM: EPOLLWRNORM,
  WRBAND: EPOLLWRBAND,
  MSG: EPOLLMSG,
  RDHUP: EPOLLRDHUP,
} = enums.Poll.values;

// How epoll is to report.
export const {
  EXCLUSIVE: EPOLLEXCLUSIVE,
  WAKEUP: EPOLLWAKEUP,
  ONESHOT: EPOLLONESHOT,
  ET: EPOLLET,
} = enums.EpollFlags.values;

// What poll() asks about and answers.
export const {
  IN: POLLIN,
  PRI: POLLPRI,
  OUT: POLLOUT,
  ERR: POLLERR,
  HUP: POLLHUP,
  NVAL: POLLNVAL,
  RDNORM: POLLRDNORM,
  RDBAND: POLLRDBAND,
  WRNORM: POLLWRNORM,
  WRBAND: POLLWRBAND,
  RDHUP: POLLRDHUP,
} = enums.Poll.values;

// What epoll_ctl() does.
export const { ADD: EPOLL_CTL_ADD, DEL: EPOLL_CTL_DEL, MOD: EPOLL_CTL_MOD } = enums.EpollCtl.values;

// Flags of open(), pipe2(), dup3().
export const {
  RDONLY: O_RDONLY,
  WRONLY: O_WRONLY,
  RDWR: O_RDWR,
  CREAT: O_CREAT,
  EXCL: O_EXCL,
  TRUNC: O_TRUNC,
  APPEND: O_APPEND,
  NONBLOCK: O_NONBLOCK,
  ASYNC: O_ASYNC,
  DIRECT: O_DIRECT,
  SYNC: O_SYNC,
  DSYNC: O_DSYNC,
  CLOEXEC: O_CLOEXEC,
  PATH: O_PATH,
} = enums.OpenFlags.values;

// What memory may be used for.
export const { NONE: PROT_NONE, READ: PROT_READ, WRITE: PROT_WRITE, EXEC: PROT_EXEC } = enums.Prot.values;

// Flags of mmap().
export const {
  SHARED: MAP_SHARED,
  PRIVATE: MAP_PRIVATE,
  SHARED_VALIDATE: MAP_SHARED_VALIDATE,
  FIXED: MAP_FIXED,
  ANONYMOUS: MAP_ANONYMOUS,
  LOCKED: MAP_LOCKED,
  NORESERVE: MAP_NORESERVE,
  POPULATE: MAP_POPULATE,
  FIXED_NOREPLACE: MAP_FIXED_NOREPLACE,
} = enums.MapFlags.values;

// Flags of mremap().
export const { MAYMOVE: MREMAP_MAYMOVE, FIXED: MREMAP_FIXED, DONTUNMAP: MREMAP_DONTUNMAP } = enums.MremapFlags.values;

// What madvise() is told.
export const {
  NORMAL: MADV_NORMAL,
  RANDOM: MADV_RANDOM,
  SEQUENTIAL: MADV_SEQUENTIAL,
  WILLNEED: MADV_WILLNEED,
  DONTNEED: MADV_DONTNEED,
  FREE: MADV_FREE,
  DONTFORK: MADV_DONTFORK,
  DOFORK: MADV_DOFORK,
  WIPEONFORK: MADV_WIPEONFORK,
  KEEPONFORK: MADV_KEEPONFORK,
  POPULATE_READ: MADV_POPULATE_READ,
  POPULATE_WRITE: MADV_POPULATE_WRITE,
} = enums.Madvise.values;

// What posix_fadvise() is told.
export const {
  NORMAL: POSIX_FADV_NORMAL,
  RANDOM: POSIX_FADV_RANDOM,
  SEQUENTIAL: POSIX_FADV_SEQUENTIAL,
  WILLNEED: POSIX_FADV_WILLNEED,
  DONTNEED: POSIX_FADV_DONTNEED,
  NOREUSE: POSIX_FADV_NOREUSE,
} = enums.Fadvise.values;

// Flags of fallocate().
export const { KEEP_SIZE: FALLOC_FL_KEEP_SIZE } = enums.FallocFlags.values;

// Flags of msync().
export const { ASYNC: MS_ASYNC, INVALIDATE: MS_INVALIDATE, SYNC: MS_SYNC } = enums.Msync.values;

// What kind of file st_mode says it is.
export const {
  IFMT: S_IFMT,
  IFSOCK: S_IFSOCK,
  IFLNK: S_IFLNK,
  IFREG: S_IFREG,
  IFBLK: S_IFBLK,
  IFDIR: S_IFDIR,
  IFCHR: S_IFCHR,
  IFIFO: S_IFIFO,
} = enums.StatMode.values;

// Flags of calls that look names up.
export const {
  SYMLINK_NOFOLLOW: AT_SYMLINK_NOFOLLOW,
  REMOVEDIR: AT_REMOVEDIR,
  EMPTY_PATH: AT_EMPTY_PATH,
} = enums.AtFlags.values;
export const { AT_FDCWD } = layout.constants;

// Flags of close_range().
export const { UNSHARE: CLOSE_RANGE_UNSHARE, CLOEXEC: CLOSE_RANGE_CLOEXEC } = enums.CloseRange.values;

// Limits of processes.
export const { NOFILE: RLIMIT_NOFILE } = enums.Rlimit.values;
/** What splice(2), tee(2) and vmsplice(2) can be told. */
export const {
  MOVE: SPLICE_F_MOVE,
  NONBLOCK: SPLICE_F_NONBLOCK,
  MORE: SPLICE_F_MORE,
  GIFT: SPLICE_F_GIFT,
} = enums.SpliceFlags.values;

/** No limit. */
export const RLIM_INFINITY = 0xffff_ffff_ffff_ffffn;

// What fcntl() does.
export const {
  DUPFD: F_DUPFD,
  GETFD: F_GETFD,
  SETFD: F_SETFD,
  GETFL: F_GETFL,
  SETFL: F_SETFL,
  SETOWN: F_SETOWN,
  GETOWN: F_GETOWN,
  SETSIG: F_SETSIG,
  GETSIG: F_GETSIG,
  DUPFD_CLOEXEC: F_DUPFD_CLOEXEC,
  SETPIPE_SZ: F_SETPIPE_SZ,
  GETPIPE_SZ: F_GETPIPE_SZ,
} = enums.FcntlCommand.values;

// What lseek() counts from.
export const { SET: SEEK_SET, CUR: SEEK_CUR, END: SEEK_END } = enums.SeekWhence.values;

// Flags of sync_file_range().
export const {
  WAIT_BEFORE: SYNC_FILE_RANGE_WAIT_BEFORE,
  WRITE: SYNC_FILE_RANGE_WRITE,
  WAIT_AFTER: SYNC_FILE_RANGE_WAIT_AFTER,
} = enums.SyncFileRange.values;

// Flags of eventfd().
export const { SEMAPHORE: EFD_SEMAPHORE, NONBLOCK: EFD_NONBLOCK, CLOEXEC: EFD_CLOEXEC } = enums.EventfdFlags.values;

// What an iocb asks for, and bits of its flags.
export const {
  PREAD: IOCB_CMD_PREAD,
  PWRITE: IOCB_CMD_PWRITE,
  FSYNC: IOCB_CMD_FSYNC,
  FDSYNC: IOCB_CMD_FDSYNC,
  POLL: IOCB_CMD_POLL,
  NOOP: IOCB_CMD_NOOP,
  PREADV: IOCB_CMD_PREADV,
  PWRITEV: IOCB_CMD_PWRITEV,
} = enums.IocbCmd.values;
export const { RESFD: IOCB_FLAG_RESFD, IOPRIO: IOCB_FLAG_IOPRIO } = enums.IocbFlag.values;

// Flags of a single call that reads or writes.
export const {
  HIPRI: RWF_HIPRI,
  DSYNC: RWF_DSYNC,
  SYNC: RWF_SYNC,
  NOWAIT: RWF_NOWAIT,
  APPEND: RWF_APPEND,
  NOAPPEND: RWF_NOAPPEND,
  ATOMIC: RWF_ATOMIC,
  DONTCACHE: RWF_DONTCACHE,
  NOSIGNAL: RWF_NOSIGNAL,
} = enums.RwFlags.values;

// io_uring.
export const {
  SQPOLL: IORING_SETUP_SQPOLL,
  CQSIZE: IORING_SETUP_CQSIZE,
  CLAMP: IORING_SETUP_CLAMP,
  R_DISABLED: IORING_SETUP_R_DISABLED,
  SUBMIT_ALL: IORING_SETUP_SUBMIT_ALL,
  COOP_TASKRUN: IORING_SETUP_COOP_TASKRUN,
  TASKRUN_FLAG: IORING_SETUP_TASKRUN_FLAG,
  SINGLE_ISSUER: IORING_SETUP_SINGLE_ISSUER,
} = enums.IoringSetup.values;
export const {
  GETEVENTS: IORING_ENTER_GETEVENTS,
  SQ_WAKEUP: IORING_ENTER_SQ_WAKEUP,
  SQ_WAIT: IORING_ENTER_SQ_WAIT,
  EXT_ARG: IORING_ENTER_EXT_ARG,
  ABS_TIMER: IORING_ENTER_ABS_TIMER,
  NO_IOWAIT: IORING_ENTER_NO_IOWAIT,
} = enums.IoringEnter.values;
export const {
  FIXED_FILE: IOSQE_FIXED_FILE,
  IO_DRAIN: IOSQE_IO_DRAIN,
  IO_LINK: IOSQE_IO_LINK,
  IO_HARDLINK: IOSQE_IO_HARDLINK,
  ASYNC: IOSQE_ASYNC,
  CQE_SKIP_SUCCESS: IOSQE_CQE_SKIP_SUCCESS,
} = enums.IosqeFlags.values;
export const { MORE: IORING_CQE_F_MORE, SOCK_NONEMPTY: IORING_CQE_F_SOCK_NONEMPTY } = enums.IoringCqeFlags.values;
export const {
  NEED_WAKEUP: IORING_SQ_NEED_WAKEUP,
  CQ_OVERFLOW: IORING_SQ_CQ_OVERFLOW,
  TASKRUN: IORING_SQ_TASKRUN,
} = enums.IoringSqFlags.values;
export const {
  SQ_RING: IORING_OFF_SQ_RING,
  CQ_RING: IORING_OFF_CQ_RING,
  SQES: IORING_OFF_SQES,
} = enums.IoringOff.values;
export const {
  NOP: IORING_OP_NOP,
  READV: IORING_OP_READV,
  WRITEV: IORING_OP_WRITEV,
  FSYNC: IORING_OP_FSYNC,
  READ_FIXED: IORING_OP_READ_FIXED,
  WRITE_FIXED: IORING_OP_WRITE_FIXED,
  POLL_ADD: IORING_OP_POLL_ADD,
  POLL_REMOVE: IORING_OP_POLL_REMOVE,
  SENDMSG: IORING_OP_SENDMSG,
  RECVMSG: IORING_OP_RECVMSG,
  TIMEOUT: IORING_OP_TIMEOUT,
  TIMEOUT_REMOVE: IORING_OP_TIMEOUT_REMOVE,
  ACCEPT: IORING_OP_ACCEPT,
  ASYNC_CANCEL: IORING_OP_ASYNC_CANCEL,
  LINK_TIMEOUT: IORING_OP_LINK_TIMEOUT,
  CONNECT: IORING_OP_CONNECT,
  OPENAT: IORING_OP_OPENAT,
  CLOSE: IORING_OP_CLOSE,
  FILES_UPDATE: IORING_OP_FILES_UPDATE,
  READ: IORING_OP_READ,
  WRITE: IORING_OP_WRITE,
  SEND: IORING_OP_SEND,
  RECV: IORING_OP_RECV,
  EPOLL_CTL: IORING_OP_EPOLL_CTL,
  SPLICE: IORING_OP_SPLICE,
  TEE: IORING_OP_TEE,
  SHUTDOWN: IORING_OP_SHUTDOWN,
  SOCKET: IORING_OP_SOCKET,
  EPOLL_WAIT: IORING_OP_EPOLL_WAIT,
} = enums.IoringOp.values;
export const {
  ABS: IORING_TIMEOUT_ABS,
  UPDATE: IORING_TIMEOUT_UPDATE,
  ETIME_SUCCESS: IORING_TIMEOUT_ETIME_SUCCESS,
} = enums.IoringTimeout.values;
export const {
  ALL: IORING_ASYNC_CANCEL_ALL,
  FD: IORING_ASYNC_CANCEL_FD,
  ANY: IORING_ASYNC_CANCEL_ANY,
  USERDATA: IORING_ASYNC_CANCEL_USERDATA,
  OP: IORING_ASYNC_CANCEL_OP,
} = enums.IoringCancel.values;
export const {
  BUFFERS: IORING_REGISTER_BUFFERS,
  FILES: IORING_REGISTER_FILES,
  FILES_UPDATE: IORING_REGISTER_FILES_UPDATE,
  EVENTFD: IORING_REGISTER_EVENTFD,
  EVENTFD_ASYNC: IORING_REGISTER_EVENTFD_ASYNC,
  ENABLE_RINGS: IORING_REGISTER_ENABLE_RINGS,
} = enums.IoringRegister.values;
export const {
  UNREGISTER_BUFFERS: IORING_UNREGISTER_BUFFERS,
  UNREGISTER_FILES: IORING_UNREGISTER_FILES,
  UNREGISTER_EVENTFD: IORING_UNREGISTER_EVENTFD,
} = enums.IoringRegister.values;
export const { ADD_MULTI: IORING_POLL_ADD_MULTI } = enums.IoringPoll.values;
export const { ACCEPT_MULTISHOT: IORING_ACCEPT_MULTISHOT } = enums.IoringIoprio.values;

// Flags of timerfd_create() and timerfd_settime().
export const {
  NONBLOCK: TFD_NONBLOCK,
  CLOEXEC: TFD_CLOEXEC,
  TIMER_ABSTIME: TFD_TIMER_ABSTIME,
  TIMER_CANCEL_ON_SET: TFD_TIMER_CANCEL_ON_SET,
} = enums.TimerfdFlags.values;

// Clocks, all of which tell the virtual time.
export const {
  REALTIME: CLOCK_REALTIME,
  MONOTONIC: CLOCK_MONOTONIC,
  BOOTTIME: CLOCK_BOOTTIME,
  REALTIME_ALARM: CLOCK_REALTIME_ALARM,
  BOOTTIME_ALARM: CLOCK_BOOTTIME_ALARM,
} = enums.Clock.values;

// Requests of ioctl().
export const { FIONREAD, FIOASYNC } = enums.Ioctl.values;

// What clone() shares.
export const {
  VM: CLONE_VM,
  FS: CLONE_FS,
  FILES: CLONE_FILES,
  SIGHAND: CLONE_SIGHAND,
  THREAD: CLONE_THREAD,
} = enums.CloneFlags.values;

/** Signals. */
export const {
  SIGHUP,
  SIGINT,
  SIGQUIT,
  SIGILL,
  SIGTRAP,
  SIGABRT,
  SIGBUS,
  SIGFPE,
  SIGKILL,
  SIGUSR1,
  SIGSEGV,
  SIGUSR2,
  SIGPIPE,
  SIGALRM,
  SIGTERM,
  SIGSTKFLT,
  SIGCHLD,
  SIGCONT,
  SIGSTOP,
  SIGTSTP,
  SIGTTIN,
  SIGTTOU,
  SIGURG,
  SIGXCPU,
  SIGXFSZ,
  SIGVTALRM,
  SIGPROF,
  SIGWINCH,
  SIGIO,
  SIGPWR,
  SIGSYS,
} = enums.Signal.values;

/** The first real-time signal that a C library leaves to programs; the last one is 64. */
export const SIGRTMIN = 34;
export const SIGRTMAX = layout.constants.NSIG;

/** In place of a handler. */
export const SIG_DFL = 0;
export const SIG_IGN = 1;

/** How sigprocmask() changes the set. */
export const { BLOCK: SIG_BLOCK, UNBLOCK: SIG_UNBLOCK, SETMASK: SIG_SETMASK } = enums.SigHow.values;

/** What sigaction() is told about a handler. */
export const {
  NOCLDSTOP: SA_NOCLDSTOP,
  NOCLDWAIT: SA_NOCLDWAIT,
  SIGINFO: SA_SIGINFO,
  RESTART: SA_RESTART,
  NODEFER: SA_NODEFER,
  RESETHAND: SA_RESETHAND,
} = enums.SaFlags.values;

/** Where a signal comes from. */
export const { SI_USER, SI_KERNEL, SI_QUEUE, SI_SIGIO, SI_TKILL, CLD_EXITED, CLD_KILLED, CLD_STOPPED, CLD_CONTINUED } =
  enums.SiCode.values;

/** With signal-driven input and output: what has become possible. */
export const { POLL_IN, POLL_OUT, POLL_ERR, POLL_PRI, POLL_HUP } = enums.PollCode.values;

/** Flags of signalfd(), and the size of what is read from it. Unit: bytes. */
export const SFD_CLOEXEC = O_CLOEXEC;
export const SFD_NONBLOCK = O_NONBLOCK;
export const SIGNALFD_SIGINFO_SIZE = 128;

/** What wait4() is told. */
export const { WNOHANG, WUNTRACED, WCONTINUED, ALL: __WALL, CLONE: __WCLONE } = enums.WaitOptions.values;

/** FD_CLOEXEC: execve() closes the descriptor. */
export const FD_CLOEXEC = enums.FdFlags.values.CLOEXEC;

/** EPOLL_CLOEXEC: execve() closes the descriptor. */
export const EPOLL_CLOEXEC = O_CLOEXEC;

// Error numbers. A system call returns them negated.
export const {
  EPERM,
  ENOENT,
  ESRCH,
  EINTR,
  EIO,
  ENXIO,
  E2BIG,
  ENOEXEC,
  EBADF,
  ECHILD,
  EAGAIN,
  ENOMEM,
  EACCES,
  EFAULT,
  ENOTBLK,
  EBUSY,
  EEXIST,
  EXDEV,
  ENODEV,
  ENOTDIR,
  EISDIR,
  EINVAL,
  ENFILE,
  EMFILE,
  ENOTTY,
  ETXTBSY,
  EFBIG,
  ENOSPC,
  ESPIPE,
  EROFS,
  EMLINK,
  EPIPE,
  EDOM,
  ERANGE,
  EDEADLK,
  ENAMETOOLONG,
  ENOLCK,
  ENOSYS,
  ELOOP,
  ETIME,
  ENOPKG,
  EOVERFLOW,
  ENOTSOCK,
  EDESTADDRREQ,
  EMSGSIZE,
  EPROTOTYPE,
  ENOPROTOOPT,
  EPROTONOSUPPORT,
  ESOCKTNOSUPPORT,
  EOPNOTSUPP,
  EPFNOSUPPORT,
  EAFNOSUPPORT,
  EADDRINUSE,
  EADDRNOTAVAIL,
  ENETDOWN,
  ENETUNREACH,
  ENETRESET,
  ECONNABORTED,
  ECONNRESET,
  ENOBUFS,
  EISCONN,
  ENOTCONN,
  ESHUTDOWN,
  ETOOMANYREFS,
  ETIMEDOUT,
  ECONNREFUSED,
  EHOSTDOWN,
  EHOSTUNREACH,
  EALREADY,
  EINPROGRESS,
  ECANCELED,
} = enums.Errno.values;
