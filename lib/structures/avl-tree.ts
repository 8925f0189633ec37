import { loadStructure } from "./load.ts";
import type { MapExports, MapOptions } from "./number-map.ts";
import { OrderedMap } from "./ordered-map.ts";

/** What the module exports. */
export const avlTree = await loadStructure<MapExports>(
  new URL("../../build/structures/avl_tree.wasm", import.meta.url),
);

/** An ordered map as an AVL tree: lower than a red-black tree, for more rotations. */
export class AvlTree<V = undefined> extends OrderedMap<V> {
  /** @throws TypeError for other options; RangeError if there is no memory left. */
  constructor(options?: MapOptions) {
    super(avlTree, options);
  }
}
