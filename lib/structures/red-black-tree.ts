import { loadStructure } from "./load.ts";
import type { MapExports, MapOptions } from "./number-map.ts";
import { OrderedMap } from "./ordered-map.ts";

/** What the module exports. */
export const redBlackTree = await loadStructure<MapExports>(
  new URL("../../build/structures/red_black_tree.wasm", import.meta.url),
);

/** An ordered map as a red-black tree: the one that the simulated kernel keeps its epitems in. */
export class RedBlackTree<V = undefined> extends OrderedMap<V> {
  /** @throws TypeError for other options; RangeError if there is no memory left. */
  constructor(options?: MapOptions) {
    super(redBlackTree, options);
  }
}
