import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Beside this file, or where the sources lie when this is the built one. */
const FOLDERS = ["./", "../../../../lib/linux/oracle/"];

/** A program in C that lies beside this file, compiled once for each version of it; null where there is no compiler. */
async function build(name: string): Promise<string | null> {
  const source = FOLDERS.map((folder) => new URL(`${folder}${name}.c`, import.meta.url)).find((url) => existsSync(url));
  if (!source) return null;
  const hash = createHash("sha256")
    .update(await readFile(source))
    .digest("hex");
  const folder = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "iopath");
  const file = join(folder, `${name}-${hash.slice(0, 16)}`);
  if (existsSync(file)) return file;
  const unfinished = `${file}.${process.pid}`;
  try {
    await mkdir(folder, { recursive: true });
    await promisify(execFile)("cc", ["-O1", "-o", unfinished, fileURLToPath(source)]);
    await rename(unfinished, file);
    return file;
  } catch {
    return null;
  }
}

/** puppet.c, which makes system calls as it is told. */
export function buildPuppet(): Promise<string | null> {
  return build("puppet");
}

/** roads.c, which sends a file in every way and measures. */
export function buildRoads(): Promise<string | null> {
  return build("roads");
}
