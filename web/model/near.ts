import type { KernelMemory } from "../../lib/index.ts";
import { type Inspection, type KernelObject, type Nearness, inspect, objectBy } from "../../lib/see/inspect.ts";

/** Of a struct with no more objects all are looked at. */
const MANY = 256;
/** How many are looked at from the beginning of each list, tree and table, if there are more. */
const FIRST = 24;
/** How many times as much of a group is shown whenever a person asks for more. */
export const MORE = 8;

/** What must be looked at in any case. */
export interface Attention {
  /** Addresses of objects. */
  readonly addresses: Iterable<number>;
  /** Numbers of descriptors. */
  readonly fds?: readonly number[];
  /** How often a person has asked for more of a group. */
  readonly more?: number;
}

const whole = new WeakMap<KernelMemory, Inspection>();
/** The same of machines without very many objects: they are always looked at as a whole. */
const small = new WeakMap<KernelMemory, Inspection>();

/** Everything that there is in a copy of a machine. With very many objects that takes some time: it is kept. */
export function inspectWhole(memory: KernelMemory): Inspection {
  let known = small.get(memory) ?? whole.get(memory);
  if (!known) whole.set(memory, (known = inspect(memory)));
  return known;
}

/** A copy of a machine, but if there are very many objects, only those that can be seen or are asked for. */
export function inspectNear(memory: KernelMemory, { addresses, fds = [], more = 0 }: Attention): Inspection {
  const known = small.get(memory);
  if (known) return known;
  const grown = MORE ** more;
  const near: Nearness = {
    wanted: new Set(addresses),
    fds: new Set(fds),
    many: MANY * grown,
    first: FIRST * grown,
  };
  const inspection = inspect(memory, near);
  if (!inspection.left && more === 0) small.set(memory, inspection);
  return inspection;
}

/** An object of a machine, also one that is not among those that an inspection tells of; undefined: it is not there. */
export function objectIn(
  { memory, inspection }: { readonly memory: KernelMemory; readonly inspection: Inspection },
  address: number,
): KernelObject | undefined {
  const known = objectBy(inspection, address);
  if (known || !inspection.left) return known;
  return objectBy(inspectNear(memory, { addresses: [address] }), address);
}
