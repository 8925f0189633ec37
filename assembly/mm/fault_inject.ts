import { CpuContext } from "../include/sched";
import { FaultKind, SlabState, Zone } from "../include/mm_types";
import { get_random_u32 } from "../lib/random";
import { kernel } from "../include/kernel";

/*
 * Allocations that fail though there is memory, to find out what becomes of those who asked. Which ones fail is part of
 * the machine: the n-th from now on, whoever makes it, or any of those that system calls and interrupts make, by chance.
 */

/** Whether chance wants an allocation to fail that is made now: never one that the host makes. */
export function fails_by_chance(probability: u32): bool {
  if (!probability) return false;
  let context = kernel.cpu.context;
  if (context == CpuContext.IDLE || context == CpuContext.USER) return false;
  return get_random_u32() < probability;
}

/**
 * Says which allocations of a kind fail from now on.
 *
 * @param nth          which one, counted from now; 0: none.
 * @param probability  chance of every single one of system calls and interrupts. Unit: 2^-32.
 * @kernel setup_fault_attr(), lib/fault-inject.c
 */
export function setup_fault_attr(kind: FaultKind, nth: u32, probability: u32): void {
  if (kind == FaultKind.failslab) {
    let state = changetype<SlabState>(kernel.slab);
    state.fail_after = nth;
    state.fail_probability = probability;
  } else {
    let zone: Zone = kernel.zone;
    zone.fail_after = nth;
    zone.fail_probability = probability;
  }
}
