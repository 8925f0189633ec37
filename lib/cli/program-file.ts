import type { BootOptions, Kernel, Program, World } from "../index.ts";
import { FileError, UsageError } from "./command.ts";
import { offerLibrary } from "./library.ts";
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { resolve } from "node:path";

/** What a program file exports: by default, if it is not a program alone; or as `start` and `boot`, by these names. */
export interface ProgramFile {
  /** Programs by the names of their tasks. */
  readonly programs: Readonly<Record<string, Program>>;
  /** What happens outside; called once, before the programs run. */
  readonly world?: (world: World, kernel: Kernel) => void;
  /** Makes tasks, and what happens outside; called once, after all that. */
  readonly start?: (kernel: Kernel) => void;
  /** What the machine is booted with. */
  readonly boot?: BootOptions;
}

const KEYS: readonly string[] = ["programs", "world", "boot"] satisfies readonly (keyof ProgramFile)[];

/** What a file exports. @throws UsageError if it cannot be loaded. */
export async function loadExports(file: string): Promise<Readonly<Record<string, unknown>>> {
  offerLibrary();
  if (!existsSync(file)) throw new UsageError(`${file} cannot be loaded: there is no such file`);
  try {
    return (await import(pathToFileURL(resolve(file)).href)) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`${file} cannot be loaded: ${(error as Error).message}`);
  }
}

/** Loads a program file. @throws UsageError, FileError if it is none. */
export async function loadProgramFile(file: string): Promise<ProgramFile> {
  const { default: exported, start, boot } = await loadExports(file);
  if (typeof start === "function") {
    return {
      programs: {},
      start: start as (kernel: Kernel) => void,
      ...(boot !== undefined && { boot: boot as BootOptions }),
    };
  }
  if (typeof exported === "function") return { programs: { main: exported as Program } };
  if (isProgramFile(exported)) {
    const unknown = Object.keys(exported).filter((key) => !KEYS.includes(key));
    if (unknown.length === 0) return exported;
    throw new FileError(`${file} exports by default ${unknown.join(", ")}: expected only ${KEYS.join(", ")}`);
  }
  throw new UsageError(
    `${file} exports neither a function start(kernel), nor by default a program, function* (sys), or { programs }; ` +
      "see `iopath run --help`; a file that boots its own Kernel is run with node",
  );
}

function isProgramFile(value: unknown): value is ProgramFile {
  if (typeof value !== "object" || value === null || !("programs" in value)) return false;
  const { programs } = value;
  return (
    typeof programs === "object" &&
    programs !== null &&
    Object.values(programs).every((one) => typeof one === "function")
  );
}
