import { Errno } from "../include/errno";
import { File, FMode } from "../include/fs";
import { Inode } from "../include/inode";
import { ihold } from "./inode";
import { OpenFlags } from "../include/fcntl";
import { PipeInodeInfo, file_pipe } from "./pipe_ring";
import { SLEEPING, TaskState } from "../include/sched";
import { Tp, enter, leave } from "../include/trace";
import { alloc_pipe_info, put_pipe_info } from "./pipe";
import { current, schedule } from "../kernel/sched";
import { prepare_to_wait, wake_up, wake_up_all } from "../kernel/wait";

/*
 * A FIFO is a name for a pipe. The pipe comes with the first open() and goes with the last close(). Who opens one end
 * waits until the other end is opened too; it sleeps in the readers' queue, whichever end it opens.
 */

/** The pipe of a FIFO, which is made if there is none, with one more file; null if memory is exhausted. */
function get_fifo_pipe(inode: Inode): PipeInodeInfo | null {
  let pipe = changetype<PipeInodeInfo | null>(inode.i_pipe);
  if (!pipe) {
    pipe = alloc_pipe_info();
    if (!pipe) return null;
    pipe.inode = ihold(inode);
    inode.i_pipe = changetype<usize>(pipe);
  }
  pipe.files++;
  return pipe;
}

/** Those who wait for this side in open() look again. @kernel wake_up_partner(), fs/pipe.c */
function wake_up_partner(pipe: PipeInodeInfo): void {
  wake_up_all(pipe.rd_wait);
}

/**
 * The task that runs waits until somebody has opened the other side, even if that one has closed it again by now.
 *
 * @param counter  how many have opened the other side.
 * @returns        0, -EINTR, SLEEPING.
 * @kernel wait_for_partner(), fs/pipe.c
 */
function wait_for_partner(pipe: PipeInodeInfo, counter: u32): i64 {
  let task = current();
  if (!task.restarting) task.done = counter;
  if (<u32>task.done != counter) return 0;
  enter(Tp.wait_for_partner, changetype<usize>(pipe), 0, 0);
  prepare_to_wait(pipe.rd_wait, TaskState.INTERRUPTIBLE);
  return leave(schedule());
}

/** Waits for writers; a signal makes this reader go. @returns 0, -EINTR, SLEEPING. */
function wait_for_writer(pipe: PipeInodeInfo): i64 {
  let result = wait_for_partner(pipe, pipe.w_counter);
  if (result < 0 && result != SLEEPING && !--pipe.readers) wake_up(pipe.wr_wait);
  return result;
}

/** Waits for readers; a signal makes this writer go. @returns 0, -EINTR, SLEEPING. */
function wait_for_reader(pipe: PipeInodeInfo): i64 {
  let result = wait_for_partner(pipe, pipe.r_counter);
  if (result < 0 && result != SLEEPING && !--pipe.writers) wake_up_all(pipe.rd_wait);
  return result;
}

/** A FIFO is opened to read. @returns 0, -EINTR, SLEEPING. */
function open_reader(file: File, pipe: PipeInodeInfo): i64 {
  pipe.r_counter++;
  if (!pipe.readers++) wake_up_partner(pipe);
  if (pipe.writers) return 0;
  if (!(file.f_flags & OpenFlags.NONBLOCK)) return wait_for_writer(pipe);
  // Until a writer has come and gone, this reader sees no hang-up.
  file.f_pos = pipe.w_counter;
  return 0;
}

/** A FIFO is opened to write. @returns 0, -ENXIO, -EINTR, SLEEPING. */
function open_writer(file: File, pipe: PipeInodeInfo): i64 {
  if (file.f_flags & OpenFlags.NONBLOCK && !pipe.readers) return -Errno.ENXIO;
  pipe.w_counter++;
  if (!pipe.writers++) wake_up_partner(pipe);
  return pipe.readers ? 0 : wait_for_reader(pipe);
}

/** A FIFO is opened to read and write, which never waits. */
function open_both(pipe: PipeInodeInfo): i64 {
  pipe.readers++;
  pipe.writers++;
  pipe.r_counter++;
  pipe.w_counter++;
  if (pipe.readers == 1 || pipe.writers == 1) wake_up_partner(pipe);
  return 0;
}

/** What opening does, by the access mode. @returns 0, -EINVAL, -ENXIO, -EINTR, SLEEPING. */
function open_by_mode(file: File, pipe: PipeInodeInfo): i64 {
  switch (file.f_mode) {
    case FMode.READ:
      return current().restarting ? wait_for_writer(pipe) : open_reader(file, pipe);
    case FMode.WRITE:
      return current().restarting ? wait_for_reader(pipe) : open_writer(file, pipe);
    case FMode.READ | FMode.WRITE:
      return open_both(pipe);
    default:
      return -Errno.EINVAL;
  }
}

/**
 * Makes a file an end of a FIFO, or both; waits for the other side, if need be.
 *
 * @returns  0; -ENOMEM, -EINVAL, -ENXIO, -EINTR, in which case the file stands for nothing; SLEEPING.
 * @kernel fifo_open(), fs/pipe.c
 */
export function fifo_open(file: File, inode: Inode): i64 {
  enter(Tp.fifo_open, changetype<usize>(inode), file.f_flags, 0);
  if (!current().restarting) {
    let pipe = get_fifo_pipe(inode);
    if (!pipe) return leave<i64>(-Errno.ENOMEM);
    file.private_data = changetype<usize>(pipe);
  }
  let pipe = file_pipe(file);
  let result = open_by_mode(file, pipe);
  if (result < 0 && result != SLEEPING) put_pipe_info(pipe);
  return leave(result);
}
