import { Tp, trace } from "./trace";

/** The two phases of every input, however a program waits for it. */
export enum IoPhase {
  /** The data comes to be there. Who waits in this phase, and in which call, is what the ways of I/O differ in. */
  READY = 1,
  /** The data is copied to the program: by a CPU, in the system call of the task that wants it. */
  COPIED = 2,
}

/**
 * The first phase is over for somebody: data is there that was not there before.
 *
 * @param object  what can be read: a pipe, a sock, an eventfd, a timerfd.
 * @param bytes   how much has come.
 */
export function data_ready(object: usize, bytes: u64): void {
  trace(Tp.data_ready, object, <usize>min<u64>(bytes, u32.MAX_VALUE), IoPhase.READY);
}

/** The second phase is over: data has been copied to the program's memory. */
export function data_copied(object: usize, bytes: u64): void {
  trace(Tp.data_copied, object, <usize>min<u64>(bytes, u32.MAX_VALUE), IoPhase.COPIED);
}
