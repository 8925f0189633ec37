// @ts-check
// Compiles the kernel, and modules for tests, with the options of asconfig.json and the struct-layout transform.
//
//   node assembly/transform/asc.mjs [release | debug]
//
// A module is compiled only if something that it was made from has changed since. What that is, the compiler says
// itself: beside every module lies a list of all files that it asked for, with their hashes.

import { createHash } from "node:crypto";
import { copyFile, mkdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { inlined } from "./inline.mjs";
import { DEBUG_KERNEL, MODULES } from "./modules.mjs";
import { originOf, scriptOf } from "./script.mjs";

/** The repository's root: all paths in here are relative to it. */
const ROOT = fileURLToPath(new URL("../../", import.meta.url));

/** What makes the compiler itself. */
const COMPILER = [
  "node_modules/assemblyscript/package.json",
  ...["asc.mjs", "constant.js", "doc-comment.js", "inline.mjs", "layout-file.js", "struct-layout.js"].map(
    (name) => `assembly/transform/${name}`,
  ),
];

/** A module did not compile; the message is the compiler's. */
export class CompileError extends Error {
  /** @override */
  name = "CompileError";
}

/** The compiler keeps its state in one place: one compilation at a time. */
let queue = Promise.resolve(false);

/**
 * Compiles a module if it is not up to date.
 *
 * @param {import("./modules.mjs").CompileOptions} options
 * @returns {Promise<boolean>} Whether there was something to do.
 * @throws {CompileError} If the source is wrong. The old module is removed, so that nobody takes it for the new one.
 */
export function compile(options) {
  queue = queue
    .catch(() => false)
    .then(async () => {
      const compiled = await compileNow(options);
      if (options.script !== undefined) await translate(options.outFile, options.script);
      return compiled;
    });
  return queue;
}

/**
 * Makes the same module as JavaScript, if it is not up to date.
 *
 * @param {string} outFile
 * @param {string} script
 */
async function translate(outFile, script) {
  const bytes = await readFile(join(ROOT, outFile));
  const [text, origin] = await Promise.all([readText(script), originOf(bytes)]);
  if (text === null || !text.startsWith(origin)) await write(script, await scriptOf(bytes));
}

/** @param {import("./modules.mjs").CompileOptions} options */
async function compileNow({ entry, outFile, target = "release", instead = {}, memory, inline = false }) {
  const stamp = `${outFile}.inputs.json`;
  const command = [entry, "--target", target, "--outFile", outFile, "--noColors"];
  if (memory !== undefined) command.push("--initialMemory", String(memory));
  const how = inline ? [...command, "inline"] : command;
  if (await upToDate(stamp, how, outFile)) return false;

  const [{ default: asc }, { default: StructLayout }] = await Promise.all([
    import("assemblyscript/asc"),
    import("./struct-layout.js"),
  ]);
  const files = new Map(
    await Promise.all(COMPILER.map(async (path) => /** @type {const} */ ([path, await hashFile(path)]))),
  );
  const stderr = asc.createMemoryStream();
  const { error } = await asc.main(command, {
    stderr,
    transforms: [/** @type {any} */ (StructLayout)], // the class: asc gives it the program, then makes one
    listFiles: async () => null,
    async readFile(asked) {
      const path = instead[asked] ?? asked;
      const text = await readText(path);
      files.set(path, text === null ? null : hash(text));
      return text;
    },
    async writeFile(path, contents) {
      if (path !== outFile) files.set(path, hash(contents));
      const isModule = path === outFile && contents instanceof Uint8Array;
      await write(path, inline && isModule ? await inlined(contents) : contents);
    },
  });
  const messages = stderr.toString().trimEnd();
  if (error) {
    await Promise.all([rm(join(ROOT, outFile), { force: true }), rm(join(ROOT, stamp), { force: true })]);
    throw new CompileError(messages || error.message);
  }
  if (messages.includes("WARNING")) console.warn(messages);
  await write(stamp, JSON.stringify({ command: how, files: Object.fromEntries(files) }, null, 1) + "\n");
  return true;
}

/**
 * @param {string} stamp
 * @param {string[]} command
 * @param {string} outFile
 */
async function upToDate(stamp, command, outFile) {
  const text = await readText(stamp);
  if (text === null || (await hashFile(outFile)) === null) return false;
  const made = JSON.parse(text);
  if (made.command.join(" ") !== command.join(" ")) return false;
  const hashes = await Promise.all(Object.keys(made.files).map(hashFile));
  return Object.values(made.files).every((was, i) => was === hashes[i]);
}

/** @param {string} path */
async function readText(path) {
  try {
    return await readFile(join(ROOT, path), "utf8");
  } catch {
    return null; // no such file: the compiler asks for several names of a module
  }
}

/** @param {string} path */
async function hashFile(path) {
  try {
    return hash(await readFile(join(ROOT, path)));
  } catch {
    return null;
  }
}

/** @param {string | Uint8Array} contents */
function hash(contents) {
  return createHash("sha256").update(contents).digest("base64url").slice(0, 16);
}

/**
 * Writes a file in one go: whoever reads it sees the old or the new one.
 *
 * @param {string} path
 * @param {string | Uint8Array} contents
 */
async function write(path, contents) {
  const file = join(ROOT, path);
  await mkdir(dirname(file), { recursive: true });
  const draft = `${file}.${process.pid}.tmp`;
  await writeFile(draft, contents);
  await rename(draft, file);
}

/** @param {string} target */
async function main(target) {
  for (const options of target === "debug" ? [DEBUG_KERNEL] : MODULES) {
    const begin = performance.now();
    const compiled = await compile(options);
    const { size } = await stat(join(ROOT, options.outFile));
    const how = compiled ? `compiled in ${((performance.now() - begin) / 1000).toFixed(1)} s` : "is up to date";
    console.log(`${options.outFile} ${how}, ${(size / 1000).toFixed(1)} kB`);
    if (options === DEBUG_KERNEL) continue;
    // The package carries it beside dist/lib as it lies here beside lib, so that one relative path fits both.
    for (const file of options.script === undefined ? [options.outFile] : [options.outFile, options.script]) {
      const packed = join(ROOT, "dist", file);
      await mkdir(dirname(packed), { recursive: true });
      await copyFile(join(ROOT, file), packed);
    }
  }
}

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) {
  try {
    await main(process.argv[2] ?? "release");
  } catch (error) {
    if (!(error instanceof CompileError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
