import { Frame } from "../../../lib/cpp/frame.ts";
import { type Line, sourceLines } from "../../../lib/cpp/print.ts";
import type { CppProgram } from "../../../lib/cpp/notation.ts";
import { type EventName, Kernel, machineProgram } from "../../../lib/index.ts";
import { layout } from "../../../lib/layout.gen.ts";

const { exit } = layout.enums.Nr.values;

/** A record of the run, kept: what happened at a tick. */
export interface Happened {
  readonly tick: number;
  /** Unit: ns since boot. */
  readonly time: number;
  readonly event: EventName;
  readonly pid: number;
  readonly cpu: number;
  readonly args: readonly number[];
}

/** A moment of the run that can be looked at. */
export interface Moment {
  /** What it shows: the beginning of main(), something within a statement, a statement that is done, or the end of the run. */
  readonly kind: "begin" | "action" | "done" | "end";
  /** Where the machine stands. */
  readonly tick: number;
  /** Number of the statement, from 1; 0: none has begun. */
  readonly statement: number;
  /** Its line in the source; 0: none. */
  readonly line: number;
  /** What has just happened; null: it is told by what the statement has done as a whole. */
  readonly record: Happened | null;
  /** What the statement has done up to here. */
  readonly records: readonly Happened[];
  /** The variable that goes at the end of its block; empty: it is no such step. */
  readonly leaves: string;
}

/** A program that has run, and its moments. */
export interface Ran {
  readonly program: CppProgram;
  readonly kernel: Kernel;
  readonly pid: number;
  /** The source, line by line. */
  readonly lines: readonly Line[];
  /** All that the program's libraries did, in main() and before it. */
  readonly records: readonly Happened[];
  readonly moments: readonly Moment[];
  /** The signal that has ended it; empty: it has ended by itself. */
  readonly signal: string;
}

/** What the libraries do, and so what a step can be. */
const ACTIONS: ReadonlySet<EventName> = new Set([
  "malloc",
  "malloc_return",
  "free",
  "_int_malloc",
  "_int_free",
  "tcache_get",
  "tcache_put",
  "fastbin_put",
  "unlink_chunk",
  "sort_chunk",
  "split_chunk",
  "split_top",
  "merge_top",
  "unsorted_insert",
  "malloc_consolidate",
  "sysmalloc",
  "systrim",
  "chunk_mmapped",
  "mmap_threshold",
  "malloc_printerr",
  "operator_new",
  "operator_new_return",
  "operator_delete",
  "cpp_constructor",
  "cpp_destructor",
  "cpp_deleter",
  "__shared_count",
  "_M_add_ref_copy",
  "_M_release",
  "_M_weak_add_ref",
  "_M_weak_release",
  "_M_dispose",
  "_M_destroy",
  "use_count",
  "expired",
]);

/** Whether a record says that the program is over: what comes behind it is the kernel's. */
function isOver({ event, args }: Happened): boolean {
  return (event === "sys_enter" && args[0] === exit) || event === "send_signal_locked" || event === "do_exit";
}

/** A statement on its way: when it began, and what it has done. */
interface Begun {
  readonly tick: number;
  readonly line: number;
  readonly alive: number;
  readonly records: Happened[];
}

/** The statements of a run, in the order in which they ran. Those that only open a block are left out. */
function statementsOf(records: readonly Happened[], lines: readonly Line[]): Begun[] {
  const begun: Begun[] = [];
  for (const record of records) {
    const { tick, event, args } = record;
    if (event === "cpp_statement") begun.push({ tick, line: args[0] ?? 0, alive: args[1] ?? 0, records: [] });
    else if (ACTIONS.has(event)) begun.at(-1)?.records.push(record);
  }
  return begun.filter(({ line }) => lines[line - 1]?.statement?.do !== "scope");
}

/** The moments of a run. @param end  where the program was over. @param killed  whether by a signal: it stopped on its way. */
function momentsOf(
  { program, lines, records }: Pick<Ran, "program" | "lines" | "records">,
  end: number,
  killed: boolean,
): Moment[] {
  const frame = new Frame(program);
  const begun = statementsOf(records, lines);
  const first = begun[0]?.tick ?? end;
  const moments: Moment[] = [
    { kind: "begin", tick: first, statement: 0, line: 0, record: null, records: [], leaves: "" },
  ];
  const starts = records.filter(({ event }) => event === "cpp_statement").map(({ tick }) => tick);
  for (const [i, { tick, line, alive, records: done }] of begun.entries()) {
    const leaves = lines[line - 1]?.ends ? (frame.at(line)[alive - 1]?.name ?? "") : "";
    const common = { statement: i + 1, line, leaves };
    for (const [at, record] of done.entries()) {
      moments.push({ ...common, kind: "action", tick: record.tick, record, records: done.slice(0, at + 1) });
    }
    const next = starts.find((start) => start > tick) ?? end;
    moments.push({ ...common, kind: "done", tick: next, record: null, records: done });
  }
  const line = killed ? (begun.at(-1)?.line ?? 0) : 0;
  moments.push({ kind: "end", tick: end, statement: begun.length + 1, line, record: null, records: [], leaves: "" });
  return moments;
}

/** Runs a program on a machine of its own. @throws TypeError  for a program that no compiler would take. */
export async function ranOf(program: CppProgram): Promise<Ran> {
  const kernel = await Kernel.boot();
  const { pid } = kernel.spawn("main", machineProgram(program));
  const { killed } = kernel.run();
  return ranIn(kernel, pid, program, killed.find((one) => one.pid === pid)?.signal ?? "");
}

/** A program that has run in a process of a machine. @param signal  what has ended it; empty: it has ended by itself. */
export function ranIn(kernel: Kernel, pid: number, program: CppProgram, signal: string): Ran {
  const records: Happened[] = [];
  let end = kernel.tick;
  for (const { tick, time, event, pid: by, cpu, args } of kernel.trace.filter({ pid })) {
    const record: Happened = { tick, time, event, pid: by, cpu, args: [...args] };
    if (isOver(record)) {
      end = tick;
      break;
    }
    records.push(record);
  }
  const lines = sourceLines(program);
  const moments = momentsOf({ program, lines, records }, end, signal !== "");
  return { program, kernel, pid, lines, records, moments, signal };
}

/** The next moment in a direction that a step stops at. @param whole  whether it goes over statements. */
export function nextMoment({ moments }: Ran, at: number, direction: 1 | -1, whole: boolean): number {
  for (let i = at + direction; i >= 0 && i < moments.length; i += direction) {
    if (!whole || moments[i]!.kind !== "action") return i;
  }
  return at;
}

/** The moment of a run at which as many statements are done. */
export function momentOfStatement({ moments }: Ran, statement: number): number {
  const found = moments.findIndex((one) => one.statement === statement && one.kind !== "action");
  return found < 0 ? moments.length - 1 : found;
}
