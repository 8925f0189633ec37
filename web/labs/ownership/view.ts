import type { ChunkState } from "../../../lib/index.ts";

/** What a line of a box says besides a name and a value: by a text of the page, and its numbers. */
export interface Note {
  readonly text: "owners" | "shares" | "observers" | "no_owner" | "overwrites" | "used_again" | "given_back";
  readonly count: number;
}

/** A line of a box: a field of an object, of a control block, or of a free chunk. */
export interface Row {
  readonly key: string;
  readonly name: string;
  readonly value: string;
  readonly note: Note | null;
}

/** What lies in a chunk. */
export interface Part {
  readonly key: string;
  readonly kind: "object" | "block" | "length";
  /** User address. */
  readonly address: number;
  /** Unit: bytes. */
  readonly size: number;
  /** Name of the struct, or of libstdc++'s class of control blocks; empty: it is a number of elements. */
  readonly type: string;
  /** Whether it is an object that lives, or a block that has owners. */
  readonly alive: boolean;
  /** Length of its `char data[]`; 0: it has none. Unit: bytes. */
  readonly data: number;
  readonly rows: readonly Row[];
}

/** A chunk, as it is drawn. */
export interface ChunkView {
  readonly key: string;
  /** User address of its header. */
  readonly address: number;
  /** Header included. Unit: bytes. */
  readonly size: number;
  readonly prevInuse: boolean;
  readonly state: ChunkState;
  /** Whether nothing leads to it any more. */
  readonly lost: boolean;
  /** Whether it is free, and in no list any more: a list was broken. */
  readonly astray: boolean;
  readonly parts: readonly Part[];
  /** What malloc() keeps in it while it is free. */
  readonly links: readonly Row[];
}

/** A list of free chunks. */
export interface ListView {
  readonly key: string;
  readonly name: "tcache" | "fast" | "unsorted" | "small" | "large";
  /** Size of its chunks; 0: they differ. Unit: bytes. */
  readonly size: number;
  /** User addresses of their headers; where a link was overwritten, there is no chunk. */
  readonly chunks: readonly { readonly address: number; readonly isChunk: boolean }[];
}

/** A variable of main(), as it is drawn. */
export interface VariableView {
  readonly key: string;
  readonly name: string;
  /** Its type in C++. */
  readonly type: string;
  /** User address that it points to; 0: nothing. */
  readonly target: number;
  readonly rows: readonly Row[];
}

/** What an arrow can mean. */
export const EDGE_KINDS = ["owns", "observes", "points", "dangling"] as const;
export type EdgeKind = (typeof EDGE_KINDS)[number];

/** An arrow from a line to what its pointer leads to. */
export interface EdgeView {
  readonly key: string;
  /** Key of a row. */
  readonly from: string;
  /** Key of a part, or of a chunk. */
  readonly to: string;
  readonly kind: EdgeKind;
}

/** Figures of a moment. */
export interface Totals {
  readonly allocations: number;
  readonly frees: number;
  /** Unit: bytes. */
  readonly bytes: number;
  /** What has no owner any more, and is kept by weak_ptrs alone. Unit: bytes. */
  readonly kept: number;
  /** Lines of 64 bytes that a copy of each owner and a look at its object touch. */
  readonly touched: number;
  /** Lines of 64 bytes in which all that is allocated lies. */
  readonly lines: number;
  readonly countChanges: number;
  readonly atomicChanges: number;
}

/** Memory that nothing leads to. */
export interface Lost {
  /** User address. */
  readonly address: number;
  /** Unit: bytes. */
  readonly bytes: number;
}

/** What is drawn of a moment. */
export interface View {
  readonly variables: readonly VariableView[];
  /** By address; the last one is the top. */
  readonly chunks: readonly ChunkView[];
  /** What the libraries have had since before main(): number of chunks, and bytes. */
  readonly own: { readonly chunks: number; readonly bytes: number };
  readonly lists: readonly ListView[];
  readonly edges: readonly EdgeView[];
  readonly totals: Totals;
  /** At the end of a statement, what leaks: nothing leads to it. */
  readonly lost: readonly Lost[];
}

/** What a view says, by key: of lines, and of what has lines. */
interface Said {
  readonly rows: ReadonlyMap<string, string>;
  readonly things: ReadonlyMap<string, string>;
}

function saidBy({ variables, chunks, lists }: View): Said {
  const rows = new Map<string, string>();
  const things = new Map<string, string>();
  const take = (all: readonly Row[]) => {
    for (const { key, value, note } of all) rows.set(key, `${value} ${note?.text}`);
  };
  for (const { key, rows: own } of variables) {
    things.set(key, "");
    take(own);
  }
  for (const { key, size, state, lost, astray, prevInuse, parts, links } of chunks) {
    rows.set(headOf(key), `${size} ${prevInuse}`);
    // The top gives something away with each chunk that is cut off: that is said by its head alone.
    if (state !== "top") things.set(key, `${state} ${lost} ${astray}`);
    for (const part of parts) {
      things.set(part.key, `${part.alive} ${part.size}`);
      take(part.rows);
    }
    take(links);
  }
  for (const { key, chunks: members } of lists) things.set(key, members.map(({ address }) => address).join());
  return { rows, things };
}

/** Key of the head of a chunk. */
export function headOf(chunk: string): string {
  return `head ${chunk}`;
}

/**
 * Keys of what differs between a moment and the one that a step came from. The lines of what is new are not named: it is new
 * as a whole.
 */
export function changedBetween(before: View | null, now: View): ReadonlySet<string> {
  if (before === null) return new Set();
  const [was, is] = [saidBy(before), saidBy(now)];
  const changed = new Set<string>();
  for (const [key, text] of is.things) if (was.things.get(key) !== text) changed.add(key);
  for (const [key, text] of is.rows) if (was.rows.has(key) && was.rows.get(key) !== text) changed.add(key);
  return changed;
}
