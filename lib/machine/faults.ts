import { InputKind } from "./journal.ts";
import { KERNEL_BASE } from "./memory.ts";
import type { Machine } from "./machine.ts";
import { checkNames, describe } from "./call.ts";
import { layout } from "../layout.gen.ts";

const { failslab, fail_page_alloc } = layout.enums.FaultKind.values;
/** The unit of a chance in the kernel. */
const CERTAIN = 2 ** 32;
const KINDS = { objects: failslab, frames: fail_page_alloc } as const;
const NAMES = ["nth", "probability", "of"] as const;

/** What is made to fail: allocations of objects (Linux's failslab) or of frames (fail_page_alloc). */
export type FaultedAllocation = keyof typeof KINDS;

/** Which allocations fail. */
export interface AllocationFault {
  /** The n-th from now on, whoever makes it; 0: none. Default: 0. */
  readonly nth?: number;
  /** Chance of each one that a system call or an interrupt makes, from 0 to 1. Default: 0. */
  readonly probability?: number;
  /** Default: "objects". */
  readonly of?: FaultedAllocation;
}

/** What was asked for and has not come yet, and what has come. */
export interface FaultState {
  /** How many allocations there are up to the one that fails; 0: none is to fail. */
  readonly nth: number;
  readonly probability: number;
  /** Number of allocations that were made to fail since boot. */
  readonly failed: number;
}

/** Memory that is there and is not given: what becomes of a call then. Asking for it is an input, and is journalled. */
export class Faults {
  readonly #machine: Machine;

  constructor(machine: Machine) {
    this.#machine = machine;
  }

  /**
   * Says which allocations of a kind fail from now on, in place of what was said before.
   *
   * @throws TypeError, RangeError for what cannot be.
   */
  failAllocation(fault: AllocationFault): void {
    checkNames("part of a fault", fault, NAMES);
    const { nth = 0, probability = 0, of = "objects" } = fault;
    if (!Object.hasOwn(KINDS, of)) throw new TypeError(`of is "objects" or "frames", not ${JSON.stringify(of)}`);
    if (!(Number.isInteger(nth) && nth >= 0 && nth < CERTAIN)) {
      throw new RangeError(`nth is a whole number from 0 to ${CERTAIN - 1}, not ${nth}`);
    }
    if (typeof probability !== "number") throw new TypeError(`probability is a number, not ${describe(probability)}`);
    if (!(probability >= 0 && probability <= 1)) {
      throw new RangeError(`probability is a number from 0 to 1, not ${probability}`);
    }
    const chance = Math.min(CERTAIN - 1, Math.round(probability * CERTAIN));
    this.#machine.input(InputKind.FAIL_ALLOCATION, 0, 0, [KINDS[of], nth, chance], undefined, false);
  }

  /** No allocation fails from now on, but for want of memory. */
  clear(): void {
    this.failAllocation({ of: "objects" });
    this.failAllocation({ of: "frames" });
  }

  /** What is to fail, and what has failed, of a kind of allocations. */
  state(of: FaultedAllocation = "objects"): FaultState {
    const { memory } = this.#machine;
    const { fail_after, fail_probability, nr_failed } =
      of === "objects"
        ? memory.read("SlabState", memory.get("Kernel", KERNEL_BASE, "slab"))
        : memory.read("Zone", memory.get("Kernel", KERNEL_BASE, "zone"));
    return { nth: fail_after, probability: fail_probability / CERTAIN, failed: nr_failed };
  }
}
