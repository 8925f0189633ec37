import { loadStructure } from "./load.ts";
import type { MapExports, MapOptions } from "./number-map.ts";
import { OrderedMap } from "./ordered-map.ts";

/** What the module exports. */
export const sortedArray = await loadStructure<MapExports>(
  new URL("../../build/structures/sorted_array.wasm", import.meta.url),
);

/** An ordered map as an array in order: the smallest and fastest to search, but each new key moves all greater ones. */
export class SortedArray<V = undefined> extends OrderedMap<V> {
  /** @throws TypeError for other options; RangeError if there is no memory left. */
  constructor(options?: MapOptions) {
    super(sortedArray, options);
  }
}
