/**
 * What happened, counted by the function that did it. One such struct counts for the whole machine, one for every
 * task.
 */
@unmanaged
export class Counters {
  /** System calls made. */
  syscalls: u64;
  /** Crossings between user mode and kernel mode, in either direction. */
  mode_switches: u64;
  /** Times that a CPU went on with another task. */
  context_switches: u64;
  /** Copies made by a CPU. */
  cpu_copies: u64;
  /** Bytes copied by a CPU. */
  cpu_copied_bytes: u64;
  /** Transfers between a device and memory, made by the device. */
  dma_transfers: u64;
  /** Bytes moved between a device and memory by the device. */
  dma_bytes: u64;
  /** Page faults served without waiting for a device. */
  minor_faults: u64;
  /** Page faults that had to wait for a device. */
  major_faults: u64;
  /** Interrupts taken. */
  interrupts: u64;
  /** Soft interrupts run. */
  soft_interrupts: u64;
  /** Times that a sleeping task was made runnable. */
  wakeups: u64;
  /** Wake-ups after which the task found nothing to do and slept again. */
  wakeups_in_vain: u64;
  /** Pages found in the page cache. */
  cache_hits: u64;
  /** Pages not found in the page cache. */
  cache_misses: u64;
  /** Times that a file was asked what is true of it now: calls of poll methods. */
  polls: u64;
  /** Words of 4 bytes that a CPU moved between a device and memory. */
  pio_words: u64;
  /** Packets without data, such as acknowledgements, that a device moved to or from memory. */
  dma_control: u64;
}
