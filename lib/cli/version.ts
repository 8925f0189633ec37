import { readFile } from "node:fs/promises";

/** The version of the package, which lies two or three folders up: in the sources, or built. */
export async function version(): Promise<string> {
  for (const path of ["../../package.json", "../../../package.json"]) {
    const text = await readFile(new URL(path, import.meta.url), "utf8").catch(() => null);
    if (text !== null) return (JSON.parse(text) as { version: string }).version;
  }
  return "unknown";
}
