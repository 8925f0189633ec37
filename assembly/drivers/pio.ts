import { Counters } from "../include/counters";
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
const WORD: u32 = 4;

/**
 * A CPU has moved bytes between a device and memory: counts it as one copy, for the machine and the task on whose behalf it
 * was, and lets its time pass.
 *
 * @param address  where in memory.
 * @param bytes    how many.
 * @param data     how many of them are data, not headers; without any, only the words are counted.
 * @param pid      the task; 0: none.
 */
export function account_pio(address: usize, bytes: u32, data: u32, pid: u32): void {
  let words = <u64>((bytes + WORD - 1) / WORD);
  count(kernel.counters, words, data);
  let task = pid ? find_task(pid) : null;
  if (task) count(task.counters, words, data);
  charge(words * kernel.costs.pio_word);
  trace(Tp.pio_transfer, address, bytes, 0);
}

function count(counters: Counters, words: u64, data: u32): void {
  counters.pio_words += words;
  if (!data) return;
  counters.cpu_copies++;
  counters.cpu_copied_bytes += data;
}
