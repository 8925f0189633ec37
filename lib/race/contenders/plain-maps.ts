import type { Contender } from "../types.ts";
import { ColumnTree } from "./js/column-tree.ts";
import { ObjectTree } from "./js/object-tree.ts";
import { SortedColumns } from "./js/sorted-columns.ts";
import { isForSortedArray, iterateSorted, loopsOf, mapContender, orderedLoopsOf, type MapLoops } from "./maps.ts";

const nativeMap: MapLoops<Map<number, number>> = {
  ...loopsOf(() => new Map<number, number>()),
  iterate: iterateSorted,
};
const objectTree = orderedLoopsOf(() => new ObjectTree<number>());
const columnTree = { ...orderedLoopsOf(() => new ColumnTree<number>()), bytes: (map: ColumnTree<number>) => map.bytes };
const sortedColumns = {
  ...orderedLoopsOf(() => new SortedColumns<number>()),
  bytes: (map: SortedColumns<number>) => map.bytes,
  fill(map: SortedColumns<number>, keys: Int32Array) {
    const places = Array.from(keys.keys()).sort((a, b) => keys[a]! - keys[b]!);
    for (const place of places) map.set(keys[place]!, place);
  },
};

/** Maps in plain JavaScript, as well as we can write them; and the one that everybody has. */
export const PLAIN_MAPS: readonly Contender[] = [
  mapContender(
    {
      id: "js-map",
      title: "Map",
      kind: "js",
      about: {
        en: "JavaScript's own hash map; to go through it in order, its keys are sorted first",
        "zh-CN": "JavaScript 自带的哈希映射；要按顺序遍历，须先把键排序",
      },
    },
    () => Promise.resolve({ loops: nativeMap, version: null }),
  ),
  mapContender(
    {
      id: "js-objects",
      title: "JS objects",
      kind: "js",
      about: {
        en: "a red-black tree in JavaScript, an object for each node",
        "zh-CN": "用 JavaScript 写的红黑树，每个节点一个对象",
      },
    },
    () => Promise.resolve({ loops: objectTree, version: null }),
  ),
  mapContender(
    {
      id: "js-typed-arrays",
      title: "JS typed arrays",
      kind: "js",
      about: {
        en: "the same red-black tree in JavaScript, its nodes in one Int32Array",
        "zh-CN": "同样用 JavaScript 写的红黑树，节点都放在一个 Int32Array 里",
      },
    },
    () => Promise.resolve({ loops: columnTree, version: null }),
  ),
  mapContender(
    {
      id: "js-sorted-array",
      title: "JS sorted array",
      kind: "js",
      isFor: isForSortedArray,
      about: {
        en: "keys in an Int32Array that is kept in order, found by halving",
        "zh-CN": "键放在保持有序的 Int32Array 里，用二分查找",
      },
    },
    () => Promise.resolve({ loops: sortedColumns, version: null }),
  ),
];
