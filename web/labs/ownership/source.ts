import type { Line } from "../../../lib/cpp/print.ts";

/** A piece of a line of C++, as far as colours tell it apart. */
export interface CppPiece {
  readonly kind: "comment" | "string" | "number" | "keyword" | "type" | "plain";
  readonly text: string;
}

/** Lines of a source that are shown, or folded into one. */
export interface SourceRange {
  /** First line, from 1. */
  readonly from: number;
  /** Last line. */
  readonly to: number;
  readonly folded: boolean;
}

const KEYWORDS =
  "bool case char class const delete else false for if int long new nullptr operator return struct template true void while";
const PIECES = new RegExp(
  [
    String.raw`(?<comment>\/\/.*)`,
    String.raw`(?<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|<\w+>$)`,
    String.raw`(?<number>\b\d+\b)`,
    String.raw`(?<keyword>#include|\b(?:${KEYWORDS.replaceAll(" ", "|")})\b)`,
    String.raw`(?<type>\bstd::\w+)`,
  ].join("|"),
  "g",
);

/** A line of C++ in pieces: enough of its grammar for colours. */
export function cppPieces(text: string): CppPiece[] {
  const pieces: CppPiece[] = [];
  let at = 0;
  for (const found of text.matchAll(PIECES)) {
    const [kind] = Object.entries(found.groups!).find(([, part]) => part !== undefined)!;
    if (found.index > at) pieces.push({ kind: "plain", text: text.slice(at, found.index) });
    pieces.push({ kind: kind as CppPiece["kind"], text: found[0] });
    at = found.index + found[0].length;
  }
  if (at < text.length) pieces.push({ kind: "plain", text: text.slice(at) });
  return pieces;
}

/** What of a source is worth being seen at once: its structs, and main(). All else is folded. */
export function rangesOf(lines: readonly Line[], structs: readonly string[]): SourceRange[] {
  const shown = new Set<number>();
  const main = lines.findIndex(({ text }) => text === "int main() {");
  for (let i = main; i < lines.length; i++) shown.add(i);
  for (const name of structs) {
    const begin = lines.findIndex(({ text }) => new RegExp(`^struct ${name}\\b.*\\{$`).test(text));
    for (let i = begin; i >= 0 && i < main; i++) {
      shown.add(i);
      if (lines[i]!.text === "};") break;
    }
  }
  const ranges: SourceRange[] = [];
  for (let i = 0; i < lines.length; i++) {
    const folded = !shown.has(i);
    const last = ranges.at(-1);
    if (last?.folded === folded) ranges[ranges.length - 1] = { ...last, to: i + 1 };
    else ranges.push({ from: i + 1, to: i + 1, folded });
  }
  return ranges;
}
