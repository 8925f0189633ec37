import { loadStructure } from "./load.ts";
import type { MapExports, MapOptions } from "./number-map.ts";
import { OrderedMap } from "./ordered-map.ts";

/** What the module exports. */
export const skipList = await loadStructure<MapExports>(
  new URL("../../build/structures/skip_list.wasm", import.meta.url),
);

/** An ordered map as a skip list, whose levels come from a seed: the same calls make the same list. */
export class SkipList<V = undefined> extends OrderedMap<V> {
  /** @throws TypeError for other options; RangeError if there is no memory left. */
  constructor(options?: MapOptions) {
    super(skipList, options);
  }
}
