import type { Edge, Inspection, KernelObject } from "./objects.ts";

/** A field that has another value. */
export interface FieldChange {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
}

/** An object that is in both frames, and not the same. */
export interface ObjectChange {
  readonly address: number;
  readonly struct: string;
  /** Its title in the later frame. */
  readonly title: string;
  readonly fields: readonly FieldChange[];
}

/** What is different between two frames of one machine, by address. */
export interface Difference {
  /** Objects that are only in the later frame. */
  readonly added: readonly KernelObject[];
  /** Objects that are only in the earlier frame. */
  readonly removed: readonly KernelObject[];
  readonly changed: readonly ObjectChange[];
  /** Links that are only in the later frame. */
  readonly linked: readonly Edge[];
  /** Links that are only in the earlier frame. */
  readonly unlinked: readonly Edge[];
  /** Addresses of objects, in both frames, that a link of the above comes from or leads to. */
  readonly relinked: readonly number[];
}

/** Compares two values that came from JSON, or could go there. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  if (keys.length !== others.length) return false;
  return keys.every((key) => same((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}

function changes(before: KernelObject, after: KernelObject): FieldChange[] {
  const old = before as unknown as Record<string, unknown>;
  return Object.entries(after)
    .filter(([name, value]) => !same(old[name], value))
    .map(([name, value]) => ({ name, before: old[name], after: value as unknown }));
}

/** The place of a list's member is not part of what makes a link the same: others may have left in front of it. */
function edgeKey({ from, to, kind, label }: Edge): string {
  return `${from} ${to} ${kind} ${/^\d+$/.test(label) && kind !== "fd" ? "" : label}`;
}

function withoutThoseOf(edges: readonly Edge[], others: readonly Edge[]): Edge[] {
  const keys = new Set(others.map(edgeKey));
  return edges.filter((edge) => !keys.has(edgeKey(edge)));
}

/** The objects that are different in two frames. What holds another kind of object now counts as removed and added. */
export function diffObjects(
  before: Inspection,
  after: Inspection,
): Pick<Difference, "added" | "removed" | "changed"> & {
  /** Addresses of those that are in both. */ kept: Set<number>;
} {
  const old = new Map(before.objects.map((object) => [object.address, object]));
  const added: KernelObject[] = [];
  const changed: ObjectChange[] = [];
  const kept = new Set<number>();
  for (const object of after.objects) {
    const was = old.get(object.address);
    if (was?.struct !== object.struct) {
      added.push(object);
      continue;
    }
    kept.add(object.address);
    if (was === object) continue;
    const fields = changes(was, object);
    if (fields.length > 0)
      changed.push({ address: object.address, struct: object.struct, title: object.title, fields });
  }
  const removed = before.objects.filter(({ address }) => !kept.has(address));
  return { added, removed, changed, kept };
}

/** What is different between two frames; see diffObjects(). */
export function diff(before: Inspection, after: Inspection): Difference {
  const { kept, ...objects } = diffObjects(before, after);
  const linked = withoutThoseOf(after.edges, before.edges);
  const unlinked = withoutThoseOf(before.edges, after.edges);
  const ends = new Set([...linked, ...unlinked].flatMap(({ from, to }) => [from, to]));
  const relinked = [...ends].filter((address) => kept.has(address)).sort((a, b) => a - b);
  return { ...objects, linked, unlinked, relinked };
}
