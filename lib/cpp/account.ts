import type { EventName } from "../machine/records.ts";
import type { Struct } from "./notation.ts";
import { isAtomic, userAddress } from "../see/user-address.ts";

/** What the account needs of a record of the trace. */
interface AccountRecord {
  readonly tick: number;
  readonly event: EventName;
  readonly args: readonly number[];
}

/** Memory that a program has from operator new. */
export interface Allocation {
  /** User address. */
  readonly address: number;
  /** What was asked for. Unit: bytes. */
  readonly bytes: number;
  /** When it was answered. */
  readonly tick: number;
}

/** Where an object is or was: from its constructor on, until its memory is given back. */
export interface PlacedObject {
  /** User address. */
  readonly address: number;
  /** Name of its struct. */
  readonly type: string;
}

/** What a C++ program has done by operator new and delete, and what it has of it. */
export interface Account {
  /** Calls of operator new that were answered. */
  readonly allocations: number;
  /** Calls of operator delete. */
  readonly frees: number;
  /** Changes of use_count and weak_count. */
  readonly countChanges: number;
  /** Those of them that were made by an atomic instruction. */
  readonly atomicChanges: number;
  /** What it has not given back, in the order in which it was allocated. */
  readonly live: readonly Allocation[];
  /** What live comes to. Unit: bytes. */
  readonly bytes: number;
  /** The objects that live. */
  readonly objects: readonly PlacedObject[];
  /** Those that are destroyed, and whose memory is not given back. */
  readonly destroyed: readonly PlacedObject[];
}

const COUNT_CHANGES: ReadonlySet<EventName> = new Set([
  "_M_add_ref_copy",
  "_M_release",
  "_M_weak_add_ref",
  "_M_weak_release",
]);

class Book {
  allocations = 0;
  frees = 0;
  countChanges = 0;
  atomicChanges = 0;
  readonly live = new Map<number, Allocation>();
  readonly objects = new Map<number, PlacedObject>();
  readonly destroyed = new Map<number, PlacedObject>();
  readonly #structs: readonly Struct[];

  constructor(structs: readonly Struct[]) {
    this.#structs = structs;
  }

  take({ tick, event, args: [low = 0, high = 0, third = 0] }: AccountRecord): void {
    if (COUNT_CHANGES.has(event)) {
      this.countChanges++;
      if (isAtomic(high)) this.atomicChanges++;
      return;
    }
    const address = userAddress(low, high);
    if (event === "operator_new_return") {
      this.allocations++;
      this.live.set(address, { address, bytes: third, tick });
    } else if (event === "operator_delete") {
      this.frees++;
      this.live.delete(address);
      for (const at of this.destroyed.keys()) {
        if (at >= address && at < address + third) this.destroyed.delete(at);
      }
    } else if (event === "cpp_constructor") {
      this.destroyed.delete(address);
      this.objects.set(address, { address, type: this.#structs[third]?.name ?? "" });
    } else if (event === "cpp_destructor") {
      const object = this.objects.get(address);
      this.objects.delete(address);
      if (object) this.destroyed.set(address, object);
    }
  }
}

/**
 * What a C++ program has done by operator new and delete so far.
 *
 * @param records  of the program's run, up to the moment that is asked for.
 */
export function accountOf(records: Iterable<AccountRecord>, structs: readonly Struct[]): Account {
  const book = new Book(structs);
  for (const record of records) book.take(record);
  const live = [...book.live.values()];
  return {
    allocations: book.allocations,
    frees: book.frees,
    countChanges: book.countChanges,
    atomicChanges: book.atomicChanges,
    live,
    bytes: live.reduce((sum, { bytes }) => sum + bytes, 0),
    objects: [...book.objects.values()],
    destroyed: [...book.destroyed.values()],
  };
}
