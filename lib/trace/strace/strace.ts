import { StraceReader } from "./reader.ts";
import type { StraceTrace } from "./types.ts";

/** What a recording is called in errors and warnings. */
export interface ParseStraceOptions {
  /** A file name; "strace" if left out. */
  name?: string;
}

/**
 * Reads a recording of strace: a whole text, or its lines in order.
 *
 * A text that stops inside its last line, as that of a strace still running does, is read without that line, and a
 * warning says so.
 *
 * @throws InputError naming line, column and what was expected, for anything strace does not write.
 */
export function parseStrace(input: string | Iterable<string>, options: ParseStraceOptions = {}): StraceTrace {
  const reader = new StraceReader(options.name);
  if (typeof input === "string") readText(reader, input);
  else for (const line of input) reader.readLine(line);
  return reader.finish();
}

function readText(reader: StraceReader, text: string): void {
  let start = 0;
  for (let end = text.indexOf("\n"); end >= 0; end = text.indexOf("\n", start)) {
    reader.readLine(text.slice(start, end));
    start = end + 1;
  }
  if (start < text.length) reader.readLastLine(text.slice(start));
}
