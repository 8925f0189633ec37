import { InputError, excerpt } from "../../errors.ts";
import type { StraceAnnotation } from "./types.ts";

/** A stretch of a line. A call's halves, printed on two lines, are scanned as one text of two pieces. */
export interface Piece {
  text: string;
  line: number;
  /** Column of the first code unit; 1 is the first. */
  column: number;
}

const ZERO = 48;
const NINE = 57;
const SPACE = 32;
/** Below this, decimal digits add up without loss in a double. */
const EXACT_DECIMAL_DIGITS = 15;
const EXACT_HEX_DIGITS = 13;

/** A position in the text of one call or one line, and what every part of the reader does with it. */
export class Scanner {
  text = "";
  at = 0;
  /** Set by whoever parses a container that leaves elements out. */
  abbreviated = false;
  /** True while reading a call that was never completed: the text may end anywhere. */
  partial = false;
  readonly source: string;
  /** By text: few descriptors make up a recording, and each stands in thousands of lines. */
  readonly annotations = new Map<string, StraceAnnotation>();
  #pieces: Piece[] = [];
  #line = 0;

  constructor(source: string) {
    this.source = source;
  }

  /** Starts on one whole line. */
  load(text: string, line: number): void {
    this.text = text;
    this.at = 0;
    this.abbreviated = false;
    this.partial = false;
    this.#line = line;
    if (this.#pieces.length) this.#pieces = [];
  }

  /** Starts on a text that is spread over several lines. */
  loadPieces(pieces: readonly Piece[]): void {
    this.load(pieces.map((piece) => piece.text).join(""), pieces.at(-1)?.line ?? 0);
    this.#pieces = [...pieces];
  }

  /** Cuts a stretch out of the text, with its place, to be joined to others later. */
  cut(from: number, to: number): Piece[] {
    if (!this.#pieces.length) return [{ text: this.text.slice(from, to), line: this.#line, column: from + 1 }];
    const cut: Piece[] = [];
    let start = 0;
    for (const { text, line, column } of this.#pieces) {
      const head = Math.max(from - start, 0);
      const stretch = text.slice(head, Math.max(to - start, 0));
      if (stretch) cut.push({ text: stretch, line, column: column + head });
      start += text.length;
    }
    return cut;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The code unit at the position; NaN at the end. */
  peek(): number {
    return this.text.charCodeAt(this.at);
  }

  /** @throws InputError always: names the place, what was expected and what stands there. */
  fail(expected: string, at = this.at): never {
    let line = this.#line;
    let column = at + 1;
    let start = 0;
    for (const piece of this.#pieces) {
      if (at < start) break;
      line = piece.line;
      column = piece.column + at - start;
      start += piece.text.length;
    }
    throw new InputError({ source: this.source, line, column, expected, found: excerpt(this.text, at) });
  }

  skipSpaces(): void {
    while (this.text.charCodeAt(this.at) === SPACE) this.at++;
  }

  /** Steps over `literal` if it stands here. */
  take(literal: string): boolean {
    if (!this.text.startsWith(literal, this.at)) return false;
    this.at += literal.length;
    return true;
  }

  /** Steps over `literal`. @throws InputError if something else stands here. */
  expect(literal: string): void {
    if (!this.take(literal)) this.fail(JSON.stringify(literal));
  }

  /** Reads up to `literal` and steps over it. @throws InputError if it does not come. */
  until(literal: string, expected: string): string {
    const end = this.text.indexOf(literal, this.at);
    if (end < 0) this.fail(expected, this.text.length);
    const text = this.text.slice(this.at, end);
    this.at = end + literal.length;
    return text;
  }

  /** Where the `[A-Za-z_][A-Za-z0-9_]*` that stands here ends; the position itself if something else does. */
  nameEnd(): number {
    const { text } = this;
    let { at } = this;
    if (isNameStart(text.charCodeAt(at)))
      do at++;
      while (isNamePart(text.charCodeAt(at)));
    return at;
  }

  /** Reads a name; empty if something else stands here. */
  name(): string {
    const start = this.at;
    this.at = this.nameEnd();
    return this.text.slice(start, this.at);
  }

  /** Reads decimal digits: a number, or a bigint where a number would lose digits. */
  decimal(expected: string): number | bigint {
    const { text } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    for (let code = text.charCodeAt(at); code >= ZERO && code <= NINE; code = text.charCodeAt(++at)) {
      value = value * 10 + code - ZERO;
    }
    if (at === start) this.fail(expected);
    this.at = at;
    return at - start <= EXACT_DECIMAL_DIGITS ? value : this.#exact(text.slice(start, at), start);
  }

  /** Reads decimal digits that must fit a number. */
  count(expected: string): number {
    const start = this.at;
    const value = this.decimal(expected);
    if (typeof value === "bigint") this.fail(expected, start);
    return value;
  }

  /** Reads hexadecimal digits behind `0x`. */
  hex(): number | bigint {
    const { text } = this;
    const start = this.at;
    let at = start;
    let value = 0;
    for (let digit = hexDigit(text.charCodeAt(at)); digit >= 0; digit = hexDigit(text.charCodeAt(++at))) {
      value = value * 16 + digit;
    }
    if (at === start) this.fail("a hexadecimal digit");
    this.at = at;
    return at - start <= EXACT_HEX_DIGITS ? value : this.#exact(`0x${text.slice(start, at)}`, start);
  }

  /** Nothing that is printed has more than 64 bits; and making a bigint of a million digits takes too long. */
  #exact(digits: string, start: number): number | bigint {
    if (digits.length > 40) this.fail("a number of at most 64 bits", start);
    const value = BigInt(digits);
    return value <= Number.MAX_SAFE_INTEGER ? Number(value) : value;
  }
}

/** True for the code unit of an ASCII digit. */
export function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** True for the code unit of a hexadecimal digit. */
export function isHexDigit(code: number): boolean {
  return hexDigit(code) >= 0;
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95;
}

function isNamePart(code: number): boolean {
  return isNameStart(code) || isDigit(code);
}

/** The value of a hexadecimal digit (strace prints small letters; both are read), -1 for anything else. */
function hexDigit(code: number): number {
  if (isDigit(code)) return code - ZERO;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}
