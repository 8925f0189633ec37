import { Tp, trace } from "../include/trace";
import { find_task } from "../kernel/fork";
import { kernel } from "../include/kernel";

/*
 * A device moves bytes between itself and memory without a CPU: the driver says where, the device does it while the
 * CPUs do something else, and an interrupt tells when it is done.
 */

/** How long a transfer takes. Unit: ns. */
export function dma_duration(bytes: usize): u64 {
  return <u64>kernel.costs.dma + ((<u64>bytes * kernel.costs.dma_64k) >> 16);
}

/** A device writes into memory. No CPU's time passes. */
export function dma_to_memory(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes);
  account_dma(bytes);
  trace(Tp.dma_to_memory, to, bytes, 0);
}

/** A device reads from memory. No CPU's time passes. */
export function dma_from_memory(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes);
  account_dma(bytes);
  trace(Tp.dma_from_memory, from, bytes, 0);
}

/** A device reads a piece of a packet from memory; account_packet() counts the packet as a whole. */
export function dma_gather(to: usize, from: usize, bytes: usize): void {
  memory.copy(to, from, bytes);
  trace(Tp.dma_from_memory, from, bytes, 0);
}

/** A device writes a packet into memory, headers and all; it is counted by its data. */
export function dma_packet_to_memory(to: usize, from: usize, bytes: usize, data: usize): void {
  memory.copy(to, from, bytes);
  account_packet(data);
  trace(Tp.dma_to_memory, to, bytes, 0);
}

/**
 * Counts a packet: one transfer of its data, however many pieces it was gathered from; one without data, such as an
 * acknowledgement, is counted apart.
 *
 * @param data  length of its data. Unit: bytes.
 */
export function account_packet(data: usize): void {
  if (data) account_dma(data);
  else kernel.counters.dma_control++;
}

/** Counts one transfer for the machine. Unit: bytes. */
export function account_dma(bytes: usize): void {
  kernel.counters.dma_transfers++;
  kernel.counters.dma_bytes += bytes;
}

/** Counts what of a transfer was on behalf of a task. @param pid 0: none. Unit: bytes. */
export function account_task_dma(bytes: usize, pid: u32): void {
  let task = pid ? find_task(pid) : null;
  if (!task) return;
  task.counters.dma_transfers++;
  task.counters.dma_bytes += bytes;
}
