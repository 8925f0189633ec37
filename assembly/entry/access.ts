import { Errno } from "../include/errno";
import { PAGE_SIZE } from "../include/mm_types";
import { TaskMode } from "../include/sched";
import { page_fault, run } from "./entry";
import { charge } from "../include/trace";
import { kernel } from "../include/kernel";
import { user_access } from "../mm/memory";

/**
 * The program that has the word loads from its memory, or stores to it, as a processor does: page by page, and each page
 * that is not there is a page fault, after which it tries again. In TaskStruct.ax it finds how many bytes it has come
 * over when it goes on: fewer if it has slept, or a handler has run meanwhile; it goes on from there then.
 *
 * @param from  where the bytes to store lie; 0: a load. What it finds, the host reads through the page tables.
 * @returns     as run(); -ESRCH if no program has the word.
 */
export function access(address: u64, from: usize, n: usize): i32 {
  let task = kernel.cpu.curr;
  if (!task) return -Errno.ESRCH;
  let write = from != 0;
  let done: usize = 0;
  // The processor copies as it does in the kernel.
  charge((<u64>n * kernel.costs.copy_64k) >> 16);
  while (done < n) {
    let at = user_access(task.mm, address + done, write);
    task.ax = <i64>done;
    if (at) {
      let part = min(n - done, PAGE_SIZE - (at & (PAGE_SIZE - 1)));
      if (write) memory.copy(at, from + done, part);
      done += part;
      continue;
    }
    let depth = task.frame_depth;
    page_fault(task, address + done, write);
    if (kernel.cpu.curr !== task || task.mode != TaskMode.USER || task.frame_depth != depth) return run();
  }
  task.ax = <i64>done;
  return run();
}
