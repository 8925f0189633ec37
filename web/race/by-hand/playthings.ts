import { avl } from "./avl/avl.ts";
import { list } from "./list/list.ts";
import type { Plaything } from "./plaything.ts";
import { ring } from "./ring/ring.ts";
import { tree } from "./tree/tree.ts";

/** All structures that can be tried out, in the order in which they are offered. */
export const PLAYTHINGS: readonly Plaything[] = [tree, avl, list, ring];

/** The structure of a name. */
export function playthingOf(id: Plaything["id"]): Plaything {
  return PLAYTHINGS.find((one) => one.id === id) ?? tree;
}
