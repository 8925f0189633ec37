import { From, NumberMap } from "./number-map.ts";

/** How many keys are read at once by a loop over them. */
const AT_ONCE = 128;

/**
 * A map whose keys are numbers in order, in WebAssembly memory; values are anything. It is used as a Map; what is about
 * the order, or about many keys at once, comes on top. A batch of many keys costs a fraction of as many calls.
 *
 * Its memory is given back by `using` or `[Symbol.dispose]()`, or when nobody holds it any more.
 */
export abstract class OrderedMap<V = undefined> extends NumberMap<V> {
  /** The smallest key, with its value; undefined: the map is empty. */
  first(): [number, V] | undefined {
    return this.scan(From.first, 0, 1)[0];
  }

  /** The greatest key, with its value; undefined: the map is empty. */
  last(): [number, V] | undefined {
    return this.scan(From.last, 0, 1)[0];
  }

  /** The smallest key that is not less, with its value (C++ has it under this name); undefined: there is none. */
  lowerBound(key: number): [number, V] | undefined {
    return this.scan(From.atLeast, this.checked(key), 1)[0];
  }

  /** The smallest key that is greater, with its value (C++ has it under this name); undefined: there is none. */
  upperBound(key: number): [number, V] | undefined {
    return this.scan(From.above, this.checked(key), 1)[0];
  }

  /** The greatest key that is not greater, with its value; undefined: there is none. */
  floor(key: number): [number, V] | undefined {
    return this.scan(From.atMost, this.checked(key), 1)[0];
  }

  /**
   * Keys with their values in ascending order. What is changed meanwhile is seen if it lies ahead by more than the keys
   * that were read at once.
   *
   * @param from  the smallest key that may come.
   */
  override *entries(from?: number): Generator<[number, V], undefined, undefined> {
    let mode: From = from === undefined ? From.first : From.atLeast;
    let key = from === undefined ? 0 : this.checked(from);
    for (;;) {
      const found = this.scan(mode, key, AT_ONCE);
      yield* found;
      if (found.length < AT_ONCE) return undefined;
      [mode, key] = [From.above, found.at(-1)![0]];
    }
  }

  /** Keys in ascending order. */
  override *keys(from?: number): Generator<number, undefined, undefined> {
    for (const [key] of this.entries(from)) yield key;
  }

  /** Values in the ascending order of their keys. */
  override *values(from?: number): Generator<V, undefined, undefined> {
    for (const [, value] of this.entries(from)) yield value;
  }
}
