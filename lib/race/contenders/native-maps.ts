import type { CaseName, Contender, Runner, Work } from "../types.ts";
import { CHANGES, FINDS } from "../work.ts";
import { MAP_CASES, changesNothing } from "./maps.ts";
import { loadNativeMaps, type NativeMaps } from "./native/load.ts";

/** A case as maps.cpp numbers it. */
const CASES: Partial<Record<CaseName, number>> = {
  insert: 0,
  "find-hit": 1,
  "find-miss": 1,
  delete: 2,
  iterate: 3,
  churn: 4,
};
const INSERT = 0;

function nativeRunner(native: NativeMaps, isStd: boolean, name: CaseName): Runner {
  const what = CASES[name]!;
  let work!: Work;
  let maps: unknown[] = [];
  const isShared = changesNothing(name);
  return {
    prepare(given, copies) {
      work = given;
      maps = Array.from({ length: isShared ? 1 : copies }, () => {
        const map = native.make(isStd, work.keys, work.probes);
        if (what !== INSERT) native.run(map, INSERT, FINDS, CHANGES);
        return map;
      });
    },
    run: (copy) => native.run(maps[isShared ? 0 : copy], what, FINDS, CHANGES),
    end() {
      for (const map of maps) native.end(map);
      maps = [];
    },
    bytes() {
      const bytes = native.bytes(maps[0]);
      return bytes < 0 ? null : bytes;
    },
    ...(name !== "iterate" && { one: (operation) => native.one(maps[0], what, operation, FINDS, CHANGES) }),
  };
}

function nativeMap(isStd: boolean, said: Pick<Contender, "id" | "title" | "about">): Contender {
  return {
    ...said,
    kind: "native",
    install: "apt-get install g++",
    cases: MAP_CASES,
    modes: ["inside"],
    load: async () => {
      const native = await loadNativeMaps();
      if (!native) return null;
      const { version, flags } = native;
      const runner = (name: CaseName) => (MAP_CASES.includes(name) ? nativeRunner(native, isStd, name) : null);
      return { version, flags, runner };
    },
  };
}

/** Maps in C++, built where there is a compiler: in Node on Linux. */
export const NATIVE_MAPS: readonly Contender[] = [
  nativeMap(true, {
    id: "std-map",
    title: "std::map",
    about: { en: "C++'s ordered map, as g++ -O2 makes it", "zh-CN": "C++ 的有序映射，由 g++ -O2 编译" },
  }),
  nativeMap(false, {
    id: "native-tree",
    title: "C++ tree",
    about: {
      en: "RedBlackTree's tree in C++, line by line, as g++ -O2 makes it",
      "zh-CN": "与 RedBlackTree 逐行对应的 C++ 红黑树，由 g++ -O2 编译",
    },
  }),
];
