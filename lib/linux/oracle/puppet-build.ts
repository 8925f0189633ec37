import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** Beside this file, or where the sources lie when this is the built one. */
const SOURCES = ["./puppet.c", "../../../../lib/linux/oracle/puppet.c"].map((path) => new URL(path, import.meta.url));

/** The program puppet.c, compiled once for each version of it; null where there is no C compiler. */
export async function buildPuppet(): Promise<string | null> {
  const source = SOURCES.find((url) => existsSync(url));
  if (!source) return null;
  const hash = createHash("sha256")
    .update(await readFile(source))
    .digest("hex");
  const folder = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "iopath");
  const file = join(folder, `puppet-${hash.slice(0, 16)}`);
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
