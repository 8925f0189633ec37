import { Tp, charge, trace } from "../include/trace";
import { find_task } from "../kernel/fork";
import { kernel } from "../include/kernel";

/*
 * Programmed I/O: a device without DMA has a register, through which a CPU moves one word after the other, and can do
 * nothing else meanwhile.
 */

/** What a disk without DMA has room for: between two interrupts, a CPU moves so much. Unit: bytes. */
export const PIO_BLOCK: u32 = 4096;
/** Size of a word. Unit: bytes. */
const WORD: usize = 4;

/**
 * A CPU has moved bytes between a device and memory: counts it as one copy, for the machine and the task on whose behalf it
 * was, and lets its time pass.
 *
 * @param address  where in memory.
 * @param pid      the task; 0: none.
 */
export function account_pio(address: usize, bytes: usize, pid: u32): void {
  let words = <u64>((bytes + WORD - 1) / WORD);
  let counters = kernel.counters;
  let task = pid ? find_task(pid) : null;
  for (let twice = 0; twice < 2; twice++) {
    counters.cpu_copies++;
    counters.cpu_copied_bytes += bytes;
    counters.pio_words += words;
    if (!task) break;
    counters = task.counters;
  }
  charge(words * kernel.costs.pio_word);
  trace(Tp.pio_transfer, address, bytes, 0);
}
