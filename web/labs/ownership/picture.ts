import type { ChunkView, EdgeView, ListView, Part, Row, VariableView, View } from "./view.ts";

/** A rectangle. Unit: px. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A line of a box. */
export interface RowBox extends Box {
  readonly row: Row;
}

/** What lies in a chunk, with its lines and its bytes of data. */
export interface PartBox extends Box {
  readonly part: Part;
  /** Where its `char data[]` is drawn; null: it has none, or is no more. */
  readonly data: Box | null;
  readonly rows: readonly RowBox[];
}

/** A chunk. */
export interface ChunkBox extends Box {
  readonly chunk: ChunkView;
  readonly parts: readonly PartBox[];
  readonly links: readonly RowBox[];
}

/** A variable. */
export interface VariableBox extends Box {
  readonly variable: VariableView;
  readonly rows: readonly RowBox[];
}

/** A list of free chunks, one below the other. */
export interface ListBox extends Box {
  readonly list: ListView;
  readonly chips: readonly (Box & { readonly address: number; readonly isChunk: boolean })[];
}

/** A point. Unit: px. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An arrow. */
export interface EdgeLine {
  readonly edge: EdgeView;
  /** The way, as SVG writes it. */
  readonly path: string;
  /** The tip of its head. */
  readonly tip: Point;
  /** Whether it comes from the left: then its head points to the right. */
  readonly fromLeft: boolean;
  /** The middle of the way: where what dangles is crossed out. */
  readonly middle: Point;
}

/** How much room there is: three columns, lists below, or a narrow screen on which notes have lines of their own. */
export type Room = "wide" | "medium" | "narrow";

/** What is drawn of a moment, with its places. */
export interface Picture {
  readonly room: Room;
  readonly width: number;
  readonly height: number;
  readonly stack: Box;
  readonly heap: Box;
  readonly variables: readonly VariableBox[];
  /** The line that stands for what the libraries have had since before main(). */
  readonly own: Box;
  readonly chunks: readonly ChunkBox[];
  readonly lists: readonly ListBox[];
  /** Where the lists of free chunks begin. */
  readonly free: Point;
  readonly edges: readonly EdgeLine[];
}

/** What the room has of each. Unit: px. */
interface Measures {
  readonly stack: number;
  /** Between the stack and the heap, for arrows. */
  readonly gap: number;
  /** To the right of the heap, for arrows within it. */
  readonly gutter: number;
  readonly lists: number;
  /** Height of a line; of one with a note below it. */
  readonly row: number;
  readonly noted: number;
  /** Height of a line of a variable. */
  readonly slot: number;
  /** How far what lies in a chunk is set in. */
  readonly inset: number;
}

const MEASURES: Readonly<Record<Room, Measures>> = {
  wide: { stack: 178, gap: 78, gutter: 64, lists: 152, row: 20, noted: 20, slot: 19, inset: 8 },
  medium: { stack: 172, gap: 56, gutter: 50, lists: 152, row: 20, noted: 20, slot: 19, inset: 8 },
  narrow: { stack: 92, gap: 30, gutter: 24, lists: 130, row: 20, noted: 34, slot: 31, inset: 4 },
};

/** Room above the columns for what they are called. */
const CAPTION = 24;
const CHUNK_HEAD = 25;
const CHUNK_GAP = 7;
const PART_HEAD = 22;
/** The second line of a control block's head: its class. */
const CLASS_LINE = 15;
const PART_GAP = 5;
const PAD = 6;
const OWN = 24;
const TOP = 30;
/** A used chunk in which nothing is known. */
const BLANK = 22;
const VARIABLE_HEAD = 40;
const VARIABLE_GAP = 9;
const CHIP = 24;
const CHIP_GAP = 14;
const LIST_HEAD = 22;
const LIST_GAP = 14;
/** The widest that the heap is drawn. */
const WIDEST_HEAP = 460;
/** The widest that the arrows between stack and heap are given. */
const WIDEST_GAP = 150;

/** What there is room for. @param width  Unit: px. */
export function roomOf(width: number): Room {
  return width >= 800 ? "wide" : width >= 560 ? "medium" : "narrow";
}

/** How high bytes of data are drawn: more for more, on a scale on which each doubling adds the same. Unit: px. */
function dataHeight(bytes: number): number {
  return bytes === 0 ? 0 : 16 + Math.round(4 * Math.log2(bytes));
}

/** Puts everything in its place. */
class Plan {
  readonly #room: Room;
  readonly #m: Measures;
  readonly #width: number;
  readonly #gap: number;
  readonly #heapX: number;
  readonly #heapWidth: number;
  /** Where rows and targets of arrows lie. */
  readonly #places = new Map<string, Box>();

  constructor(width: number) {
    this.#room = roomOf(width);
    this.#width = width;
    this.#m = MEASURES[this.#room];
    const { stack, gap, gutter, lists } = this.#m;
    const rest = width - stack - gap - gutter - (this.#room === "wide" ? lists : 0);
    this.#heapWidth = Math.min(WIDEST_HEAP, rest);
    this.#gap = Math.min(WIDEST_GAP, gap + rest - this.#heapWidth);
    this.#heapX = stack + this.#gap;
  }

  picture(view: View): Picture {
    const { stack, gutter, lists } = this.#m;
    const variables = this.#variables(view.variables);
    const own = { x: this.#heapX, y: CAPTION, width: this.#heapWidth, height: OWN };
    const chunks = this.#chunks(view.chunks, CAPTION + OWN + CHUNK_GAP);
    const ends = [...variables, ...chunks].map(({ y, height }) => y + height);
    const bottom = Math.max(CAPTION + OWN, ...ends);
    const isBeside = this.#room === "wide";
    const free = isBeside ? { x: this.#heapX + this.#heapWidth + gutter, y: 0 } : { x: 0, y: bottom + 16 };
    const room = isBeside ? lists : this.#width;
    const listed = this.#lists(view.lists, free.x, free.y + CAPTION, room);
    const height = Math.max(bottom, free.y + CAPTION + CHIP, ...listed.map((list) => list.y + list.height)) + 4;
    return {
      room: this.#room,
      width: this.#width,
      height,
      stack: { x: 0, y: 0, width: stack, height: bottom },
      heap: { x: this.#heapX, y: 0, width: this.#heapWidth, height: bottom },
      variables,
      own,
      chunks,
      lists: listed,
      free,
      edges: this.#edges(view.edges),
    };
  }

  #variables(all: readonly VariableView[]): VariableBox[] {
    const { stack, slot } = this.#m;
    let y = CAPTION;
    return all.map((variable) => {
      const rows = this.#rows(variable.rows, 0, y + VARIABLE_HEAD, stack, () => slot);
      const height = VARIABLE_HEAD + variable.rows.length * slot + 5 + this.#noteRoom(variable.rows);
      const box = { x: 0, y, width: stack, height, variable, rows };
      this.#places.set(variable.key, box);
      y += height + VARIABLE_GAP;
      return box;
    });
  }

  /** Where a pointer is dangerous, a line more says so. */
  #noteRoom(rows: readonly Row[]): number {
    return rows.some(({ note }) => note !== null) ? (this.#room === "narrow" ? 28 : 17) : 0;
  }

  #rows(all: readonly Row[], x: number, y: number, width: number, heightOf: (row: Row) => number): RowBox[] {
    let at = y;
    return all.map((row) => {
      const box = { x, y: at, width, height: heightOf(row), row };
      this.#places.set(row.key, box);
      at += box.height;
      return box;
    });
  }

  readonly #heightOf = ({ note }: Row) => (note === null ? this.#m.row : this.#m.noted);

  #chunks(all: readonly ChunkView[], from: number): ChunkBox[] {
    let y = from;
    return all.map((chunk) => {
      const box = this.#chunk(chunk, y);
      this.#places.set(chunk.key, box);
      y += box.height + CHUNK_GAP;
      return box;
    });
  }

  #chunk(chunk: ChunkView, y: number): ChunkBox {
    const common = { x: this.#heapX, y, width: this.#heapWidth, chunk };
    if (chunk.state === "top") return { ...common, height: TOP, parts: [], links: [] };
    let at = y + CHUNK_HEAD;
    const parts = chunk.parts.map((part) => {
      const box = this.#part(part, at);
      at += box.height + PART_GAP;
      return box;
    });
    const { inset } = this.#m;
    const links = this.#rows(chunk.links, this.#heapX + inset, at, this.#heapWidth - 2 * inset, this.#heightOf);
    for (const link of links) at += link.height;
    if (parts.length === 0 && links.length === 0) at += BLANK;
    return { ...common, height: at - y + 3, parts, links };
  }

  #part(part: Part, y: number): PartBox {
    const { inset } = this.#m;
    const [x, width] = [this.#heapX + inset, this.#heapWidth - 2 * inset];
    // What std::enable_shared_from_this brings lies before the data, all members behind it.
    const isFirst = ({ name }: Row) => name.startsWith("_M_weak_this");
    let at = y + PART_HEAD + (part.kind === "block" ? CLASS_LINE : 0);
    const before = this.#rows(part.rows.filter(isFirst), x, at, width, this.#heightOf);
    for (const { height } of before) at += height;
    const bytes = part.data;
    const data = bytes > 0 ? { x: x + PAD, y: at, width: width - 2 * PAD, height: dataHeight(bytes) } : null;
    at += data ? data.height + 4 : 0;
    const behind = this.#rows(
      part.rows.filter((row) => !isFirst(row)),
      x,
      at,
      width,
      this.#heightOf,
    );
    for (const { height } of behind) at += height;
    const box = { x, y, width, height: at - y + 3, part, data, rows: [...before, ...behind] };
    this.#places.set(part.key, box);
    return box;
  }

  /** The lists, beside each other as far as there is room. */
  #lists(all: readonly ListView[], x: number, y: number, room: number): ListBox[] {
    const { lists: width } = this.#m;
    const columns = Math.max(1, Math.floor((room + 10) / (width + 10)));
    const ends = Array.from({ length: columns }, () => y);
    return all.map((list) => {
      const column = ends.indexOf(Math.min(...ends));
      const [left, top] = [x + column * (width + 10), ends[column]!];
      const chips = list.chunks.map((chunk, i) => ({
        ...chunk,
        x: left,
        y: top + LIST_HEAD + i * (CHIP + CHIP_GAP),
        width,
        height: CHIP,
      }));
      const height = LIST_HEAD + chips.length * (CHIP + CHIP_GAP) + 12;
      ends[column] = top + height + LIST_GAP;
      return { x: left, y: top, width, height, list, chips };
    });
  }

  #edges(all: readonly EdgeView[]): EdgeLine[] {
    const arrived = new Map<string, number>();
    let lane = 0;
    return all.flatMap((edge) => {
      const [from, to] = [this.#places.get(edge.from), this.#places.get(edge.to)];
      if (!from || !to) return [];
      const fromLeft = from.x < this.#heapX;
      const side = `${edge.to} ${fromLeft}`;
      const before = arrived.get(side) ?? 0;
      arrived.set(side, before + 1);
      // Several arrows arrive below each other.
      const y = Math.min(to.y + 11 + before * 7, to.y + to.height - 4);
      const start = { x: from.x + from.width, y: from.y + Math.min(from.height, this.#m.row) / 2 };
      if (fromLeft) return [this.#across(edge, start, { x: to.x, y })];
      return [this.#around(edge, start, { x: to.x + to.width, y }, lane++)];
    });
  }

  /** From the stack to the heap. */
  #across(edge: EdgeView, { x, y }: Point, tip: Point): EdgeLine {
    const bend = this.#gap * 0.55;
    const [one, other] = [x + bend, tip.x - bend];
    return {
      edge,
      path: `M${x} ${y}C${one} ${y} ${other} ${tip.y} ${tip.x} ${tip.y}`,
      tip,
      fromLeft: true,
      middle: { x: (x + 3 * one + 3 * other + tip.x) / 8, y: (y + tip.y) / 2 },
    };
  }

  /** Within the heap, around its right side. Each arrow has a lane of its own, as long as there is room. */
  #around(edge: EdgeView, { x, y }: Point, tip: Point, lane: number): EdgeLine {
    const most = this.#m.gutter + this.#m.inset - 6;
    const out = Math.min(most, most * 0.45 + lane * (most * 0.14)) * (4 / 3);
    const far = Math.max(x, tip.x) + out;
    return {
      edge,
      path: `M${x} ${y}C${far} ${y} ${far} ${tip.y} ${tip.x} ${tip.y}`,
      tip,
      fromLeft: false,
      middle: { x: (x + 6 * far + tip.x) / 8, y: (y + tip.y) / 2 },
    };
  }
}

/** Where everything of a view is drawn. @param width  what there is. Unit: px. */
export function pictureOf(view: View, width: number): Picture {
  return new Plan(width).picture(view);
}
