import { Inode } from "../include/inode";
import { SLEEPING } from "../include/sched";
import { current } from "../kernel/sched";
import { wait_for_address, wait_for_owner, wake_up_waiters } from "./filemap_wait";

/*
 * Who has a file to himself: one who changes it, and transfers past the page cache. It stands here because those who read
 * and write through the page cache ask it too.
 */

/**
 * Gets a file to oneself that one is going to change: nobody else may be at it.
 *
 * Differs from Linux: it is had from the moment on at which its owner sleeps; until then nobody else runs.
 *
 * @returns  0; SLEEPING: the call is to be made again.
 * @kernel inode_lock(), include/linux/fs.h
 */
export function inode_lock(inode: Inode): i64 {
  return wait_for_owner(changetype<usize>(inode), inode.i_rwsem);
}

/**
 * Waits until no transfer past the page cache is under way: their pages of the file are going to be cut off.
 *
 * @returns  0; SLEEPING. @kernel inode_dio_wait(), fs/inode.c
 */
export function inode_dio_wait(inode: Inode): i64 {
  return inode.i_dio_count ? wait_for_address(changetype<usize>(inode)) : 0;
}

/** A transfer past the page cache is over. @kernel inode_dio_end(), include/linux/fs.h */
export function inode_dio_end(inode: Inode): void {
  if (!--inode.i_dio_count) wake_up_waiters(changetype<usize>(inode));
}

/** True if the task that runs has kept the file while it slept: it goes on with what it had begun. */
export function inode_is_mine(inode: Inode): bool {
  return inode.i_rwsem === current();
}

/** Keeps the file if the result is SLEEPING, else lets others have it. @returns the result. @kernel inode_unlock() */
export function inode_unlock(inode: Inode, result: i64): i64 {
  if (result == SLEEPING) inode.i_rwsem = current();
  else if (inode.i_rwsem) {
    inode.i_rwsem = null;
    wake_up_waiters(changetype<usize>(inode));
  }
  return result;
}
