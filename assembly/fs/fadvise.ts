import { Errno } from "../include/errno";
import { Fadvise } from "../include/fcntl";
import { File, FileKind, FMode } from "../include/fs";
import { current } from "../kernel/sched";
import { fdget, fdput } from "./file";
import { generic_fadvise } from "../mm/fadvise";

/** Hears what a program says. @returns 0; -ESPIPE of a pipe; -EINVAL. @kernel ksys_fadvise64_64(), mm/fadvise.c */
function fadvise(file: File, advice: u32): i64 {
  let task = current();
  return file.f_op.kind == FileKind.PIPE ? -Errno.ESPIPE : generic_fadvise(file, task.si, task.dx, advice);
}

/** fadvise64(2). */
export function sys_fadvise64(): i64 {
  let task = current();
  let file = fdget(<i32>task.di);
  return file ? fdput(file, fadvise(file, <u32>task.r10)) : -Errno.EBADF;
}

/** Reads ahead. @returns 0; -EBADF if it is not open for reading; -EINVAL. @kernel ksys_readahead(), mm/readahead.c */
function readahead(file: File): i64 {
  let task = current();
  if (!(file.f_mode & FMode.READ)) return -Errno.EBADF;
  if (!file.f_mapping) return -Errno.EINVAL;
  return generic_fadvise(file, task.si, task.dx, Fadvise.WILLNEED);
}

/** readahead(2). */
export function sys_readahead(): i64 {
  let file = fdget(<i32>current().di);
  return file ? fdput(file, readahead(file)) : -Errno.EBADF;
}
