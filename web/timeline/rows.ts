import type { Lane, LaneKind } from "../../lib/see/lanes.ts";

/** Height of a slice. Unit: px. */
export const LEVEL = 16;
/** Room between two rows of a group, and between two groups. Unit: px. */
const NARROW = 2;
const WIDE = 7;
/** More tasks than this begin folded: their states alone. */
const MANY_TASKS = 3;

/** Lanes that are drawn over each other, as one line of the timeline. */
export interface Row {
  readonly kind: LaneKind;
  readonly lanes: readonly Lane[];
  /** How many slices deep it is drawn; what is deeper is drawn on top, smaller. */
  readonly levels: number;
  /** Upper edge. Unit: px. */
  readonly y: number;
  readonly height: number;
}

/** Rows of the same thing: a CPU, a task, a device. */
export interface Group {
  /** Unlike any other: `cpu 0`, `task 3`, `disk`. */
  readonly id: string;
  readonly kind: LaneKind;
  readonly number: number;
  /** Name of the task; empty for others. */
  readonly name: string;
  /** Null: there is nothing to fold. */
  readonly folded: boolean | null;
  readonly y: number;
  readonly height: number;
  readonly rows: readonly Row[];
}

/** What belongs together. */
interface Bunch {
  readonly id: string;
  readonly lanes: Lane[];
}

function bunches(lanes: readonly Lane[]): Bunch[] {
  const found = new Map<string, Bunch>();
  for (const lane of lanes) {
    const id = idOf(lane);
    const known = found.get(id);
    if (known) known.lanes.push(lane);
    else found.set(id, { id, lanes: [lane] });
  }
  return [...found.values()];
}

function idOf({ kind, number }: Lane): string {
  if (kind === "cpu") return `cpu ${number}`;
  if (kind === "task" || kind === "calls" || kind === "phases") return `task ${number}`;
  return kind;
}

/** Whether a group begins folded. */
function foldedAtFirst(id: string, tasks: number): boolean {
  return id.startsWith("task ") ? tasks > MANY_TASKS : !id.startsWith("cpu ");
}

/**
 * Where every row is.
 *
 * @param turned  groups that were folded or unfolded by hand: they are not as they begin.
 */
export function rowsOf(lanes: readonly Lane[], turned: ReadonlySet<string>): Group[] {
  const all = bunches(lanes);
  const tasks = all.filter(({ id }) => id.startsWith("task ")).length;
  let y = 0;
  return all.map(({ id, lanes: own }) => {
    const first = own[0]!;
    const deep = own.length > 1 || first.depth > 1;
    const folded = deep ? foldedAtFirst(id, tasks) !== turned.has(id) : null;
    const start = y;
    const rows = (folded ? foldedRows(own) : own.map((lane) => [lane])).map((together) => {
      const levels = folded ? 1 : Math.max(1, ...together.map(({ depth }) => depth));
      const row = { kind: together[0]!.kind, lanes: together, levels, y, height: levels * LEVEL };
      y += row.height + NARROW;
      return row;
    });
    const height = y - start;
    y += WIDE - NARROW;
    return { id, kind: first.kind, number: first.number, name: first.name, folded, y: start, height, rows };
  });
}

/** A folded group is one row: of a task its states, of a device everything that it does. */
function foldedRows(own: readonly Lane[]): Lane[][] {
  const [first] = own;
  return first!.kind === "task" ? [[first!]] : [[...own]];
}

/** Height of all groups. Unit: px. */
export function heightOf(groups: readonly Group[]): number {
  const last = groups.at(-1);
  return last ? last.y + last.height : 0;
}

/** The row at a height. Unit: px. */
export function rowAt(groups: readonly Group[], y: number): Row | null {
  for (const { rows } of groups) {
    const found = rows.find((row) => y >= row.y && y < row.y + row.height);
    if (found) return found;
  }
  return null;
}
