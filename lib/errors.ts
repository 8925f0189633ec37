/** Where a text from outside went wrong, and what would have been right there. */
export interface InputErrorDetails {
  /** What the text is called: a file name, or a name such as "journal". */
  source: string;
  /** 1 is the first line. */
  line: number;
  /** 1 is the first column; counted in UTF-16 code units. */
  column: number;
  /** What may stand there, as a noun phrase: `a system call's name`. */
  expected: string;
  /** What stands there instead, as a noun phrase. */
  found?: string;
}

/**
 * Thrown for every text from outside (a journal, a recording, a link, a scenario) that cannot be read.
 *
 * The message names the place and what was expected: `server.strace:12:40: expected ")", found "]"`.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  /** What the text is called: a file name, or a name such as "journal". */
  readonly source: string;
  /** 1 is the first line. */
  readonly line: number;
  /** 1 is the first column; counted in UTF-16 code units. */
  readonly column: number;
  /** What may stand there. */
  readonly expected: string;

  constructor(details: InputErrorDetails) {
    const { source, line, column, expected, found } = details;
    super(`${source}:${line}:${column}: expected ${expected}${found === undefined ? "" : `, found ${found}`}`);
    this.source = source;
    this.line = line;
    this.column = column;
    this.expected = expected;
  }
}

/** Quotes the beginning of a text for an error message; control characters and lone surrogates are escaped. */
export function excerpt(text: string, from: number, length = 24): string {
  if (from >= text.length) return "the end of the line";
  return JSON.stringify(text.slice(from, from + length));
}

/** Thrown for a program that cannot be run on both machines: the message tells its author why. */
export class ProgramError extends Error {}
