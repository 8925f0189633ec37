export { BTree } from "./b-tree.ts";
export { HashTable } from "./hash-table.ts";
export { NumberMap } from "./number-map.ts";
export type { KeyKind, Keys, MapOptions } from "./number-map.ts";
export { OrderedMap } from "./ordered-map.ts";
export { RedBlackTree } from "./red-black-tree.ts";
export { SortedArray } from "./sorted-array.ts";
export { LinkedList } from "./linked-list.ts";
export type { LinkedListOptions, ListNode, ValueKind } from "./linked-list.ts";
