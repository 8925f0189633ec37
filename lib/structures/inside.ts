import type { MapExports } from "./number-map.ts";

/** What is read at once while a map is gone through: 512 keys and slots. Unit: bytes. */
const BUFFER_BYTES = 4096;

/**
 * A map with all that it works on in WebAssembly memory, values too (whole numbers of 32 bits): a call does the work of
 * many, wholly inside. For the race, which asks what the crossings cost.
 */
export class InsideMap {
  readonly #exports: MapExports;
  readonly #map: number;
  readonly #keys: Room;
  readonly #probes: Room;
  readonly #values: Room;
  readonly #buffer: Room;
  /** How many keys and probes there are. */
  readonly #counts: readonly [keys: number, probes: number];

  /**
   * @param exports  of the module of a map.
   * @param keys  what insert() puts in; the value of a key is its index.
   * @param probes  what find(), delete() and churn() go through.
   * @throws RangeError if there is no memory left.
   */
  constructor(exports: MapExports, keys: Int32Array, probes: Int32Array) {
    this.#exports = exports;
    this.#map = exports.create();
    this.#keys = new Room(exports, keys.byteLength, keys);
    this.#probes = new Room(exports, probes.byteLength, probes);
    // Churn may put its new keys in before slots of others are free.
    this.#values = new Room(exports, keys.byteLength + probes.byteLength);
    this.#buffer = new Room(exports, BUFFER_BYTES);
    this.#counts = [keys.length, probes.length];
  }

  /** Memory that the keys take in the map. Unit: bytes. */
  get bytes(): number {
    return this.#exports.bytes(this.#map);
  }

  /** Puts all keys in. Returns how many keys there are then. */
  insert(): number {
    return this.#exports.loop_insert(this.#map, this.#keys.at, this.#counts[0], this.#values.at);
  }

  /** Looks all probes up. Returns the sum of their values; -1 for each that there is not. */
  find(): number {
    return this.#exports.loop_find(this.#map, this.#probes.at, this.#counts[1], this.#values.at);
  }

  /** Takes all probes out. Returns the sum of how many were there and how many keys are left. */
  delete(): number {
    return this.#exports.loop_delete(this.#map, this.#probes.at, this.#counts[1]);
  }

  /** Goes through all keys in ascending order. Returns `sum = sum * 31 + key + value` of all, in 32 bits. */
  iterate(): number {
    return this.#exports.loop_iterate(this.#map, this.#values.at, this.#buffer.at);
  }

  /**
   * Goes through the probes in rounds: looks `finds` up, takes `changes` out, puts as many in with their indexes as values.
   *
   * @returns the sum of the values found, -1 for each that there is not, of how many were taken out, and of the size.
   */
  churn(finds: number, changes: number): number {
    return this.#exports.loop_churn(this.#map, this.#probes.at, this.#counts[1], this.#values.at, finds, changes);
  }

  /** Gives the memory back. */
  [Symbol.dispose](): void {
    this.#exports.destroy(this.#map);
    for (const room of [this.#keys, this.#probes, this.#values, this.#buffer]) room[Symbol.dispose]();
  }
}

/** A piece of the module's memory. */
class Room {
  readonly #exports: MapExports;
  readonly #bytes: number;
  /** Where it lies. */
  readonly at: number;

  constructor(exports: MapExports, bytes: number, filled?: Int32Array) {
    this.#exports = exports;
    this.#bytes = Math.max(bytes, 1);
    this.at = exports.room_take(this.#bytes) >>> 0;
    if (this.at === 0) throw new RangeError(`there is no memory left for ${bytes} bytes`);
    if (filled) new Int32Array(exports.memory.buffer, this.at, filled.length).set(filled);
  }

  [Symbol.dispose](): void {
    this.#exports.room_give(this.at, this.#bytes);
  }
}
