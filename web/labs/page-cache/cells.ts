import { type Lists, identityOf } from "../../../lib/cache/pages.ts";

/** Neighbours on a list that are alike, drawn as one. */
export interface Cell {
  /** The first of them, packed. */
  readonly page: number;
  /** How many they are. */
  readonly count: number;
}

/** How lists are drawn: the same way through a whole run, so that nothing jumps. */
export interface Grid {
  /** How many like neighbours a cell stands for at most. */
  readonly fold: number;
  readonly columns: number;
  /** Rows of each list that the run needs at most. */
  readonly active: number;
  readonly inactive: number;
}

/** Nothing is folded further. */
const MOST_FOLD = 4096;

/** The cells of a list, in its order. */
export function cellsOf(list: Uint32Array, fold: number): Cell[] {
  const cells: Cell[] = [];
  let from = 0;
  for (let i = 1; i <= list.length; i++) {
    if (i < list.length && isAlike(list[from]!, list[i]!) && i - from < fold) continue;
    cells.push({ page: list[from]!, count: i - from });
    from = i;
  }
  return cells;
}

/** Bits of a packed page that say which page it is. */
const NUMBER = 0x3fff_ff00;
/** Bits of marks that are drawn: referenced, dirty, writeback, reading. */
const DRAWN = 0xf;
const LOOK = ~NUMBER & (0xc000_0000 | DRAWN);

/** Whether two pages look the same but for their number. */
function isAlike(one: number, other: number): boolean {
  return (one & LOOK) === (other & LOOK);
}

function countCells(list: Uint32Array, fold: number): number {
  let cells = 0;
  let from = 0;
  for (let i = 1; i <= list.length; i++) {
    if (i < list.length && isAlike(list[from]!, list[i]!) && i - from < fold) continue;
    cells++;
    from = i;
  }
  return cells;
}

/**
 * How all lists of a run can be drawn in so many columns.
 *
 * @param rows  rows that the longest list may have, if folding makes that possible.
 */
export function gridOf(lists: readonly Lists[], columns: number, rows: number): Grid {
  const most = (name: keyof Lists, fold: number) =>
    lists.reduce((greatest, one) => Math.max(greatest, countCells(one[name], fold)), 0);
  let fold = 1;
  let [active, inactive] = [most("active", fold), most("inactive", fold)];
  while (Math.max(active, inactive) > columns * rows && fold < MOST_FOLD) {
    fold *= 2;
    [active, inactive] = [most("active", fold), most("inactive", fold)];
  }
  return { fold, columns, active: rowsOf(active, columns), inactive: rowsOf(inactive, columns) };
}

function rowsOf(cells: number, columns: number): number {
  return Math.max(1, Math.ceil(cells / columns));
}

/** Which list each page of a moment is on, and in which cell. */
export interface Places {
  readonly active: readonly Cell[];
  readonly inactive: readonly Cell[];
  /** By the page's number without marks: list and cell. */
  readonly of: ReadonlyMap<number, { readonly list: keyof Lists; readonly cell: number }>;
}

/** Where every page of a moment is. */
export function placesOf(lists: Lists, fold: number): Places {
  const of = new Map<number, { readonly list: keyof Lists; readonly cell: number }>();
  const cells = { active: cellsOf(lists.active, fold), inactive: cellsOf(lists.inactive, fold) };
  for (const list of ["active", "inactive"] as const) {
    let at = 0;
    cells[list].forEach(({ count }, cell) => {
      for (const end = at + count; at < end; at++) of.set(identityOf(lists[list][at]!), { list, cell });
    });
  }
  return { ...cells, of };
}

/** A page that has changed lists, or left them, from one moment to the next: from which cell, and to which; null: gone. */
export interface Move {
  readonly page: number;
  readonly from: { readonly list: keyof Lists; readonly cell: number };
  readonly to: { readonly list: keyof Lists; readonly cell: number } | null;
}

/** What has changed lists, or left them. */
export function movesOf(before: Places, now: Places): Move[] {
  const moves: Move[] = [];
  for (const [identity, from] of before.of) {
    const to = now.of.get(identity) ?? null;
    if (to?.list !== from.list) moves.push({ page: before[from.list][from.cell]!.page, from, to });
  }
  return moves;
}
