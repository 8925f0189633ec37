import { FaultFlags, VmFaultReason } from "../include/mm_struct";
import { SLEEPING, TaskStruct } from "../include/sched";
import { SiCode, Signal } from "../include/signal";
import { Tp, enter, leave } from "../include/trace";
import { access_error, handle_mm_fault } from "../mm/memory";
import { force_sig_fault, send_sig } from "./signal";
import { vma_lookup } from "../mm/vma";

/**
 * Serves a page fault of a program: the page comes, or a signal.
 *
 * @returns  0: the program goes on, to its signals first; SLEEPING while the page comes from the disk.
 * @kernel do_user_addr_fault(), arch/x86/mm/fault.c
 */
export function do_user_addr_fault(task: TaskStruct): i64 {
  let write = task.trap == 2;
  let address = task.cr2;
  enter(Tp.exc_page_fault, changetype<usize>(task), <usize>(address >> 12), write ? 1 : 0);
  let vma = vma_lookup(task.mm, address);
  if (!vma) return leave(force_sig_fault(Signal.SIGSEGV, SiCode.SEGV_MAPERR, address));
  let flags: u32 = FaultFlags.USER | FaultFlags.ALLOW_RETRY | (write ? FaultFlags.WRITE : 0);
  if (access_error(vma, flags)) return leave(force_sig_fault(Signal.SIGSEGV, SiCode.SEGV_ACCERR, address));
  let reason = handle_mm_fault(vma, address, flags);
  if (reason & VmFaultReason.RETRY) return leave(SLEEPING);
  if (reason & VmFaultReason.SIGBUS) return leave(force_sig_fault(Signal.SIGBUS, SiCode.BUS_ADRERR, address));
  if (reason & VmFaultReason.SIGSEGV) return leave(force_sig_fault(Signal.SIGSEGV, SiCode.SEGV_ACCERR, address));
  // Where Linux looks for somebody to end, here it is the one who asks.
  if (reason & VmFaultReason.OOM) send_sig(Signal.SIGKILL, task);
  return leave(0);
}
