import { fileURLToPath } from "node:url";
import { register } from "node:module";

/** Where the library lies: the sources, or what was built of them. */
const ROOT = new URL("../", import.meta.url);
const EXTENSION = import.meta.url.endsWith(".ts") ? "ts" : "js";

/** Resolves the bare name to the library; in a thread of its own, to which nothing else of here is known. */
const HOOK = `
  const library = ${JSON.stringify(new URL(`index.${EXTENSION}`, ROOT).href)};
  export const resolve = (name, context, next) =>
    name === "iopath" ? { url: library, shortCircuit: true } : next(name, context);`;

let isOffered = false;

/** From now on a module that is loaded can import "iopath" wherever it lies, and gets this very library. */
export function offerLibrary(): void {
  if (isOffered) return;
  register(`data:text/javascript,${encodeURIComponent(HOOK)}`);
  isOffered = true;
}

/** What was thrown, in words, with where it comes from; without the library's own part of the way. */
export function describeThrown(thrown: Error): string {
  const own = [ROOT.href, fileURLToPath(ROOT), "(<anonymous>)"];
  const isOwn = (line: string) => own.some((part) => line.includes(part));
  const lines = (thrown.stack ?? String(thrown)).split("\n");
  return lines.filter((line) => !/^\s+at /.test(line) || !isOwn(line)).join("\n");
}
