import type { Evidence } from "./watch.ts";

/** Whether the task that answers sleeps through the first phase. */
export type FirstPhase = "blocking" | "non-blocking";
/** Whether the copy is made inside a call of that task which asks for it, or was made before the task is told. */
export type SecondPhase = "synchronous" | "asynchronous";

/** A field of the square. */
export interface Place {
  readonly first: FirstPhase;
  readonly second: SecondPhase;
}

/** Where a way stands, and by how many of its messages. */
export interface Placed extends Place {
  /** Messages that say so, and all of them. */
  readonly agree: number;
  readonly of: number;
}

/** Where one message stands. */
export function placeOf({ ready, copied, answered, length }: Evidence): Place {
  const isOwn = copied.pid === answered.pid;
  return {
    first: ready.asleep === null ? "non-blocking" : "blocking",
    // A call that asks for bytes returns how many it has copied; one that hands in requests returns something else.
    second: isOwn && copied.result === length ? "synchronous" : "asynchronous",
  };
}

/** Where most of the messages stand; null if there are none. */
export function placed(messages: readonly Evidence[]): Placed | null {
  const places = messages.map(placeOf);
  const count = ({ first, second }: Place) =>
    places.filter((place) => place.first === first && place.second === second).length;
  const best = places.toSorted((a, b) => count(b) - count(a))[0];
  return best ? { ...best, agree: count(best), of: places.length } : null;
}
