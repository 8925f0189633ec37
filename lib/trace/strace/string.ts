import { closingQuote } from "./annotation.ts";
import type { Scanner } from "./scanner.ts";
import type { StraceString } from "./types.ts";

const SIMPLE_ESCAPES: ReadonlyMap<string, string> = new Map([
  ["n", "\n"],
  ["t", "\t"],
  ["v", "\v"],
  ["f", "\f"],
  ["r", "\r"],
]);
const ESCAPE = /\\(?:x([0-9a-fA-F]{1,2})|([0-7]{1,3})|(.))/gs;

/** Reads a quoted string with the `...` that marks a cut, the scanner standing on the quote. */
export function parseString(scanner: Scanner): StraceString {
  const { text, at: start } = scanner;
  const end = closingQuote(text, start);
  if (end >= text.length && !scanner.partial) scanner.fail("the closing quote", text.length);
  const raw = text.slice(start + 1, end);
  scanner.at = Math.min(end + 1, text.length);
  const truncated = scanner.take("...");
  return { kind: "string", text: raw.includes("\\") ? unescape(raw) : raw, truncated };
}

/** Undoes C's escapes: one code unit for one byte. */
function unescape(raw: string): string {
  return raw.replace(ESCAPE, (_, hex?: string, octal?: string, character = "") => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8) & 0xff);
    return SIMPLE_ESCAPES.get(character) ?? character;
  });
}

/** Prints a string as strace does: escapes by letter where there is one, by octal number otherwise. */
export function quote(text: string): string {
  return `"${text.replace(/["\\]|[^ -~]/g, escapeCharacter)}"`;
}

const LETTERS: ReadonlyMap<string, string> = new Map(
  [...SIMPLE_ESCAPES].map(([letter, character]) => [character, letter]),
);

function escapeCharacter(character: string, at: number, text: string): string {
  if (character === '"' || character === "\\") return `\\${character}`;
  const letter = LETTERS.get(character);
  if (letter !== undefined) return `\\${letter}`;
  const code = character.charCodeAt(0);
  // What is no byte does not come from strace; it is kept as it stands.
  if (code > 0xff) return character;
  const next = text.charCodeAt(at + 1);
  const octal = code.toString(8);
  return `\\${next >= 48 && next <= 55 ? octal.padStart(3, "0") : octal}`;
}
