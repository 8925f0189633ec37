import { checkBatch } from "./batch.ts";
import { type MemoryView, viewOf } from "./memory-view.ts";

/** What kind of numbers the keys are: as in a Float64Array, or as in an Int32Array, which takes less memory. */
export type KeyKind = "float64" | "int32";

/** How a map is made. */
export interface MapOptions {
  /** Default: "float64". */
  readonly keys?: KeyKind;
}

/** Keys of a batch. Typed arrays are the fastest. */
export type Keys = ArrayLike<number>;

/** A map inside the module: its address. */
type Handle = number;

type Set = (map: Handle, key: number) => number;
type Many<R> = (map: Handle, keys: number, count: number, slots: number) => R;
type Scan = (map: Handle, from: From, key: number, keys: number, slots: number, most: number) => number;

/** What every module of a map exports (assembly/structures). */
export interface MapExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  readonly scratch: (bytes: number) => number;
  readonly taken: () => number;
  readonly create: () => Handle;
  readonly destroy: (map: Handle) => void;
  readonly clear: (map: Handle) => void;
  readonly size: (map: Handle) => number;
  readonly bytes: (map: Handle) => number;
  readonly set_f64: Set;
  readonly get_f64: Set;
  readonly delete_f64: Set;
  readonly scan_f64: Scan;
  readonly set_many_f64: Many<number>;
  readonly get_many_f64: Many<void>;
  readonly delete_many_f64: Many<number>;
  readonly set_i32: Set;
  readonly get_i32: Set;
  readonly delete_i32: Set;
  readonly scan_i32: Scan;
  readonly set_many_i32: Many<number>;
  readonly get_many_i32: Many<void>;
  readonly delete_many_i32: Many<number>;
  readonly room_take: (bytes: number) => number;
  readonly room_give: (room: number, bytes: number) => void;
  readonly loop_insert: (map: Handle, keys: number, count: number, values: number) => number;
  readonly loop_find: (map: Handle, keys: number, count: number, values: number) => number;
  readonly loop_delete: (map: Handle, keys: number, count: number) => number;
  readonly loop_iterate: (map: Handle, values: number, buffer: number) => number;
  readonly loop_churn: (
    map: Handle,
    keys: number,
    count: number,
    values: number,
    finds: number,
    changes: number,
  ) => number;
}

/** Where reading begins, and in which direction it goes; as assembly/structures/results.ts has it. */
export const From = { first: 0, atLeast: 1, above: 2, last: 3, atMost: 4, below: 5 } as const;
export type From = (typeof From)[keyof typeof From];

/** There is no memory left. */
const NO_MEMORY = -2;
/** Keys with their values: of each as many. */
export interface Read<V> {
  readonly keys: Int32Array | Float64Array;
  readonly values: readonly V[];
}

/** Maps that nobody holds any more give their memory back. */
const forgotten = new FinalizationRegistry<{ readonly exports: MapExports; readonly map: Handle }>(({ exports, map }) =>
  exports.destroy(map),
);

/**
 * A map whose keys are numbers, in WebAssembly memory; values are anything. It is used as a Map; what is about many keys
 * at once comes on top.
 *
 * Its memory is given back by `using` or `[Symbol.dispose]()`, or when nobody holds it any more.
 */
export abstract class NumberMap<V = undefined> implements Iterable<[number, V]> {
  readonly #exports: MapExports;
  readonly #map: Handle;
  readonly #view: MemoryView;
  readonly #isInt: boolean;
  readonly #set: Set;
  readonly #get: Set;
  readonly #delete: Set;
  /** By slot. */
  #values: (V | undefined)[] = [];
  #isDisposed = false;

  /** @throws RangeError if there is no memory left. */
  protected constructor(exports: MapExports, { keys = "float64" }: MapOptions = {}) {
    if (keys !== "float64" && keys !== "int32") {
      throw new TypeError(`keys are "float64" or "int32", not ${JSON.stringify(keys)}`);
    }
    this.#exports = exports;
    this.#view = viewOf(exports.memory);
    this.#isInt = keys === "int32";
    this.#map = exports.create();
    if (this.#map === 0) throw new RangeError("there is no memory left for another map");
    this.#set = this.#isInt ? exports.set_i32 : exports.set_f64;
    this.#get = this.#isInt ? exports.get_i32 : exports.get_f64;
    this.#delete = this.#isInt ? exports.delete_i32 : exports.delete_f64;
    forgotten.register(this, { exports, map: this.#map }, this);
  }

  /** How many keys there are. */
  get size(): number {
    return this.#exports.size(this.#here);
  }

  /** Memory that the keys take inside of WebAssembly. Unit: bytes. */
  get bytes(): number {
    return this.#exports.bytes(this.#here);
  }

  /** Puts a value at a key. @throws TypeError if the key cannot be one; RangeError if there is no memory left. */
  set(key: number, value: V): this {
    const slot = this.#set(this.#here, this.checked(key));
    if (slot < 0) throw noMemory();
    this.#values[slot] = value;
    return this;
  }

  /** Puts a key in that has no value: the map is used as a set. @throws as set() does. */
  add(key: number): this {
    return this.set(key, undefined as V);
  }

  /** The value at a key; undefined: there is none. */
  get(key: number): V | undefined {
    const slot = this.#get(this.#here, this.checked(key));
    return slot < 0 ? undefined : this.#values[slot];
  }

  /** Whether there is such a key. */
  has(key: number): boolean {
    return this.#get(this.#here, this.checked(key)) >= 0;
  }

  /** Takes a key out. Returns whether it was there. */
  delete(key: number): boolean {
    const slot = this.#delete(this.#here, this.checked(key));
    if (slot >= 0) this.#values[slot] = undefined;
    return slot >= 0;
  }

  /** Takes everything out. */
  clear(): void {
    this.#exports.clear(this.#here);
    this.#values = [];
  }

  /**
   * Keys with their values, in any order, but in the same one whenever the same was done with the map. What is changed
   * meanwhile is not seen.
   */
  *entries(): Generator<[number, V], undefined, undefined> {
    const { keys, values } = this.read(From.first, 0, this.size);
    for (let i = 0; i < keys.length; i++) yield [keys[i]!, values[i]!];
    return undefined;
  }

  /** Keys in the order of entries(). */
  *keys(): Generator<number, undefined, undefined> {
    yield* this.read(From.first, 0, this.size).keys;
    return undefined;
  }

  /** Values in the order of entries(). */
  *values(): Generator<V, undefined, undefined> {
    yield* this.read(From.first, 0, this.size).values;
    return undefined;
  }

  /** Calls a function for each key in the order of entries(), which is faster than a loop over them. */
  forEach(visit: (value: V, key: number, map: this) => void): void {
    const { keys, values } = this.read(From.first, 0, this.size);
    for (let i = 0; i < keys.length; i++) visit(values[i]!, keys[i]!, this);
  }

  [Symbol.iterator](): Generator<[number, V], undefined, undefined> {
    return this.entries();
  }

  /**
   * Puts values at keys; of equal keys the last one counts.
   *
   * @param values  as many as keys; without it, the keys have none.
   * @throws TypeError if a key cannot be one, RangeError if there is no memory left or the lengths differ.
   */
  setMany(keys: Keys, values?: ArrayLike<V>): this {
    checkBatch(keys, "keys");
    if (values) checkBatch(values, "values");
    if (values && values.length !== keys.length) {
      throw new RangeError(`there are ${keys.length} keys, but ${values.length} values`);
    }
    const { set_many_i32, set_many_f64 } = this.#exports;
    const slots = this.#many(keys, this.#isInt ? set_many_i32 : set_many_f64);
    const all = this.#values;
    // Slots come in no order: an array that grew by leaps would become a slow one.
    for (let size = this.size; all.length < size;) all.push(undefined);
    if (values) for (let i = 0; i < slots.length; i++) all[slots[i]!] = values[i]!;
    else for (let i = 0; i < slots.length; i++) all[slots[i]!] = undefined;
    return this;
  }

  /** The values at keys, in the keys' order; undefined: there is none. @throws TypeError if a key cannot be one. */
  getMany(keys: Keys): (V | undefined)[] {
    const slots = this.#slotsOf(keys);
    const all = this.#values;
    const found: (V | undefined)[] = [];
    found.length = slots.length; // faster than one that grows
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      found[i] = slot < 0 ? undefined : all[slot];
    }
    return found;
  }

  /** For each key 1 if it is there, 0 if not. @throws TypeError if a key cannot be one. */
  hasMany(keys: Keys): Uint8Array {
    const slots = this.#slotsOf(keys);
    const found = new Uint8Array(slots.length);
    for (let i = 0; i < slots.length; i++) found[i] = slots[i]! < 0 ? 0 : 1;
    return found;
  }

  /** Takes keys out. Returns how many of them were there. @throws TypeError if a key cannot be one. */
  deleteMany(keys: Keys): number {
    const { delete_many_i32, delete_many_f64 } = this.#exports;
    const slots = this.#many(keys, this.#isInt ? delete_many_i32 : delete_many_f64);
    const all = this.#values;
    let deleted = 0;
    for (let i = 0; i < slots.length; i++) {
      const slot = slots[i]!;
      if (slot < 0) continue;
      all[slot] = undefined;
      deleted += 1;
    }
    return deleted;
  }

  /** Gives the memory back; the map cannot be used any more. */
  [Symbol.dispose](): void {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    forgotten.unregister(this);
    this.#exports.destroy(this.#map);
    this.#values = [];
  }

  /** The map, if it can be used. */
  get #here(): Handle {
    if (this.#isDisposed) throw new TypeError("the map has been disposed of");
    return this.#map;
  }

  /** The key. @throws TypeError if it cannot be one. */
  protected checked(key: number): number {
    if (this.#isInt ? (key | 0) === key : typeof key === "number" && key === key) return key;
    throw notAKey(key, this.#isInt);
  }

  /** Reads keys with their values, at most so many. */
  protected read(from: From, key: number, most: number): Read<V> {
    const { keysAt, slotsAt, count } = this.#scan(from, key, most);
    const { ints, floats } = this.#view;
    const [firstInt, firstFloat, firstSlot] = [keysAt >> 2, keysAt >> 3, slotsAt >> 2];
    const keys = this.#isInt ? ints.slice(firstInt, firstInt + count) : floats.slice(firstFloat, firstFloat + count);
    const all = this.#values;
    const values: V[] = [];
    values.length = count; // faster than one that grows
    for (let i = 0; i < count; i++) values[i] = all[ints[firstSlot + i]!] as V;
    return { keys, values };
  }

  /** Reads one key with its value; undefined: there is none. */
  protected readOne(from: From, key: number): [number, V] | undefined {
    const { keysAt, slotsAt, count } = this.#scan(from, key, 1);
    if (count === 0) return undefined;
    const { ints, floats } = this.#view;
    return [this.#isInt ? ints[keysAt >> 2]! : floats[keysAt >> 3]!, this.#values[ints[slotsAt >> 2]!] as V];
  }

  /** Lets the module read keys and their slots. Both are valid until the next call. */
  #scan(from: From, key: number, most: number): { keysAt: number; slotsAt: number; count: number } {
    const exports = this.#exports;
    const width = this.#isInt ? 4 : 8;
    const keysAt = scratch(exports, most * (width + 4));
    const slotsAt = keysAt + most * width;
    const scan = this.#isInt ? exports.scan_i32 : exports.scan_f64;
    return { keysAt, slotsAt, count: scan(this.#here, from, key, keysAt, slotsAt, most) };
  }

  #slotsOf(keys: Keys): Int32Array {
    const { get_many_i32, get_many_f64 } = this.#exports;
    return this.#many(keys, this.#isInt ? get_many_i32 : get_many_f64);
  }

  /** Lets the module work on a batch. Returns the slots, which are valid until the next call. */
  #many(keys: Keys, work: Many<number | void>): Int32Array {
    checkBatch(keys, "keys");
    const { length } = keys;
    const map = this.#here;
    const exports = this.#exports;
    const width = this.#isInt ? 4 : 8;
    const keysAt = scratch(exports, length * (width + 4));
    const slotsAt = keysAt + length * width;
    const { buffer } = exports.memory;
    const inside = this.#isInt ? new Int32Array(buffer, keysAt, length) : new Float64Array(buffer, keysAt, length);
    inside.set(keys);
    checkKeys(inside, keys, this.#isInt);
    if (work(map, keysAt, length, slotsAt) === NO_MEMORY) throw noMemory();
    // The module may have grown, which gives its memory another buffer.
    return new Int32Array(exports.memory.buffer, slotsAt, length);
  }
}

/** Memory of the module for a batch. */
function scratch(exports: MapExports, bytes: number): number {
  const at = bytes < 2 ** 31 ? exports.scratch(bytes) >>> 0 : 0;
  if (at === 0) throw new RangeError(`there is no memory for a batch of ${bytes} bytes`);
  return at;
}

/** @throws TypeError if a key was not taken as it is. Keys that are of the right type already cannot be wrong. */
function checkKeys(inside: Int32Array | Float64Array, keys: Keys, isInt: boolean): void {
  if (isInt && keys instanceof Int32Array) return;
  for (let i = 0; i < inside.length; i++) {
    if (inside[i] !== keys[i]) throw notAKey(keys[i], isInt);
  }
}

function notAKey(key: unknown, isInt: boolean): TypeError {
  const found = typeof key === "bigint" ? `${key}n` : typeof key === "string" ? JSON.stringify(key) : String(key);
  return new TypeError(`a key is ${isInt ? "a whole number from -2^31 to 2^31 - 1" : "a number"}, not ${found}`);
}

function noMemory(): RangeError {
  return new RangeError("there is no memory left for more keys");
}
