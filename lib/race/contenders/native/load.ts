/** What maps.cpp exports. Numbers that are addresses mean something there only. */
export interface NativeMaps {
  /** As the compiler says it: `g++ 12.2.0`. */
  readonly version: string;
  readonly flags: string;
  /** Makes a map with its work. */
  readonly make: (isStd: boolean, keys: Int32Array, probes: Int32Array) => unknown;
  readonly run: (runner: unknown, what: number, finds: number, changes: number) => number;
  readonly one: (runner: unknown, what: number, operation: number, finds: number, changes: number) => void;
  /** Unit: bytes; -1: it cannot be known. */
  readonly bytes: (runner: unknown) => number;
  readonly end: (runner: unknown) => void;
  /** Answers with what it is given. */
  readonly echo: (value: number) => number;
  /** Answers each of many values with itself. */
  readonly echoMany: (values: Int32Array, count: number, answers: Int32Array) => void;
}

const COMPILERS = ["g++", "clang++"];
const FLAGS = ["-O2", "-std=c++20"];
/** Beside this file, or where the sources lie when this is the built one. */
const SOURCES = ["./maps.cpp", "../../../../../lib/race/contenders/native/maps.cpp"];

/**
 * Builds maps.cpp, once for each compiler and version of it, and loads it into this process; null: this is no Linux, or
 * it has no compiler of C++. Modules of Node are asked for by name, so that bundlers for a browser leave them alone.
 */
export function loadNativeMaps(): Promise<NativeMaps | null> {
  return (loading ??= load());
}

let loading: Promise<NativeMaps | null> | undefined;

async function load(): Promise<NativeMaps | null> {
  if (typeof process === "undefined" || process.platform !== "linux") return null;
  for (const compiler of COMPILERS) {
    const version = await output(compiler, ["-dumpfullversion", "-dumpversion"]);
    if (version === null) continue;
    const file = await build(compiler, version.trim());
    if (file !== null) return open(file, `${compiler} ${version.trim()}`);
  }
  return null;
}

function open(file: string, version: string): NativeMaps {
  const { createRequire } = process.getBuiltinModule("node:module");
  const koffi = createRequire(import.meta.url)("koffi") as typeof import("koffi");
  const library = koffi.load(file);
  library.func("void keep_memory()")();
  const make = library.func(
    "void *runner_make(int32_t is_std, const int32_t *keys, uint32_t key_count, const int32_t *probes, uint32_t probe_count)",
  );
  return {
    version,
    flags: FLAGS.join(" "),
    make: (isStd, keys, probes) => make(Number(isStd), keys, keys.length, probes, probes.length) as unknown,
    run: library.func("int32_t runner_run(void *runner, int32_t what, uint32_t finds, uint32_t changes)"),
    one: library.func(
      "void runner_one(void *runner, int32_t what, uint32_t operation, uint32_t finds, uint32_t changes)",
    ),
    bytes: library.func("double runner_bytes(void *runner)"),
    end: library.func("void runner_end(void *runner)"),
    echo: library.func("int32_t echo(int32_t value)"),
    echoMany: library.func("void echo_many(const int32_t *values, uint32_t count, _Out_ int32_t *answers)"),
  };
}

/** The library that maps.cpp becomes; null: the compiler does not take it. */
async function build(compiler: string, version: string): Promise<string | null> {
  const { existsSync } = process.getBuiltinModule("node:fs");
  const { mkdir, readFile, rename } = process.getBuiltinModule("node:fs/promises");
  const { homedir } = process.getBuiltinModule("node:os");
  const source = SOURCES.map((path) => new URL(path, import.meta.url)).find((url) => existsSync(url));
  if (!source) return null;
  const { createHash } = process.getBuiltinModule("node:crypto");
  const made = [compiler, version, ...FLAGS, await readFile(source, "utf8")].join("\n");
  const hash = createHash("sha256").update(made).digest("hex").slice(0, 16);
  // In a folder that belongs to the user: what lies there is loaded.
  const folder = `${process.env["XDG_CACHE_HOME"] ?? `${homedir()}/.cache`}/iopath`;
  const file = `${folder}/maps-${hash}.so`;
  if (existsSync(file)) return file;
  await mkdir(folder, { recursive: true });
  const unfinished = `${file}.${process.pid}`;
  const { fileURLToPath } = process.getBuiltinModule("node:url");
  const shared = ["-fPIC", "-shared", "-o", unfinished, fileURLToPath(source)];
  if ((await output(compiler, [...FLAGS, ...shared])) === null) return null;
  await rename(unfinished, file);
  return file;
}

/** What a command prints; null: there is none, or it fails. */
async function output(command: string, args: readonly string[]): Promise<string | null> {
  const { execFile } = process.getBuiltinModule("node:child_process");
  return new Promise((done) => {
    execFile(command, args, (error, stdout) => done(error ? null : stdout));
  });
}
