import { File, Poll, PollTable } from "../include/fs";
import { WaitQueueHead } from "../include/wait";

/** What files without a poll method answer: always ready. @kernel DEFAULT_POLLMASK, include/linux/poll.h */
export const DEFAULT_POLLMASK: u32 = Poll.IN | Poll.OUT | Poll.RDNORM | Poll.WRNORM;

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
  let poll = file.f_op.poll;
  return poll ? call_indirect<u32>(poll, file, table) : DEFAULT_POLLMASK;
}
