import { Errno } from "../include/errno";
import { Signal } from "../include/signal";
import { Tp, trace } from "../include/trace";
import { kernel } from "../include/kernel";
import { library_call } from "../user/library";
import { library_fault, library_syscall, page_fault, run } from "./entry";
import { send_sig } from "../kernel/signal";
import { user_init, user_state } from "../user/access";

/** Gives the user side its way into the kernel. */
export function library_init(): void {
  user_init(library_syscall.index, library_fault.index);
}

/**
 * The program that has the word calls a function of its library. In TaskStruct.ax it finds what that answers.
 *
 * Differs from Linux: a signal that comes meanwhile waits until the function has ended; and a function that meets an address
 * without a page is not gone on with when a handler has returned.
 *
 * @param nr  LibraryCall.
 * @returns   as run(); -ESRCH if no program has the word.
 */
export function library(nr: u32, a0: i64, a1: i64, a2: i64, a3: i64, a4: i64): i32 {
  let task = kernel.cpu.curr;
  if (!task) return -Errno.ESRCH;
  let depth = kernel.cpu.depth;
  let answer = library_call(<i32>nr, <u64>a0, <u64>a1, <u64>a2, <u64>a3, <u64>a4);
  assert(kernel.cpu.depth == depth, "a function of the library did not say that it ended");
  task.ax = <i64>answer;
  let user = user_state();
  if (user.error) {
    trace(Tp.malloc_printerr, user.error, 0, 0);
    send_sig(Signal.SIGABRT, task);
  } else if (user.stopped) page_fault(task, user.address, user.write != 0);
  return run();
}
