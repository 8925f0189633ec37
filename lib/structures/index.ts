export { OrderedMap } from "./ordered-map.ts";
export type { KeyKind, Keys, OrderedMapOptions } from "./ordered-map.ts";
export { RedBlackTree } from "./red-black-tree.ts";
export { LinkedList } from "./linked-list.ts";
export type { LinkedListOptions, ListNode, ValueKind } from "./linked-list.ts";
