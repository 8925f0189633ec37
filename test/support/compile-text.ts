import { readFileSync } from "node:fs";
import { join } from "node:path";
import asc from "assemblyscript/asc";
import StructLayout from "../../assembly/transform/struct-layout.js";

const root = join(import.meta.dirname, "../..");

interface Field {
  readonly offset: number;
  readonly type: string;
  readonly to?: string;
  readonly doc?: string;
}

interface Struct {
  readonly size: number;
  readonly stride: number;
  readonly base?: string;
  readonly fields: Readonly<Record<string, Field>>;
  readonly embeds: Readonly<Record<string, object>>;
}

interface Layout {
  readonly structs: Readonly<Record<string, Struct>>;
  readonly enums: Readonly<Record<string, { readonly values: object; readonly members: object }>>;
  readonly constants: Readonly<Record<string, number>>;
  readonly functions: Readonly<Record<string, string>>;
}

/** What the compiler made of a source text. Nothing is written to disk. */
export interface CompiledText {
  /** What the compiler has against the source; empty if nothing. */
  readonly error: string;
  /** All files that it would have written, by path. */
  readonly files: Readonly<Record<string, string | Uint8Array>>;
  /** The layout. @throws TypeError if there is none. */
  readonly layout: Layout;
  /** The module, running. @throws TypeError if there is none. */
  readonly instance: WebAssembly.Instance;
}

/**
 * Compiles a source text as if it were a file of the project.
 *
 * @param source  AssemblyScript.
 * @param entry   The file that it is taken for. Default: the kernel's own entry.
 */
export async function compileText(
  source: string,
  entry = "assembly/index.ts",
  target: "release" | "debug" = "release",
): Promise<CompiledText> {
  const files: Record<string, string | Uint8Array> = {};
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main([entry, "--target", target, "--outFile", "build/text.wasm", "--noColors"], {
    stderr,
    transforms: [StructLayout as never],
    readFile: (path) =>
      path === entry ? source : path === "asconfig.json" ? readFileSync(join(root, path), "utf8") : null,
    writeFile: (path, contents) => void (files[path] = contents),
    listFiles: () => null,
  });
  const messages = stderr.toString();
  const file = (path: string) => {
    if (files[path] === undefined) throw new TypeError(`the compiler has not written ${path}: ${messages}`);
    return files[path];
  };
  return {
    error: error ? messages || error.message : "",
    files,
    get layout() {
      return JSON.parse(file("build/layout.json") as string) as Layout;
    },
    get instance() {
      const module = new WebAssembly.Module(file("build/text.wasm") as Uint8Array<ArrayBuffer>);
      return new WebAssembly.Instance(module, { env: { abort() {} } });
    },
  };
}
