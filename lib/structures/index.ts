export { OrderedMap } from "./ordered-map.ts";
export type { KeyKind, Keys, OrderedMapOptions } from "./ordered-map.ts";
export { RedBlackTree } from "./red-black-tree.ts";
