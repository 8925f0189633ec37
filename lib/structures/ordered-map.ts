import { From, NumberMap, type Read } from "./number-map.ts";

/** How many keys a loop reads at once: few at first, for those that soon end, and four times as many each time. */
const AT_FIRST = 16;
const AT_MOST = 1024;

/**
 * A map whose keys are numbers in order, in WebAssembly memory; values are anything. It is used as a Map; what is about
 * the order, or about many keys at once, comes on top. A batch of many keys costs a fraction of as many calls.
 *
 * Its memory is given back by `using` or `[Symbol.dispose]()`, or when nobody holds it any more.
 */
export abstract class OrderedMap<V = undefined> extends NumberMap<V> {
  /** The smallest key, with its value; undefined: the map is empty. */
  first(): [number, V] | undefined {
    return this.readOne(From.first, 0);
  }

  /** The greatest key, with its value; undefined: the map is empty. */
  last(): [number, V] | undefined {
    return this.readOne(From.last, 0);
  }

  /** The smallest key that is not less, with its value (C++ has it under this name); undefined: there is none. */
  lowerBound(key: number): [number, V] | undefined {
    return this.readOne(From.atLeast, this.checked(key));
  }

  /** The smallest key that is greater, with its value (C++ has it under this name); undefined: there is none. */
  upperBound(key: number): [number, V] | undefined {
    return this.readOne(From.above, this.checked(key));
  }

  /** The greatest key that is not greater, with its value; undefined: there is none. */
  floor(key: number): [number, V] | undefined {
    return this.readOne(From.atMost, this.checked(key));
  }

  /**
   * Keys with their values in ascending order. What is changed meanwhile is seen if it lies ahead by more than the keys
   * that were read at once, at most 1024.
   *
   * @param from  the smallest key that may come.
   */
  override *entries(from?: number): Generator<[number, V], undefined, undefined> {
    for (const { keys, values } of this.#pieces(from)) {
      for (let i = 0; i < keys.length; i++) yield [keys[i]!, values[i]!];
    }
    return undefined;
  }

  /** Keys in ascending order. */
  override *keys(from?: number): Generator<number, undefined, undefined> {
    for (const { keys } of this.#pieces(from)) {
      for (let i = 0; i < keys.length; i++) yield keys[i]!;
    }
    return undefined;
  }

  /** Values in the ascending order of their keys. */
  override *values(from?: number): Generator<V, undefined, undefined> {
    for (const { values } of this.#pieces(from)) {
      for (let i = 0; i < values.length; i++) yield values[i]!;
    }
    return undefined;
  }

  /** Calls a function for each key in ascending order, which is faster than a loop over them. */
  override forEach(visit: (value: V, key: number, map: this) => void): void {
    for (const { keys, values } of this.#pieces()) {
      for (let i = 0; i < keys.length; i++) visit(values[i]!, keys[i]!, this);
    }
  }

  /** All keys with their values, piece by piece. */
  *#pieces(from?: number): Generator<Read<V>, undefined, undefined> {
    let mode: From = from === undefined ? From.first : From.atLeast;
    let key = from === undefined ? 0 : this.checked(from);
    for (let most = AT_FIRST; ; most = Math.min(4 * most, AT_MOST)) {
      const piece = this.read(mode, key, most);
      yield piece;
      if (piece.keys.length < most) return undefined;
      [mode, key] = [From.above, piece.keys.at(-1)!];
    }
  }
}
