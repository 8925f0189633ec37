import type { Kernel } from "../kernel.ts";
import type { TraceRecord } from "../machine/records.ts";
import { callText, isError, renderTraced } from "../see/calls.ts";
import { taskByPid } from "../see/find.ts";
import { Reader } from "../see/reader.ts";
import { userMemory } from "../see/user-memory.ts";

/** A system call that programs have made on the machine. */
export interface CallEntry {
  readonly pid: number;
  /** Name of the task. */
  readonly comm: string;
  /** Number of the system call. */
  readonly nr: number;
  readonly args: readonly (number | bigint)[];
  /** The call without its result, pointers as addresses: `read(5, 0x7ffe0000, 64)`. */
  readonly text: string;
  /** What it returned; null: it never did. */
  readonly value: number | null;
  /** The same as text: `5`, `-1 EAGAIN`; null: it never returned. */
  readonly result: string | null;
  /** Whether the result is an error. */
  readonly failed: boolean;
  /** When it entered the kernel. Unit: ns since boot. */
  readonly time: number;
  /** The tick at which it entered the kernel. */
  readonly enter: number;
  /** The tick at which it returned; null: it never did. */
  readonly exit: number | null;
}

/** One line of a journal, as far as system calls need it. */
interface JournalLine {
  readonly input?: string;
  readonly pid?: number;
  readonly args?: readonly (number | string)[];
}

/** The arguments of every system call, by task, in order. */
function argumentsOf(kernel: Kernel): Map<number, (number | bigint)[][]> {
  const all = new Map<number, (number | bigint)[][]>();
  for (const text of kernel.journal.split("\n")) {
    if (!text.includes('"SYSCALL"') && !text.includes('"SUBMIT"')) continue;
    const { pid = 0, args = [] } = JSON.parse(text) as JournalLine;
    const values = Array.from({ length: 6 }, (_, i) => {
      const value = args[i] ?? 0;
      return typeof value === "string" ? BigInt(value) : value;
    });
    const calls = all.get(pid);
    if (calls) calls.push(values);
    else all.set(pid, [values]);
  }
  return all;
}

/** The name of a task; one that is gone may be known by its number alone. */
function nameOf(kernel: Kernel, pid: number): string {
  return kernel.tasks.find((task) => task.pid === pid)?.name ?? `pid ${pid}`;
}

/**
 * The system calls of a machine that has run, in the order in which they began.
 *
 * @param records  its trace, if it is at hand.
 */
export function callsOf(kernel: Kernel, records: Iterable<TraceRecord> = kernel.trace): CallEntry[] {
  const given = argumentsOf(kernel);
  const taken = new Map<number, number>();
  const names = new Map<number, string>();
  const calls: CallEntry[] = [];
  const open = new Map<number, number>();
  for (const { event, pid, tick, time, args } of records) {
    if (event === "sys_enter") {
      const nth = taken.get(pid) ?? 0;
      taken.set(pid, nth + 1);
      if (!names.has(pid)) names.set(pid, nameOf(kernel, pid));
      const nr = args[0] | 0;
      const values = given.get(pid)?.[nth] ?? [args[1], args[2]];
      open.set(pid, calls.length);
      const text = callText(nr, values);
      calls.push({
        pid,
        comm: names.get(pid)!,
        nr,
        args: values,
        text,
        time,
        value: null,
        result: null,
        failed: false,
        enter: tick,
        exit: null,
      });
    } else if (event === "syscall_restart") {
      const model = calls.findLast((call) => call.pid === pid && call.nr === (args[0] | 0));
      if (!model) continue;
      open.set(pid, calls.length);
      calls.push({ ...model, time, value: null, result: null, failed: false, enter: tick, exit: null });
    } else if (event === "sys_exit") {
      const at = open.get(pid);
      if (at === undefined) continue;
      const result = args[1] | 0;
      const failed = isError(result);
      const text = renderTraced(result);
      calls[at] = { ...calls[at]!, value: result, result: text, failed, exit: tick };
      open.delete(pid);
    }
  }
  return calls;
}

/**
 * A call with what its pointers led to: `write(5, "hello", 5)`. Looks at the machine as it was when the call returned;
 * the machine stays there.
 */
export function callWithMemory(kernel: Kernel, call: CallEntry): string {
  kernel.seek(call.exit ?? call.enter);
  const reader = new Reader(kernel.memory);
  const task = taskByPid(reader, call.pid);
  return task === 0 ? call.text : callText(call.nr, call.args, userMemory(reader, task), call.value ?? undefined);
}
