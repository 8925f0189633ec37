import { loadStructure } from "./load.ts";
import type { MapExports, MapOptions } from "./number-map.ts";
import { OrderedMap } from "./ordered-map.ts";

/** What the module exports. */
export const redBlackTreeScript = await loadStructure<MapExports>(
  new URL("../../build/structures/red_black_tree.js", import.meta.url),
);

/** A red-black tree made from the same source as RedBlackTree, but as JavaScript: for the race of the two. */
export class RedBlackTreeScript<V = undefined> extends OrderedMap<V> {
  /** @throws TypeError for other options; RangeError if there is no memory left. */
  constructor(options?: MapOptions) {
    super(redBlackTreeScript, options);
  }
}
