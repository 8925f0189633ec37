// @ts-check
// Which modules there are. It is not part of asc.mjs, so that another one is no reason to compile all of them again.

/**
 * @typedef {object} CompileOptions
 * @property {string} entry    The source file, from the root of the repository.
 * @property {string} outFile  The module, from the root of the repository.
 * @property {string} [script]  The same module as JavaScript, from the root of the repository. Default: it is not made.
 * @property {"release" | "debug"} [target]  One of the targets of asconfig.json. Default: release.
 * @property {Readonly<Record<string, string>>} [instead]  Files that are read in the place of others.
 * @property {boolean} [inline]  Whether functions are put into their callers: faster, and larger. Default: no.
 * @property {number} [memory]  What the module begins with. Unit: pages of 64 KiB. Default: that of asconfig.json.
 */

/** The kernel. @type {CompileOptions} */
export const KERNEL = { entry: "assembly/index.ts", outFile: "build/kernel.wasm" };

/** What is read in the place of the kernel's files by modules without a kernel: there is nobody who listens. */
const SILENT = { "assembly/include/trace.ts": "assembly/structures/silent_trace.ts" };

/** Trees that differ only in how they are kept low. */
const SEARCH_TREES = ["red_black_tree", "avl_tree"];

/** The maps of `iopath/structures`: one door, and another map behind it each time. @type {CompileOptions[]} */
export const MAPS = [...SEARCH_TREES, "b_tree", "hash_table", "skip_list", "sorted_array"].map((name) => ({
  entry: "assembly/structures/ordered_map.ts",
  outFile: `build/structures/${name}.wasm`,
  // The race compares one of them with itself as JavaScript.
  ...(name === "red_black_tree" && { script: `build/structures/${name}.js` }),
  instead: {
    ...(SEARCH_TREES.includes(name)
      ? { "assembly/structures/balance.ts": `assembly/structures/${name}.ts` }
      : { "assembly/structures/map.ts": `assembly/structures/${name}.ts` }),
    ...SILENT,
  },
  inline: true,
  memory: 1,
}));

/** The trees once more, for who tries them out by hand: they say each rule before it is applied. @type {CompileOptions[]} */
export const HEARD = SEARCH_TREES.map((name) => ({
  entry: "assembly/structures/ordered_map.ts",
  outFile: `build/structures/heard_${name}.wasm`,
  instead: {
    "assembly/structures/balance.ts": `assembly/structures/${name}.ts`,
    "assembly/include/trace.ts": "assembly/structures/heard_trace.ts",
    "assembly/structures/avl_steps.ts": "assembly/structures/heard_avl_steps.ts",
  },
  memory: 1,
}));

/** Its other structures. @type {CompileOptions[]} */
export const QUEUES = ["linked_list", "ring_buffer"].map((name) => ({
  entry: `assembly/structures/${name}.ts`,
  outFile: `build/structures/${name}.wasm`,
  instead: SILENT,
  memory: 1,
}));

/** What a call costs, for the race; also as JavaScript. @type {CompileOptions} */
export const CROSSING = {
  entry: "assembly/structures/crossing.ts",
  outFile: "build/structures/crossing.wasm",
  script: "build/structures/crossing.js",
  instead: SILENT,
  memory: 1,
};

/** Everything that the package carries. @type {CompileOptions[]} */
export const MODULES = [KERNEL, ...MAPS, ...HEARD, ...QUEUES, CROSSING];

/** The kernel with names and a source map, for debugging. @type {CompileOptions} */
export const DEBUG_KERNEL = { entry: "assembly/index.ts", outFile: "build/debug.wasm", target: "debug" };
