import { loadStructure } from "./load.ts";
import type { MapExports, MapOptions } from "./number-map.ts";
import { OrderedMap } from "./ordered-map.ts";

/** What the module exports. */
export const bTree = await loadStructure<MapExports>(new URL("../../build/structures/b_tree.wasm", import.meta.url));

/** An ordered map as a B-tree: few large nodes, in whose leaves the keys lie side by side. */
export class BTree<V = undefined> extends OrderedMap<V> {
  /** @throws TypeError for other options; RangeError if there is no memory left. */
  constructor(options?: MapOptions) {
    super(bTree, options);
  }
}
