import { readAnnotation } from "./annotation.ts";
import { type Scanner, isDigit } from "./scanner.ts";
import { parseParenthesised } from "./token.ts";
import type { StraceAnnotation, StraceField, StraceResult } from "./types.ts";
import { parseItem } from "./value.ts";

const SPACE = 32;
const ROUND = 40;
const COMMA = 44;
const MINUS = 45;
const SLASH = 47;
const ZERO = 48;
const LESS = 60;
const EQUALS = 61;
const QUESTION = 63;
const OPEN = 91;
const CAPITAL_E = 69;
const SMALL_X = 120;

/** Everything behind the closing parenthesis of a call. */
export interface Outcome {
  result: StraceResult;
  resultAnnotation?: StraceAnnotation;
  resultText?: string;
  resultDetails?: StraceField[];
  /** ns */
  duration?: number;
}

/** Reads `= 3<...> (text) <0.000003>` up to the end of the line. */
export function parseOutcome(scanner: Scanner): Outcome {
  scanner.skipSpaces();
  if (scanner.peek() !== EQUALS) scanner.fail('"=" and the result');
  scanner.at++;
  scanner.skipSpaces();
  const outcome: Outcome = { result: parseResult(scanner) };
  if (scanner.peek() === LESS) outcome.resultAnnotation = readAnnotation(scanner);
  while (!scanner.done) {
    const code = scanner.peek();
    if (code === SPACE) scanner.at++;
    else if (code === ROUND) parseText(scanner, outcome);
    else if (code === LESS) parseDuration(scanner, outcome);
    else if (code === SLASH && scanner.take("/*")) scanner.until("*/", '"*/"');
    else scanner.fail("the end of the line");
  }
  return outcome;
}

function parseResult(scanner: Scanner): StraceResult {
  const { text } = scanner;
  if (scanner.peek() === QUESTION) {
    scanner.at++;
    if (text.charCodeAt(scanner.at) !== SPACE || text.charCodeAt(scanner.at + 1) !== CAPITAL_E)
      return { kind: "unknown" };
    scanner.at++;
    return { kind: "restart", name: scanner.name() };
  }
  const start = scanner.at;
  const negative = scanner.peek() === MINUS;
  if (negative) scanner.at++;
  const value = parseNumber(scanner);
  if (!negative) return { kind: "value", value };
  if (value === 1 && scanner.peek() === SPACE) {
    const next = text.charCodeAt(scanner.at + 1);
    if (next === CAPITAL_E) {
      scanner.at++;
      return { kind: "error", errno: scanner.name(), value: -1 };
    }
    const unnamed = /^ \(errno (\d{1,5})\)/.exec(text.slice(scanner.at, scanner.at + 20));
    if (unnamed) return { kind: "error", errno: unnamed[1] ?? "", value: -1 };
  }
  if (scanner.at === start + 1) scanner.fail("a number", start);
  return { kind: "value", value: -value };
}

function parseNumber(scanner: Scanner): number | bigint {
  const { text, at } = scanner;
  const code = scanner.peek();
  if (!isDigit(code)) scanner.fail('a number or "?"');
  if (code !== ZERO) return scanner.decimal("a number");
  if (text.charCodeAt(at + 1) === SMALL_X) {
    scanner.at += 2;
    return scanner.hex();
  }
  if (!isDigit(text.charCodeAt(at + 1))) return scanner.decimal("a number");
  const octal = scanner.count("an octal number").toString();
  if (/[89]/.test(octal)) scanner.fail("an octal number", at);
  return Number.parseInt(octal, 8);
}

const DETAIL = /^\((?:in|out|except|left|flags) /;

/** Reads text in parentheses; several of them, such as `(Timeout) (INJECTED)`, are joined by a blank. */
function parseText(scanner: Scanner, outcome: Outcome): void {
  const start = scanner.at;
  if (scanner.text.charCodeAt(start + 1) === OPEN || DETAIL.test(scanner.text.slice(start, start + 9))) {
    outcome.resultDetails = parseDetails(scanner);
  } else {
    scanner.at++;
    parseParenthesised(scanner);
  }
  const text = scanner.text.slice(start + 1, scanner.at - 1);
  outcome.resultText = outcome.resultText === undefined ? text : `${outcome.resultText} ${text}`;
}

/** Reads `([...])`, `(in [4], left {...})`, `(flags O_RDWR)`. */
function parseDetails(scanner: Scanner): StraceField[] {
  const details: StraceField[] = [];
  do {
    scanner.at++;
    scanner.skipSpaces();
    const start = scanner.at;
    const name = scanner.name();
    if (name !== "" && scanner.peek() === SPACE) scanner.skipSpaces();
    else scanner.at = start;
    details.push({ name: scanner.at === start ? "" : name, value: parseItem(scanner, 0) });
  } while (scanner.peek() === COMMA);
  scanner.expect(")");
  return details;
}

/** Reads `<0.000003>`; `<unavailable>` says nothing. */
function parseDuration(scanner: Scanner, outcome: Outcome): void {
  if (scanner.take("<unavailable>")) return;
  scanner.at++;
  const seconds = scanner.count("the time the call took");
  scanner.expect(".");
  outcome.duration = seconds * 1e9 + fraction(scanner);
  scanner.expect(">");
}

/** Reads the digits behind a decimal point as ns. */
export function fraction(scanner: Scanner): number {
  const start = scanner.at;
  const value = scanner.count("the digits of a fraction of a second");
  const digits = scanner.at - start;
  if (digits > 9) scanner.fail("at most nine digits of a second", start);
  return value * 10 ** (9 - digits);
}
