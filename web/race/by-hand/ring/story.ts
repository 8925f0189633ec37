import type { RingFrame, WatchedRing } from "../../../../lib/structures/watched.ts";
import type { Operation } from "../operations.ts";
import type { Sentence } from "../plaything.ts";

/** Room of the ring that is played with. Unit: bytes. */
export const CAPACITY = 8;

/** One picture of a ring. */
export interface RingStep {
  readonly frame: RingFrame;
  readonly operation: number;
  readonly sentences: readonly Sentence[];
  /** The places that are written or read next. */
  readonly named: ReadonlySet<number>;
}

type Told = Pick<RingStep, "sentences" | "named">;

/** What writing or reading comes to. @param count  how many bytes are asked for. */
function coming(frame: RingFrame, what: "write" | "read", count: number): Told {
  const filled = frame.in - frame.out;
  const possible = Math.min(Math.max(0, count), what === "write" ? CAPACITY - filled : filled);
  if (count <= 0) return told("ring_nothing", {});
  if (possible === 0) return told(what === "write" ? "ring_write_full" : "ring_read_empty", {});
  const from = what === "write" ? frame.in : frame.out;
  const place = from % CAPACITY;
  const values = { count: possible, place, from, to: from + possible };
  const rest = place + possible - CAPACITY;
  const named = new Set(Array.from({ length: possible }, (_, i) => (place + i) % CAPACITY));
  const sentences: Sentence[] = [{ key: `ring_${what}`, values }];
  if (rest > 0) sentences.push({ key: "ring_wraps", values: { first: possible - rest, rest } });
  if (possible < count) sentences.push({ key: `ring_${what}_part`, values: { left: count - possible } });
  return { sentences, named };
}

function told(key: Sentence["key"], values: Sentence["values"]): Told {
  return { sentences: [{ key, values }], named: new Set() };
}

/** Everything that happens to an empty ring, picture by picture. What is written are the numbers from 1 on. */
export function ringStory(ring: WatchedRing, operations: readonly Operation[]): RingStep[] {
  const steps = operations.map(({ do: what, key }, operation): RingStep => {
    const { frame } = ring;
    const count = Math.max(0, Math.min(key, CAPACITY));
    if (what === "delete") ring.read(count);
    else ring.write(Array.from({ length: count }, (_, i) => (frame.in + i + 1) % 256));
    return { frame, operation, ...coming(frame, what === "delete" ? "read" : "write", key) };
  });
  const { frame } = ring;
  const filled = frame.in - frame.out;
  const values = { filled, capacity: CAPACITY, in: frame.in, out: frame.out, mask: CAPACITY - 1 };
  const rest = told(frame.in === 0 ? "rest_ring_new" : "rest_ring", values);
  return [...steps, { frame, operation: operations.length - 1, ...rest }];
}
