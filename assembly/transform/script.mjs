// @ts-check
// A compiled module once more as JavaScript: binaryen's wasm2js makes an ES module of it, with the same exports.

import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

/**
 * Says what a script is made from: it stands in its first line.
 *
 * @param {Uint8Array} module
 * @returns {Promise<string>}
 */
export async function originOf(module) {
  const hash = createHash("sha256").update(module);
  const own = await readFile(fileURLToPath(import.meta.url));
  const { version } = createRequire(import.meta.url)("binaryen/package.json");
  return `// wasm2js ${version}: ${hash.update(own).digest("base64url").slice(0, 16)}\n`;
}

/**
 * Turns a module into JavaScript.
 *
 * @param {Uint8Array} bytes  A module that imports nothing but `env.abort`.
 * @returns {Promise<string>}
 */
export async function scriptOf(bytes) {
  const { default: binaryen } = await import("binaryen");
  const module = binaryen.readBinary(bytes);
  try {
    binaryen.setOptimizeLevel(3);
    module.setFeatures(binaryen.Features.All);
    module.optimize();
    const text = module.emitAsmjs();
    // Without a bundler nothing is found under the bare name of an import.
    const abort = 'var env = { abort() { throw new Error("a structure has found itself broken"); } };';
    return (await originOf(bytes)) + text.replace(/^import \* as env from ["']env["'];$/m, abort);
  } finally {
    module.dispose();
  }
}
