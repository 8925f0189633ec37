import type { OrderedMap } from "@js-sdsl/ordered-map";
import type { RBTree } from "bintrees";
import type { Tree } from "functional-red-black-tree";
import type BTree from "sorted-btree";
import type { Contender } from "../types.ts";
import { loopsOf, mapContender, orderedLoopsOf, type MapLoops } from "./maps.ts";

const jsSdsl = (make: () => OrderedMap<number, number>): MapLoops<OrderedMap<number, number>> => ({
  make,
  insert(map, keys, from, to) {
    for (let i = from; i < to; i++) map.setElement(keys[i]!, i);
  },
  find(map, keys, from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) sum = (sum + (map.getElementByKey(keys[i]!) ?? -1)) | 0;
    return sum;
  },
  delete(map, keys, from, to) {
    let count = 0;
    for (let i = from; i < to; i++) if (map.eraseElementByKey(keys[i]!)) count += 1;
    return count;
  },
  iterate(map) {
    let sum = 0;
    map.forEach(([key, value]) => (sum = (Math.imul(sum, 31) + key + value) | 0));
    return sum;
  },
  size: (map) => map.size(),
});

/** A map that every change makes another one of. */
interface Holder {
  tree: Tree<number, number>;
}

const functional = (make: () => Tree<number, number>): MapLoops<Holder> => ({
  make: () => ({ tree: make() }),
  insert(map, keys, from, to) {
    let { tree } = map;
    for (let i = from; i < to; i++) tree = tree.insert(keys[i]!, i);
    map.tree = tree;
  },
  find({ tree }, keys, from, to) {
    let sum = 0;
    for (let i = from; i < to; i++) sum = (sum + (tree.get(keys[i]!) ?? -1)) | 0;
    return sum;
  },
  delete(map, keys, from, to) {
    let { tree } = map;
    let count = 0;
    for (let i = from; i < to; i++) {
      // What is not there makes no other tree.
      const less = tree.remove(keys[i]!);
      if (less !== tree) count += 1;
      tree = less;
    }
    map.tree = tree;
    return count;
  },
  iterate({ tree }) {
    let sum = 0;
    tree.forEach((key, value) => {
      sum = (Math.imul(sum, 31) + key + value) | 0;
    });
    return sum;
  },
  size: ({ tree }) => tree.length,
});

/** What a set of the package holds so that it is a map. */
interface Item {
  key: number;
  readonly value: number;
}

const bintrees = (make: () => RBTree<Item>): MapLoops<RBTree<Item>> => {
  // What is looked for has to be an item as well: one serves all.
  const sought: Item = { key: 0, value: 0 };
  return {
    make,
    insert(map, keys, from, to) {
      for (let i = from; i < to; i++) map.insert({ key: keys[i]!, value: i });
    },
    find(map, keys, from, to) {
      let sum = 0;
      for (let i = from; i < to; i++) {
        sought.key = keys[i]!;
        sum = (sum + (map.find(sought)?.value ?? -1)) | 0;
      }
      return sum;
    },
    delete(map, keys, from, to) {
      let count = 0;
      for (let i = from; i < to; i++) {
        sought.key = keys[i]!;
        if (map.remove(sought)) count += 1;
      }
      return count;
    },
    iterate(map) {
      let sum = 0;
      map.each(({ key, value }) => (sum = (Math.imul(sum, 31) + key + value) | 0));
      return sum;
    },
    size: (map) => map.size,
  };
};

const sortedBtree = (make: () => BTree<number, number>): MapLoops<BTree<number, number>> => ({
  ...loopsOf(make),
  iterate(map) {
    let sum = 0;
    map.forEachPair((key, value) => {
      sum = (Math.imul(sum, 31) + key + value) | 0;
    });
    return sum;
  },
});

const ascending = (a: number, b: number) => a - b;

/** A named package. @param load  What it throws when the package is not there means just that. */
function library<M>(
  name: string,
  about: Contender["about"],
  load: () => Promise<{ readonly loops: MapLoops<M>; readonly version: string }>,
): Contender {
  const id = name.replace(/^@/, "").replace("/", "-");
  const said = { id, title: name, kind: "library", install: `npm install ${name}`, about } as const;
  return mapContender(said, () => load().catch(nullIfAbsent));
}

/** @throws whatever else is wrong. */
function nullIfAbsent(error: unknown): null {
  if ((error as NodeJS.ErrnoException).code === "ERR_MODULE_NOT_FOUND") return null;
  throw error;
}

/** Ordered maps that people install, each used as its documentation says it is fastest. */
export const MAP_LIBRARIES: readonly Contender[] = [
  library("@js-sdsl/ordered-map", { en: "a red-black tree of objects", "zh-CN": "对象组成的红黑树" }, async () => {
    const { OrderedMap } = await import("@js-sdsl/ordered-map");
    const { default: about } = await import("@js-sdsl/ordered-map/package.json", { with: { type: "json" } });
    return { loops: jsSdsl(() => new OrderedMap<number, number>([], ascending)), version: about.version };
  }),
  library(
    "functional-red-black-tree",
    {
      en: "a red-black tree of which old versions stay as they were",
      "zh-CN": "旧版本保持原样的红黑树",
    },
    async () => {
      const { default: createTree } = await import("functional-red-black-tree");
      const { default: about } = await import("functional-red-black-tree/package.json", { with: { type: "json" } });
      return { loops: functional(() => createTree<number, number>(ascending)), version: about.version };
    },
  ),
  library(
    "bintrees",
    { en: "a set as a red-black tree; here it holds pairs", "zh-CN": "用红黑树实现的集合，这里存放键值对" },
    async () => {
      const { default: trees } = await import("bintrees");
      const { default: about } = await import("bintrees/package.json", { with: { type: "json" } });
      return { loops: bintrees(() => new trees.RBTree<Item>((a, b) => a.key - b.key)), version: about.version };
    },
  ),
  library("sorted-btree", { en: "a B+ tree", "zh-CN": "B+ 树" }, async () => {
    const { default: found } = await import("sorted-btree");
    const { default: about } = await import("sorted-btree/package.json", { with: { type: "json" } });
    // Node gives the whole module of a package in CommonJS; bundlers look through it.
    const Tree = "default" in found ? (found.default as typeof found) : found;
    return { loops: sortedBtree(() => new Tree<number, number>(undefined, ascending)), version: about.version };
  }),
  library(
    "data-structure-typed",
    {
      en: "a red-black tree with a Map beside it for look-ups",
      "zh-CN": "红黑树，旁边另有一个用于查找的 Map",
    },
    async () => {
      const { TreeMap } = await import("data-structure-typed");
      const { default: about } = await import("data-structure-typed/package.json", { with: { type: "json" } });
      return {
        loops: orderedLoopsOf(() => new TreeMap<number, number>([], { comparator: ascending })),
        version: about.version,
      };
    },
  ),
];
