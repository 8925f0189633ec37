/** Error numbers, with Linux's values. A system call returns them negated. @kernel include/uapi/asm-generic/errno.h */
export enum Errno {
  /** Operation not permitted. */
  EPERM = 1,
  /** No such file or directory. */
  ENOENT = 2,
  /** No such process. */
  ESRCH = 3,
  /** Interrupted system call. */
  EINTR = 4,
  /** Input/output error. */
  EIO = 5,
  /** No such device or address. */
  ENXIO = 6,
  /** Argument list too long. */
  E2BIG = 7,
  /** Exec format error. */
  ENOEXEC = 8,
  /** Bad file descriptor. */
  EBADF = 9,
  /** No child processes. */
  ECHILD = 10,
  /** Resource temporarily unavailable. */
  EAGAIN = 11,
  /** Cannot allocate memory. */
  ENOMEM = 12,
  /** Permission denied. */
  EACCES = 13,
  /** Bad address. */
  EFAULT = 14,
  /** Block device required. */
  ENOTBLK = 15,
  /** Device or resource busy. */
  EBUSY = 16,
  /** File exists. */
  EEXIST = 17,
  /** Invalid cross-device link. */
  EXDEV = 18,
  /** No such device. */
  ENODEV = 19,
  /** Not a directory. */
  ENOTDIR = 20,
  /** Is a directory. */
  EISDIR = 21,
  /** Invalid argument. */
  EINVAL = 22,
  /** Too many open files in system. */
  ENFILE = 23,
  /** Too many open files. */
  EMFILE = 24,
  /** Inappropriate ioctl for device. */
  ENOTTY = 25,
  /** Text file busy. */
  ETXTBSY = 26,
  /** File too large. */
  EFBIG = 27,
  /** No space left on device. */
  ENOSPC = 28,
  /** Illegal seek. */
  ESPIPE = 29,
  /** Read-only file system. */
  EROFS = 30,
  /** Too many links. */
  EMLINK = 31,
  /** Broken pipe. */
  EPIPE = 32,
  /** Numerical argument out of domain. */
  EDOM = 33,
  /** Numerical result out of range. */
  ERANGE = 34,
  /** Resource deadlock avoided. */
  EDEADLK = 35,
  /** File name too long. */
  ENAMETOOLONG = 36,
  /** No locks available. */
  ENOLCK = 37,
  /** Function not implemented. */
  ENOSYS = 38,
  /** Too many levels of symbolic links. */
  ELOOP = 40,
  /** Timer expired. */
  ETIME = 62,
  /** Package not installed. */
  ENOPKG = 65,
  /** Value too large for defined data type. */
  EOVERFLOW = 75,
  /** File descriptor in bad state. */
  EBADFD = 77,
  /** Socket operation on non-socket. */
  ENOTSOCK = 88,
  /** Destination address required. */
  EDESTADDRREQ = 89,
  /** Message too long. */
  EMSGSIZE = 90,
  /** Protocol wrong type for socket. */
  EPROTOTYPE = 91,
  /** Protocol not available. */
  ENOPROTOOPT = 92,
  /** Protocol not supported. */
  EPROTONOSUPPORT = 93,
  /** Socket type not supported. */
  ESOCKTNOSUPPORT = 94,
  /** Operation not supported. */
  EOPNOTSUPP = 95,
  /** Protocol family not supported. */
  EPFNOSUPPORT = 96,
  /** Address family not supported by protocol. */
  EAFNOSUPPORT = 97,
  /** Address already in use. */
  EADDRINUSE = 98,
  /** Cannot assign requested address. */
  EADDRNOTAVAIL = 99,
  /** Network is down. */
  ENETDOWN = 100,
  /** Network is unreachable. */
  ENETUNREACH = 101,
  /** Network dropped connection on reset. */
  ENETRESET = 102,
  /** Software caused connection abort. */
  ECONNABORTED = 103,
  /** Connection reset by peer. */
  ECONNRESET = 104,
  /** No buffer space available. */
  ENOBUFS = 105,
  /** Transport endpoint is already connected. */
  EISCONN = 106,
  /** Transport endpoint is not connected. */
  ENOTCONN = 107,
  /** Cannot send after transport endpoint shutdown. */
  ESHUTDOWN = 108,
  /** Too many references: cannot splice. */
  ETOOMANYREFS = 109,
  /** Connection timed out. */
  ETIMEDOUT = 110,
  /** Connection refused. */
  ECONNREFUSED = 111,
  /** Host is down. */
  EHOSTDOWN = 112,
  /** No route to host. */
  EHOSTUNREACH = 113,
  /** Operation already in progress. */
  EALREADY = 114,
  /** Operation now in progress. */
  EINPROGRESS = 115,
  /** Operation canceled. */
  ECANCELED = 125,
  /** Owner died. */
  EOWNERDEAD = 130,

  // Never seen by a program: what becomes of a call that a signal has interrupted.
  /** It is made again; -EINTR if a handler without SA_RESTART runs. */
  ERESTARTSYS = 512,
  /** It is made again, in any case. */
  ERESTARTNOINTR = 513,
  /** It is made again if no handler runs; else -EINTR. */
  ERESTARTNOHAND = 514,
  /** It goes on up to its first deadline if no handler runs; else -EINTR. */
  ERESTART_RESTARTBLOCK = 516,
  /** It goes on by itself, and tells of its end. */
  EIOCBQUEUED = 529,
}
