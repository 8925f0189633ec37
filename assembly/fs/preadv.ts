import { Errno } from "../include/errno";
import { File, FMode } from "../include/fs";
import { SLEEPING } from "../include/sched";
import { check_mode, do_rw, do_rw_pos, import_iovec, iocb_flags, method_of, release_iovec } from "./read_write";
import { current } from "../kernel/sched";
import { fdget, fdput } from "./file";
import { kiocb_set_rw_flags } from "./kiocb";

/* preadv(2) and its relatives: several buffers, at a position of the call's own, with flags. */

/** The position that stands for the file's own. */
const OWN_POSITION: i64 = -1;

/** The walk of the call is set up: its buffers, its position, its flags. @returns 0, -errno. */
function begin(file: File, mode: FMode, pos: i64, flags: u32): i32 {
  let task = current();
  let iter = task.iter;
  let error = check_mode(file, mode, method_of(file, mode)) || import_iovec(task.si, task.dx, iter);
  // A call that is to move nothing has done so, whatever its flags say.
  if (error || !iter.count) return error;
  iter.pos = pos;
  let ki_flags = kiocb_set_rw_flags(file, iocb_flags(file), flags);
  if (ki_flags < 0) {
    release_iovec(task.dx, iter);
    return ki_flags;
  }
  iter.ki_flags = ki_flags;
  return 0;
}

/** Reads or writes. @kernel do_preadv(), do_pwritev(), fs/read_write.c */
function rw_vector_at(mode: FMode, pos: i64, flags: u32): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  if (!file) return -Errno.EBADF;
  let positioned = (file.f_mode & FMode.PREAD) != 0;
  if (!task.restarting) {
    let error = pos == OWN_POSITION || positioned ? begin(file, mode, pos, flags) : -Errno.ESPIPE;
    if (error) return fdput(file, error);
    if (!task.iter.count) {
      release_iovec(task.dx, task.iter);
      return fdput(file, 0);
    }
  }
  let own = pos == OWN_POSITION && positioned;
  let result = own ? do_rw_pos(file, task.iter, mode, task.iter.ki_flags) : do_rw(file, task.iter, mode);
  if (result != SLEEPING) release_iovec(task.dx, task.iter);
  return fdput(file, result);
}

/** preadv(2). */
export function sys_preadv(): i64 {
  let pos = current().r10;
  return pos < 0 ? -Errno.EINVAL : rw_vector_at(FMode.READ, pos, 0);
}

/** pwritev(2). */
export function sys_pwritev(): i64 {
  let pos = current().r10;
  return pos < 0 ? -Errno.EINVAL : rw_vector_at(FMode.WRITE, pos, 0);
}

/** preadv2(2). */
export function sys_preadv2(): i64 {
  let task = current();
  return task.r10 < OWN_POSITION ? -Errno.EINVAL : rw_vector_at(FMode.READ, task.r10, <u32>task.r9);
}

/** pwritev2(2). */
export function sys_pwritev2(): i64 {
  let task = current();
  return task.r10 < OWN_POSITION ? -Errno.EINVAL : rw_vector_at(FMode.WRITE, task.r10, <u32>task.r9);
}
