import { InsideMap } from "../../structures/inside.ts";
import type { MapExports, MapOptions, NumberMap } from "../../structures/number-map.ts";
import type { CaseName, Contender, Kind, Loaded, Runner } from "../types.ts";
import { CHANGES, FINDS } from "../work.ts";
import {
  KEY_CASES,
  MAP_CASES,
  changesNothing,
  isForSortedArray,
  iterateSorted,
  loopsOf,
  mapRunner,
  type MapLoops,
} from "./maps.ts";

type MapClass = new (options: MapOptions) => NumberMap<number>;

/** Bytes that a value takes in an array of values, and as a number inside. */
const VALUE_BYTES = 8;
const INT_BYTES = 4;

const int32 = { keys: "int32" } as const;

/** @param isOrdered  Whether the map keeps its keys in order. */
const byCalls = (Class: MapClass, isOrdered: boolean): MapLoops<NumberMap<number>> => ({
  ...loopsOf(() => new Class(int32)),
  iterate(map) {
    if (!isOrdered) return iterateSorted(map);
    let sum = 0;
    map.forEach((value, key) => {
      sum = (Math.imul(sum, 31) + key + value) | 0;
    });
    return sum;
  },
  bytes: (map) => map.bytes + VALUE_BYTES * map.size,
  end: (map) => map[Symbol.dispose](),
});

/** A map with the values that are to be put in: the index of each key, as who has many values has them in an array. */
interface Batched {
  readonly map: NumberMap<number>;
  readonly values: Int32Array;
}

const byBatches = (Class: MapClass): MapLoops<Batched> => ({
  make: ({ keys, probes }) => ({
    map: new Class(int32),
    values: Int32Array.from({ length: Math.max(keys.length, probes.length) }, (_, i) => i),
  }),
  insert({ map, values }, keys, from, to) {
    map.setMany(keys.subarray(from, to), values.subarray(from, to));
  },
  find({ map }, keys, from, to) {
    let sum = 0;
    for (const value of map.getMany(keys.subarray(from, to))) sum = (sum + (value ?? -1)) | 0;
    return sum;
  },
  delete: ({ map }, keys, from, to) => map.deleteMany(keys.subarray(from, to)),
  iterate() {
    throw new TypeError("a batch has no order");
  },
  size: ({ map }) => map.size,
  bytes: ({ map }) => map.bytes + VALUE_BYTES * map.size,
  end: ({ map }) => map[Symbol.dispose](),
});

/** Does a case wholly inside of the module. */
function insideRunner(exports: MapExports, name: CaseName): Runner {
  let maps: InsideMap[] = [];
  let size = 0;
  const isShared = changesNothing(name);
  return {
    prepare({ keys, probes }, copies) {
      size = keys.length;
      maps = Array.from({ length: isShared ? 1 : copies }, () => {
        const map = new InsideMap(exports, keys, probes);
        if (name !== "insert") map.insert();
        return map;
      });
    },
    run: (copy) => runInside(maps[isShared ? 0 : copy]!, name),
    end() {
      for (const map of maps) map[Symbol.dispose]();
      maps = [];
    },
    bytes: () => maps[0]!.bytes + INT_BYTES * size,
  };
}

function runInside(map: InsideMap, name: CaseName): number {
  switch (name) {
    case "insert":
      return map.insert();
    case "find-hit":
    case "find-miss":
      return map.find();
    case "delete":
      return map.delete();
    case "iterate":
      return map.iterate();
    case "churn":
      return map.churn(FINDS, CHANGES);
    default:
      throw new TypeError(`${name} is not about maps`);
  }
}

/** One of the structures of this package, with what its module exports. */
interface Own {
  readonly Class: MapClass;
  readonly exports: MapExports;
}

/** What a contender can do. */
interface Able {
  /** Whether the map keeps its keys in order. Default: true. */
  readonly isOrdered?: boolean;
  /** Whether it is an array in order, into which nothing is put without moving what lies behind. Default: false. */
  readonly isArray?: boolean;
}

interface Said extends Able {
  readonly id: string;
  readonly title: string;
  readonly about: Contender["about"];
  readonly kind?: Kind;
  readonly isSubject?: true;
}

function loaded({ Class, exports }: Own, { isOrdered, isArray }: Required<Able>): Loaded {
  const calls = byCalls(Class, isOrdered);
  return {
    version: null,
    runner(name, mode, size) {
      if (!MAP_CASES.includes(name)) return null;
      if (isArray && name === "churn" && !isForSortedArray(name, size)) return null;
      if (mode === "batch") return KEY_CASES.includes(name) ? mapRunner(byBatches(Class), name, false) : null;
      if (isArray && !isForSortedArray(name, size)) return null;
      if (mode === "call") return mapRunner(isArray ? { ...calls, fill: fillAtOnce } : calls, name, true);
      // Nothing inside would bring the keys of a hash table in order, nor fill an array at once.
      if (name === "iterate" && !isOrdered) return null;
      return isArray && !isForSortedArray("insert", size) ? null : insideRunner(exports, name);
    },
  };
}

function fillAtOnce(map: NumberMap<number>, keys: Int32Array): void {
  map.setMany(
    keys,
    keys.map((_, i) => i),
  );
}

function own({ kind = "wasm", isOrdered = true, isArray = false, ...said }: Said, load: () => Promise<Own>): Contender {
  return {
    ...said,
    kind,
    cases: MAP_CASES,
    modes: ["call", "batch", "inside"],
    load: async () => loaded(await load(), { isOrdered, isArray }),
  };
}

/** The maps of this package. */
export const OWN_MAPS: readonly Contender[] = [
  own(
    {
      id: "red-black-tree",
      title: "RedBlackTree",
      isSubject: true,
      about: {
        en: "the kernel's red-black tree in WebAssembly",
        "zh-CN": "内核的红黑树，运行在 WebAssembly 里",
      },
    },
    async () => {
      const { RedBlackTree, redBlackTree } = await import("../../structures/red-black-tree.ts");
      return { Class: RedBlackTree, exports: redBlackTree };
    },
  ),
  own(
    {
      id: "avl-tree",
      title: "AvlTree",
      about: { en: "an AVL tree in WebAssembly", "zh-CN": "WebAssembly 里的 AVL 树" },
    },
    async () => {
      const { AvlTree, avlTree } = await import("../../structures/avl-tree.ts");
      return { Class: AvlTree, exports: avlTree };
    },
  ),
  own(
    { id: "b-tree", title: "BTree", about: { en: "a B-tree in WebAssembly", "zh-CN": "WebAssembly 里的 B 树" } },
    async () => {
      const { BTree, bTree } = await import("../../structures/b-tree.ts");
      return { Class: BTree, exports: bTree };
    },
  ),
  own(
    {
      id: "skip-list",
      title: "SkipList",
      about: { en: "a skip list in WebAssembly", "zh-CN": "WebAssembly 里的跳表" },
    },
    async () => {
      const { SkipList, skipList } = await import("../../structures/skip-list.ts");
      return { Class: SkipList, exports: skipList };
    },
  ),
  own(
    {
      id: "sorted-array",
      title: "SortedArray",
      isArray: true,
      about: { en: "a sorted array in WebAssembly", "zh-CN": "WebAssembly 里的有序数组" },
    },
    async () => {
      const { SortedArray, sortedArray } = await import("../../structures/sorted-array.ts");
      return { Class: SortedArray, exports: sortedArray };
    },
  ),
  own(
    {
      id: "hash-table",
      title: "HashTable",
      isOrdered: false,
      about: {
        en: "a hash table in WebAssembly; to go through it in order, its keys are sorted first",
        "zh-CN": "WebAssembly 里的哈希表；要按顺序遍历，须先把键排序",
      },
    },
    async () => {
      const { HashTable, hashTable } = await import("../../structures/hash-table.ts");
      return { Class: HashTable, exports: hashTable };
    },
  ),
  own(
    {
      id: "red-black-tree-script",
      title: "RedBlackTree as JS",
      kind: "wasm2js",
      about: {
        en: "the same module turned into JavaScript by wasm2js",
        "zh-CN": "同一个模块，由 wasm2js 转成 JavaScript",
      },
    },
    async () => {
      const { RedBlackTreeScript, redBlackTreeScript } = await import("../../structures/script.ts");
      return { Class: RedBlackTreeScript, exports: redBlackTreeScript };
    },
  ),
];
