import { File } from "./fs";
import { IovIter } from "./uio";

/**
 * A system call while it is made: its registers, and what outlasts its sleep. A task begins with one, and so does a
 * request of io_uring that is a system call; for as long as the request is at work, the two change places.
 *
 * @kernel struct pt_regs, arch/x86/include/asm/ptrace.h
 */
@unmanaged
export class CallState {
  /** First argument of the system call (register di). */
  di: i64;
  /** Second argument (register si). */
  si: i64;
  /** Third argument (register dx). */
  dx: i64;
  /** Fourth argument (register r10). */
  r10: i64;
  /** Fifth argument (register r8). */
  r8: i64;
  /** Sixth argument (register r9). */
  r9: i64;
  /** How much a sleeping system call has done already. Unit: bytes. */
  done: u64;
  /** How far a sleeping system call has waited for a file to be on the disk: see filemap_fdatawait_range(); 0: not begun. */
  synced: u64;
  /** The buffers of the system call that reads or writes. */
  iter: IovIter;
  /** The file that a sleeping system call holds on to. */
  held: File | null;
  /** Something else that a sleeping system call holds on to: what it is, the call knows; 0: nothing. */
  kept: usize;
  /** A number that a sleeping system call has reserved, such as a descriptor. */
  reserved: i32;
  /** 1 while a system call that slept is tried again. */
  restarting: u32;
  /** 1 if its alarm went off while it slept. */
  timed_out: u32;
}

/** Two system calls change places. */
export function exchange_calls(one: CallState, other: CallState): void {
  let a = changetype<usize>(one);
  let b = changetype<usize>(other);
  for (let at: usize = 0; at < offsetof<CallState>(); at += 4) {
    let word = load<u32>(a + at);
    store<u32>(a + at, load<u32>(b + at));
    store<u32>(b + at, word);
  }
}
