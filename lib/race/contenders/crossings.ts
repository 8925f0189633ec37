import { loadStructure } from "../../structures/load.ts";
import type { Contender, Kind, Loaded, Mode, Runner, Work } from "../types.ts";
import { MODES } from "../work.ts";
import { loadNativeMaps } from "./native/load.ts";

/** What assembly/structures/crossing.ts exports. */
interface CrossingExports extends WebAssembly.Exports {
  readonly memory: WebAssembly.Memory;
  readonly scratch: (bytes: number) => number;
  readonly echo: (value: number) => number;
  readonly echo_many: (values: number, count: number, answers: number) => void;
  readonly echo_sum: (values: number, count: number) => number;
}

/** A run over the probes of a work; what changes nothing needs no copies. */
function crossingRunner(run: (probes: Int32Array) => number, one?: (probe: number) => number): Runner {
  let work!: Work;
  return {
    prepare: (given) => void (work = given),
    run: () => run(work.probes),
    end: () => undefined,
    ...(one && { one: (operation) => one(work.probes[operation]!) }),
    bytes: () => null,
  };
}

/** The sum of the answers. */
function sumOf(answers: Int32Array): number {
  let sum = 0;
  for (let i = 0; i < answers.length; i++) sum = (sum + answers[i]!) | 0;
  return sum;
}

function byCalls(echo: (value: number) => number): Runner {
  return crossingRunner((probes) => {
    let sum = 0;
    for (let i = 0; i < probes.length; i++) sum = (sum + echo(probes[i]!)) | 0;
    return sum;
  }, echo);
}

function moduleRunner(exports: CrossingExports, mode: Mode): Runner {
  if (mode === "call") return byCalls(exports.echo);
  // Values are where the module can reach them; in a batch, taking them there and answers back is part of the work.
  const copied = (probes: Int32Array) => {
    const at = exports.scratch(2 * probes.byteLength);
    new Int32Array(exports.memory.buffer, at, probes.length).set(probes);
    return at;
  };
  if (mode === "inside") {
    let at = 0;
    const runner = crossingRunner((probes) => exports.echo_sum(at, probes.length));
    return { ...runner, prepare: (work) => ((at = copied(work.probes)), runner.prepare(work, 1)) };
  }
  return crossingRunner((probes) => {
    const at = copied(probes);
    const answers = at + probes.byteLength;
    exports.echo_many(at, probes.length, answers);
    return sumOf(new Int32Array(exports.memory.buffer, answers, probes.length));
  });
}

/** A crossing. @param load  What does it in a mode, with its version; null: it is not there. */
function crossing(
  said: Pick<Contender, "id" | "title" | "about" | "install" | "isSubject"> & { readonly kind: Kind },
  modes: readonly Mode[],
  load: () => Promise<(Pick<Loaded, "version" | "flags"> & { readonly make: (mode: Mode) => Runner }) | null>,
): Contender {
  return {
    ...said,
    cases: ["crossing"],
    modes,
    load: async () => {
      const found = await load();
      if (!found) return null;
      const { make, ...about } = found;
      return { ...about, runner: (name, mode) => (name === "crossing" && modes.includes(mode) ? make(mode) : null) };
    },
  };
}

/** A module, as it is or as JavaScript. */
async function moduleAt(url: URL): Promise<{ version: null; make: (mode: Mode) => Runner }> {
  const exports = await loadStructure<CrossingExports>(url);
  return { version: null, make: (mode) => moduleRunner(exports, mode) };
}

/** What a call costs that does nothing. */
export const CROSSINGS: readonly Contender[] = [
  crossing(
    {
      id: "wasm-call",
      title: "WebAssembly",
      kind: "wasm",
      isSubject: true,
      about: { en: "a function in WebAssembly", "zh-CN": "WebAssembly 里的函数" },
    },
    MODES,
    () => moduleAt(new URL("../../../build/structures/crossing.wasm", import.meta.url)),
  ),
  crossing(
    {
      id: "wasm-call-script",
      title: "WebAssembly as JS",
      kind: "wasm2js",
      about: {
        en: "the same function turned into JavaScript by wasm2js",
        "zh-CN": "同一个函数，由 wasm2js 转成 JavaScript",
      },
    },
    MODES,
    () => moduleAt(new URL("../../../build/structures/crossing.js", import.meta.url)),
  ),
  crossing(
    {
      id: "js-call",
      title: "JS function",
      kind: "js",
      about: {
        en: "a function in JavaScript, which the engine may put in the place of its call",
        "zh-CN": "JavaScript 函数，引擎可以把调用内联掉",
      },
    },
    ["call"],
    () => Promise.resolve({ version: null, make: () => byCalls((value) => value) }),
  ),
  crossing(
    {
      id: "native-call",
      title: "C++ function",
      kind: "native",
      install: "apt-get install g++",
      about: { en: "a function in C++, called from Node by koffi", "zh-CN": "C++ 函数，由 Node 通过 koffi 调用" },
    },
    ["call", "batch"],
    async () => {
      const native = await loadNativeMaps();
      if (!native) return null;
      const { version, flags, echo, echoMany } = native;
      const batch = (probes: Int32Array) => {
        const answers = new Int32Array(probes.length);
        echoMany(probes, probes.length, answers);
        return sumOf(answers);
      };
      return { version, flags, make: (mode) => (mode === "call" ? byCalls(echo) : crossingRunner(batch)) };
    },
  ),
];
