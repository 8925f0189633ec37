/** What a piece of JavaScript is, as far as colours tell it apart. */
type PieceKind = "comment" | "string" | "number" | "keyword" | "constant" | "plain";

/** A piece of a line. */
export interface Piece {
  readonly kind: PieceKind;
  readonly text: string;
}

const KEYWORDS =
  "async await break case catch class const continue default delete do else export extends finally for from function if " +
  "import in instanceof let new null of return static super switch this throw true false try typeof undefined var void " +
  "while yield";

const PIECES = new RegExp(
  [
    String.raw`(?<comment>\/\/.*|\/\*[^]*?(?:\*\/|$))`,
    String.raw`(?<string>"(?:[^"\\\n]|\\.)*"?|'(?:[^'\\\n]|\\.)*'?|\x60(?:[^\x60\\]|\\[^])*\x60?)`,
    String.raw`(?<number>\b\d[\w.]*)`,
    String.raw`(?<keyword>\b(?:${KEYWORDS.replaceAll(" ", "|")})\b)`,
    String.raw`(?<constant>\b[A-Z][A-Z0-9_]+\b)`,
  ].join("|"),
  "g",
);

/** A JavaScript text as lines of pieces: enough of its grammar for colours. */
export function piecesOf(text: string): Piece[][] {
  const lines: Piece[][] = [[]];
  const add = (kind: PieceKind, part: string) => {
    part.split("\n").forEach((line, i) => {
      if (i > 0) lines.push([]);
      if (line !== "") lines.at(-1)!.push({ kind, text: line });
    });
  };
  let at = 0;
  for (const found of text.matchAll(PIECES)) {
    const [kind] = Object.entries(found.groups!).find(([, part]) => part !== undefined)!;
    add("plain", text.slice(at, found.index));
    add(kind as PieceKind, found[0]);
    at = found.index + found[0].length;
  }
  add("plain", text.slice(at));
  return lines;
}
