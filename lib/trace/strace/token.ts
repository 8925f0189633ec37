import { closingQuote, readAnnotation } from "./annotation.ts";
import { type Scanner, isDigit, isHexDigit } from "./scanner.ts";
import type { StraceValue } from "./types.ts";

const QUOTE = 34;
const ROUND = 40;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const ZERO = 48;
const COLON = 58;
const LESS = 60;
const QUESTION = 63;
const CLOSE = 93;
const SMALL_X = 120;
const END_BRACE = 125;

/** Reads digits, the descriptor's annotation behind them, or the odd date of an older strace. */
export function parseNumber(scanner: Scanner, sign: 1 | -1): StraceValue {
  const { text, at: start } = scanner;
  const leadingZero = text.charCodeAt(start) === ZERO;
  if (leadingZero && text.charCodeAt(start + 1) === SMALL_X) {
    scanner.at += 2;
    return { kind: "integer", value: signed(scanner.hex(), sign), base: 16 };
  }
  const value = scanner.decimal("a digit");
  const end = scanner.at;
  const next = text.charCodeAt(end);
  if (next === COMMA || next === END_BRACE || next === CLOSE) {
    // By far the most frequent continuations; the others are looked for below.
  } else if (next === LESS && text.charCodeAt(end + 1) !== LESS) {
    const fd = signed(value, sign);
    if (typeof fd === "bigint") scanner.fail("a descriptor", start);
    return { kind: "fd", fd, annotation: readAnnotation(scanner) };
  } else if (next === COLON || next === DOT || next === SLASH || next === MINUS || isHexDigit(next)) {
    if (next !== MINUS || isDigit(text.charCodeAt(end + 1))) return parseToken(scanner, start);
  }
  if (!leadingZero || end === start + 1) return { kind: "integer", value: signed(value, sign), base: 10 };
  const octal = text.slice(start, end);
  if (/[89]/.test(octal)) scanner.fail("an octal number", start);
  const exact = BigInt(`0o${octal}`);
  return { kind: "integer", value: signed(exact <= Number.MAX_SAFE_INTEGER ? Number(exact) : exact, sign), base: 8 };
}

/** Reads what is made of digits and is no number: a date, an address, digits without the `0x` they need. */
export function parseToken(scanner: Scanner, start = scanner.at): StraceValue {
  const text = /^[\da-f/.:T+-]{1,100}/.exec(scanner.text.slice(start, start + 100))?.[0];
  if (text === undefined) scanner.fail("a value", start);
  scanner.at = start + text.length;
  return { kind: "opaque", text };
}

function signed(value: number | bigint, sign: 1 | -1): number | bigint {
  return sign === 1 || value === 0 ? value : -value;
}

/** Steps over a comment and returns its text. */
export function parseComment(scanner: Scanner): string {
  scanner.expect("/*");
  return scanner.until("*/", '"*/"').trim();
}

/** Reads what has no structure, so that it is not lost: `...`, `???`, a comment alone, the name of a restarted call. */
export function parseOpaque(scanner: Scanner): StraceValue {
  const { text, at: start } = scanner;
  if (scanner.take("...")) {
    scanner.abbreviated = true;
  } else if (scanner.peek() === QUESTION) {
    while (scanner.peek() === QUESTION) scanner.at++;
  } else if (scanner.peek() === SLASH) {
    parseComment(scanner);
  } else if (scanner.take("<... ")) {
    scanner.until(" ...>", '"...>"');
  } else scanner.fail("a value");
  return { kind: "opaque", text: text.slice(start, scanner.at) };
}

/** Steps over text in parentheses, the scanner standing behind the opening one, and returns it. */
export function parseParenthesised(scanner: Scanner): string {
  const { text, at: start } = scanner;
  let depth = 1;
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = closingQuote(text, at);
    else if (code === ROUND) depth++;
    else if (code === ROUND + 1 && --depth === 0) {
      scanner.at = at + 1;
      return text.slice(start, at);
    }
  }
  scanner.fail('")"', text.length);
}
