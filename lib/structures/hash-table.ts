import { loadStructure } from "./load.ts";
import { NumberMap, type MapExports, type MapOptions } from "./number-map.ts";

/** What the module exports. */
export const hashTable = await loadStructure<MapExports>(
  new URL("../../build/structures/hash_table.wasm", import.meta.url),
);

/** A map without order, as a hash table: the fastest to search, but now and then one new key moves all of them. */
export class HashTable<V = undefined> extends NumberMap<V> {
  /** @throws TypeError for other options; RangeError if there is no memory left. */
  constructor(options?: MapOptions) {
    super(hashTable, options);
  }
}
