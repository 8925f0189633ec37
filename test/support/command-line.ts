import { afterAll, beforeAll } from "vitest";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { main } from "../../lib/cli/cli.ts";
import { tmpdir } from "node:os";

/** What a command line prints, and its exit code. */
export async function iopath(args: readonly string[], signal = new AbortController().signal) {
  const printed = { code: 0, out: "", err: "" };
  const out = (text: string | Uint8Array) =>
    void (printed.out += typeof text === "string" ? text : new TextDecoder("latin1").decode(text));
  const err = (text: string) => void (printed.err += text);
  printed.code = await main(args, { out, err, isInteractive: false, signal });
  return printed;
}

let folder = "";

/** Lets the tests of a file have a folder of their own, which is there while they run. */
export function withFolder(): void {
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "iopath-"));
  });
  afterAll(() => rm(folder, { recursive: true }));
}

/** A place in that folder. */
export function inFolder(name: string): string {
  return join(folder, name);
}

/** A file in that folder, with a text. @returns its path. */
export async function file(name: string, text: string): Promise<string> {
  await writeFile(inFolder(name), text);
  return inFolder(name);
}
