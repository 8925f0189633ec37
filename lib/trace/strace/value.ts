import { readAnnotation } from "./annotation.ts";
import { type Scanner, isDigit, isHexDigit } from "./scanner.ts";
import { parseString } from "./string.ts";
import { parseComment, parseNumber, parseOpaque, parseToken } from "./token.ts";
import type { StraceArray, StraceField, StraceStruct, StraceValue } from "./types.ts";

/** Deeper than anything strace prints (netlink messages: about 12), and far from the end of the stack. */
const MAXIMUM_DEPTH = 64;
/** AT_FDCWD: the working directory, in place of a descriptor. */
const AT_FDCWD = -100;

const SPACE = 32;
const NOT = 33;
const QUOTE = 34;
const AMPERSAND = 38;
const ROUND = 40;
const STAR = 42;
const PLUS = 43;
const COMMA = 44;
const MINUS = 45;
const DOT = 46;
const SLASH = 47;
const COLON = 58;
const LESS = 60;
const EQUALS = 61;
const GREATER = 62;
const QUESTION = 63;
const AT = 64;
const OPEN = 91;
const CLOSE = 93;
const SMALL_O = 111;
const BRACE = 123;
const BAR = 124;
const TILDE = 126;

/** Reads values up to the closing parenthesis, and steps over it; in a call never completed, up to the text's end. */
export function parseArguments(scanner: Scanner, depth = 0): StraceValue[] {
  const args: StraceValue[] = [];
  scanner.skipSpaces();
  while (!closes(scanner, ")")) {
    args.push(parseItem(scanner, depth));
    if (!separated(scanner, ")")) break;
  }
  return args;
}

/** Steps over the closing bracket if it stands here; so does the end of a call that was never completed. */
function closes(scanner: Scanner, close: string): boolean {
  if (scanner.partial && scanner.done) return true;
  return scanner.take(close);
}

/** Behind an element: true if a comma announces another one, false if the container has been closed. */
function separated(scanner: Scanner, close: string): boolean {
  scanner.skipSpaces();
  if (scanner.peek() === COMMA) {
    scanner.at++;
    scanner.skipSpaces();
    return true;
  }
  if (!closes(scanner, close)) scanner.fail(`"," or ${JSON.stringify(close)}`);
  return false;
}

/** Reads one element: a value, `name=value`, or `before => after`. */
export function parseItem(scanner: Scanner, depth: number): StraceValue {
  const name = fieldName(scanner);
  const value = parseValue(scanner, depth);
  return name === "" ? value : { kind: "named", name, value };
}

function parseField(scanner: Scanner, depth: number): StraceField {
  return { name: fieldName(scanner), value: parseValue(scanner, depth) };
}

/** Steps over `name=`, `name[X]=` or `[X]=` and returns it without the `=`; empty if none of them stands here. */
function fieldName(scanner: Scanner): string {
  const start = scanner.at;
  const { text } = scanner;
  let at = scanner.nameEnd();
  // Only a short subscript without brackets of its own is one: `[112 => 16]` and `[[1, 2], 3]` are arrays.
  if (text.charCodeAt(at) === OPEN) {
    const end = text.slice(at + 1, at + 65).search(/[[\]{}",=]/);
    if (end < 0 || text.charCodeAt(at + 1 + end) !== CLOSE) return "";
    at += end + 2;
  }
  if (at === start || text.charCodeAt(at) !== EQUALS) return "";
  const next = text.charCodeAt(at + 1);
  if (next === EQUALS || next === GREATER) return "";
  scanner.at = at + 1;
  return text.slice(start, at);
}

function parseValue(scanner: Scanner, depth: number): StraceValue {
  const before = parseExpression(scanner, depth, 0);
  if (!scanner.text.startsWith(" => ", scanner.at)) return before;
  scanner.at += 4;
  const after = parseExpression(scanner, depth, 0);
  return { kind: "change", before, after };
}

/** How tightly operators bind, loosest first. `A or B` stands for two ioctls of the same number. */
const OPERATORS: readonly (readonly string[])[] = [
  ["or"],
  ["&&", "||"],
  ["==", "!="],
  ["|"],
  ["<<", ">>", "*", "-", "+"],
];

/** Reads operands joined by operators that bind at least as tightly as `level`. */
function parseExpression(scanner: Scanner, depth: number, level: number): StraceValue {
  let left = parseOperand(scanner, depth);
  let nesting = depth;
  for (;;) {
    const found = peekOperator(scanner, level);
    if (!found) return left;
    scanner.at = found.end;
    scanner.skipSpaces();
    const right = parseExpression(scanner, nesting, found.level + 1);
    const { operator } = found;
    if (operator === "|" && left.kind === "flags") left.terms.push(right);
    else if (left.kind === "operation" && left.operator === operator) left.operands.push(right);
    else {
      if (++nesting > MAXIMUM_DEPTH) failDepth(scanner);
      left =
        operator === "|"
          ? { kind: "flags", terms: [left, right] }
          : { kind: "operation", operator, operands: [left, right] };
    }
  }
}

function peekOperator(scanner: Scanner, level: number): { operator: string; level: number; end: number } | undefined {
  const { text } = scanner;
  let { at } = scanner;
  if (text.charCodeAt(at) === SPACE) at++;
  if (!mayBeOperator(text.charCodeAt(at))) return undefined;
  for (let candidate = level; candidate < OPERATORS.length; candidate++) {
    for (const operator of OPERATORS[candidate] ?? []) {
      if (!text.startsWith(operator, at)) continue;
      const end = at + operator.length;
      if (operator === "|" && text.charCodeAt(end) === BAR) continue;
      // In a set, the blank before `-opost` separates; and only between blanks is `or` an operator.
      if ((at > scanner.at || operator === "or") && text.charCodeAt(end) !== SPACE) continue;
      return { operator, level: candidate, end };
    }
  }
  return undefined;
}

function mayBeOperator(code: number): boolean {
  switch (code) {
    case NOT:
    case AMPERSAND:
    case STAR:
    case PLUS:
    case MINUS:
    case LESS:
    case EQUALS:
    case GREATER:
    case SMALL_O:
    case BAR:
      return true;
    default:
      return false;
  }
}

/** Reads one operand with the comment behind it. */
function parseOperand(scanner: Scanner, depth: number): StraceValue {
  const value = parseBareOperand(scanner, depth);
  const { text, at } = scanner;
  const code = text.charCodeAt(at);
  if (code === SPACE ? text.charCodeAt(at + 1) === SLASH : code === SLASH) {
    scanner.skipSpaces();
    value.comment = parseComment(scanner);
  }
  return value;
}

function parseBareOperand(scanner: Scanner, depth: number): StraceValue {
  if (depth > MAXIMUM_DEPTH) failDepth(scanner);
  const { text, at } = scanner;
  const code = scanner.peek();
  // Behind two digits or letters, a colon goes on with the address of a network card.
  if (text.charCodeAt(at + 2) === COLON && isHexDigit(code)) return parseToken(scanner);
  if (isDigit(code)) return parseNumber(scanner, 1);
  switch (code) {
    case QUOTE:
      return parseString(scanner);
    case AT: {
      scanner.at++;
      if (scanner.peek() !== QUOTE) scanner.fail("the quoted name of an abstract socket");
      const value = parseString(scanner);
      return { ...value, abstract: true };
    }
    case OPEN:
      return parseArray(scanner, depth, false);
    case BRACE:
      return parseStruct(scanner, depth);
    case ROUND:
      return parseGroup(scanner, depth);
    case TILDE:
      if (text.charCodeAt(at + 1) !== OPEN) break;
      scanner.at++;
      return parseArray(scanner, depth, true);
    case MINUS:
      if (!isDigit(text.charCodeAt(at + 1))) break;
      scanner.at++;
      return parseNumber(scanner, -1);
    case DOT:
    case LESS:
    case QUESTION:
    case SLASH:
      return parseOpaque(scanner);
    default:
      if (code !== code && scanner.partial) return { kind: "opaque", text: "" };
  }
  return parseName(scanner, depth);
}

/** Reads a constant, a macro with its arguments, NULL, or AT_FDCWD with its directory. */
function parseName(scanner: Scanner, depth: number): StraceValue {
  const start = scanner.at;
  // Terminal modes that are off, the address of a variable, and what is negated, are names with a mark in front.
  while ([MINUS, AMPERSAND, TILDE, NOT].includes(scanner.peek()) && scanner.at < start + 4) scanner.at++;
  const mark = scanner.text.slice(start, scanner.at);
  const bare = scanner.name();
  if (bare === "") scanner.fail("a value", start);
  const name = mark + bare;
  const { text, at } = scanner;
  const next = text.charCodeAt(at);
  if (next === ROUND) {
    scanner.at++;
    return { kind: "macro", name, args: parseArguments(scanner, depth + 1) };
  }
  if (next === LESS && text.charCodeAt(at + 1) !== LESS) {
    return { kind: "fd", fd: AT_FDCWD, annotation: readAnnotation(scanner), name };
  }
  return name === "NULL" ? { kind: "null" } : { kind: "name", name };
}

function parseGroup(scanner: Scanner, depth: number): StraceValue {
  scanner.at++;
  const value = parseExpression(scanner, depth + 1, 0);
  if (!closes(scanner, ")")) scanner.fail('")"');
  return value;
}

function parseArray(scanner: Scanner, depth: number, complement: boolean): StraceArray {
  const array: StraceArray = { kind: "array", elements: [], abbreviated: false, complement, spaced: false };
  scanner.at++;
  while (!closes(scanner, "]")) {
    if (leavesOut(scanner, "]")) array.abbreviated = true;
    else array.elements.push(parseItem(scanner, depth + 1));
    if (!continues(scanner, "]", array)) break;
  }
  if (array.abbreviated) scanner.abbreviated = true;
  return array;
}

function parseStruct(scanner: Scanner, depth: number): StraceStruct {
  const struct: StraceStruct = { kind: "struct", fields: [], abbreviated: false, spaced: false };
  scanner.at++;
  while (!closes(scanner, "}")) {
    if (leavesOut(scanner, "}")) struct.abbreviated = true;
    else struct.fields.push(parseField(scanner, depth + 1));
    if (!continues(scanner, "}", struct)) break;
  }
  if (struct.abbreviated) scanner.abbreviated = true;
  return struct;
}

/** Steps over the `...` that stands for all further elements. */
function leavesOut(scanner: Scanner, close: string): boolean {
  return scanner.peek() === DOT && scanner.text.startsWith(close, scanner.at + 3) && scanner.take("...");
}

/** Behind an element: true if a comma or, in a set, a blank announces another one. */
function continues(scanner: Scanner, close: string, container: { spaced: boolean }): boolean {
  if (scanner.peek() === SPACE) {
    container.spaced = true;
    scanner.skipSpaces();
    return !closes(scanner, close);
  }
  return separated(scanner, close);
}

function failDepth(scanner: Scanner): never {
  scanner.fail(`at most ${MAXIMUM_DEPTH} values inside each other`);
}
