/**
 * What is done to a structure: a key is put in (of a list at the end, or at the beginning), moved to the beginning, or
 * taken out.
 */
export interface Operation {
  readonly do: "insert" | "unshift" | "move" | "delete";
  /** Of a ring: how many bytes are written, or read. */
  readonly key: number;
}

/** What stands before the key in an address. */
const LETTERS = { insert: "", unshift: "f", move: "m", delete: "x" } as const;

/** No key is greater, or less than this one below 0. */
export const GREATEST = 9999;
/** A tree with more nodes is no plaything any more. */
export const MOST_KEYS = 63;
/** No address says more of them. */
export const MOST_OPERATIONS = 300;

/** Why a text says no keys. */
export interface Refusal {
  readonly refused: "empty" | "number" | "range" | "many";
  /** The piece of it that is wrong. */
  readonly piece: string;
}

/** The keys that a text lists, between spaces or commas. */
export function keysIn(text: string): readonly number[] | Refusal {
  const pieces = text.split(/[\s,;，；、]+/).filter((piece) => piece !== "");
  if (pieces.length === 0) return { refused: "empty", piece: "" };
  if (pieces.length > MOST_KEYS) return { refused: "many", piece: String(pieces.length) };
  const wrong = pieces.find((piece) => !/^[-−]?\d+$/.test(piece));
  if (wrong !== undefined) return { refused: "number", piece: wrong.slice(0, 20) };
  const keys = pieces.map((piece) => Number(piece.replace("−", "-")) + 0);
  const far = keys.findIndex((key) => Math.abs(key) > GREATEST);
  return far < 0 ? keys : { refused: "range", piece: pieces[far]!.slice(0, 20) };
}

/** What an address says was done: `5.3.8.x3`; what is wrong there is left out, and all behind it. */
export function readOperations(text: string): Operation[] {
  const operations: Operation[] = [];
  for (const piece of text === "" ? [] : text.split(".").slice(0, MOST_OPERATIONS)) {
    const [, letter, digits] = /^([fmx]?)(-?\d{1,4})$/.exec(piece) ?? [];
    if (digits === undefined) break;
    const [what] = Object.entries(LETTERS).find(([, one]) => one === letter)!;
    operations.push({ do: what as Operation["do"], key: Number(digits) + 0 });
  }
  return operations;
}

/** What readOperations() reads. */
export function writeOperations(operations: readonly Operation[]): string {
  return operations.map(({ do: what, key }) => `${LETTERS[what]}${key}`).join(".");
}

/**
 * A key from 0 to below a bound that is not there yet: the same for the same seed and number of operations. null: there
 * is none.
 */
export function randomKey(present: ReadonlySet<number>, seed: number, operations: number, below = 100): number | null {
  let state = (Math.imul(seed + 1, 0x9e37_79b1) ^ Math.imul(operations + 1, 0x85eb_ca6b)) >>> 0;
  for (let attempt = 0; attempt < 1000; attempt++) {
    state = (state ^ (state << 13)) >>> 0;
    state = (state ^ (state >>> 17)) >>> 0;
    state = (state ^ (state << 5)) >>> 0;
    const key = state % below;
    if (!present.has(key)) return key;
  }
  return null;
}
