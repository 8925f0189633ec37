import { UsageError } from "./command.ts";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";

/** The text of a file, or of the standard input for "-". @throws UsageError if it cannot be read. */
export async function readInput(file: string): Promise<string> {
  try {
    return file === "-" ? await text(process.stdin) : await readFile(file, "utf8");
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
}
