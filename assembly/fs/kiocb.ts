import { Errno } from "../include/errno";
import { File, FileKind, IocbFlags, RwFlags } from "../include/fs";

/** Flags that are known. @kernel RWF_SUPPORTED, include/uapi/linux/fs.h */
const RWF_SUPPORTED: u32 = 0x1ff;

/**
 * Adds what a single call asks for.
 *
 * @param flags  IocbFlags of the file.
 * @param rw     RwFlags of the call.
 * @returns      IocbFlags; -EOPNOTSUPP, -EINVAL. @kernel kiocb_set_rw_flags(), include/linux/fs.h
 */
export function kiocb_set_rw_flags(file: File, flags: u32, rw: u32): i32 {
  if (!rw) return <i32>flags;
  if (rw & ~RWF_SUPPORTED) return -Errno.EOPNOTSUPP;
  if (rw & RwFlags.APPEND && rw & RwFlags.NOAPPEND) return -Errno.EINVAL;
  let regular = file.f_op.kind == FileKind.REGULAR;
  if (rw & RwFlags.NOWAIT && !can_nowait(file)) return -Errno.EOPNOTSUPP;
  // No disk here writes several blocks as one.
  if (rw & RwFlags.ATOMIC || (rw & RwFlags.DONTCACHE && !regular)) return -Errno.EOPNOTSUPP;
  // Who does not want to wait does not want the disk to be asked either.
  if (rw & RwFlags.NOWAIT) flags |= IocbFlags.NOIO;
  flags |= rw & (RwFlags.HIPRI | RwFlags.NOWAIT | RwFlags.APPEND);
  if (rw & RwFlags.NOAPPEND) flags &= ~IocbFlags.APPEND;
  if (rw & (RwFlags.DSYNC | RwFlags.SYNC)) flags |= IocbFlags.DSYNC;
  if (rw & RwFlags.SYNC) flags |= IocbFlags.SYNC;
  return <i32>flags;
}

/** Whether reading and writing a file can be asked not to wait. @kernel FMODE_NOWAIT, include/linux/fs.h */
function can_nowait(file: File): bool {
  switch (file.f_op.kind) {
    case FileKind.REGULAR:
    case FileKind.PIPE:
    case FileKind.SOCKET:
    case FileKind.EVENTFD:
    case FileKind.TIMERFD:
    case FileKind.SIGNALFD:
      return true;
    default:
      return false;
  }
}
